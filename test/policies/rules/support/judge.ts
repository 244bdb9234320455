import type { ServerUnaryCall, sendUnaryData } from "@grpc/grpc-js";
import * as server from "@pulumi/policy/server";
import type * as analyzer from "@pulumi/pulumi/proto/analyzer_pb";
import { policies } from "../../../../policies/pack";
import { requestsFor, type Said, saidIn } from "../../support/requests";
import { type Declared, type Form, type Registered, register } from "../../support/stack";

type Rpc = (call: ServerUnaryCall<unknown, unknown>, callback: sendUnaryData<analyzer.AnalyzeResponse>) => unknown;
type MakeRpc = (pack: string, version: string, level: string, of: unknown) => Rpc;
/** @pulumi/policy keeps these out of its declarations, but it is what its server runs. */
const { makeAnalyzeRpcFun, makeAnalyzeStackRpcFun } = server as unknown as Record<
  "makeAnalyzeRpcFun" | "makeAnalyzeStackRpcFun",
  MakeRpc
>;

/** What the whole pack says of a stack, with the defaults of its configuration. */
export function judge(stack: readonly Declared[], form: Form, stackName = "dev"): Promise<Said[]> {
  const registered = JSON.stringify(register(stack, form)).replaceAll("urn:pulumi:dev::", `urn:pulumi:${stackName}::`);
  return judgeRegistered(JSON.parse(registered) as Registered[]);
}

export async function judgeRegistered(resources: readonly Registered[], by: unknown = policies): Promise<Said[]> {
  const analyzeResource = makeAnalyzeRpcFun("prefect-access", "0.0.0", "advisory", by);
  const analyzeStack = makeAnalyzeStackRpcFun("prefect-access", "0.0.0", "advisory", by);
  const { each, all } = requestsFor(resources);
  const said: Said[] = [];
  for (const request of each) said.push(...(await call(analyzeResource, request)));
  return [...said, ...(await call(analyzeStack, all))];
}

function call(rpc: Rpc, request: unknown): Promise<Said[]> {
  return new Promise((resolve, reject) => {
    rpc({ request } as ServerUnaryCall<unknown, unknown>, (error, response) => {
      if (error) reject(error instanceof Error ? error : new Error("the call failed"));
      else resolve(saidIn(response ?? undefined));
    });
  });
}
