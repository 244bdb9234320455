/**
 * The second judge: sends anonymous requests from public addresses through a finished deployment, the way AWS's
 * documentation says that it passes them on, and says whether one of them is answered by a Prefect API. It knows requests
 * and packets, no rules of thumb, and shares nothing with the policy pack.
 */
import { isIPv4 } from "node:net";
import type { Action, Cloud, Condition, Ingress, Listener, Service } from "./cloud";

interface Request {
  readonly from: number;
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Where a packet comes from: an address and the security groups of the interface that sent it. */
interface Sender {
  readonly address: number;
  readonly groups: readonly string[];
}

/** Where a load balancer's interfaces may be: the deployment does not say which range its VPC has. */
const balancerAddresses = ["10.0.1.10", "172.31.1.10", "192.168.1.10"].map(toNumber);
/** More public addresses than this are the internet (S3, "Blocking public access": wider than a /8). */
const allowList = 2 ** 24;
const defaultGroup = "(default)";
/** RFC 1918: not routed on the internet. */
const unrouted = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];

/** Whether strangers get to a Prefect API, by any one way through the deployment. */
export function isExposed(cloud: Cloud): boolean {
  return balancerAddresses.some((balancer) => isExposedIn({ ...cloud, balancer }));
}

interface Placed extends Cloud {
  /** The address of load balancers in the VPC. */
  readonly balancer: number;
}

function isExposedIn(cloud: Placed): boolean {
  const clients = clientsOf(cloud);
  const reached = new Map<string, Map<number, number>>();
  const note = (way: string, client: Client): void => {
    const by = reached.get(way) ?? new Map<number, number>();
    reached.set(way, by.set(client.address, client.weight));
  };
  for (const client of clients) {
    for (const listener of cloud.listeners) {
      for (const request of requestsOf(cloud, listener, client.address)) {
        for (const way of throughListener(cloud, listener, request, { address: client.address, groups: [] }, []))
          note(way, client);
      }
    }
    for (const service of cloud.services.filter(({ publicAddress }) => publicAddress)) {
      const sender = { address: client.address, groups: [] };
      for (const port of [4200, 8080, 9000]) {
        if (!admits(cloud, service.groups, port, sender)) continue;
        if (anonymousGetsIn(service, port, { method: "POST", path: "/api/flows/filter" }))
          note(`${service.name}:${port}`, client);
      }
    }
  }
  return [...reached.values()].some((by) => [...by.values()].reduce((sum, weight) => sum + weight, 0) > allowList);
}

/** One address for each set of addresses that no range of the deployment tells apart, with how many those are. */
interface Client {
  readonly address: number;
  readonly weight: number;
}

function clientsOf(cloud: Cloud): Client[] {
  const ranges = [
    ...unrouted,
    ...cloud.groups.flatMap(({ ingress }) => ingress.flatMap(({ cidrs }) => cidrs)),
    ...cloud.rules.flatMap(({ conditions }) =>
      conditions.flatMap((each) => (each.kind === "source" ? each.values : [])),
    ),
  ];
  const edges = new Set([0, 2 ** 32]);
  for (const range of ranges) for (const edge of bounds(range)) edges.add(edge);
  const sorted = [...edges].sort((a, b) => a - b);
  const sets = new Map<string, Client>();
  sorted.slice(0, -1).forEach((address, index) => {
    const weight = (sorted[index + 1] ?? 0) - address;
    if (unrouted.some((range) => inRange(address, range))) return;
    const kind = ranges.map((range) => (inRange(address, range) ? "1" : "0")).join("");
    sets.set(kind, { address: sets.get(kind)?.address ?? address, weight: (sets.get(kind)?.weight ?? 0) + weight });
  });
  return [...sets.values()];
}

