import { label } from "../model";
import { types } from "../types";
import type { Arrival, World } from "./entrance";
import { inward } from "./load-balancers";

/** Services behind a target group that is not in the stack: who forwards to it cannot be seen. */
export function unseenTargetGroups({ graph, workloads }: World): Arrival[] {
  return workloads.flatMap((workload) =>
    workload.targets
      .filter(
        ({ targetGroup }) =>
          !targetGroup.isOmitted &&
          // A traffic source of an auto scaling group may be a classic load balancer as well.
          graph.referred(targetGroup, [...types.targetGroup, ...types.classicLoadBalancer]).length === 0 &&
          !graph.trusts(targetGroup),
      )
      .map((target) => ({
        workload,
        target,
        port: target.containerPort,
        hops: [
          { resource: undefined, note: "a target group that is not in this stack, so its listeners cannot be seen" },
          ...inward(undefined, workload, target),
        ],
        certain: false,
        fix: `declare the target group and its listener in the stack of ${label(workload.service)}, or put a gateway that asks for a login into the task, or name the target group in the pack's trusted configuration`,
      })),
  );
}
