import { isInternet } from "../cidr";
import { label, property } from "../model";
import { types } from "../types";
import type { Arrival, World } from "./entrance";
import { inward } from "./load-balancers";

/** Classic load balancers (aws.elb): they have no way to authenticate. */
export function classicLoadBalancers(world: World): Arrival[] {
  const { graph, securityGroups } = world;
  return graph.ofType(types.classicLoadBalancer).flatMap((balancer) => {
    const internal = property(balancer, "internal");
    if (internal.flag() === true) return [];
    const groups = securityGroups.named(property(balancer, "securityGroups"));
    const ports = property(balancer, "listeners")
      .list()
      .map((listener) => listener.get("lbPort").integer());
    const admissions = ports.map((port) => securityGroups.admitted(groups, port));
    const open = admissions.find((admission) => isInternet(admission.addresses));
    if (open === undefined) return [];
    return world.workloads.flatMap((workload) =>
      workload.targets
        .filter((target) => graph.referred(target.classicName, types.classicLoadBalancer).includes(balancer))
        .map((target) => ({
          workload,
          target,
          port: target.containerPort,
          hops: [
            { resource: balancer, note: "faces the internet; a classic load balancer cannot authenticate" },
            ...inward(undefined, workload, target),
          ],
          certain: open.certain && !internal.isUnknown,
          fix: `set internal: true on ${label(balancer)}, or put an application load balancer that logs people in in its place`,
        })),
    );
  });
}
