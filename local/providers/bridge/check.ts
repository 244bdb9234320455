import type { CheckFailure, CheckRequest, CheckResult } from "../grpc/provider";
import { isKnown, isObject, type Properties, UNKNOWN, type Value } from "../grpc/values";
import { type AutoName, automaticName } from "./autoname";
import type { Behaviour } from "./behaviour";
import type { PropertySchema, ResourceSchema, TypeSchema } from "./schema";
import { DEFAULTS, join, objectType } from "./walk";

type Defaults = NonNullable<Behaviour<never>["defaults"]>;

/** Check as a bridged provider answers it: automatic name, defaults with `__defaults`, all failures at once. */
export function check<Context>(
  request: CheckRequest,
  schema: ResourceSchema,
  behaviour: Behaviour<Context>,
): CheckResult {
  const checker = new Checker(request, schema, behaviour.defaults ?? {});
  const inputs = checker.object(request.news, schema.properties, { path: "", at: "", olds: request.olds });
  const { failures } = checker;
  const autoname = autonameOf(schema, behaviour);
  if (autoname) {
    try {
      addName(autoname, request, inputs);
    } catch (error) {
      failures.push({ property: autoname.property, reason: (error as Error).message });
    }
  }
  if (failures.length === 0) {
    for (const { path, reason } of behaviour.validate?.(inputs) ?? []) failures.push(checker.failure(path, reason));
  }
  return { inputs, failures };
}

/**
 * SetAutonaming names every string argument `name` (tfbridge/info/autonaming.go), which makes it optional: a required
 * `name` is one that the package excepts.
 */
export function autonameOf<Context>(schema: ResourceSchema, behaviour: Behaviour<Context>): AutoName | undefined {
  if (behaviour.autoname !== undefined) return behaviour.autoname ?? undefined;
  const { name } = schema.properties;
  return name?.input && !name.required && name.type === "string" ? { property: "name" } : undefined;
}

function addName(autoname: AutoName, request: CheckRequest, inputs: Properties): void {
  const { property } = autoname;
  // `namePrefix`, `bucketPrefix`... conflict with the name: Terraform then makes the name up itself.
  if (property in inputs || `${property}Prefix` in inputs) return;
  const old = request.olds[property];
  const reuse = typeof old === "string" && isDefaulted(request.olds, property);
  const fifo = inputs.fifoQueue === true || inputs.fifoTopic === true;
  inputs[property] = reuse ? old : automaticName(fifo ? { ...autoname, suffix: ".fifo" } : autoname, request);
  inputs[DEFAULTS] = [...(inputs[DEFAULTS] as string[]), property].sort();
}

/** Was the property filled in by Check and not by the program? */
export function isDefaulted(inputs: Properties, property: string): boolean {
  const defaults = inputs[DEFAULTS];
  return !Array.isArray(defaults) || defaults.includes(property);
}

interface Place {
  /** Without list indices: the key of tables. */
  path: string;
  /** With list indices: for people. */
  at: string;
  olds: Value | undefined;
}

class Checker {
  readonly failures: CheckFailure[] = [];
  private readonly request: CheckRequest;
  private readonly schema: ResourceSchema;
  private readonly defaults: Defaults;

  constructor(request: CheckRequest, schema: ResourceSchema, defaults: Defaults) {
    this.request = request;
    this.schema = schema;
    this.defaults = defaults;
  }

  /** The words of tfbridge.NewCheckFailure, which names the property in the reason and not in the field for it. */
  failure(at: string, reason: string): CheckFailure {
    return { property: "", reason: `${reason}. Examine values at '${this.request.name}.${at}'.` };
  }

  object(given: Properties, properties: Record<string, PropertySchema>, { path, at }: Place): Properties {
    const result: Properties = {};
    for (const [name, value] of Object.entries(given)) {
      if (name === DEFAULTS) continue;
      const property = properties[name];
      const here = { path: join(path, name), at: join(at, name), olds: undefined };
      if (!property?.input) this.failures.push(this.failure(here.at, "Invalid or unknown key"));
      else result[name] = this.value(value, property.type, here);
    }
    const defaulted: string[] = [];
    for (const [name, property] of Object.entries(properties)) {
      if (name in result) continue;
      const value = this.default(property, join(path, name));
      // Defaults that are false, zero or empty are left to the provider (bridge#2618): see fillDefaults.
      if (value) {
        result[name] = value;
        defaulted.push(name);
      } else if (property.required) {
        this.failures.push({ property: "", reason: `Missing required property '${join(at, name)}'` });
      }
    }
    result[DEFAULTS] = defaulted.sort();
    return result;
  }

  private default(property: PropertySchema, path: string): string | number | boolean | undefined {
    if (!property.input) return undefined;
    return defaultOf(property, path, this.defaults);
  }

  private value(value: Value, type: TypeSchema, place: Place): Value {
    if (value === UNKNOWN || type === "any") return value;
    if (typeof type === "string") return this.scalar(value, type, place);
    if ("list" in type) {
      if (!Array.isArray(value)) return this.mismatch(value, "array", place);
      return value.map((item, index) => this.value(item, type.list, { ...place, at: `${place.at}[${index}]` }));
    }
    if (!isObject(value)) return this.mismatch(value, "object", place);
    const properties = objectType(type, this.schema);
    if (properties) return this.object(value, properties, place);
    const inner = (type as { map: TypeSchema }).map;
    const entries = Object.entries(value).filter(([key]) => key !== DEFAULTS);
    return Object.fromEntries(
      entries.map(([key, item]) => [key, this.value(item, inner, { ...place, at: `${place.at}["${key}"]` })]),
    );
  }

  /** Scalars convert into each other as in Terraform: `cpu: 256` is "256". */
  private scalar(value: Value, type: "string" | "number" | "boolean" | "json", place: Place): Value {
    if (type === "json" && typeof value === "object") return isKnown(value) ? JSON.stringify(value) : UNKNOWN;
    if (isAsset(value)) return value;
    if (typeof value === "object") return this.mismatch(value, type === "json" ? "string" : type, place);
    if (type === "string" || type === "json") return String(value);
    if (typeof value === type) return value;
    if (type === "boolean" && (value === "true" || value === "false")) return value === "true";
    if (type === "number" && typeof value === "string" && value.trim() !== "" && Number.isFinite(Number(value))) {
      return Number(value);
    }
    return this.mismatch(value, type, place);
  }

  private mismatch(value: Value, expected: string, { at }: Place): Value {
    const got = Array.isArray(value) ? "array" : value === null ? "null" : typeof value;
    this.failures.push(this.failure(at, `expected ${expected} type, got ${got} type`));
    return value;
  }
}

function isAsset(value: Value): boolean {
  return isObject(value) && "4dabf18193072939515e22adb298388d" in value;
}

/** The default of an argument, false and zero included; undefined when there is none. */
export function defaultOf(
  property: PropertySchema,
  path: string,
  defaults: Defaults,
): string | number | boolean | undefined {
  const own = defaults[path];
  return own === null ? undefined : (own ?? property.default);
}
