import { kept } from "./model";
import type { NginxConfig } from "./nginx-config";
import { effective, every, listensOf, type Location, type Server, serversOf, withConditions } from "./nginx-locations";
import { Login } from "./nginx-login";
import type { Directive } from "./nginx-parser";
import { isSuccess, type Neighbours, passes, pathSent, Targets } from "./nginx-targets";
import { hole } from "./shell";

/**
 * Code in the configuration can send a request anywhere, and requests that nginx makes besides pass wherever they go: the
 * access phase is for a visitor's own (ngx_http_core_access_phase).
 */
const programs = /^(?:js_|perl|lua_)|_by_lua|^(?:mirror|ssi|add_before_body|add_after_body|post_action)$/;

/**
 * Every way by which a request without a login gets from this port of nginx to Prefect; empty where all are gated.
 * Texts name locations as written and hold nothing else of the configuration.
 */
export function openWays(config: NginxConfig, port: number, neighbours: Neighbours): string[] {
  return new Gate(config, neighbours, new Map()).openOn(port);
}

/** Whether some of them are there whatever the neighbours do of which not everything is seen. */
export function areCertain(config: NginxConfig, ports: readonly number[], neighbours: Neighbours): boolean {
  const { oauth2Proxy } = neighbours;
  const asking: Neighbours = {
    ...neighbours,
    oauth2Proxy: oauth2Proxy && { ...oauth2Proxy, unseen: undefined },
    listener: (port) => {
      const listener = neighbours.listener(port);
      return listener === "unseen" ? "nobody" : listener;
    },
  };
  return ports.some((port) => openWays(config, port, asking).length > 0);
}

/** Whether it listens on all of these ports, be it for the task alone. */
export function listensOn(config: NginxConfig, ports: readonly number[]): boolean {
  const own = allPortsOf(config);
  return ports.every((port) => own.includes(port));
}

const servers = new WeakMap<NginxConfig, readonly Server[]>();

function serversIn(config: NginxConfig): readonly Server[] {
  return kept(servers, config, () => serversOf(config.directives));
}

/** Ports on which nginx takes connections from other hosts. */
export function portsOf(config: NginxConfig): number[] {
  return [...serversIn(config).flatMap(({ ports }) => ports), ...streamPorts(config.directives)];
}

function streamPorts(directives: readonly Directive[]): number[] {
  return directives
    .filter(({ name }) => name === "stream")
    .flatMap(({ block = [] }) => block.filter(({ name }) => name === "server"))
    .flatMap(({ block = [] }) => Object.values(listensOf(block)).flat());
}

/** Also those of its loopback. */
export function allPortsOf(config: NginxConfig): number[] {
  return [...portsOf(config), ...serversIn(config).flatMap(({ loopbackPorts }) => loopbackPorts)];
}

class Gate {
  private readonly config: NginxConfig;
  private readonly neighbours: Neighbours;
  /** Ports of the task's nginx that are asked about once, and whether strangers get through; not while that is being told. */
  private readonly known: Map<number, boolean>;
  private readonly servers: readonly Server[];
  private readonly http: readonly Directive[];
  private readonly targets: Targets;
  private readonly login: Login;

  constructor(config: NginxConfig, neighbours: Neighbours, known: Map<number, boolean>) {
    this.config = config;
    this.neighbours = neighbours;
    this.known = known;
    this.servers = serversIn(config);
    this.http = config.directives.filter(({ name }) => name === "http").flatMap(({ block = [] }) => block);
    this.targets = new Targets(this.http, neighbours);
    this.login = new Login(config, this.targets, neighbours);
  }

  openOn(port: number): string[] {
    this.known.set(port, false);
    if (streamPorts(this.config.directives).includes(port)) return ["its stream block passes connections on unread"];
    const servers = this.servers.filter(({ ports, loopbackPorts }) => [...ports, ...loopbackPorts].includes(port));
    const program = flattened(this.http).find(({ name, args }) => programs.test(name) && args[0] !== "off");
    if (program && servers.length > 0)
      return [
        `its configuration asks by itself or runs code (${program.name}, line ${program.line}), which cannot be followed`,
      ];
    return servers.flatMap((server) => every(server.locations).flatMap((location) => this.open(server, location)));
  }

  /** Where a location leads is asked last: then all that is on the way to it from the first port is open. */
  private open(server: Server, location: Location): string[] {
    const all = [location.own, ...limits(location)].flatMap(withConditions);
    const targets = all.filter(({ name }) => passes.test(name)).map(({ args }) => args[0] ?? "");
    if (this.isHealthCheck(location, targets)) return [];
    if (this.neighbours.prefectAsks && !addsCredential(location) && targets.every((t) => this.reachesOnlyPrefect(t)))
      return [];
    const reason = this.whyUngated(server, location);
    if (reason === undefined || this.isReachedOnlyPastGates(server, location)) return [];
    return targets.some((target) => this.leadsToPrefect(target)) ? [`location ${shown(location)}: ${reason}`] : [];
  }

