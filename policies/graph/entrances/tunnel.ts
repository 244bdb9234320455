import { label } from "../model";
import { type Container, nameOf, type Workload } from "../tasks";
import { type Tunnel, tunnelOf } from "../tunnels";
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
