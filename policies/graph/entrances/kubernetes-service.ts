import { isInternet } from "../cidr";
import { admitsStrangers, facingOf } from "../kubernetes/facing";
import type { KubeService } from "../kubernetes/objects";
import { behindService, services } from "../kubernetes/services";
import { label } from "../model";
import { types } from "../types";
import type { Arrival, World } from "./entrance";

/** Kubernetes Services with a load balancer, an address or a port of every node: none of them logs anybody in. */
export function kubernetesServices(world: World): Arrival[] {
  return services(world.graph).flatMap((service) => {
    const open = whyOpen(world, service);
    if (open === undefined) return [];
    return behindService(world.workloads, service, undefined).map(
      ({ workload, port }): Arrival => ({
        workload,
        target: undefined,
        port,
        hops: [
          { resource: service.resource, note: open.note },
          ...(workload.service === service.resource
            ? []
            : [{ resource: workload.service, note: `its pods take them on port ${port ?? "(not known)"}` }]),
        ],
        certain: open.certain,
        fix: `make ${label(service.resource)} a ClusterIP, or let its load balancer be internal`,
      }),
    );
  });
}

function whyOpen(world: World, service: KubeService): { note: string; certain: boolean } | undefined {
  const type = service.type.isOmitted ? "clusterip" : service.type.word();
  if (service.externalIps.list().length > 0) return { note: "has external addresses", certain: false };
  if (type === undefined) return { note: "may have a load balancer (its type is not known)", certain: false };
  if (type === "loadbalancer") {
    const facing = facingOf(service);
    if (facing === "internal" || !admitsStrangers(service)) return undefined;
    return facing === "public"
      ? { note: "its load balancer faces the internet and logs nobody in", certain: true }
      : { note: "its load balancer may face the internet and logs nobody in", certain: false };
  }
  return type === "nodeport" ? throughNodes(world, service) : undefined;
}

/** Kubernetes picks one of these where none is given. */
const nodePorts = [30_000, 32_767] as const;

/** A port of every node: whether nodes have public addresses is not seen, whether a security group opens it is. */
function throughNodes(world: World, service: KubeService): { note: string; certain: boolean } | undefined {
  const { graph, securityGroups } = world;
  const ports = service.ports.map(({ nodePort }) => nodePort ?? nodePorts);
  const opening = graph
    .ofType(types.securityGroup)
    .find((group) =>
      ports.some((port) => isInternet(securityGroups.admitted({ keys: [group.urn], unseen: false }, port).addresses)),
    );
  return (
    opening && { note: `has a port on every node, and ${label(opening)} admits the internet to it`, certain: false }
  );
}