/** Requests that could make a difference: every value that a condition names, something that it does not, and neighbours. */
function requestsOf(cloud: Cloud, listener: Listener, from: number): Request[] {
  if (listener.protocol === "TCP" || listener.protocol === "TLS") {
    // What is inside is not looked at here; an application load balancer behind it looks.
    const behind = cloud.listeners.filter(({ protocol }) => protocol === "HTTP" || protocol === "HTTPS");
    return [plain(from), ...behind.flatMap((inner) => requestsOf(cloud, inner, from))];
  }
  const conditions = cloud.rules.filter((rule) => rule.listener === listener.name).flatMap((rule) => rule.conditions);
  const values = (kind: Condition["kind"]): string[] =>
    conditions.flatMap((each) => (each.kind === kind ? each.values : []));
  // A path begins with a slash, whatever the pattern begins with.
  const paths = values("path")
    .map((pattern) => example(pattern).replace(/^\/?/, "/"))
    .flatMap((path) => [path, `${path}x`, path.toUpperCase()]);
  const hosts = values("host").map(example);
  const headers = conditions.flatMap((each) =>
    each.kind === "header" ? each.values.map((value) => ({ [each.header.toLowerCase()]: example(value) })) : [],
  );
  const all: Request[] = [];
  for (const path of new Set(["/", "/api/flows/filter", "/%61pi/flows/filter", ...paths]))
    for (const host of new Set(["203.0.113.80", ...hosts]))
      for (const method of new Set(["GET", "POST", "PATCH", ...values("method")]))
        for (const header of [{}, ...headers]) all.push({ from, method, host, path, headers: header });
  return all;
}

function plain(from: number): Request {
  return { from, method: "POST", host: "203.0.113.80", path: "/api/flows/filter", headers: {} };
}

function example(pattern: string): string {
  return pattern.replaceAll("*", "x").replaceAll("?", "y");
}

/** The ways by which this request, arriving at a listener from this sender, gets to a Prefect API. */
function throughListener(
  cloud: Placed,
  listener: Listener,
  request: Request,
  sender: Sender,
  before: readonly string[],
): string[] {
  if (before.includes(listener.name)) return [];
  const balancer = cloud.balancers.find(({ name }) => name === listener.balancer);
  if (balancer === undefined || (balancer.internal && before.length === 0)) return [];
  const own = balancer.kind === "network" ? (balancer.groups ?? []) : (balancer.groups ?? [defaultGroup]);
  // A network load balancer without groups takes everything ("Security groups for your Network Load Balancer").
  const guarded = balancer.kind === "application" || own.length > 0;
  // Which address an application load balancer behind a network one sees is not documented: either may be it.
  const senders = before.length === 0 ? [sender] : [sender, { address: request.from, groups: [] }];
  if (guarded && !senders.some((each) => admits(cloud, own, listener.port, each))) return [];
  if (listener.clientCertificates === "verify") return [];
  const way = [...before, listener.name];
  if (balancer.kind === "network") return onward(cloud, listener.actions, { request, own, way, network: true });
  const rule = cloud.rules
    .filter((each) => each.listener === listener.name)
    .sort((a, b) => a.priority - b.priority)
    .find((each) => each.conditions.every((condition) => matches(condition, request)));
  return onward(cloud, rule?.actions ?? listener.actions, {
    request,
    own,
    way: [...way, rule?.name ?? "default"],
    network: false,
  });
}

interface Passing {
  readonly request: Request;
  readonly own: readonly string[];
  readonly way: readonly string[];
  readonly network: boolean;
}

function onward(cloud: Placed, actions: readonly Action[], passing: Passing): string[] {
  for (const action of actions) {
    if (action.kind === "refuse" || action.kind === "redirect") return [];
    // authenticate redirects to the login, deny answers 401, allow passes on ("Authenticate users").
    if (action.kind === "login" && action.otherwise !== "allow") return [];
    if (action.kind === "token" && !(everybodyGetsTokensOf(action.issuer) && action.claims.length === 0)) return [];
    if (action.kind === "forward") return action.to.flatMap((group) => toTargets(cloud, group, passing));
  }
  return [];
}

function everybodyGetsTokensOf(issuer: string): boolean {
  return issuer === "https://token.actions.githubusercontent.com";
}

