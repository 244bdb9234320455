import type { NginxConfig } from "./nginx-config";
import { effective, every, isLoopback, type Location, locationFor, prefixOf, type Server, serversOf, withConditions } from "./nginx-locations";
import type { Directive } from "./nginx-parser";
import type { Oauth2Proxy } from "./oauth2-proxy";
import { hole } from "./shell";

/** What stands behind the task's loopback ports. */
export interface Neighbours {
  /** What listens on this port of the task's loopback; unseen where something may that is not understood. */
  listener(port: number): "prefect" | "oauth2-proxy" | "nginx" | "unseen" | "nobody";
  readonly oauth2Proxy: Oauth2Proxy | undefined;
  /** Prefect asks for its own auth string, so a request without a credential gets nothing from it. */
  readonly prefectAsks: boolean;
  /** Where Prefect's two open answers are. */
  readonly healthPaths: readonly string[];
}

const passes = /^(?:proxy|grpc|fastcgi|uwsgi|scgi|memcached|tunnel)_pass$/;
/** Code in the configuration can send a request anywhere. */
const programs = /^(?:js_|perl|lua_|rewrite_by|njs)|_by_lua|^set_by_lua/;

/**
 * Every way by which a request without a login gets from this port of nginx to Prefect; empty where all are gated.
 * Texts name locations as written and hold nothing else of the configuration.
 */
export function openWays(config: NginxConfig, port: number, neighbours: Neighbours): string[] {
  return new Gate(config, neighbours).openOn(port, new Set());
}

/** Ports on which nginx takes connections from other hosts. */
export function portsOf(config: NginxConfig): number[] {
  return [...serversOf(config.directives).flatMap(({ ports }) => ports), ...streamPorts(config.directives)];
}

function streamPorts(directives: readonly Directive[]): number[] {
  return directives
    .filter(({ name }) => name === "stream")
    .flatMap(({ block = [] }) => block.filter(({ name }) => name === "server"))
    .flatMap(({ block = [] }) => block.filter(({ name }) => name === "listen"))
    .map(({ args }) => Number(args[0]?.replace(/^.*:/, "")));
}

class Gate {
  private readonly config: NginxConfig;
  private readonly neighbours: Neighbours;
  private readonly servers: readonly Server[];
  private readonly http: readonly Directive[];

  constructor(config: NginxConfig, neighbours: Neighbours) {
    this.config = config;
    this.neighbours = neighbours;
    this.servers = serversOf(config.directives);
    this.http = config.directives.filter(({ name }) => name === "http").flatMap(({ block = [] }) => block);
  }

  openOn(port: number, visited: Set<number>): string[] {
    if (visited.has(port)) return [];
    visited.add(port);
    if (streamPorts(this.config.directives).includes(port)) return ["its stream block passes connections on unread"];
    const program = flattened(this.http).find(({ name }) => programs.test(name));
    if (program) return [`its configuration runs code (${program.name}, line ${program.line}), which cannot be followed`];
    return this.servers
      .filter((server) => server.ports.includes(port) || server.loopbackPorts.includes(port))
      .flatMap((server) => every(server.locations).flatMap((location) => this.open(server, location, visited)));
  }

  private open(server: Server, location: Location, visited: Set<number>): string[] {
    const inside = location.own.filter(({ name }) => name === "limit_except");
    const all = [...withConditions(location.own), ...inside.flatMap(({ block = [] }) => withConditions(block))];
    const targets = all.filter(({ name }) => passes.test(name));
    if (!targets.some((target) => this.leadsToPrefect(target.args[0] ?? "", visited))) return [];
    if (this.isHealthCheck(location, targets)) return [];
    if (this.neighbours.prefectAsks && targets.every((t) => this.reachesOnlyPrefect(t.args[0] ?? "")) && !addsCredential(location)) return [];
    const reasons = [
      this.whyUngated(server, location.effective),
      ...inside.map(({ block = [] }) => this.whyUngated(server, effective(location.effective, block))),
    ].flatMap((reason) => reason ?? []);
    const [reason] = reasons;
    if (reason === undefined || this.isReachedOnlyPastGates(server, location)) return [];
    return [`location ${shown(location)}: ${reason}`];
  }

