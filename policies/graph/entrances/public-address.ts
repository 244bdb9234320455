import { isInternet, ofFamily } from "../cidr";
import { hidesPorts, listeningPorts } from "../listening-ports";
import { label } from "../model";
import { ownPorts, type Workload } from "../tasks";
import type { Arrival, World } from "./entrance";

/** From these machines pick: "ports 49153-65535 and 32768-61000" (Amazon ECS, "PortMapping"). */
const pickedPorts = [32_768, 65_535] as const;

/** Tasks and machines with a public address of their own: only their security groups stand before them. */
export function publicAddresses(world: World): Arrival[] {
  return world.workloads.flatMap((workload) => {
    if (workload.publicIp === "no" && !workload.ipv6) return [];
    const ports = [...listeningPorts(workload), ...openedPorts(world, workload)];
    return [...new Set(ports)].flatMap((port) => arrival(world, workload, port));
  });
}

/** Where some container says nothing of its ports: of each rule one that is nobody else's. */
function openedPorts({ securityGroups }: World, workload: Workload): number[] {
  const { containers = [], groups, hostPort } = workload;
  if (hostPort !== ownPorts || !containers.some((container) => hidesPorts(container, workload))) return [];
  const known = listeningPorts(workload);
  return securityGroups.doorsOf(groups, undefined).flatMap(({ ports: [first] }) => {
    // Of n + 1 ports one is not among n; whom the groups admit to it is asked of one beyond the rule's as well.
    const some = Array.from({ length: known.length + 1 }, (_, index) => first + index);
    return some.find((port) => !known.includes(port)) ?? [];
  });
}

function arrival(world: World, workload: Workload, port: number | undefined): Arrival[] {
  const mapped = workload.hostPort(port);
  // What machines elsewhere admit to the ports that they pick is for a load balancer, as a rule.
  if (mapped === "any" && workload.groups.isElsewhere) return [];
  const hostPort = mapped === "any" ? pickedPorts : mapped;
  const admission = world.securityGroups.admitted(workload.groups, hostPort);
  const onlyIpv6 = workload.publicIp === "no";
  if (!isInternet(onlyIpv6 ? ofFamily(admission.addresses, "v6") : admission.addresses)) return [];
  const where = hostPort === undefined ? "them" : `port ${mapped === "any" ? "(picked by the machine)" : mapped}`;
  const open = admission.certain
    ? `${admission.via.map(label).join(", ")} admits the internet to ${where}`
    : `who its security groups admit to ${where} is not known`;
  const address = onlyIpv6 ? "stands in a subnet with IPv6 addresses, all of which are public" : workload.addressed;
  return [
    {
      workload,
      target: undefined,
      port,
      hops: [{ resource: workload.service, note: `${address}; ${open}` }],
      certain: admission.certain && workload.publicIp === "yes",
      fix: `${workload.hidden} ${label(workload.service)}, or let its security groups admit the load balancer's group only`,
    },
  ];
}
