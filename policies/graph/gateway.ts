import type { Arrival } from "./entrances/entrance";
import { allPortsOf, areCertain, listensOn, openWays, portsOf } from "./nginx-gate";
import type { Neighbours } from "./nginx-targets";
import { isNginx, type NginxConfig, nginxConfigOf, Unseen } from "./nginx-config";
import { isOauth2Proxy, type Oauth2Proxy, oauth2ProxyOf } from "./oauth2-proxy";
import { hidesPorts, isTaken } from "./listening-ports";
import { isServer, listening, startsPrefectAlone, whyOpen } from "./prefect";
import { type Container, nameOf, type Workload } from "./tasks";
import { isTunnel } from "./tunnels";

/** A Prefect API that an arrival reaches without a login. */
export interface Reached {
  readonly container: Container | undefined;
  /** What happens inside the task, and why nothing there authenticates. */
  readonly notes: readonly string[];
  readonly certain: boolean;
  readonly fix: string | undefined;
}

/** The Prefect servers of the task that unauthenticated requests on this arrival's port reach. */
export function reached(arrival: Arrival, containers: readonly Container[]): Reached[] {
  const { workload } = arrival;
  const servers = containers.filter((container) => isServer(container, workload) !== "no");
  return servers.flatMap((server) => {
    const added = { reason: "what passes requests on adds a credential of its own", certain: true };
    const open = whyOpen(server) ?? (arrival.addsCredential ? added : undefined);
    const name = nameOf(server);
    const isKnown = isServer(server, workload) === "yes";
    const kind = isKnown ? "is a Prefect API server" : "is likely a Prefect API server";
    const isCertain = isKnown && open?.certain !== false;
    const direct = takes(server, arrival, containers);
    const note = `${name} ${kind} on port ${arrival.port ?? listening(server).port ?? "(not known)"} and lets everybody in: ${open?.reason ?? ""}`;
    const itself = { container: server, notes: [note], certain: isCertain, fix: undefined };
    if (direct && open !== undefined) return [itself];
    // On a port that is not known the others of the task may be what takes the requests.
    if (direct && arrival.port !== undefined) return [];
    const others = containers.filter((container) => !servers.includes(container));
    const beside = direct || open === undefined ? [] : onAnotherPort(server, arrival, others);
    return [
      ...beside,
      ...others.flatMap((container) => through(container, server, arrival, containers, open === undefined)),
    ].map((way) => ({
      ...way,
      container: server,
      notes: [...way.notes, `${name} ${kind} behind it`],
      certain: way.certain && isCertain,
    }));
  });
}

/** Whether a container itself answers on the arrival's port. */
function takes(
  server: Container,
  { workload, port, target, onLoopback }: Arrival,
  containers: readonly Container[],
): boolean {
  const own = listening(server);
  const others = containers.filter((each) => each !== server);
  const samePort =
    port === undefined || own.port === port || (own.port === undefined && !isTaken(port, others, workload));
  if (onLoopback) return samePort;
  const mine = target === undefined || target.containerName === undefined || target.containerName === server.name;
  // A load balancer aimed at the server's own port says what is meant, whatever address it binds to today.
  if (target !== undefined && mine && samePort) return true;
  if (!samePort || own.loopbackOnly) return false;
  return workload.sharedLoopback || mine;
}

type Through = Pick<Reached, "notes" | "certain" | "fix">;