  /** Whether a request may get to Prefect by this target. */
  private leadsToPrefect(target: string, visited: Set<number>): boolean {
    return this.addresses(target).some((address) => {
      if (address === undefined) return true;
      if (!address.local) return false;
      const listener = this.neighbours.listener(address.port);
      if (listener === "nginx") return this.openOn(address.port, new Set(visited)).length > 0;
      if (listener !== "oauth2-proxy") return listener !== "nobody";
      const proxy = this.neighbours.oauth2Proxy;
      if (proxy === undefined) return true;
      const passesOn = proxy.upstreams?.some((upstream) => !/^(?:static|file):/.test(upstream)) ?? true;
      return passesOn && proxy.problems.length > 0;
    });
  }

  private reachesOnlyPrefect(target: string): boolean {
    return this.addresses(target).every((a) => a?.local === true && this.neighbours.listener(a.port) === "prefect");
  }

  /** The addresses behind a target; undefined for one that a variable or a secret decides. */
  private addresses(target: string): ({ local: boolean; port: number } | undefined)[] {
    const [, scheme = "http", authority = ""] = /^(?:(https?|grpcs?):\/\/)?([^/?]+)/.exec(target) ?? [];
    if (authority.includes("$") || authority.includes(hole) || authority === "") return [undefined];
    if (target.startsWith("http://unix:") || authority.startsWith("unix:")) return [undefined];
    const upstream = this.http.find(({ name, args }) => name === "upstream" && args[0] === authority);
    const servers = upstream?.block?.filter(({ name }) => name === "server").map(({ args }) => args[0] ?? "");
    return (servers ?? [authority]).map((address) => {
      if (address.startsWith("unix:") || address.includes(hole)) return undefined;
      const [, host = "", port] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(address) ?? [];
      const local = isLoopback(host) || /^(?:0(?:\.0\.0\.0)?|\[::\])$/.test(host);
      return { local, port: Number(port ?? (scheme.endsWith("s") ? 443 : 80)) };
    });
  }

  /** Why a request without a login passes the access phase here; undefined if none does. */
  private whyUngated(server: Server, at: ReturnType<typeof effective>): string | undefined {
    if (at.access[0]?.name === "deny" && at.access[0].args[0] === "all" && at.satisfy === "all") return undefined;
    const realmOn = at.realm !== undefined && at.realm !== "off";
    const realmVaries = realmOn && /[$\uE000]/.test(at.realm ?? "") && this.mayBe(at.realm ?? "", "off");
    const basicProblem = realmOn ? this.credentialProblem(at.userFile) : undefined;
    const asks = at.authRequest !== undefined && at.authRequest !== "off";
    const requestProblem = asks ? this.requestProblem(server, at.authRequest ?? "") : undefined;
    if (at.satisfy === "any") {
      const allow = at.access.find(({ name }) => name === "allow");
      if (allow) return "satisfy any beside allow: addresses alone are let in";
      if (!realmOn && !asks) return at.access.length > 0 && at.access.every(({ name }) => name === "deny") ? undefined : "nothing here asks for a login";
      if (basicProblem !== undefined) return basicProblem;
      if (requestProblem !== undefined) return requestProblem;
      return realmVaries && !asks ? "auth_basic's realm may turn out to be off, and nothing else asks" : undefined;
    }
    if (at.satisfy !== "all") return "its satisfy cannot be read";
    if (asks && requestProblem === undefined) return undefined;
    if (realmOn && !realmVaries && basicProblem === undefined) return undefined;
    if (requestProblem !== undefined) return requestProblem;
    if (basicProblem !== undefined) return basicProblem;
    if (realmVaries) return "auth_basic's realm may turn out to be off";
    return at.authRequest === "off" || at.realm === "off" ? "the login is switched off here" : "nothing here asks for a login";
  }

