import { isInternet } from "../cidr";
import { label, type Resource } from "../model";
import { listeningPorts } from "../listening-ports";
import type { Workload } from "../tasks";
import { types } from "../types";
import { podOf } from "../kubernetes/objects";
import type { Arrival, World } from "./entrance";

/**
 * Pods on their node's own ports (hostNetwork, hostPort). Whether nodes have public addresses is not seen; whether a
 * security group of the stack opens such a port to the internet is.
 */
export function kubernetesHostPorts(world: World): Arrival[] {
  return world.workloads.flatMap((workload) =>
    portsOnNode(workload).flatMap(({ port, hostPort }): Arrival[] => {
      const opening = openedBy(world, hostPort);
      if (opening === undefined) return [];
      const where = hostPort === undefined ? "a port" : `port ${hostPort}`;
      return [
        {
          workload,
          target: undefined,
          port,
          hops: [
            {
              resource: workload.service,
              note: `its pods are on ${where} of their nodes, and ${label(opening)} admits the internet to it`,
            },
          ],
          certain: false,
          fix: `take hostNetwork and hostPort from ${label(workload.service)}, or close that port`,
        },
      ];
    }),
  );
}

interface NodePort {
  /** Of the pod; undefined where it is not known. */
  readonly port: number | undefined;
  /** Of the node; undefined where it is not known. */
  readonly hostPort: number | undefined;
}

function portsOnNode(workload: Workload): NodePort[] {
  const pod = podOf(workload.service);
  const onHost = pod.get("hostNetwork");
  if (!onHost.isOmitted && onHost.flag() !== false) {
    return listeningPorts(workload).map((port) => ({ port, hostPort: port }));
  }
  return pod
    .get("containers")
    .list()
    .flatMap((container) => container.get("ports").list())
    .filter((port) => !port.get("hostPort").isOmitted)
    .map((port) => ({ port: port.get("containerPort").integer(), hostPort: port.get("hostPort").integer() }));
}

function openedBy({ graph, securityGroups }: World, port: number | undefined): Resource | undefined {
  return graph
    .ofType(types.securityGroup)
    .find((group) => isInternet(securityGroups.admitted({ keys: [group.urn], unseen: false }, port).addresses));
}