function through(
  container: Container,
  server: Container,
  arrival: Arrival,
  containers: readonly Container[],
  prefectAsks: boolean,
): Through[] {
  const { port, target, workload } = arrival;
  const named = target?.containerName === container.name;
  const name = nameOf(container);
  if (isNginx(container)) {
    const config = nginxConfigOf(container);
    if (config instanceof Unseen) {
      const concerned = named || port === undefined || container.ports.includes(port) || container.ports.length === 0;
      if (!concerned || (prefectAsks && !mayHoldCredential(container))) return [];
      const fix = `let ${name} get its configuration from the task definition: an environment variable that its command writes to a file for nginx -c`;
      return [
        { notes: [`${name} is nginx, and what it lets through cannot be seen: ${config.reason}`], certain: false, fix },
      ];
    }
    if (!workload.sharedLoopback) {
      const mayTake = target?.containerName === undefined && (port === undefined || container.ports.includes(port));
      return named || mayTake
        ? [
            {
              notes: [`${name} is nginx outside awsvpc mode: what it reaches cannot be told`],
              certain: false,
              fix: undefined,
            },
          ]
        : [];
    }
    const neighbours = neighboursOf(containers, workload, prefectAsks);
    const ports = port === undefined ? [...new Set([...portsOf(config), ...container.ports])] : [port];
    const ways = [...new Set(ports.flatMap((on) => openWays(config, on, neighbours)))];
    if (ways.length === 0)
      return listensOn(config, ports) ? [] : byAnother(container, arrival, containers, prefectAsks);
    const certain = areCertain(config, ports, neighbours);
    const fix = `gate every location of ${name} that leads to Prefect: auth_request to oauth2-proxy's /oauth2/auth, or auth_basic with a password file, nowhere switched off`;
    return [
      { notes: [`${name} is nginx and lets requests without a login through: ${ways.join("; ")}`], certain, fix },
    ];
  }
  if (isOauth2Proxy(container)) return throughOauth2Proxy(container, arrival, containers, prefectAsks);
  if (prefectAsks && !mayHoldCredential(container)) return [];
  if (!named && !mayTake(container, arrival, containers)) return [];
  const fix = `send the load balancer to a gateway whose configuration the task definition shows (nginx with auth_request or auth_basic, oauth2-proxy), or set PREFECT_SERVER_API_AUTH_STRING on ${nameOf(server)}`;
  return [
    { notes: [`${name} takes the requests, and whether it asks for a login cannot be seen`], certain: false, fix },
  ];
}

/** Whether a container that is neither Prefect nor a gateway may take requests that are not said to be for it. */
function mayTake(
  container: Container,
  { port, target, workload, onLoopback }: Arrival,
  containers: readonly Container[],
): boolean {
  const isForAny = target?.containerName === undefined;
  // A tunnel does not lead to itself.
  const hides = isForAny && hidesPorts(container, workload) && !(onLoopback && isTunnel(container));
  if (port !== undefined) return container.ports.includes(port) || (hides && !isTaken(port, containers, workload));
  return isForAny && (hides || container.ports.length > 0) && !passesNothingOn.test(container.image ?? "");
}

function throughOauth2Proxy(
  container: Container,
  arrival: Arrival,
  containers: readonly Container[],
  prefectAsks: boolean,
): Through[] {
  const { port, target, onLoopback } = arrival;
  const proxy = oauth2ProxyOf(container);
  const { problems, unseen } = proxy;
  const name = nameOf(container);
  const own = proxy.port === undefined && container.ports.length > 0 ? container.ports : [proxy.port ?? port];
  const known = [...own, ...proxy.metricsPorts];
  if (port !== undefined && !own.includes(port)) {
    return known.includes(port) ? [] : byAnother(container, arrival, containers, prefectAsks);
  }
  if (!proxy.passesOn || (proxy.loopbackOnly && target === undefined && !onLoopback)) return [];
  if (prefectAsks && !proxy.mayAddCredential) return [];
  if (problems.length > 0) {
    const note = `${name} is oauth2-proxy and lets requests without a login through: ${problems.join("; ")}`;
    return [{ notes: [note], certain: !prefectAsks, fix: `remove that setting from ${name}` }];
  }
  if (unseen === undefined) {
    const isSeen = port !== undefined || container.ports.every((each) => known.includes(each));
    return isSeen ? [] : byAnother(container, arrival, containers, prefectAsks);
  }
  const fix = `let the command of ${name} start oauth2-proxy, with all settings in plain variables or arguments`;
  return [{ notes: [`${name} may let requests without a login through: ${unseen}`], certain: false, fix }];
}

