import { isObject, type Value } from "../grpc/values";

/**
 * Are two strings the same JSON document? Key order, white space and, in policies, a single value in a list do not
 * count (github.com/hashicorp/awspolicyequivalence); in container definitions neither do ECS's own defaults nor the
 * order of environment variables and secrets (terraform-provider-aws, ecs/container_definitions.go).
 */
export function sameDocument(before: string, after: string, path: string): boolean {
  const [left, right] = [parse(before), parse(after)];
  if (left === undefined || right === undefined) return false;
  const normal = path === "containerDefinitions" ? containers : document;
  return JSON.stringify(normal(left)) === JSON.stringify(normal(right));
}

function parse(text: string): Value | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as Value;
  } catch {
    return undefined;
  }
}

const POLICY_SETS = new Set(["Action", "NotAction", "Resource", "NotResource", "AWS", "Service", "Federated"]);

function document(value: Value, key = ""): Value {
  if (POLICY_SETS.has(key)) {
    const items = Array.isArray(value) ? value : [value];
    return items.map((item) => document(item)).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }
  if (Array.isArray(value)) return value.map((item) => document(item));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((name) => [name, document(value[name] ?? null, name)]),
  );
}

function containers(value: Value): Value {
  if (!Array.isArray(value)) return document(value);
  return value.map((container) => (isObject(container) ? document(withoutEcsDefaults(container)) : container));
}

function withoutEcsDefaults(container: Record<string, Value>): Record<string, Value> {
  const result: Record<string, Value> = {};
  for (const [key, value] of Object.entries(container)) {
    const empty = value === null || (typeof value === "object" && Object.keys(value).length === 0);
    if (empty || (key === "cpu" && value === 0) || (key === "essential" && value === true)) continue;
    if ((key === "environment" || key === "secrets") && Array.isArray(value)) result[key] = byName(value);
    else if (key === "portMappings" && Array.isArray(value)) result[key] = value.map(portMapping);
    else result[key] = value;
  }
  return result;
}

function byName(items: Value[]): Value[] {
  const name = (item: Value) => (isObject(item) ? String(item.name) : "");
  return [...items].sort((a, b) => (name(a) < name(b) ? -1 : 1));
}

/** In awsvpc mode the host's port is the container's. */
function portMapping(mapping: Value): Value {
  if (!isObject(mapping)) return mapping;
  const result = { ...mapping };
  const { hostPort, containerPort, protocol } = result;
  if (hostPort === 0 || hostPort === containerPort) delete result.hostPort;
  if (protocol === "tcp") delete result.protocol;
  return result;
}
