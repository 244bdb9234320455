import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { venvDirectory } from "../../local/toolchain/python-venv";
import { documentedLimits } from "./limits";
import type { Shapes } from "./shape";

/** A service as AWS's own SDK for Python knows it. */
export interface ServiceModel extends Shapes {
  operations: Record<string, { input?: { shape: string } }>;
}

const loaded = new Map<string, ServiceModel>();

/**
 * The model of a service, the newest of its API versions, as botocore ships it, with what AWS says beyond it.
 *
 * @param service the folder's name in botocore/data: `elbv2`, `cognito-idp`
 * @throws Error when botocore is not installed or has no such service
 */
export function serviceModel(service: string): ServiceModel {
  const known = loaded.get(service);
  if (known) return known;
  const data = join(venvDirectory("botocore"), "lib/python3*/site-packages/botocore/data");
  const file = globSync(join(data, service, "*", "service-2.json.gz"))
    .sort()
    .at(-1);
  if (!file) throw new Error(`no model of ${service} below ${data}`);
  const { shapes, operations } = JSON.parse(gunzipSync(readFileSync(file)).toString()) as ServiceModel;
  const model = { shapes, operations, limits: documentedLimits(service) };
  loaded.set(service, model);
  return model;
}
