import { isObject, type Properties, UNKNOWN, type Value } from "../grpc/values";
import type { Behaviour } from "./behaviour";
import { defaultOf } from "./check";
import { isFilledInByAws, type PropertySchema, type ResourceSchema, type TypeSchema } from "./schema";
import { join, mapObjects, objectType, withoutDefaults } from "./walk";

/**
 * The state that Terraform would propose for a new resource, which is what a bridged provider answers to a preview
 * (tfbridge/provider.go, Create): the inputs, every default, and unknown for all that AWS fills in, nested blocks
 * included.
 */
export function proposedState<Context>(
  inputs: Properties,
  schema: ResourceSchema,
  behaviour: Behaviour<Context>,
  planned: Properties,
): Properties {
  const state = { ...withFalsyDefaults(inputs, schema, behaviour), ...planned };
  return mapObjects(state, schema, (object, properties) => {
    const unknown = Object.entries(properties).filter(
      ([name, property]) => isFilledInByAws(property) && !(name in object),
    );
    return { ...object, ...Object.fromEntries(unknown.map(([name]) => [name, UNKNOWN])) };
  });
}

/** The inputs as state: with the defaults that Check leaves to the provider. */
export function withFalsyDefaults<Context>(
  inputs: Properties,
  schema: ResourceSchema,
  behaviour: Behaviour<Context>,
): Properties {
  return mapObjects(withoutDefaults(inputs), schema, (object, properties, path) => {
    const missing = Object.entries(properties)
      .filter(([name, property]) => property.input && !(name in object))
      .map(([name, property]) => [name, defaultOf(property, join(path, name), behaviour.defaults ?? {})] as const)
      .filter(([, value]) => value !== undefined);
    return { ...object, ...Object.fromEntries(missing as [string, Value][]) };
  });
}

/**
 * What an update leaves: the new inputs over the old state. What the program gives no more goes, unless AWS fills it
 * in: then the old value stays, in nested blocks as well.
 */
export function updatedState<Context>(
  inputs: Properties,
  old: Properties,
  schema: ResourceSchema,
  behaviour: Behaviour<Context>,
): Properties {
  const keepIn = (next: Value, previous: Value | undefined, type: TypeSchema): Value => {
    if (typeof type === "string" || next === UNKNOWN) return next;
    if ("list" in type) {
      if (!Array.isArray(next) || !Array.isArray(previous)) return next;
      return next.map((item, index) => keepIn(item, previous[index], type.list));
    }
    const properties = objectType(type, schema);
    return properties && isObject(next) && isObject(previous) ? keep(next, previous, properties) : next;
  };
  const keep = (next: Properties, previous: Properties, properties: Record<string, PropertySchema>): Properties => {
    const result = { ...next };
    for (const [name, property] of Object.entries(properties)) {
      const before = previous[name];
      const value = result[name];
      if (value !== undefined) result[name] = keepIn(value, before, property.type);
      else if (before !== undefined && isFilledInByAws(property)) result[name] = before;
    }
    return result;
  };
  return keep(withFalsyDefaults(inputs, schema, behaviour), old, schema.properties);
}
