import { isObject, type Properties, type Value } from "../../grpc/values";
import { stableHex } from "../identifiers";
import type { AwsFunction } from "./index";

/** internal/service/iam/policy_document_data_source.go: statements as IAM's JSON. */
export const policyDocument: Record<string, AwsFunction> = {
  "aws:iam/getPolicyDocument:getPolicyDocument": (args) => {
    const version = String(args.version ?? "2012-10-17");
    const own = objects(args.statements).map(statement);
    const sources = documents(args.sourcePolicyDocuments);
    const overrides = documents(args.overridePolicyDocuments);
    const statements = merged(merged(sources, own), overrides);
    const document = { Version: version, ...(args.policyId ? { Id: args.policyId } : {}), Statement: statements };
    const json = JSON.stringify(document, null, 2);
    return {
      ...args,
      version,
      id: String(Number.parseInt(stableHex(8, json), 16)),
      json,
      minifiedJson: JSON.stringify(document),
    };
  },
};

function objects(value: Value | undefined): Properties[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function documents(value: Value | undefined): Properties[] {
  if (!Array.isArray(value)) return [];
  return value
    .filter((text) => typeof text === "string" && text !== "")
    .flatMap((text) => {
      const parsed = (JSON.parse(String(text)) as { Statement?: Properties | Properties[] }).Statement ?? [];
      return Array.isArray(parsed) ? parsed : [parsed];
    });
}

/** Later statements replace earlier ones of the same Sid. */
function merged(first: Properties[], second: Properties[]): Properties[] {
  const result = [...first];
  for (const one of second) {
    const at = one.Sid ? result.findIndex(({ Sid }) => Sid === one.Sid) : -1;
    if (at < 0) result.push(one);
    else result[at] = one;
  }
  return result;
}

function statement(given: Properties): Properties {
  const result: Properties = {};
  if (typeof given.sid === "string" && given.sid !== "") result.Sid = given.sid;
  result.Effect = given.effect ?? "Allow";
  for (const [name, key] of Object.entries({
    actions: "Action",
    notActions: "NotAction",
    resources: "Resource",
    notResources: "NotResource",
  })) {
    const list = given[name];
    if (Array.isArray(list) && list.length > 0) result[key] = single([...list].map(String).sort());
  }
  for (const [name, key] of Object.entries({ principals: "Principal", notPrincipals: "NotPrincipal" })) {
    const principals = objects(given[name]);
    if (principals.length > 0) result[key] = principal(principals);
  }
  const conditions = objects(given.conditions);
  if (conditions.length > 0) result.Condition = condition(conditions);
  return result;
}

function single(values: string[]): Value {
  return values.length === 1 ? (values[0] ?? "") : values;
}

function principal(principals: Properties[]): Value {
  if (principals.length === 1 && principals[0]?.type === "*") return "*";
  const byType: Record<string, string[]> = {};
  for (const { type, identifiers } of principals) {
    const list = Array.isArray(identifiers) ? identifiers.map(String) : [];
    byType[String(type)] = [...(byType[String(type)] ?? []), ...list].sort();
  }
  return Object.fromEntries(Object.entries(byType).map(([type, list]) => [type, single(list)]));
}

function condition(conditions: Properties[]): Properties {
  const result: Record<string, Record<string, Value>> = {};
  for (const { test, variable, values } of conditions) {
    const operator = String(test);
    result[operator] = {
      ...result[operator],
      [String(variable)]: single(Array.isArray(values) ? values.map(String) : []),
    };
  }
  return result;
}
