import type { Arrival, World } from "../entrances/entrance";
import { groupsOf } from "../entrances/load-balancers";
import { neighboursOf } from "../gateway";
import { namespaceOf, ofKind, shareNamespace } from "../kubernetes/objects";
import { hostOf, property, type Resource, type ResourceValue } from "../model";
import { isNginx, nginxConfigOf, type NginxConfig, Unseen } from "../nginx-config";
import { allPortsOf, areCertain, openWays } from "../nginx-gate";
import type { Directive } from "../nginx-parser";
import { isTunnel } from "../tunnels";
import { isOauth2Proxy, oauth2ProxyOf } from "../oauth2-proxy";
import { type Container, nameOf, type Workload } from "../tasks";
import type { Groups } from "../security-group-rules";
import { types } from "../types";
import { leadsTo, type Place } from "./prefect-places";
import { onlyPorts, type Relay } from "./relay";

/** Proxies in another task than Prefect's, at which strangers arrive: they may pass requests on to it. */
export function reverseProxies(world: World, arrivals: readonly Arrival[]): Relay[] {
  const relays = new Map<string, Relay>();
  for (const arrival of arrivals) {
    const { workload } = arrival;
    for (const container of workload.containers ?? []) {
      for (const { to, port, note, certain, addsCredential } of onward(world, arrival, container)) {
        const isCertain = certain && arrival.certain;
        const adds = addsCredential || arrival.addsCredential === true;
        const key = JSON.stringify([workload.service.urn, container.name, to.urn, port, isCertain, adds]);
        if (relays.has(key)) continue;
        relays.set(key, {
          to,
          takesPort: onlyPorts([port]),
          sender: { kind: "inside", groups: workload.groups },
          hops: [...arrival.hops, { resource: undefined, note: `${nameOf(container)} ${note}` }],
          note: "is where it passes them on",
          certain: isCertain,
          fix: `let ${nameOf(container)} ask for a login on everything that leads there, or Prefect's security groups admit it no longer`,
          addsCredential: adds,
        });
      }
    }
  }
  return [...relays.values()];
}

interface Onward extends Place {
  readonly note: string;
  readonly certain: boolean;
  readonly addsCredential: boolean;
}

function onward(world: World, arrival: Arrival, container: Container): Onward[] {
  const { workload } = arrival;
  const settings = settingsOf(workload, container);
  if (isNginx(container)) {
    const config = nginxConfigOf(container);
    if (!(config instanceof Unseen)) return throughNginx(world, arrival, config);
  } else if (isOauth2Proxy(container)) {
    const { problems, unseen, upstreams, mayAddCredential } = oauth2ProxyOf(container);
    const [problem = unseen] = problems;
    if (problem === undefined) return [];
    const how = problems.length > 0 ? "lets" : "may let";
    const note = `is oauth2-proxy and ${how} requests without a login through: ${problem}`;
    const upstream = upstreams?.map((each) => valueOf(workload, each)) ?? settings;
    const certain = upstreams !== undefined && unseen === undefined && !mayAddCredential;
    return upstream
      .flatMap((each) => leadsTo(world, each))
      .map((place) => ({ ...place, note, certain, addsCredential: mayAddCredential }));
  } else if (!isTunnel(container) && !knownProxies.test(`${container.image ?? ""} ${container.words?.[0] ?? ""}`)) {
    // Any other program: only what is set as the place to pass requests on to.
    const named = [...container.environment].filter(([name]) => passingNames.test(name) && !/^PREFECT_/.test(name));
    return unread(named.flatMap(([, text]) => leadsTo(world, valueOf(workload, text))));
  }
  const places = [...settings, ...configMaps(world, workload)].flatMap((value) => leadsTo(world, value));
  if (places.length > 0) return unread(places);
  return unread(isTunnel(container) ? beside(world, workload) : admitting(world, workload));
}

function unread(places: readonly Place[]): Onward[] {
  const note = "may pass requests on, and whether it asks for a login cannot be seen";
  return places.map((place) => ({ ...place, note, certain: false, addsCredential: true }));
}

const knownProxies =
  /(?:^|[\s/])(?:nginx|nginx-unprivileged|haproxy|envoy|traefik|caddy|httpd|kong|varnish|squid|socat|pomerium|openresty|apisix|cloudflared|ngrok|chisel|frpc|inlets|iptables|ssh|rinetd|ncat)(?:[\s:@]|$)/i;
