import { type Addresses, difference, everywhere, intersection, parseCidr, union } from "./cidr";
import { property, type Resource, type ResourceValue } from "./model";
import { wordsOf } from "./tasks";

/** Requests of one kind: for each condition one of its values. What is not said is the caller's choice. */
interface Kind {
  readonly path?: readonly string[];
  readonly host?: readonly string[];
  readonly method?: readonly string[];
  /** `name:value`, lower case. */
  readonly header?: readonly string[];
}

type Property = keyof Kind;

/** A rule's conditions; where `exact` is false it takes fewer requests than they say. */
interface Conditions {
  readonly alternatives: readonly { readonly of: Property; readonly values: readonly string[] }[];
  /** Source addresses are the one condition that a caller cannot choose. */
  readonly sources: Addresses;
  readonly exact: boolean;
}

/** Exactly these may be open, and for GET only. One path segment may stand before them (a server under a prefix). */
const healthPath = /^(?:\/[\w-]+)?\/api\/(?:health|ready)$/;
/** More combinations of values than these are not told apart: then nothing is taken for covered. */
const mostKinds = 200;

/**
 * Of these clients those who get requests, other than health checks, to a rule past the ones before it. An undefined rule
 * is the listener's default, which comes last.
 */
export function clientsLeft(rule: Resource | undefined, before: readonly Resource[], clients: Addresses): Addresses {
  const own = rule === undefined ? { alternatives: [], sources: everywhere } : conditionsOf(rule);
  const earlier = before.map(conditionsOf).filter(({ exact }) => exact);
  const rewritten = rule !== undefined && property(rule, "transforms").list().length > 0;
  const left = kindsOf(own)
    .filter((kind) => rewritten || !isHealthCheck(kind))
    .map((kind) => {
      const taken = earlier.filter((other) => takesAll(other, kind)).map(({ sources }) => sources);
      return difference(intersection(clients, own.sources), union(...taken));
    });
  return union(...left);
}

function conditionsOf(rule: Resource): Conditions {
  let exact = true;
  let sources = everywhere;
  const alternatives: { of: Property; values: readonly string[] }[] = [];
  const listed = property(rule, "conditions").list();
  for (const condition of listed) {
    const known = knownConditions(condition);
    if (known === undefined) {
      exact = false;
      const ranges = valuesOf(condition, "sourceIp");
      if (ranges !== undefined && ranges.length > 0) sources = intersection(sources, rangesOf(ranges));
      continue;
    }
    alternatives.push(...known.alternatives);
    sources = intersection(sources, known.sources);
  }
  return { alternatives, sources, exact: exact && listed.length > 0 };
}

function knownConditions(condition: ResourceValue): Omit<Conditions, "exact"> | undefined {
  const kinds = condition.keys().filter((kind) => !condition.get(kind).isOmitted && !kind.startsWith("__"));
  const alternatives: { of: Property; values: readonly string[] }[] = [];
  let sources = everywhere;
  for (const kind of kinds) {
    const values = valuesOf(condition, kind);
    if (values === undefined || values.length === 0) return undefined;
    const lower = values.map((value) => value.toLowerCase());
    if (kind === "sourceIp") sources = intersection(sources, rangesOf(values));
    else if (kind === "pathPattern") alternatives.push({ of: "path", values });
    else if (kind === "hostHeader") alternatives.push({ of: "host", values: lower });
    else if (kind === "httpRequestMethod") alternatives.push({ of: "method", values });
    else {
      // No other kind names one.
      const [name] = fieldsOf(condition, kind, "httpHeaderName").map((value) => value.word());
      if (name === undefined) return undefined;
      alternatives.push({ of: "header", values: lower.map((value) => `${name}:${value}`) });
    }
  }
  return kinds.length === 0 ? undefined : { alternatives, sources };
}

/** The plain values of a condition; undefined where there are others or some are not known. */
function valuesOf(condition: ResourceValue, kind: string): string[] | undefined {
  return fieldsOf(condition, kind, "regexValues").length > 0 ? undefined : wordsOf(fieldsOf(condition, kind, "values"));
}

function fieldsOf(condition: ResourceValue, kind: string, field: string): ResourceValue[] {
  return condition
    .get(kind)
    .list()
    .flatMap((of) => of.get(field).list());
}

function rangesOf(values: readonly string[]): Addresses {
  return union(...values.map((value) => parseCidr(value) ?? everywhere));
}

function kindsOf({ alternatives }: Pick<Conditions, "alternatives">): Kind[] {
  const anything: Kind = {};
  if (alternatives.reduce((count, { values }) => count * values.length, 1) > mostKinds) return [anything];
  return alternatives.reduce(
    (kinds, { of, values }) =>
      kinds.flatMap((kind) => values.map((value): Kind => ({ ...kind, [of]: [...(kind[of] ?? []), value] }))),
    [anything],
  );
}

/** Whether these conditions hold for every request of this kind, source addresses aside. */
function takesAll({ alternatives }: Conditions, kind: Kind): boolean {
  return alternatives.every(({ of, values }) =>
    values.some(
      (value) =>
        (of === "path" && /^\/?\*+$/.test(value)) ||
        (of === "host" && /^\*+$/.test(value)) ||
        (kind[of] ?? []).some((narrower) => (of === "method" ? value === narrower : covers(value, narrower))),
    ),
  );
}

/** Whether a pattern takes all that another one does: the other's own wildcards are taken by `*` only. */
function covers(pattern: string, narrower: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*+/g, "[^]*")
    .replaceAll("?", "[^*]");
  return new RegExp(`^${source}$`).test(narrower);
}

function isHealthCheck({ path = [], method = [] }: Kind): boolean {
  return path.some((pattern) => healthPath.test(pattern)) && method.includes("GET");
}