  /** Whether a request may get to Prefect by this target. */
  private leadsToPrefect(target: string): boolean {
    return this.targets.addresses(target).some((address) => {
      if (address === undefined) return true;
      if (!address.local) return this.neighbours.leadsOut?.(address.host, address.port) ?? false;
      const listener = this.neighbours.listener(address.port);
      if (listener === "nginx") return this.passesOn(address.port);
      if (listener !== "oauth2-proxy") return listener !== "nobody";
      const proxy = this.neighbours.oauth2Proxy;
      return proxy === undefined || (proxy.passesOn && (proxy.problems.length > 0 || proxy.unseen !== undefined));
    });
  }

  /** Whether this nginx, or another of the task, lets requests on this port through. */
  private passesOn(port: number): boolean {
    const known = this.known.get(port);
    if (known !== undefined) return known;
    const { nginx = [] } = this.neighbours;
    const config = [this.config, ...nginx].find((each) => allPortsOf(each).includes(port)) ?? this.config;
    const isOpen = new Gate(config, this.neighbours, this.known).openOn(port).length > 0;
    this.known.set(port, isOpen);
    return isOpen;
  }

  private reachesOnlyPrefect(target: string): boolean {
    return this.targets
      .addresses(target)
      .every((a) => a?.local === true && this.neighbours.listener(a.port) === "prefect");
  }

  /** Named and internal locations that try_files alone leads to, from locations that have asked. */
  private isReachedOnlyPastGates(server: Server, location: Location): boolean {
    const [name = ""] = location.pattern;
    if (!name.startsWith("@")) return false;
    const all = every(server.locations);
    const pages = [...server.directives, ...all.flatMap(({ own }) => withConditions(own)), ...this.http].filter(
      (d) => d.name === "error_page",
    );
    if (pages.some(({ args }) => this.targets.mayBe(args.at(-1) ?? "", name))) return false;
    if (server.directives.some((d) => d.name === "try_files" && d.args.at(-1) === name)) return false;
    return all
      .filter(({ own }) => own.some((d) => d.name === "try_files" && d.args.at(-1) === name))
      .every((from) => this.whyUngated(server, from) === undefined);
  }

  /** Why a request of some method passes a location without a login. */
  private whyUngated(server: Server, location: Location): string | undefined {
    return [location.effective, ...limits(location).map((block) => effective(location.effective, block))]
      .map((at) => this.login.whyUngated(server, at))
      .find((reason) => reason !== undefined);
  }

  /** The two answers that may be open: exactly those, and only to be read. */
  private isHealthCheck(location: Location, [target = "", another]: readonly string[]): boolean {
    const [modifier, path = ""] = location.pattern;
    if (modifier !== "=" || another !== undefined) return false;
    const isHealth = this.neighbours.healthPaths.includes(pathSent(location, target, path) ?? "");
    const rewritten = withConditions(location.own).some(({ name }) => name === "rewrite" || name === "proxy_method");
    return isHealth && !rewritten && location.own.some(readsOnly);
  }
}

/** What holds for some methods alone. */
function limits({ own }: Location): (readonly Directive[])[] {
  return own.filter(({ name }) => name === "limit_except").map(({ block = [] }) => block);
}

/** What a condition says for methods that write. */
const writes = ["!= GET", "!~ ^GET$", "!~ ^(GET|HEAD)$", "!~ ^(?:GET|HEAD)$"].map((is) => `$request_method ${is}`);

/** `limit_except GET { deny all; }` or `if ($request_method != GET) { return 405; }`. GET brings HEAD along. */
function readsOnly({ name, args, block: [answer] = [] }: Directive): boolean {
  if (answer === undefined) return false;
  if (name === "limit_except")
    return (
      args.every((method) => ["GET", "HEAD"].includes(method)) && answer.name === "deny" && answer.args[0] === "all"
    );
  const condition = args.join(" ").replace(/^\(\s*|\s*\)$/g, "");
  return writes.includes(condition) && answer.name === "return" && !isSuccess(answer.args);
}

/** Whether the location puts a credential of its own before Prefect: then Prefect's own question is answered for strangers. */
function addsCredential(location: Location): boolean {
  return location.effective.headers.some(
    ({ args: [name = "", value = ""] }) =>
      name.toLowerCase() === "authorization" && !["", "$http_authorization"].includes(value),
  );
}

function flattened(directives: readonly Directive[]): Directive[] {
  return directives
    .filter(({ name }) => name !== "map")
    .flatMap((directive) => [directive, ...flattened(directive.block ?? [])]);
}

function shown(location: Location): string {
  return JSON.stringify(location.pattern.join(" ").replaceAll(hole, "…"));
}
