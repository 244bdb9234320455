import { BlockList, isIPv6 } from "node:net";
import type { ConditionProperties } from "./declarations";
import { valuesOf } from "./exchange";
import { patternProblems } from "./patterns";

/** What conditions look at. */
export interface Subject {
  method: string;
  /** Without the query, see `normalizedPath`. */
  path: string;
  /** Without the question mark. */
  query: string;
  host: string;
  headers: readonly string[];
  /** The peer's address; X-Forwarded-For plays no part. */
  sourceIp: string;
}

/**
 * Whether all conditions of a rule hold; the values of one condition are alternatives.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html
 */
export function matches(conditions: readonly ConditionProperties[], subject: Subject): boolean {
  return conditions.every((condition) => holds(condition, subject));
}

function holds(condition: ConditionProperties, subject: Subject): boolean {
  if (condition.pathPattern) return some(condition.pathPattern, [subject.path], "");
  if (condition.hostHeader) return some(condition.hostHeader, [subject.host], "i");
  if (condition.httpHeader) {
    const values = valuesOf(subject.headers, condition.httpHeader.httpHeaderName.toLowerCase());
    return some(condition.httpHeader, values, "i");
  }
  if (condition.httpRequestMethod) return condition.httpRequestMethod.values.includes(subject.method);
  if (condition.queryStrings) return condition.queryStrings.some((wanted) => queryHolds(wanted, subject.query));
  if (condition.sourceIp) return condition.sourceIp.values.some((cidr) => inRange(subject.sourceIp, cidr));
  return false;
}

/** What AWS would refuse of a rule's conditions: "Condition basics" of the same page. */
export function conditionProblems(conditions: readonly ConditionProperties[]): string[] {
  const problems = conditions.flatMap(({ pathPattern, hostHeader, httpHeader }) =>
    [pathPattern, hostHeader, httpHeader].flatMap((patterns) => (patterns?.regexValues ?? []).flatMap(patternProblems)),
  );
  for (const kind of ["hostHeader", "httpRequestMethod", "pathPattern", "sourceIp"] as const) {
    const count = conditions.filter((condition) => condition[kind]).length;
    if (count > 1) problems.push(`a rule has one condition of ${kind}; got ${count}`);
  }
  const values = conditions.map(valuesOfCondition);
  for (const own of values) {
    if (own.length === 0) problems.push("a condition needs a value");
    if (own.length > 3) problems.push(`a condition has up to three values; got ${own.length}`);
    const long = own.find((value) => value.length > 128);
    if (long !== undefined) problems.push(`a value may have 128 characters; got ${long.length}`);
  }
  const all = values.flat();
  if (all.length > 5) problems.push(`a rule's conditions have up to five values together; got ${all.length}`);
  const wildcards = conditions
    .flatMap(({ pathPattern, hostHeader, httpHeader, queryStrings }) => [
      ...[pathPattern, hostHeader, httpHeader].flatMap((patterns) => patterns?.values ?? []),
      ...(queryStrings ?? []).flatMap(({ key = "", value }) => [key, value]),
    ])
    .join("")
    .replace(/\\[*?\\]/g, "")
    .replace(/[^*?]/g, "").length;
  if (wildcards > 5) problems.push(`a rule's conditions have up to five wildcards together; got ${wildcards}`);
  return problems;
}

function valuesOfCondition(condition: ConditionProperties): string[] {
  const { pathPattern, hostHeader, httpHeader, httpRequestMethod, queryStrings, sourceIp } = condition;
  return [
    ...[pathPattern, hostHeader, httpHeader].flatMap((one) => [...(one?.values ?? []), ...(one?.regexValues ?? [])]),
    ...(httpRequestMethod?.values ?? []),
    ...(queryStrings ?? []).map(({ value }) => value),
    ...(sourceIp?.values ?? []),
  ];
}

/**
 * "The rule evaluation is performed only after URI normalization occurs": of a path that is RFC 3986, 6.2.2, percent-encoded
 * letters, digits and `-._~` decoded, dot segments gone. What the target gets is as the client has sent it.
 */
export function normalizedPath(path: string): string {
  const decoded = path.replace(/%[0-9a-f]{2}/gi, (coded) => {
    const character = String.fromCharCode(Number.parseInt(coded.slice(1), 16));
    return /[\w.~-]/.test(character) ? character : coded.toUpperCase();
  });
  const kept: string[] = [];
  const segments = decoded.split("/").slice(1);
  for (const [at, segment] of segments.entries()) {
    if (segment === "..") kept.pop();
    if (segment !== "." && segment !== "..") kept.push(segment);
    // One at the end leaves the slash before it.
    else if (at === segments.length - 1) kept.push("");
  }
  return `/${kept.join("/")}`;
}

function some(patterns: { values?: string[]; regexValues?: string[] }, texts: string[], flags: string): boolean {
  const expressions = [
    ...(patterns.values ?? []).map((value) => wildcard(value, flags)),
    ...(patterns.regexValues ?? []).map((value) => new RegExp(value, flags)),
  ];
  return texts.some((text) => expressions.some((expression) => expression.test(text)));
}

/** `*` is any run of characters, `?` is exactly one, a backslash takes their meaning away. */
export function wildcard(pattern: string, flags = ""): RegExp {
  const source = pattern.replace(/\\[*?\\]|[\s\S]/g, (part) => {
    if (part === "*") return ".*";
    if (part === "?") return ".";
    return (part.length === 2 ? part.slice(1) : part).replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
  });
  return new RegExp(`^${source}$`, `${flags}s`);
}

/** Key and value compare without case, as sent: "The load balancer does not decode the query". */
function queryHolds(wanted: { key?: string; value: string }, query: string): boolean {
  const value = wildcard(wanted.value, "i");
  const key = wanted.key === undefined ? undefined : wildcard(wanted.key, "i");
  return query.split("&").some((pair) => {
    const at = pair.indexOf("=");
    const [name, text] = at < 0 ? [pair, ""] : [pair.slice(0, at), pair.slice(at + 1)];
    return (key?.test(name) ?? true) && value.test(text);
  });
}

function inRange(ip: string, cidr: string): boolean {
  const [network, bits] = cidr.split("/") as [string, string];
  const family = isIPv6(network) ? "ipv6" : "ipv4";
  if (isIPv6(ip) !== (family === "ipv6")) return false;
  const range = new BlockList();
  range.addSubnet(network, Number(bits), family);
  return range.check(ip, family);
}
