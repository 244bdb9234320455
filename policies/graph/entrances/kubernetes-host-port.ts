import { isInternet } from "../cidr";
import { label, type Resource } from "../model";
import { listeningPorts } from "../listening-ports";
import type { Workload } from "../tasks";
import { types } from "../types";
import { podSpecOf } from "../workloads/pods";
import type { Arrival, World } from "./entrance";

/**
 * Pods on their node's own ports (hostNetwork, hostPort). Whether nodes have public addresses is not seen; whether a
 * security group of the stack opens such a port to the internet is.
 */
export function kubernetesHostPorts(world: World): Arrival[] {
  return world.workloads
    .filter(({ service }) => service.type.startsWith("kubernetes:"))
    .flatMap((workload) =>
      portsOnNode(workload).flatMap(({ port, hostPort }): Arrival[] => {
        const opening = openedBy(world, hostPort);
        if (opening === undefined) return [];
        return [
          {
            workload,
            target: undefined,
            port,
            hops: [
              {
                resource: workload.service,
                note: `its pods are on port ${hostPort} of their nodes, and ${label(opening)} admits the internet to it`,
              },
            ],
            certain: false,
            fix: `take hostNetwork and hostPort from ${label(workload.service)}, or close that port`,
          },
        ];
      }),
    );
}

function portsOnNode(workload: Workload): { port: number | undefined; hostPort: number }[] {
  const pod = podSpecOf(workload.service);
  const onHost = pod.get("hostNetwork");
  if (!onHost.isOmitted && onHost.flag() !== false) {
    return listeningPorts(workload).flatMap((port) => (port === undefined ? [] : [{ port, hostPort: port }]));
  }
  return pod
    .get("containers")
    .list()
    .flatMap((container) => container.get("ports").list())
    .flatMap((port) => {
      const hostPort = port.get("hostPort").integer();
      return hostPort === undefined ? [] : [{ port: port.get("containerPort").integer(), hostPort }];
    });
}

function openedBy({ graph, securityGroups }: World, port: number): Resource | undefined {
  return graph
    .ofType(types.securityGroup)
    .find((group) => isInternet(securityGroups.admitted({ keys: [group.urn], unseen: false }, port).addresses));
}
