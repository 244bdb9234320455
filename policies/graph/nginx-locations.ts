import type { Directive } from "./nginx-parser";

/** What nginx's modules make of a location: its own directives over those of the levels around it. */
export interface Location {
  /** As written: `= /api/health`, `/`, `@sign_in`; empty for a server's own level. */
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
          const listens = directives.filter(({ name }) => name === "listen").map(({ args }) => listenOf(args[0] ?? ""));
          const all = listens.length > 0 ? listens : [{ port: 80, loopback: false }];
          return {
            directives,
            ports: all.flatMap(({ port, loopback }) => (port === undefined || loopback ? [] : [port])),
            loopbackPorts: all.flatMap(({ port, loopback }) => (port !== undefined && loopback ? [port] : [])),
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
  const [, modifier, path] = /^(=|\^~|~\*|~)(.+)$/.exec(first) ?? [];
  return modifier !== undefined && path !== undefined ? [modifier, path] : [first];
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

function listenOf(address: string): { port: number | undefined; loopback: boolean } {
  if (address.startsWith("unix:")) return { port: undefined, loopback: true };
  const [, host, port] = /^(?:(.*?):)?(\d{1,5})$/.exec(address) ?? [undefined, address, "80"];
  return { port: Number(port), loopback: isLoopback(host ?? "*") };
}

export function isLoopback(host: string): boolean {
  return /^(?:127\.\d+\.\d+\.\d+|localhost|\[::1\]|::1)$/i.test(host);
}

/** All locations below, at every depth. */
export function every(locations: readonly Location[]): Location[] {
  return locations.flatMap((location) => [location, ...every(location.inner)]);
}

/** The location that nginx picks for a path (ngx_http_core_find_location); undefined where none or where it cannot be told. */
export function locationFor(locations: readonly Location[], path: string): Location | undefined {
  const exact = locations.find(({ pattern }) => pattern[0] === "=" && pattern[1] === path);
  if (exact) return exact;
  const prefix = locations
    .filter((location) => path.startsWith(prefixOf(location) ?? "\n"))
    .sort((a, b) => (prefixOf(b)?.length ?? 0) - (prefixOf(a)?.length ?? 0))[0];
  const deeper = prefix && locationFor(prefix.inner, path);
  if (deeper) return deeper;
  if (prefix?.pattern[0] !== "^~") {
    for (const location of locations) {
      const [modifier, source = ""] = location.pattern;
      if (modifier !== "~" && modifier !== "~*") continue;
      const regex = compiled(source, modifier === "~*");
      if (regex === undefined) return undefined;
      if (regex.test(path)) return locationFor(location.inner, path) ?? location;
    }
  }
  return prefix;
}

/** The path before which this location stands; undefined for named and regular-expression ones. */
export function prefixOf({ pattern }: Location): string | undefined {
  if (pattern.length === 1) return pattern[0]?.startsWith("@") ? undefined : pattern[0];
  return pattern[0] === "^~" ? pattern[1] : undefined;
}

function compiled(source: string, ignoreCase: boolean): RegExp | undefined {
  try {
    return new RegExp(source, ignoreCase ? "i" : "");
  } catch {
    return undefined;
  }
}

/** Directives of a location and of its `if` blocks, which inherit all of its access rules. */
export function withConditions(directives: readonly Directive[]): Directive[] {
  return directives.flatMap((directive) =>
    directive.name === "if" ? withConditions(directive.block ?? []) : [directive],
  );
}
