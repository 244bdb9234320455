import { label, property } from "../model";
import { types } from "../types";
import type { Arrival, World } from "./entrance";

/** ECS Express services: AWS makes the load balancer, in no stack, and it has no way to log people in. */
export function expressServices(world: World): Arrival[] {
  return world.workloads
    .filter(({ service }) => types.expressService.includes(service.type))
    .flatMap((workload) => {
      const { service } = workload;
      // Without a network it stands in the default VPC's public subnets; in private ones its load balancer is internal.
      const inDefaultSubnets = property(service, "networkConfigurations").isOmitted;
      const subnets = inDefaultSubnets ? "in the default VPC's public subnets" : "that is public if its subnets are";
      return workload.targets.map((target) => ({
        workload,
        target,
        port: target.containerPort,
        hops: [{ resource: service, note: `AWS puts a load balancer before it ${subnets}, which logs nobody in` }],
        certain: inDefaultSubnets,
        fix: `set PREFECT_SERVER_API_AUTH_STRING by secrets on ${label(service)}, or run it as aws.ecs.Service behind a load balancer of its own that logs people in`,
      }));
    });
}
