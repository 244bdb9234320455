import type { ServerUnaryCall, sendUnaryData } from "@grpc/grpc-js";
import type { ReportViolation, StackValidationArgs } from "@pulumi/policy";
import * as server from "@pulumi/policy/server";
import * as analyzer from "@pulumi/pulumi/proto/analyzer_pb";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { collectInputs } from "../../../policies/collector";
import type { Configuration } from "../../../policies/configuration";
import { prefectApiRequiresAuth } from "../../../policies/rules/prefect-api-requires-auth";
import { type Declared, type Form, type Registered, register } from "./stack";

export interface Finding {
  readonly message: string;
  readonly level: "advisory" | "mandatory" | "other";
  readonly urn: string;
}

type MakeRpc = (pack: string, version: string, level: string, of: unknown[]) => Rpc;
/** @pulumi/policy keeps these out of its declarations, but it is what its server runs. */
const { makeAnalyzeRpcFun, makeAnalyzeStackRpcFun } = server as unknown as Record<
  "makeAnalyzeRpcFun" | "makeAnalyzeStackRpcFun",
  MakeRpc
>;
const analyzeResource = makeAnalyzeRpcFun("prefect-access", "0.0.0", "advisory", [collectInputs]);
/** The engine hands configuration by a call of its own, which @pulumi/policy does not export: it is put in here. */
const analyzeStack = (configuration: Partial<Configuration>): Rpc =>
  makeAnalyzeStackRpcFun("prefect-access", "0.0.0", "advisory", [
    {
      ...prefectApiRequiresAuth,
      validateStack: (args: StackValidationArgs, report: ReportViolation) =>
        prefectApiRequiresAuth.validateStack({ ...args, getConfig: <T>() => configuration as T }, report),
    },
  ]);

type Rpc = (call: ServerUnaryCall<unknown, unknown>, callback: sendUnaryData<analyzer.AnalyzeResponse>) => unknown;

/** Runs the pack's policies through @pulumi/policy's own server functions, as the engine does. */
export function analyze(
  stack: readonly Declared[],
  form: Form,
  configuration: Partial<Configuration> = {},
): Promise<Finding[]> {
  return analyzeRegistered(register(stack, form), configuration);
}

export async function analyzeRegistered(
  resources: readonly Registered[],
  configuration: Partial<Configuration> = {},
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const resource of resources) {
    const request = new analyzer.AnalyzeRequest();
    request.setType(resource.type);
    request.setName(resource.name);
    request.setUrn(resource.urn);
    request.setProperties(struct(resource.inputs));
    request.setOptions(new analyzer.AnalyzerResourceOptions());
    findings.push(...(await call(analyzeResource, request)));
  }
  const request = new analyzer.AnalyzeStackRequest();
  request.setResourcesList(
    resources.map((resource) => {
      const message = new analyzer.AnalyzerResource();
      message.setType(resource.type);
      message.setName(resource.name);
      message.setUrn(resource.urn);
      message.setProperties(struct(resource.outputs));
      message.setOptions(new analyzer.AnalyzerResourceOptions());
      message.setParent(resource.parent ?? "");
      for (const [property, urns] of Object.entries(resource.propertyDependencies)) {
        const dependencies = new analyzer.AnalyzerPropertyDependencies();
        dependencies.setUrnsList(urns);
        message.getPropertydependenciesMap().set(property, dependencies);
      }
      return message;
    }),
  );
  findings.push(...(await call(analyzeStack(configuration), request)));
  return findings;
}

/** What is undefined is left out, as the SDK does (serializeProperties in @pulumi/pulumi's runtime/rpc.ts). */
function struct(value: Record<string, unknown>): Struct {
  return Struct.fromJavaScript(JSON.parse(JSON.stringify(value)) as Record<string, JavaScriptValue>);
}

function call(rpc: Rpc, request: unknown): Promise<Finding[]> {
  return new Promise((resolve, reject) => {
    rpc({ request } as ServerUnaryCall<unknown, unknown>, (error, response) => {
      if (error) return reject(error instanceof Error ? error : new Error("the call failed"));
      const { ADVISORY, MANDATORY } = analyzer.EnforcementLevel;
      const diagnostics = response?.getDiagnosticsList() ?? [];
      return resolve(
        diagnostics.map((found) => ({
          message: found.getMessage(),
          urn: found.getUrn(),
          level:
            found.getEnforcementlevel() === MANDATORY
              ? "mandatory"
              : found.getEnforcementlevel() === ADVISORY
                ? "advisory"
                : "other",
        })),
      );
    });
  });
}
