import { label } from "../model";
import { type Container, nameOf, type Workload } from "../tasks";
import type { Arrival, World } from "./entrance";

/**
 * Tunnels: a program beside Prefect that connects out to a public host, which sends strangers' requests back in. No load
 * balancer, address or security group is on that way. A virtual private network (tailscale without its funnel) is none.
 */
export function tunnels({ workloads }: World): Arrival[] {
  return workloads.flatMap((workload) =>
    (workload.containers ?? []).flatMap((container) => {
      const tunnel = tunnelOf(container);
      return tunnel === undefined ? [] : [arrival(workload, container, tunnel)];
    }),
  );
}

interface Tunnel {
  /** Where it leads, if its command says so. */
  readonly port: number | undefined;
  /** It says that nobody is asked. */
  readonly isOpen: boolean;
}

const programs =
  /(?:^|[\s/])(?:cloudflared|ngrok|frpc|inlets|bore|zrok|pagekite|localtunnel|lt|chisel|rathole|devtunnel|playit)(?:[\s:@]|$)/i;
const other = /\btailscale\b[^\n]{0,200}\bfunnel\b|\bssh\b[^\n]{0,200}\s-\w*R\b/i;
const asks = /--?(?:basic-auth|oauth|oidc|auth|traffic-policy|access|cidr-allow|mutual-tls)\b/i;

function tunnelOf(container: Container): Tunnel | undefined {
  const command = container.words?.join(" ") ?? "";
  const isTunnel =
    programs.test(`${container.image ?? ""} ${command}`) ||
    other.test(command) ||
    container.environment.has("TS_SERVE_CONFIG");
  if (!isTunnel) return undefined;
  // Its own sub-commands name a port: `--url http://localhost:4200`, `http 4200`, `local 4200`, `--port 4200`.
  const port =
    /(?:localhost|127\.0\.0\.1|\[::1\]):(\d{2,5})|(?<![\w-])(?:http|tcp|local|funnel|--port|-p)[ =](\d{2,5})\b/.exec(
      command,
    );
  const number = port?.[1] ?? port?.[2];
  return {
    port: number === undefined ? undefined : Number(number),
    isOpen: number !== undefined && !asks.test(command),
  };
}

function arrival(workload: Workload, container: Container, { port, isOpen }: Tunnel): Arrival {
  const where = port === undefined ? "what its own configuration says" : `port ${port} of the task's loopback`;
  return {
    workload,
    target: undefined,
    port,
    onLoopback: true,
    hops: [
      {
        resource: workload.service,
        note: `${nameOf(container)} is a tunnel from a public host to ${where}${isOpen ? "" : ", and whether that host asks for a login cannot be seen"}`,
      },
    ],
    certain: isOpen,
    fix: `take ${nameOf(container)} out of ${label(workload.service)}, or let it lead to a gateway in the task that asks for a login`,
  };
}
