import { BlockList, isIPv6 } from "node:net";
import type { ConditionProperties } from "./declarations";
import { valuesOf } from "./exchange";
import { patternProblems } from "./patterns";

/** What conditions look at. */
export interface Subject {
  method: string;
  /** As sent: not decoded, not normalised, without the query. */
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

/** What AWS would refuse of the conditions' regular expressions. */
export function conditionProblems(conditions: readonly ConditionProperties[]): string[] {
  return conditions.flatMap(({ pathPattern, hostHeader, httpHeader }) =>
    [pathPattern, hostHeader, httpHeader].flatMap((patterns) => (patterns?.regexValues ?? []).flatMap(patternProblems)),
  );
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
