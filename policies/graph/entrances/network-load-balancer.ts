import { openForwards } from "../listeners";
import { label, property } from "../model";
import { types } from "../types";
import type { Arrival, World } from "./entrance";
import { balancersOf, behind, exposures, inward, keepsClientAddress, kindOf, passesTaskGroups } from "./load-balancers";

/** Network load balancers: they never authenticate, whatever the protocol. */
export function networkLoadBalancers(world: World): Arrival[] {
  const { graph } = world;
  return graph.ofType(types.listener).flatMap((listener) => {
    const port = property(listener, "port").integer();
    return balancersOf(world, listener)
      .flatMap((balancer) =>
        balancer !== undefined && ["network", undefined].includes(kindOf(balancer)) ? [balancer] : [],
      )
      .flatMap((balancer) => {
        const closed = `set internal: true on ${label(balancer)}, or put an application load balancer that logs people in, or a gateway in the task, in its place`;
        return exposures(world, balancer, listener, port).map((front) => ({ ...front, fix: front.fix ?? closed }));
      })
      .flatMap((front) =>
        openForwards(graph, listener, front.clients).flatMap((open) =>
          behind(world, open.targetGroup)
            .filter((way) => passesTaskGroups(world, way, front, keepsClientAddress(way.targetGroup)))
            .map(({ workload, target, targetGroup }) => ({
              workload,
              target,
              port: target.containerPort,
              hops: [
                ...front.hops,
                {
                  resource: listener,
                  note: `on port ${port ?? "(not known)"}: a network load balancer never authenticates`,
                },
                ...inward(targetGroup, workload, target),
              ],
              certain: front.certain && open.certain,
              fix: front.fix,
              addsCredential: front.addsCredential,
            })),
        ),
      );
  });
}
