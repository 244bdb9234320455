import { isInternet } from "../cidr";
import { gatewayPorts } from "../gateway";
import { label } from "../model";
import { listening } from "../prefect";
import type { Workload } from "../tasks";
import type { Arrival, World } from "./entrance";

/** Tasks with a public address of their own: only their security groups stand before them. */
export function publicAddresses(world: World): Arrival[] {
  return world.workloads.flatMap((workload) => {
    if (workload.publicIp === "no") return [];
    return ports(workload).flatMap((port): Arrival[] => {
      const admission = world.securityGroups.admitted(workload.groups, port);
      if (!isInternet(admission.addresses)) return [];
      const address =
        workload.publicIp === "yes"
          ? "gives its tasks public addresses"
          : "may give its tasks public addresses (assignPublicIp is not known)";
      const open = admission.certain
        ? `${admission.via.map(label).join(", ")} admits the internet to ${port === undefined ? "them" : `port ${port}`}`
        : `who its security groups admit to ${port === undefined ? "them" : `port ${port}`} is not known`;
      return [
        {
          workload,
          target: undefined,
          port,
          hops: [{ resource: workload.service, note: `${address}; ${open}` }],
          certain: admission.certain && workload.publicIp === "yes",
          fix: `set networkConfiguration.assignPublicIp to false on ${label(workload.service)}, or let its security groups admit the load balancer's group only`,
        },
      ];
    });
  });
}

/** Every port on which something of the task may listen. */
function ports(workload: Workload): (number | undefined)[] {
  if (workload.containers === undefined) return [undefined];
  const all = workload.containers.flatMap((container) => [
    ...container.ports,
    ...gatewayPorts(container),
    listening(container).port,
  ]);
  return [...new Set(all)];
}
