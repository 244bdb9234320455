/**
 * The second judge: sends anonymous requests from public addresses through a finished deployment, the way AWS's
 * documentation says that it passes them on, and says whether one of them is answered by a Prefect API. It knows requests
 * and packets, no rules of thumb, and shares nothing with the policy pack.
 */
import type { Action, Cloud, Listener, Machine, Service, TargetGroup } from "./cloud";
import { admits, type Client, clientsOf, defaultGroup, type Sender, toNumber } from "./packets";
import { matches, plain, type Request, requestsOf } from "./requests";

/** Where a load balancer's interfaces may be: the deployment does not say which range its VPC has. */
const vpcAddresses = ["10.0.1.10", "10.20.1.10", "172.31.1.10", "192.168.1.10"].map(toNumber);
/** More public addresses than this are the internet (S3, "Blocking public access": wider than a /8). */
const allowList = 2 ** 24;
/** A service of AWS has at least so many public addresses, nobody knows which (ip-ranges.json changes daily). */
const serviceAddresses = 4096;

/** Whether strangers get to a Prefect API, by any one way through the deployment. */
export function isExposed(cloud: Cloud): boolean {
  // A VPC may have several ranges: where something else than balancers sends packets inside, it may stand in another one.
  const others = cloud.apis.length + cloud.distributions.length > 0 || cloud.services.some(isProxy);
  return vpcAddresses.some((balancer) =>
    (others ? vpcAddresses : [balancer]).some((link) => isExposedIn({ ...cloud, balancer, link })),
  );
}

function isProxy({ containers }: Service): boolean {
  return containers.some(({ kind }) => kind === "proxy");
}

interface Placed extends Cloud {
  /** The address of load balancers in the VPC. */
  readonly balancer: number;
  /** That of links, origins and proxies. */
  readonly link: number;
}

/** A way from strangers to a place: who comes by it, and how many addresses of theirs have to get through. */
interface Doorway {
  readonly clients: readonly Client[];
  readonly least: number;
  readonly enter: (from: number) => string[];
}

function isExposedIn(cloud: Placed): boolean {
  return doorways(cloud).some(({ clients, least, enter }) => {
    const reached = new Map<string, number>();
    for (const { address, weight } of clients)
      for (const way of new Set(enter(address))) reached.set(way, (reached.get(way) ?? 0) + weight);
    return [...reached.values()].some((weight) => weight >= least);
  });
}

function doorways(cloud: Placed): Doorway[] {
  const strangers = { clients: clientsOf(cloud), least: allowList + 1 };
  const service = { clients: strangers.clients, least: serviceAddresses };
  const inside = { clients: [{ address: cloud.link, weight: 1 }], least: 1 };
  const listenersOf = (balancer: string, port?: number): Listener[] =>
    cloud.listeners.filter((each) => each.balancer === balancer && (port === undefined || each.port === port));
  const isInternal = (balancer: string): boolean =>
    cloud.balancers.some((each) => each.name === balancer && each.internal);
  const to =
    (listeners: readonly Listener[], groups: readonly string[]) =>
    (from: number): string[] =>
      listeners.flatMap((listener) =>
        requestsOf(cloud, listener, from).flatMap((request) =>
          throughListener(cloud, listener, request, { address: from, groups }, []),
        ),
      );
  return [
    ...cloud.listeners
      .filter(({ balancer }) => !isInternal(balancer))
      .map((listener) => ({ ...strangers, enter: to([listener], []) })),
    ...[...cloud.services, ...cloud.machines]
      .filter(({ publicAddress }) => publicAddress)
      .map((each) => ({
        ...strangers,
        enter: (from: number) =>
          [4200, 8080, 9000].flatMap((port) =>
            atAddress(cloud, each, port, { address: from, groups: [] }, plain(from)),
          ),
      })),
    // "An Application Load Balancer endpoint can be internet-facing or internal", and clients keep their addresses.
    ...cloud.accelerators
      .filter(({ enabled }) => enabled)
      .map(({ balancer, port }) => ({ ...strangers, enter: to(listenersOf(balancer, port), []) })),
    // A VPC origin has an interface in the VPC under a group of CloudFront's; by name it comes to public addresses only.
    ...cloud.distributions
      .filter(({ enabled, signed }) => enabled && !signed)
      .filter(({ way, balancer }) => way === "vpc" || !isInternal(balancer))
      .map(({ balancer, port, way }) => ({
        ...(way === "vpc" ? inside : service),
        enter: to(listenersOf(balancer, port), []),
      })),
    ...cloud.apis
      .filter(({ authorization }) => authorization === "NONE")
      .map(({ to: place, linkGroups }) => {
        if ("listener" in place) {
          const listener = cloud.listeners.filter((each) => each.name === place.listener);
          return { ...inside, enter: to(listener, linkGroups) };
        }
        if ("balancer" in place) {
          const listeners = isInternal(place.balancer) ? [] : listenersOf(place.balancer, 80);
          return { ...service, enter: to(listeners, []) };
        }
        const found = cloud.services.filter((each) => each.name === place.service);
        return {
          ...inside,
          enter: (from: number) =>
            found.flatMap((each) =>
              [4200, 8080, 9000].flatMap((port) =>
                atAddress(cloud, each, port, { address: from, groups: linkGroups }, plain(from)),
              ),
            ),
        };
      }),
  ];
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
  if (balancer === undefined) return [];
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
    if (action.kind === "token" && !(everybodyGetsTokensOf(action.issuer) && !namesOwner(action.claims))) return [];
    if (action.kind === "forward") return action.to.flatMap((group) => toTargets(cloud, group, passing));
  }
  return [];
}

