import { isIPv6 } from "node:net";
import type { Directive } from "./nginx-parser";
import { hole } from "./shell";

/** What nginx's modules make of a location: its own directives over those of the levels around it. */
export interface Location {
  /** As written: `= /api/health`, `/`, `@sign_in`. */
  readonly pattern: readonly string[];
  readonly own: readonly Directive[];
  readonly effective: Effective;
  readonly inner: readonly Location[];
}

/** Directives in force, with nginx's inheritance. */
export interface Effective {
  readonly satisfy: string;
  readonly realm: string | undefined;
  readonly userFile: string | undefined;
  readonly authRequest: string | undefined;
  /** allow and deny, replaced as a whole by a level that has any. */
  readonly access: readonly Directive[];
  /** error_page and proxy_set_header, likewise. */
  readonly errorPages: readonly Directive[];
  readonly headers: readonly Directive[];
  readonly cache: string;
  readonly cacheKey: string;
}

const nothing: Effective = {
  satisfy: "all",
  realm: undefined,
  userFile: undefined,
  authRequest: undefined,
  access: [],
  errorPages: [],
  headers: [],
  cache: "off",
  cacheKey: "",
};

export interface Server {
  readonly directives: readonly Directive[];
  /** TCP ports open to other hosts. */
  readonly ports: readonly number[];
  readonly loopbackPorts: readonly number[];
  readonly locations: readonly Location[];
}

/** The servers of the http blocks. */
export function serversOf(config: readonly Directive[]): Server[] {
  return config
    .filter(({ name }) => name === "http")
    .flatMap(({ block = [] }) => {
      const outer = effective(nothing, block);
      return block
        .filter(({ name }) => name === "server")
        .map((server) => {
          const directives = server.block ?? [];
          return {
            directives,
            ...listensOf(directives),
            locations: locationsIn(directives, effective(outer, directives)),
          };
        });
    });
}

function locationsIn(directives: readonly Directive[], outer: Effective): Location[] {
  return directives
    .filter(({ name }) => name === "location")
    .map(({ args, block = [] }) => {
      const own = effective(outer, block);
      return { pattern: patternOf(args), own: block, effective: own, inner: locationsIn(block, own) };
    });
}

/** `location =/x` and `location = /x` are the same. */
function patternOf(args: readonly string[]): string[] {
  const [first = "", second] = args;
  if (second !== undefined) return [first, second];
  return /^(=|\^~|~\*|~)(.+)/s.exec(first)?.slice(1) ?? [first];
}

/** A level's directives over those around it. `limit_except` counts as such a level for its methods. */
export function effective(outer: Effective, directives: readonly Directive[]): Effective {
  const last = (name: string): string | undefined =>
    directives.findLast((directive) => directive.name === name)?.args[0];
  const list = (...names: string[]): Directive[] => directives.filter(({ name }) => names.includes(name));
  const or = <T>(own: T[], inherited: readonly T[]): readonly T[] => (own.length > 0 ? own : inherited);
  return {
    satisfy: last("satisfy") ?? outer.satisfy,
    realm: last("auth_basic") ?? outer.realm,
    userFile: last("auth_basic_user_file") ?? outer.userFile,
    authRequest: last("auth_request") ?? outer.authRequest,
    access: or(list("allow", "deny"), outer.access),
    errorPages: or(list("error_page"), outer.errorPages),
    headers: or(list("proxy_set_header"), outer.headers),
    cache: last("proxy_cache") ?? outer.cache,
    cacheKey: last("proxy_cache_key") ?? outer.cacheKey,
  };
}

/** Where a server listens; without a word about it on 80, or where it may not, on 8000 (ngx_http_core_module, "listen"). */
export function listensOf(server: readonly Directive[]): Pick<Server, "ports" | "loopbackPorts"> {
  const addresses = server.filter(({ name }) => name === "listen").map(({ args }) => args[0] ?? "");
  if (addresses.length === 0) return { ports: [80, 8000], loopbackPorts: [] };
  const listens = addresses.filter((address) => !address.startsWith("unix:")).map(listenOf);
  return {
    ports: listens.flatMap(({ ports, loopback }) => (loopback ? [] : ports)),
    loopbackPorts: listens.flatMap(({ ports, loopback }) => (loopback ? ports : [])),
  };
}