const passingNames = /upstream|backend|proxy|target|origin|forward/i;

/** Where a proxy that shows nothing may go: to what names its own security group. */
function admitting(world: World, { groups }: Workload): Place[] {
  return inside(world)
    .filter((each) => each.groups !== undefined && world.securityGroups.namesMembers(each.groups, groups))
    .map(({ to }) => ({ to, port: undefined }));
}

/** What a tunnel may lead to that is configured at its provider: everything on its side that lets it in. */
function beside(world: World, { service }: Workload): Place[] {
  return inside(world)
    .filter(({ to }) => isInCluster(to) === isInCluster(service))
    .map(({ to }) => ({ to, port: undefined }));
}

function isInCluster({ type }: Resource): boolean {
  return type.startsWith("kubernetes:");
}

/** Whatever takes requests inside, and the security groups that stand before it. */
function inside(world: World): { to: Resource; groups: Groups | undefined }[] {
  const { graph, securityGroups, workloads } = world;
  return [
    ...workloads.map(({ service, groups }) => ({ to: service, groups })),
    ...graph.ofType(types.loadBalancer).map((to) => ({ to, groups: groupsOf(world, to) })),
    ...graph
      .ofType(types.classicLoadBalancer)
      .map((to) => ({ to, groups: securityGroups.named(property(to, "securityGroups")) })),
  ];
}

/** A proxy in a cluster has its configuration from one of these, mounted as files. */
function configMaps({ graph }: World, { service }: Workload): ResourceValue[] {
  if (!isInCluster(service)) return [];
  return ofKind(graph, "ConfigMap")
    .filter((map) => shareNamespace(namespaceOf(map), namespaceOf(service)))
    .flatMap((map) => {
      const data = property(map, "data");
      return data.texts().map((text) => data.of(text));
    });
}

/** Everything that is set on a container: words, variables. */
function settingsOf(workload: Workload, { words, environment, environmentFiles }: Container): ResourceValue[] {
  const hidden = environmentFiles ? [undefined] : [];
  return [...(words ?? [undefined]), ...environment.values(), ...hidden].map((text) => valueOf(workload, text));
}

/** A text of a container; of one that is not known yet, what its declaration depends on tells what it may name. */
function valueOf({ service, definition, document }: Workload, text: string | undefined): ResourceValue {
  return text === undefined
    ? property(definition ?? service, document.property).unread()
    : property(service, "none").of(text);
}

/** Hosts of the configuration that lead to Prefect, where some location that asks for no login goes to them. */
function throughNginx(world: World, { workload, port }: Arrival, config: NginxConfig): Onward[] {
  const hosts = new Map<string, readonly Place[]>();
  for (const word of wordsIn(config.directives)) {
    const places = leadsTo(world, valueOf(workload, word));
    if (places.length > 0) hosts.set(hostOf(word), [...(hosts.get(hostOf(word)) ?? []), ...places]);
  }
  // What leads to the task's own Prefect leads to no other place.
  const around = neighboursOf(workload.containers ?? [], workload, true);
  const ports = port === undefined ? allPortsOf(config) : [port];
  return [...hosts].flatMap(([host, places]) => {
    const neighbours = { ...around, leadsOut: (other: string) => other.toLowerCase() === host };
    const ways = [...new Set(ports.flatMap((on) => openWays(config, on, neighbours)))];
    if (ways.length === 0) return [];
    const note = `is nginx and lets requests without a login through: ${ways.join("; ")}`;
    const adds = addsAuthorization(config.directives);
    const certain = areCertain(config, ports, neighbours);
    return places.map((place) => ({ ...place, note, certain, addsCredential: adds }));
  });
}

function wordsIn(directives: readonly Directive[]): Set<string> {
  return new Set(directives.flatMap(({ args, block = [] }) => [...args, ...wordsIn(block)]));
}

function addsAuthorization(directives: readonly Directive[]): boolean {
  return directives.some(
    ({ name, args, block = [] }) =>
      (name === "proxy_set_header" && args[0]?.toLowerCase() === "authorization" && args[1] !== "") ||
      addsAuthorization(block),
  );
}