function everybodyGetsTokensOf(issuer: string): boolean {
  return issuer === "https://token.actions.githubusercontent.com";
}

/** A job may ask for a token with any audience; whose repository it is of, it cannot choose. */
function namesOwner(claims: readonly string[]): boolean {
  return claims.includes("repository_owner");
}

function toTargets(cloud: Placed, name: string, { request, own, way, network }: Passing): string[] {
  const group = cloud.targetGroups.find((each) => each.name === name);
  if (group === undefined) return [];
  const sender = { address: network && keepsAddress(group) ? request.from : cloud.balancer, groups: own };
  const { holds } = group;
  if (typeof holds === "object") {
    return cloud.listeners
      .filter(({ balancer, port }) => balancer === holds.balancer && port === group.port)
      .flatMap((inner) => throughListener(cloud, inner, request, sender, way));
  }
  const asked = network ? plain(request.from) : request;
  const tasks = cloud.services.flatMap((service) =>
    service.targets
      .filter((target) => target.group === name)
      .flatMap(({ port }) => atAddress(cloud, service, port, sender, asked)),
  );
  const machines = cloud.machines
    .filter(({ targets }) => targets.includes(name))
    .flatMap((machine) => atAddress(cloud, machine, group.port, sender, asked));
  return [...tasks, ...machines].map((end) => [...way, name, end].join(" "));
}

/** Off by default for addresses over TCP and TLS, on for instances ("Edit target group attributes"). */
function keepsAddress({ keepsClientAddress, holds }: TargetGroup): boolean {
  return keepsClientAddress ?? holds === "machines";
}

/** The ways by which a request, sent to this port of a task or machine, gets an answer of a Prefect API. */
function atAddress(
  cloud: Placed,
  place: Service | Machine,
  port: number,
  sender: Sender,
  request: Pick<Request, "method" | "path">,
  before: readonly string[] = [],
): string[] {
  if (before.includes(place.name) || !admits(cloud, place.groups, port, sender)) return [];
  const way = `${place.name}:${port}`;
  if (anonymousGetsIn(place, port, request)) return [way];
  if (!("containers" in place) || port !== 8080) return [];
  // nginx takes the request in and sends its own to the other service, found by name.
  return place.containers.flatMap((each) =>
    each.kind === "proxy" && !each.asks
      ? cloud.services
          .filter(({ name }) => name === each.to)
          .flatMap((next) =>
            atAddress(cloud, next, 4200, { address: cloud.link, groups: place.groups ?? [defaultGroup] }, request, [
              ...before,
              place.name,
            ]),
          )
          .map((end) => `${way} ${end}`)
      : [],
  );
}

/** Whether a request without a credential gets an answer of Prefect's API at this port of a place, health checks aside. */
function anonymousGetsIn(
  place: Service | Machine,
  port: number,
  { method, path }: Pick<Request, "method" | "path">,
): boolean {
  const containers = "containers" in place ? place.containers : [{ kind: "prefect" as const, ...place }];
  const prefect = containers.find((each) => each.kind === "prefect");
  if (prefect?.kind !== "prefect" || prefect.authString) return false;
  const gateway = containers.find((each) => each.kind === "gateway");
  const answers =
    port === 4200 ? prefect.address === "0.0.0.0" : port === 8080 && gateway?.kind === "gateway" && !gateway.asks;
  return answers && !(method === "GET" && (path === "/api/health" || path === "/api/ready"));
}