function listenOf(address: string): { ports: number[]; loopback: boolean } {
  const {
    host = "",
    port = "80",
    last = port,
  } = /^(?:(?<host>.*):)?(?<port>\d{1,5})(?:-(?<last>\d{1,5}))?$/.exec(address)?.groups ?? { host: address };
  const count = Math.min(Number(last), 65535) - Number(port) + 1;
  return { ports: Array.from({ length: count }, (_, index) => Number(port) + index), loopback: isLoopback(host) };
}

export function isLoopback(host: string): boolean {
  return /^(?:127\.\d+\.\d+\.\d+|(?:ip6-)?localhost\.?|localhost\.localdomain|\[::(?:1|ffff:7f.*)\])$/i.test(
    usual(host),
  );
}

/** Connecting to it is connecting to oneself. */
export function isAnyAddress(host: string): boolean {
  return /^(?:0\.0\.0\.0|\[::(?:ffff:0:0)?\])$/.test(usual(host));
}

/** `127.1`, `0x7f000001` and `[0:0:0:0:0:0:0:1]` in their usual form. */
function usual(host: string): string {
  const bracketed = isIPv6(host) ? `[${host}]` : host;
  return URL.canParse(`http://${bracketed}`) ? new URL(`http://${bracketed}`).hostname : host;
}

/** All locations below, at every depth. */
export function every(locations: readonly Location[]): Location[] {
  return locations.flatMap((location) => [location, ...every(location.inner)]);
}

/**
 * The location that nginx picks for a path (ngx_http_core_find_location); "unknown" where a pattern cannot be seen, or read
 * as PCRE reads it.
 */
export function locationFor(locations: readonly Location[], path: string): Location | "none" | "unknown" {
  const found = picked(locations, path);
  return found === "unknown" ? found : (found.location ?? "none");
}

/** Final: no regular expression of the levels around comes before it. */
type Picked = { readonly location: Location | undefined; readonly final: boolean } | "unknown";

function picked(locations: readonly Location[], path: string): Picked {
  if (locations.some(({ pattern }) => pattern.some((word) => word.includes(hole)))) return "unknown";
  const exact = locations.find(({ pattern }) => pattern[0] === "=" && pattern[1] === path);
  if (exact) return { location: exact, final: true };
  const prefix = locations
    .map((location) => ({ location, prefix: prefixOf(location) ?? "\n" }))
    .filter((each) => path.startsWith(each.prefix))
    .sort((a, b) => b.prefix.length - a.prefix.length)[0]?.location;
  const deeper = prefix && picked(prefix.inner, path);
  if (deeper === "unknown" || deeper?.final) return deeper;
  const expressions = prefix?.pattern[0] === "^~" ? [] : locations;
  for (const location of expressions) {
    const [modifier, source = ""] = location.pattern;
    if (modifier !== "~" && modifier !== "~*") continue;
    const regex = compiled(source, modifier === "~*");
    if (regex === undefined) return "unknown";
    if (!regex.test(path)) continue;
    const inner = picked(location.inner, path);
    return inner === "unknown" ? inner : { location: inner.location ?? location, final: true };
  }
  return { location: deeper?.location ?? prefix, final: false };
}

/** The path before which this location stands; undefined for named and regular-expression ones. */
export function prefixOf({ pattern }: Location): string | undefined {
  const [first = "", second] = pattern;
  if (second === undefined) return first.startsWith("@") ? undefined : first;
  return first === "^~" ? second : undefined;
}

/** Undefined for what PCRE has and JavaScript has not, or has with another meaning: `(?i)`, `\\A`, `[[:alpha:]]`, `[]a]`. */
function compiled(source: string, ignoreCase: boolean): RegExp | undefined {
  if (/\\[^\WdDwWsSbBtnrf]|\[\[:|\[\^?\]|\(\?[^:=!<]/.test(source)) return undefined;
  try {
    return new RegExp(source, ignoreCase ? "i" : "");
  } catch {
    // PCRE has more.
  }
  return undefined;
}

/** Directives of a location and of its `if` blocks, which inherit all of its access rules. */
export function withConditions(directives: readonly Directive[]): Directive[] {
  return directives.flatMap((directive) =>
    directive.name === "if" ? withConditions(directive.block ?? []) : [directive],
  );
}
