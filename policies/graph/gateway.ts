import type { Arrival } from "./entrances/entrance";
import { areCertain, openWays, portsOf } from "./nginx-gate";
import type { Neighbours } from "./nginx-targets";
import { isNginx, nginxConfigOf, Unseen } from "./nginx-config";
import { isOauth2Proxy, type Oauth2Proxy, oauth2ProxyOf } from "./oauth2-proxy";
import { isServer, listening, whyOpen } from "./prefect";
import { type Container, nameOf, variable, type Workload } from "./tasks";

/** A Prefect API that an arrival reaches without a login. */
export interface Reached {
  readonly container: Container | undefined;
  /** What happens inside the task, and why nothing there authenticates. */
  readonly notes: readonly string[];
  readonly certain: boolean;
  readonly fix: string | undefined;
}

/** Ports on which a gateway container takes connections from outside the task. */
export function gatewayPorts(container: Container): number[] {
  if (isNginx(container)) {
    const config = nginxConfigOf(container);
    return config instanceof Unseen ? [] : portsOf(config);
  }
  if (!isOauth2Proxy(container)) return [];
  const { port, loopbackOnly } = oauth2ProxyOf(container);
  return port === undefined || loopbackOnly ? [] : [port];
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
    return containers
      .filter((container) => !servers.includes(container))
      .flatMap((container) => through(container, server, arrival, containers, open === undefined))
      .map((way) => ({ ...way, container: server, notes: [...way.notes, `${name} ${kind} behind it`] }));
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
    const ports = port === undefined ? portsOf(config) : [port];
    const ways = [...new Set(ports.flatMap((on) => openWays(config, on, neighbours)))];
    if (ways.length === 0) return [];
    const certain = areCertain(config, ports, neighbours);
    const fix = `gate every location of ${name} that leads to Prefect: auth_request to oauth2-proxy's /oauth2/auth, or auth_basic with a password file, nowhere switched off`;
    return [
      { notes: [`${name} is nginx and lets requests without a login through: ${ways.join("; ")}`], certain, fix },
    ];
  }
  if (isOauth2Proxy(container)) return throughOauth2Proxy(container, arrival, prefectAsks);
  if (prefectAsks && !mayHoldCredential(container)) return [];
  const listens = named || (port !== undefined && container.ports.includes(port));
  if (!listens || (listening(server).port === port && !named)) return [];
  const fix = `send the load balancer to a gateway whose configuration the task definition shows (nginx with auth_request or auth_basic, oauth2-proxy), or set PREFECT_SERVER_API_AUTH_STRING on ${nameOf(server)}`;
  return [
    { notes: [`${name} takes the requests, and whether it asks for a login cannot be seen`], certain: false, fix },
  ];
}

function throughOauth2Proxy(container: Container, { port, target }: Arrival, prefectAsks: boolean): Through[] {
  const proxy = oauth2ProxyOf(container);
  const { problems, unseen } = proxy;
  const name = nameOf(container);
  if (proxy.loopbackOnly && target === undefined) return [];
  const own = proxy.port === undefined && container.ports.length > 0 ? container.ports : [proxy.port ?? port];
  if (port !== undefined && !own.includes(port) && target?.containerName !== container.name) return [];
  if (proxy.upstreams?.every((upstream) => /^(?:static|file):/.test(upstream))) return [];
  if (prefectAsks && !proxy.mayAddCredential) return [];
  if (problems.length > 0) {
    const note = `${name} is oauth2-proxy and lets requests without a login through: ${problems.join("; ")}`;
    return [{ notes: [note], certain: !prefectAsks, fix: `remove that setting from ${name}` }];
  }
  if (unseen === undefined) return [];
  const fix = `let the command of ${name} start oauth2-proxy, with all settings in plain variables or arguments`;
  return [{ notes: [`${name} may let requests without a login through: ${unseen}`], certain: false, fix }];
}

/** Whether a proxy that cannot be seen could answer Prefect's own question for strangers: it needs the secret for that. */
function mayHoldCredential(container: Container): boolean {
  return container.secrets.size > 0 || container.environmentFiles;
}

/** What stands on the loopback that the containers of a task share. */
export function neighboursOf(containers: readonly Container[], workload: Workload, prefectAsks: boolean): Neighbours {
  const servers = containers.filter((container) => isServer(container, workload) !== "no");
  const proxies = containers
    .filter((container) => !servers.includes(container) && !isNginx(container) && isOauth2Proxy(container))
    .map((container): Oauth2Proxy => oauth2ProxyOf(container));
  const [oauth2Proxy] = proxies;
  const nginx = containers.filter(isNginx).flatMap((container) => {
    const config = nginxConfigOf(container);
    return config instanceof Unseen ? [undefined] : portsOf(config);
  });
  const others = containers.filter((c) => !servers.includes(c) && !isOauth2Proxy(c) && !isNginx(c));
  return {
    oauth2Proxy: proxies.length === 1 ? oauth2Proxy : undefined,
    prefectAsks,
    healthPaths: servers.flatMap((server) => {
      const base = variable(server, "PREFECT_SERVER_API_BASE_PATH");
      return ["/api", ...(base.value === undefined ? [] : [base.value])].flatMap((api) => [
        `${api}/health`,
        `${api}/ready`,
      ]);
    }),
    listener(port) {
      if (servers.some((server) => [port, undefined].includes(listening(server).port))) return "prefect";
      if (proxies.some((proxy) => proxy.port === port || proxy.port === undefined))
        return proxies.length === 1 ? "oauth2-proxy" : "unseen";
      if (nginx.includes(port)) return "nginx";
      return others.some(({ ports, words }) => ports.includes(port) || (ports.length === 0 && words === undefined))
        ? "unseen"
        : "nobody";
    },
  };
}