/** On a port that is sent to a gateway's container and on which the gateway does not listen, another program of it may. */
function byAnother(
  container: Container,
  arrival: Arrival,
  containers: readonly Container[],
  prefectAsks: boolean,
): Through[] {
  if (!isSentTo(container, arrival, containers) || (prefectAsks && !mayHoldCredential(container))) return [];
  const name = nameOf(container);
  const note = `${name} is sent requests on port ${arrival.port ?? "(not known)"}, on which nothing that is seen of it listens: another program of it may`;
  return [{ notes: [note], certain: false, fix: `take that port from ${name}` }];
}

/** The same of Prefect's container: its image may set another port, or start more than Prefect. */
function onAnotherPort(server: Container, arrival: Arrival, others: readonly Container[]): Through[] {
  const expected = startsPrefectAlone(server) || arrival.port === listening(server).port;
  if (expected || !isSentTo(server, arrival, others)) return [];
  const name = nameOf(server);
  const note = `${name} is sent requests on port ${arrival.port ?? "(not known)"}, and whether Prefect listens there cannot be seen`;
  return [
    {
      notes: [note],
      certain: false,
      fix: `let the command of ${name} say its --host and --port, and send requests to a gateway that asks for a login`,
    },
  ];
}

/** Whether requests on the arrival's port are, or may be, for this container. */
function isSentTo(container: Container, { port, target, workload }: Arrival, others: readonly Container[]): boolean {
  const isNamed = target?.containerName === container.name;
  const mayBeNamed = target !== undefined && (isNamed || target.containerName === undefined);
  if (port === undefined) return mayBeNamed;
  const mayBeIts = mayBeNamed || (target === undefined && hidesPorts(container, workload));
  return isNamed || container.ports.includes(port) || (mayBeIts && !isTaken(port, others, workload));
}

/** Whether a proxy that cannot be seen could answer Prefect's own question for strangers: it needs the secret for that. */
function mayHoldCredential(container: Container): boolean {
  return container.secrets.size > 0 || container.environmentFiles;
}

/** What takes no requests for another: of the rest, what declares no port may listen on any. */
const passesNothingOn =
  /(^|\/)(?:redis|valkey|postgres|aws-for-fluent-bit|fluent-bit|aws-xray-daemon|aws-otel-collector|datadog\/agent|public\.ecr\.aws\/datadog\/agent)(?::|@|$)/i;

/** What stands on the loopback that the containers of a task share. */
export function neighboursOf(containers: readonly Container[], workload: Workload, prefectAsks: boolean): Neighbours {
  const servers = containers.filter((container) => isServer(container, workload) !== "no");
  const gates = containers.filter(
    (container) => !servers.includes(container) && !isNginx(container) && isOauth2Proxy(container),
  );
  const proxies = gates.map((container): Oauth2Proxy => oauth2ProxyOf(container));
  const [oauth2Proxy] = proxies;
  const nginx = containers
    .map((container) => nginxConfigOf(container))
    .filter((config): config is NginxConfig => !(config instanceof Unseen));
  const nginxPorts = new Set(nginx.flatMap(allPortsOf));
  const passing = containers.filter(({ image }) => !passesNothingOn.test(image ?? ""));
  const others = passing.filter((container) => !servers.includes(container) && !gates.includes(container));
  return {
    oauth2Proxy: proxies.length === 1 ? oauth2Proxy : undefined,
    nginx,
    prefectAsks,
    healthPaths: servers.flatMap((server) => {
      const value = server.environment.get("PREFECT_SERVER_API_BASE_PATH") ?? "/api";
      return ["/api", value].flatMap((api) => [`${api}/health`, `${api}/ready`]);
    }),
    listener(port) {
      if (servers.some((server) => listening(server).port === port)) return "prefect";
      const proxy = proxies.length === 1 ? "oauth2-proxy" : "unseen";
      if (proxies.some((each) => each.port === port)) return proxy;
      if (nginxPorts.has(port)) return "nginx";
      if (passing.some(({ ports }) => ports.includes(port))) return "unseen";
      const [anywhere = "nobody", another] = [
        ...servers.filter((server) => listening(server).port === undefined).map(() => "prefect" as const),
        ...proxies.filter((each) => each.port === undefined).map(() => proxy),
        ...others.filter((other) => hidesPorts(other, workload)).map(() => "unseen" as const),
      ];
      return another === undefined ? anywhere : "unseen";
    },
  };
}
