import type { Change, ChangeKind, DiffRequest, DiffResult } from "../grpc/provider";
import { isObject, type Properties, UNKNOWN, type Value } from "../grpc/values";
import type { Behaviour } from "./behaviour";
import { autonameOf, isDefaulted } from "./check";
import { sameDocument } from "./documents";
import { isFilledInByAws, type PropertySchema, type ResourceSchema, type TypeSchema } from "./schema";
import { isSet } from "./sets";
import { join, objectType, withoutDefaults } from "./walk";

/** Diff as a bridged provider answers it: which properties change, and which of them need a new resource. */
export function diff<Context>(request: DiffRequest, schema: ResourceSchema, behaviour: Behaviour<Context>): DiffResult {
  const differ = new Differ(schema, replacementPaths(schema, behaviour));
  // Engines that send no old inputs: the state has all of them, and more.
  const olds = Object.keys(request.oldInputs).length > 0 ? request.oldInputs : inputsOf(request.oldState, schema);
  const changes = differ.objects(
    withoutDefaults(olds),
    withoutDefaults(request.news),
    schema.properties,
    "",
    "",
    false,
  );
  const ignored = request.ignoreChanges.map((path) => path.replace(/\[\d+\]/g, ""));
  const relevant = changes.filter(
    ({ path }) => !ignored.some((prefix) => isWithin(path.replace(/\[\d+\]/g, ""), prefix)),
  );
  const replaces = relevant.some((change) => change.replace);
  return {
    changes: relevant,
    deleteBeforeReplace:
      replaces && (behaviour.deleteBeforeReplace === true || keepsItsName(request, schema, behaviour)),
    stables: Object.keys(schema.properties).filter((name) => differ.replaces(name)),
  };
}

export function inputsOf(state: Properties, schema: ResourceSchema): Properties {
  return Object.fromEntries(Object.entries(state).filter(([name]) => schema.properties[name]?.input));
}

/** Two resources cannot have one name at once (tfbridge nameRequiresDeleteBeforeReplace). */
function keepsItsName<Context>(request: DiffRequest, schema: ResourceSchema, behaviour: Behaviour<Context>): boolean {
  const property = autonameOf(schema, behaviour)?.property;
  if (property === undefined || request.news[property] === undefined) return false;
  return !isDefaulted(request.news, property) && request.news[property] === request.oldState[property];
}

function replacementPaths<Context>(schema: ResourceSchema, behaviour: Behaviour<Context>): (path: string) => boolean {
  const { updatable, replaces = [] } = behaviour;
  const name = autonameOf(schema, behaviour)?.property;
  const named = new Set(name === undefined ? replaces : [...replaces, name, `${name}Prefix`]);
  // Every resource is managed in one region (Terraform AWS provider 6: enhanced region support).
  named.add("region");
  if (updatable) return (path) => !updatable.includes(path);
  return (path) => named.has(path);
}

class Differ {
  private readonly schema: ResourceSchema;
  private readonly named: (path: string) => boolean;

  constructor(schema: ResourceSchema, named: (path: string) => boolean) {
    this.schema = schema;
    this.named = named;
  }

  replaces(path: string): boolean {
    return this.named(path) || this.schema.properties[path]?.replaces === true;
  }

  objects(
    olds: Properties,
    news: Properties,
    properties: Record<string, PropertySchema>,
    at: string,
    path: string,
    inherited: boolean,
  ): Change[] {
    const names = new Set([...Object.keys(olds), ...Object.keys(news)]);
    return [...names].sort().flatMap((name) => {
      const property = properties[name];
      const before = olds[name];
      const after = news[name];
      // Given up by the program, but AWS's to decide: it stays as it is.
      if (after === undefined && property && isFilledInByAws(property)) return [];
      const here = join(path, name);
      const replace = inherited || this.named(here) || property?.replaces === true;
      return this.values(before, after, property?.type ?? "any", join(at, name), here, replace);
    });
  }

  private values(
    before: Value | undefined,
    after: Value | undefined,
    type: TypeSchema,
    at: string,
    path: string,
    replace: boolean,
  ): Change[] {
    if (same(before, after)) return [];
    const one = (kind: ChangeKind): Change[] => [{ path: at, kind, replace }];
    if (before === undefined) return isEmpty(after) ? [] : one("add");
    if (after === undefined) return isEmpty(before) ? [] : one("delete");
    if (after === UNKNOWN) return one("update");
    if (typeof before === "string" && typeof after === "string" && sameDocument(before, after, path)) return [];
    if (Array.isArray(before) && Array.isArray(after)) return this.lists(before, after, type, at, path, replace);
    if (isObject(before) && isObject(after)) {
      const properties = objectType(type, this.schema) ?? {};
      return this.objects(before, after, properties, at, path, replace);
    }
    return one("update");
  }

  private lists(
    before: Value[],
    after: Value[],
    type: TypeSchema,
    at: string,
    path: string,
    replace: boolean,
  ): Change[] {
    const item = typeof type === "object" && "list" in type ? type.list : "any";
    if (isSet(path)) {
      const key = (value: Value) => JSON.stringify(sorted(value));
      const [olds, news] = [before.map(key).sort(), after.map(key).sort()];
      if (olds.length === news.length && olds.every((value, index) => value === news[index])) return [];
    }
    const length = Math.max(before.length, after.length);
    return Array.from({ length }, (_, index) =>
      this.values(before[index], after[index], item, `${at}[${index}]`, path, replace),
    ).flat();
  }
}

function isWithin(path: string, prefix: string): boolean {
  return path === prefix || path.startsWith(`${prefix}.`) || path.startsWith(`${prefix}[`);
}

function same(before: Value | undefined, after: Value | undefined): boolean {
  return before === after || (before !== UNKNOWN && JSON.stringify(sorted(before)) === JSON.stringify(sorted(after)));
}

function isEmpty(value: Value | undefined): boolean {
  return value === undefined || value === "" || (typeof value === "object" && Object.keys(value ?? {}).length === 0);
}

/** The same value with its keys in order. */
export function sorted(value: Value | undefined): Value {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value ?? null;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  );
}