function toTargets(cloud: Placed, name: string, { request, own, way, network }: Passing): string[] {
  const group = cloud.targetGroups.find((each) => each.name === name);
  if (group === undefined) return [];
  // Off by default for addresses over TCP and TLS ("Edit target group attributes").
  const keeps = network && group.keepsClientAddress === true;
  const sender = { address: keeps ? request.from : cloud.balancer, groups: own };
  if (group.balancer !== undefined) {
    return cloud.listeners
      .filter(({ balancer, port }) => balancer === group.balancer && port === group.port)
      .flatMap((inner) => throughListener(cloud, inner, request, sender, way));
  }
  return cloud.services.flatMap((service) =>
    service.targets
      .filter((target) => target.group === name)
      .filter(({ port }) => admits(cloud, service.groups, port, sender))
      .filter(({ port }) =>
        anonymousGetsIn(service, port, network ? { method: "POST", path: "/api/flows/filter" } : request),
      )
      .map(({ port }) => [...way, name, service.name, port].join(" ")),
  );
}

/** Whether a request without a credential gets an answer of Prefect's API at this port of a task, health checks aside. */
function anonymousGetsIn(service: Service, port: number, { method, path }: Pick<Request, "method" | "path">): boolean {
  const prefect = service.containers.find((each) => each.kind === "prefect");
  if (prefect?.kind !== "prefect" || prefect.authString) return false;
  const gateway = service.containers.find((each) => each.kind === "gateway");
  const answers =
    port === 4200 ? prefect.address === "0.0.0.0" : port === 8080 && gateway?.kind === "gateway" && !gateway.asks;
  return answers && !(method === "GET" && (path === "/api/health" || path === "/api/ready"));
}

/** Security groups are the union of their rules; omitted ones are the VPC's default group, which admits its own members. */
function admits(cloud: Cloud, names: readonly string[] | undefined, port: number, sender: Sender): boolean {
  const own = names ?? [defaultGroup];
  if (own.includes(defaultGroup) && sender.groups.includes(defaultGroup)) return true;
  return cloud.groups
    .filter(({ name }) => own.includes(name))
    .some(({ ingress }) => ingress.some((rule) => lets(rule, port, sender)));
}

function lets({ protocol, from, to, cidrs, members }: Ingress, port: number, sender: Sender): boolean {
  if (protocol === "udp" || (protocol === "tcp" && (port < from || port > to))) return false;
  return cidrs.some((cidr) => inRange(sender.address, cidr)) || members.some((name) => sender.groups.includes(name));
}

/** Listener rules ("Condition types"): values are alternatives; paths and header values are globs, hosts ignore case. */
function matches(condition: Condition, request: Request): boolean {
  switch (condition.kind) {
    case "path":
      return condition.values.some((value) => glob(value, request.path));
    case "host":
      return condition.values.some((value) => glob(value.toLowerCase(), request.host.toLowerCase()));
    case "method":
      return condition.values.includes(request.method);
    case "source":
      return condition.values.some((value) => inRange(request.from, value));
    case "header": {
      const sent = request.headers[condition.header.toLowerCase()];
      return sent !== undefined && condition.values.some((value) => glob(value.toLowerCase(), sent.toLowerCase()));
    }
  }
}

const globs = new Map<string, RegExp>();

function glob(pattern: string, text: string): boolean {
  let regex = globs.get(pattern);
  if (regex === undefined) {
    const source = pattern
      .replace(/[.+^${}()|[\]\\]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".");
    globs.set(pattern, (regex = new RegExp(`^${source}$`, "s")));
  }
  return regex.test(text);
}

function toNumber(address: string): number {
  if (!isIPv4(address)) throw new Error(`${address} is no IPv4 address`);
  return address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}

function bounds(cidr: string): [first: number, end: number] {
  const [address = "", length = "32"] = cidr.split("/");
  const size = 2 ** (32 - Number(length));
  const first = Math.floor(toNumber(address) / size) * size;
  return [first, first + size];
}

function inRange(address: number, cidr: string): boolean {
  const [first, end] = bounds(cidr);
  return address >= first && address < end;
}
