import type { Arrival } from "./entrances/entrance";
import { allPortsOf, areCertain, listensOn, openWays, portsOf } from "./nginx-gate";
import type { Neighbours } from "./nginx-targets";
import { isNginx, type NginxConfig, nginxConfigOf, Unseen } from "./nginx-config";
import { isOauth2Proxy, type Oauth2Proxy, oauth2ProxyOf } from "./oauth2-proxy";
import { hidesPorts, isTaken } from "./listening-ports";
import { isServer, listening, startsPrefectAlone, whyOpen } from "./prefect";
import { type Container, nameOf, type Workload } from "./tasks";

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
    const kind = isServer(server, workload) === "yes" ? "is a Prefect API server" : "is likely a Prefect API server";
    const direct = takes(server, arrival);
    const note = `${name} ${kind} on port ${arrival.port ?? listening(server).port ?? "(not known)"} and lets everybody in: ${open?.reason ?? ""}`;
    const itself = {
      container: server,
      notes: [note],
      certain: isServer(server, workload) === "yes" && open?.certain === true,
      fix: undefined,
    };
    if (direct && open !== undefined) return [itself];
    // On a port that is not known the others of the task may be what takes the requests.
    if (direct && arrival.port !== undefined) return [];
    const others = containers.filter((container) => !servers.includes(container));
    const beside = direct || open === undefined ? [] : onAnotherPort(server, arrival, others);
    return [
      ...beside,
      ...others.flatMap((container) => through(container, server, arrival, containers, open === undefined)),
    ].map((way) => ({ ...way, container: server, notes: [...way.notes, `${name} ${kind} behind it`] }));
  });
}

/** Whether a container itself answers on the arrival's port. */
function takes(server: Container, { workload, port, target, onLoopback }: Arrival): boolean {
  const own = listening(server);
  const samePort = port === undefined || own.port === undefined || own.port === port;
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
  const others = containers.filter((each) => each !== container);
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
      return named || (target !== undefined && target.containerName === undefined)
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
    if (ways.length === 0) return listensOn(config, ports) ? [] : byAnother(container, arrival, others, prefectAsks);
    const certain = areCertain(config, ports, neighbours);
    const fix = `gate every location of ${name} that leads to Prefect: auth_request to oauth2-proxy's /oauth2/auth, or auth_basic with a password file, nowhere switched off`;
    return [
      { notes: [`${name} is nginx and lets requests without a login through: ${ways.join("; ")}`], certain, fix },
    ];
  }
  if (isOauth2Proxy(container)) return throughOauth2Proxy(container, arrival, others, prefectAsks);
  if (prefectAsks && !mayHoldCredential(container)) return [];
  const isAny = port === undefined && target?.containerName === undefined;
  const mayPassOn = container.ports.length > 0 && !passesNothingOn.test(container.image ?? "");
  const onPort =
    port !== undefined &&
    (container.ports.includes(port) ||
      (target === undefined && !arrival.onLoopback && hidesPorts(container, workload) && !isTaken(port, others)));
  const listens = named || (isAny ? mayPassOn : onPort);
  if (!listens || (listening(server).port === port && !named)) return [];
  const fix = `send the load balancer to a gateway whose configuration the task definition shows (nginx with auth_request or auth_basic, oauth2-proxy), or set PREFECT_SERVER_API_AUTH_STRING on ${nameOf(server)}`;
  return [
    { notes: [`${name} takes the requests, and whether it asks for a login cannot be seen`], certain: false, fix },
  ];
}

function throughOauth2Proxy(
  container: Container,
  arrival: Arrival,
  others: readonly Container[],
  prefectAsks: boolean,
): Through[] {
  const { port, target } = arrival;
  const proxy = oauth2ProxyOf(container);
  const { problems, unseen } = proxy;
  const name = nameOf(container);
  if (proxy.loopbackOnly && target === undefined) return [];
  const own = proxy.port === undefined && container.ports.length > 0 ? container.ports : [proxy.port ?? port];
  const known = [...own, ...proxy.otherPorts];
  if (port !== undefined && !own.includes(port)) {
    return known.includes(port) ? [] : byAnother(container, arrival, others, prefectAsks);
  }
  if (proxy.upstreams?.every((upstream) => /^(?:static|file):/.test(upstream))) return [];
  if (prefectAsks && !proxy.mayAddCredential) return [];
  if (problems.length > 0) {
    const note = `${name} is oauth2-proxy and lets requests without a login through: ${problems.join("; ")}`;
    return [{ notes: [note], certain: !prefectAsks, fix: `remove that setting from ${name}` }];
  }
  if (unseen === undefined) {
    const seen =
      port !== undefined || proxy.port === undefined || container.ports.every((each) => known.includes(each));
    return seen ? [] : byAnother(container, arrival, others, prefectAsks);
  }
  const fix = `let the command of ${name} start oauth2-proxy, with all settings in plain variables or arguments`;
  return [{ notes: [`${name} may let requests without a login through: ${unseen}`], certain: false, fix }];
}

/** On a port that is sent to a gateway's container and on which the gateway does not listen, another program of it may. */
function byAnother(
  container: Container,
  arrival: Arrival,
  others: readonly Container[],
  prefectAsks: boolean,
): Through[] {
  if (!isSentTo(container, arrival, others) || (prefectAsks && !mayHoldCredential(container))) return [];
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
function isSentTo(container: Container, { port, target }: Arrival, others: readonly Container[]): boolean {
  const isNamed = target?.containerName === container.name;
  const mayBeNamed = target !== undefined && (isNamed || target.containerName === undefined);
  if (port === undefined) return mayBeNamed;
  return isNamed || container.ports.includes(port) || (mayBeNamed && !isTaken(port, others));
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
  const proxies = containers
    .filter((container) => !servers.includes(container) && !isNginx(container) && isOauth2Proxy(container))
    .map((container): Oauth2Proxy => oauth2ProxyOf(container));
  const [oauth2Proxy] = proxies;
  const nginx = containers.filter(isNginx).map((container) => nginxConfigOf(container));
  const seen = nginx.filter((config): config is NginxConfig => !(config instanceof Unseen));
  const nginxPorts = new Set(seen.flatMap(allPortsOf));
  const others = containers.filter((container) => {
    if (isNginx(container)) return nginxConfigOf(container) instanceof Unseen;
    return !servers.includes(container) && !isOauth2Proxy(container) && !passesNothingOn.test(container.image ?? "");
  });
  return {
    oauth2Proxy: proxies.length === 1 ? oauth2Proxy : undefined,
    nginx: seen,
    prefectAsks,
    healthPaths: servers.flatMap((server) => {
      const base = server.environment.get("PREFECT_SERVER_API_BASE_PATH");
      return ["/api", ...(base === undefined ? [] : [base])].flatMap((api) => [`${api}/health`, `${api}/ready`]);
    }),
    listener(port) {
      if (servers.some((server) => [port, undefined].includes(listening(server).port))) return "prefect";
      const proxy = proxies.length === 1 ? "oauth2-proxy" : "unseen";
      if (proxies.some((each) => each.port === port)) return proxy;
      if (nginxPorts.has(port)) return "nginx";
      if (others.some(({ ports }) => ports.includes(port))) return "unseen";
      if (proxies.some((each) => each.port === undefined)) return proxy;
      return others.some(({ ports }) => ports.length === 0) ? "unseen" : "nobody";
    },
  };
}
