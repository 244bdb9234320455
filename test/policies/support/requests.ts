import * as analyzer from "@pulumi/pulumi/proto/analyzer_pb";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import type { Registered } from "./stack";

export interface Said {
  readonly policy: string;
  readonly message: string;
  readonly level: "advisory" | "mandatory" | "other";
  readonly urn: string;
}

/** The engine's requests in its order: the root stack first, the stack as a whole last. */
export function requestsFor(resources: readonly Registered[]): {
  each: analyzer.AnalyzeRequest[];
  all: analyzer.AnalyzeStackRequest;
} {
  const root = {
    type: "pulumi:pulumi:Stack",
    name: "project-dev",
    urn: "urn:pulumi:dev::project::pulumi:pulumi:Stack::project-dev",
    parent: undefined,
    inputs: {},
    outputs: {},
    propertyDependencies: {},
  };
  const each = [root, ...resources].map(({ type, name, urn, inputs }) => {
    const request = new analyzer.AnalyzeRequest();
    request.setType(type);
    request.setName(name);
    request.setUrn(urn);
    request.setProperties(struct(inputs));
    request.setOptions(new analyzer.AnalyzerResourceOptions());
    return request;
  });
  const all = new analyzer.AnalyzeStackRequest();
  all.setResourcesList(
    [root, ...resources].map(({ type, name, urn, parent, outputs, propertyDependencies }) => {
      const message = new analyzer.AnalyzerResource();
      message.setType(type);
      message.setName(name);
      message.setUrn(urn);
      message.setProperties(struct(outputs));
      message.setOptions(new analyzer.AnalyzerResourceOptions());
      message.setParent(parent ?? "");
      for (const [property, urns] of Object.entries(propertyDependencies)) {
        const dependencies = new analyzer.AnalyzerPropertyDependencies();
        dependencies.setUrnsList(urns);
        message.getPropertydependenciesMap().set(property, dependencies);
      }
      return message;
    }),
  );
  return { each, all };
}

function struct(value: Record<string, unknown>): Struct {
  return Struct.fromJavaScript(value as Record<string, JavaScriptValue>);
}

export function saidIn(response: analyzer.AnalyzeResponse | undefined): Said[] {
  const { ADVISORY, MANDATORY } = analyzer.EnforcementLevel;
  const levels = new Map([
    [ADVISORY, "advisory"],
    [MANDATORY, "mandatory"],
  ] as const);
  return (response?.getDiagnosticsList() ?? []).map((found) => ({
    policy: found.getPolicyname(),
    message: found.getMessage(),
    level: levels.get(found.getEnforcementlevel() as typeof ADVISORY) ?? "other",
    urn: found.getUrn(),
  }));
}