  /** A password file that cannot be read refuses everybody (403); one with an empty password lets everybody in. */
  private credentialProblem(file: string | undefined): string | undefined {
    if (file === undefined) return "auth_basic without auth_basic_user_file asks nothing";
    if (/[$\uE000]/.test(file)) return "auth_basic_user_file is decided at run time";
    const text = this.config.files.get(file.startsWith("/") ? file : `/etc/nginx/${file}`);
    const empty = text?.split("\n").some((line) => /^[^#:]+:(?:\{PLAIN\})?(?::|$)/.test(line.trim()));
    return empty ? "a line of its password file has an empty password" : undefined;
  }

  /** Why auth_request does not stand for a login at oauth2-proxy; undefined if it does. */
  private requestProblem(server: Server, uri: string): string | undefined {
    const proxy = this.neighbours.oauth2Proxy;
    if (/[$\uE000]/.test(uri)) return "auth_request's address is decided at run time";
    const path = uri.replace(/\?.*$/, "");
    const target = locationFor(server.locations, path);
    if (target === undefined) return undefined; // nginx answers 404, and auth_request makes that an error: closed
    if (proxy === undefined) return `auth_request ${path} is not answered by an oauth2-proxy of this task`;
    const answer = this.answerProblem(server, target, path, proxy, `${proxy.prefix}/auth`);
    if (answer !== undefined) return `auth_request ${path}: ${answer}`;
    return proxy.problems[0];
  }

  private answerProblem(server: Server, location: Location, path: string, proxy: Oauth2Proxy, wanted: string): string | undefined {
    const { own } = location;
    const rewrite = [...own, ...server.directives].find(({ name, args }) => name === "rewrite" && !["redirect", "permanent"].includes(args[2] ?? ""));
    if (rewrite) return "a rewrite may send the question elsewhere";
    const answers = [...withConditions(own), ...withConditions(server.directives.filter(({ name }) => name === "if" || name === "return"))];
    if (answers.some(({ name, args }) => name === "return" && isSuccess(args))) return "nginx may answer it by itself with success";
    const odd = own.find(({ name }) => name === "try_files" || name === "if_modified_since" || name === "root" || name === "alias");
    if (odd) return `${odd.name} may answer in place of oauth2-proxy`;
    const targets = withConditions(own).filter(({ name }) => passes.test(name));
    const [pass] = targets;
    if (pass === undefined) {
      return own.some(({ name, args }) => name === "return" && !isSuccess(args)) ? undefined : "it is not sent to oauth2-proxy";
    }
    if (targets.length > 1 || pass.name !== "proxy_pass") return "it is not sent to oauth2-proxy alone";
    const address = pass.args[0] ?? "";
    const sent = this.addresses(address);
    if (!sent.every((to) => to?.local === true && this.neighbours.listener(to.port) === "oauth2-proxy")) return "it is not sent to oauth2-proxy on this task's loopback";
    if (pathSent(location, address, path) !== wanted) return `what oauth2-proxy is asked is not ${wanted}`;
    if (location.effective.cache !== "off" && !/\$(?:http_cookie|cookie_)/.test(location.effective.cacheKey)) {
      return "its answer is cached for everybody: the cache key has no cookie";
    }
    const fixed = location.effective.headers.find(({ args }) => /^(?:cookie|authorization)$/i.test(args[0] ?? "") && args[1] !== "" && !/^\$(?:http_cookie|http_authorization|cookie_\w+)$/.test(args[1] ?? ""));
    if (fixed) return "a fixed credential is sent along";
    return this.errorPageProblem(server, location, proxy);
  }

  /** An error page may turn oauth2-proxy's refusal, or its absence, into success. */
  private errorPageProblem(server: Server, location: Location, proxy: Oauth2Proxy): string | undefined {
    for (const { args } of location.effective.errorPages) {
      const change = args.slice(0, -1).find((arg) => arg.startsWith("="));
      if (change === undefined) continue; // the code stays what it was
      if (change !== "=") {
        if (/^=2\d\d$/.test(change)) return "an error page turns a refusal into success";
        continue;
      }
      const pages = this.valuesOf(args.at(-1) ?? "");
      if (pages === undefined) return "where its error pages lead is decided at run time";
      for (const page of pages) if (!this.isRefusal(server, page, proxy)) return `its error page ${page} may answer with success`;
    }
    return undefined;
  }

  private isRefusal(server: Server, page: string, proxy: Oauth2Proxy): boolean {
    if (/^https?:\/\//.test(page)) return true; // a redirect
    const location = page.startsWith("@") ? every(server.locations).find(({ pattern }) => pattern[0] === page) : locationFor(server.locations, page);
    if (location === undefined) return true; // nginx: 500 or 404
    const own = withConditions(location.own);
    const answers = own.filter(({ name }) => name === "return");
    if (answers.some(({ args }) => isSuccess(args))) return false;
    if (location.own.some(({ name, args }) => name === "return" && !isSuccess(args))) return true;
    // oauth2-proxy's start only ever redirects.
    const pass = own.find(({ name }) => passes.test(name))?.args[0];
    const rewritten = location.own.find(({ name }) => name === "rewrite")?.args[1]?.replace(/\?.*$/, "");
    const to = pass === undefined ? [] : this.addresses(pass);
    const isProxy = to.length > 0 && to.every((a) => a?.local === true && this.neighbours.listener(a.port) === "oauth2-proxy");
    return isProxy && (rewritten ?? pathSent(location, pass ?? "", page)) === `${proxy.prefix}/start`;
  }

  /** Named and internal locations that try_files alone leads to, from locations that have asked. */
  private isReachedOnlyPastGates(server: Server, location: Location): boolean {
    const [name = ""] = location.pattern;
    if (!name.startsWith("@")) return false;
    const all = every(server.locations);
    const shownTo = [...server.directives, ...all.flatMap(({ own }) => [...own]), ...this.http].filter((d) => d.name === "error_page");
    if (shownTo.some(({ args }) => this.valuesOf(args.at(-1) ?? "")?.includes(name) ?? true)) return false;
    if (server.directives.some((d) => d.name === "try_files" && d.args.at(-1) === name)) return false;
    return all
      .filter(({ own }) => own.some((d) => d.name === "try_files" && d.args.at(-1) === name))
      .every((from) => this.whyUngated(server, from.effective) === undefined);
  }

  /** The two answers that may be open: exactly those, and only to be read. */
  private isHealthCheck(location: Location, targets: readonly Directive[]): boolean {
    const [pass] = targets;
    if (location.pattern[0] !== "=" || pass?.name !== "proxy_pass" || targets.length !== 1) return false;
    const sent = pathSent(location, pass.args[0] ?? "", location.pattern[1] ?? "");
    const fixed = sent !== undefined && this.neighbours.healthPaths.includes(sent);
    const rewritten = withConditions(location.own).some(({ name }) => name === "rewrite" || name === "proxy_method");
    return fixed && !rewritten && location.own.some(readsOnly);
  }

  /** Whether a text with variables may come out as this value. */
  private mayBe(text: string, value: string): boolean {
    return this.valuesOf(text)?.includes(value) ?? true;
  }

  /** All values of a text that is one mapped variable; undefined where they cannot be listed. */
  private valuesOf(text: string): string[] | undefined {
    if (!text.includes("$") && !text.includes(hole)) return [text];
    const maps = this.http.filter(({ name, args }) => name === "map" && args[1] === text);
    const [map] = maps;
    if (map === undefined || maps.length > 1) return undefined;
    const entries = (map.block ?? []).filter(({ name }) => name !== "hostnames" && name !== "volatile");
    const values = entries.map(({ args }) => args[0] ?? "");
    if (values.some((value) => value.includes("$") || value.includes(hole))) return undefined;
    return entries.some(({ name }) => name === "default") ? values : [...values, ""];
  }
}

/** The path that proxy_pass sends; undefined where variables decide it. */
function pathSent(location: Location, target: string, path: string): string | undefined {
  if (/[$\uE000]/.test(target)) return undefined;
  const uri = /^(?:https?:\/\/)?[^/?]+(\/[^?]*)?/.exec(target)?.[1];
  if (uri === undefined) return path;
  const prefix = location.pattern[0] === "=" ? location.pattern[1] : prefixOf(location);
  return prefix === undefined ? undefined : uri + path.slice(prefix.length);
}

/** `limit_except GET { deny all; }` or `if ($request_method != GET) { return 405; }`. GET brings HEAD along. */
function readsOnly({ name, args, block = [] }: Directive): boolean {
  if (name === "limit_except") {
    return args.every((method) => /^(?:GET|HEAD)$/.test(method)) && block[0]?.name === "deny" && block[0].args[0] === "all";
  }
  const [answer] = block;
  if (name !== "if" || answer?.name !== "return" || isSuccess(answer.args)) return false;
  return /^\(\s*\$request_method (?:!= GET|!~ \^(?:GET\$|\(GET\|HEAD\)\$|\(\?:GET\|HEAD\)\$))\s*\)$/.test(args.join(" ").replace(/ \)$/, ")"));
}

/** `return 200`, `return 204`; a text or address without a code is a redirect. */
function isSuccess(args: readonly string[]): boolean {
  return /^2\d\d$/.test(args[0] ?? "") || /[$\uE000]/.test(args[0] ?? "");
}

/** Whether the location puts a credential of its own before Prefect: then Prefect's own question is answered for strangers. */
function addsCredential(location: Location): boolean {
  return location.effective.headers.some(
    ({ args }) => args[0]?.toLowerCase() === "authorization" && args[1] !== "" && args[1] !== "$http_authorization",
  );
}

function flattened(directives: readonly Directive[]): Directive[] {
  return directives.flatMap((directive) => [directive, ...(directive.name === "map" ? [] : flattened(directive.block ?? []))]);
}

function shown(location: Location): string {
  return JSON.stringify(location.pattern.join(" ").replaceAll(hole, "…").slice(0, 80));
}
