import type { NginxConfig } from "./nginx-config";
import { isAnyAddress, isLoopback, type Location, prefixOf } from "./nginx-locations";
import type { Directive } from "./nginx-parser";
import type { Oauth2Proxy } from "./oauth2-proxy";
import { hole } from "./shell";

/** What stands behind the task's loopback ports. */
export interface Neighbours {
  /** What listens on this port of the task's loopback; unseen where something may that is not understood. */
  listener(port: number): "prefect" | "oauth2-proxy" | "nginx" | "unseen" | "nobody";
  /** The configurations of the task's nginx containers, as far as they are seen. @default that of the nginx in question */
  readonly nginx?: readonly NginxConfig[];
  readonly oauth2Proxy: Oauth2Proxy | undefined;
  /** Prefect asks for its own auth string, so a request without a credential gets nothing from it. */
  readonly prefectAsks: boolean;
  /** Whether a host outside the task leads to Prefect. @default none does */
  readonly leadsOut?: (host: string, port: number) => boolean;
  /** Where Prefect's two open answers are. */
  readonly healthPaths: readonly string[];
}

/** `proxy_pass` and those of the other protocols. */
export const passes = /_pass$/;

/** Where nginx's targets and variables lead. */
export class Targets {
  private readonly http: readonly Directive[];
  private readonly neighbours: Neighbours;

  constructor(http: readonly Directive[], neighbours: Neighbours) {
    this.http = http;
    this.neighbours = neighbours;
  }

  /** The addresses behind a target; undefined for one that a variable or a secret decides. */
  addresses(target: string): ({ local: boolean; host: string; port: number } | undefined)[] {
    const [, scheme = "", authority = ""] = /^(?:([a-z]+):\/\/)?([^/?]+)/i.exec(target) ?? [];
    const upstream = this.http.find(
      ({ name, args: [of = ""] }) => name === "upstream" && of.toLowerCase() === authority.toLowerCase(),
    );
    // Of an upstream's servers it is 80 whatever the scheme (ngx_http_upstream_module, "server").
    const usual = upstream === undefined && scheme.toLowerCase().endsWith("s") ? 443 : 80;
    const servers = (upstream?.block ?? []).filter(({ name }) => name === "server").map(({ args }) => args[0] ?? "");
    // An upstream without servers has them from elsewhere, or nginx does not start.
    return (servers.length > 0 ? servers : [upstream === undefined ? authority : hole]).map((address) => {
      const [, host, port = usual] = /^(\[[^\]]*\]|[^:]+)(?::(\d+))?$/.exec(address) ?? [];
      if (host === undefined || /[$\uE000]/.test(address)) return undefined; // unix: too
      return { local: isLoopback(host) || isAnyAddress(host), host, port: Number(port) };
    });
  }

  /** Whether a target is oauth2-proxy of this task and nothing else. */
  areOauth2Proxy(target: string): boolean {
    return this.addresses(target).every(
      (at) => at?.local === true && this.neighbours.listener(at.port) === "oauth2-proxy",
    );
  }

  /** Whether a text with variables may come out as this value. */
  mayBe(text: string, value: string): boolean {
    return this.valuesOf(text)?.includes(value) ?? true;
  }

  /** All values of a text that is one mapped variable; undefined where they cannot be listed. */
  valuesOf(text: string): string[] | undefined {
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
export function pathSent(location: Location, target: string, path: string): string | undefined {
  if (/[$\uE000]/.test(target)) return undefined;
  const [, uri] = /(?:https?:\/\/)?[^/?]+(\/[^?]*)?/.exec(target) ?? [];
  if (uri === undefined) return path;
  const prefix = location.pattern[0] === "=" ? location.pattern[1] : prefixOf(location);
  return prefix === undefined ? undefined : uri + path.slice(prefix.length);
}

/** `return 200`, `return 204`; a text or address without a code is a redirect. */
export function isSuccess([code = ""]: readonly string[]): boolean {
  return /^2\d\d|[$\uE000]/.test(code);
}
