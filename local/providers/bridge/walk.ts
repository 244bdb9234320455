import { isObject, type Properties, UNKNOWN, type Value } from "../grpc/values";
import type { PropertySchema, ResourceSchema, TypeSchema } from "./schema";

/** The names of the properties that were defaulted, kept in every object of the inputs (tfbridge reservedkeys). */
export const DEFAULTS = "__defaults";

export function objectType(type: TypeSchema, schema: ResourceSchema): Record<string, PropertySchema> | undefined {
  return typeof type === "object" && "object" in type ? (schema.types[type.object] ?? {}) : undefined;
}

/** `a` and `b` as `a.b`; list indices do not count. */
export function join(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

/** The inputs without the bridge's bookkeeping. */
export function withoutDefaults(value: Properties): Properties {
  return strip(value) as Properties;
}

function strip(value: Value): Value {
  if (Array.isArray(value)) return value.map(strip);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).filter(([key]) => key !== DEFAULTS);
  return Object.fromEntries(entries.map(([key, inner]) => [key, strip(inner)]));
}

/**
 * Goes through a resource's values beside their types, and lets `visit` complete each object (the resource itself
 * first). Unknown values stay as they are.
 */
export function mapObjects(
  value: Properties,
  schema: ResourceSchema,
  visit: (object: Properties, properties: Record<string, PropertySchema>, path: string) => Properties,
): Properties {
  const inType = (inner: Value, type: TypeSchema, path: string): Value => {
    if (inner === UNKNOWN || typeof type === "string") return inner;
    if ("list" in type) return Array.isArray(inner) ? inner.map((item) => inType(item, type.list, path)) : inner;
    const properties = objectType(type, schema);
    return properties && isObject(inner) ? inObject(inner, properties, path) : inner;
  };
  const inObject = (object: Properties, properties: Record<string, PropertySchema>, path: string): Properties => {
    const completed = visit(object, properties, path);
    return Object.fromEntries(
      Object.entries(completed).map(([name, inner]) => {
        const property = properties[name];
        return [name, property ? inType(inner, property.type, join(path, name)) : inner];
      }),
    );
  };
  return inObject(value, schema.properties, "");
}
