import type { World } from "../entrances/entrance";
import { balancersOf, exposures, kindOf } from "../entrances/load-balancers";
import { property, type Resource } from "../model";
import { types } from "../types";
import { onlyPorts, type Relay } from "./relay";

/**
 * Network load balancers whose target is an application load balancer, internal or not (Elastic Load Balancing, "Use
 * Application Load Balancers as targets of a Network Load Balancer").
 */
export function wiresToBalancers(world: World): Relay[] {
  const { graph } = world;
  return graph.ofType(types.targetGroupAttachment).flatMap((attachment) => {
    const targets = graph.referred(property(attachment, "targetId"), types.loadBalancer);
    return graph
      .referred(property(attachment, "targetGroupArn"), types.targetGroup)
      .flatMap((group) => listenersTo(world, group).map((listener) => ({ group, listener })))
      .flatMap(({ group, listener }) => {
        const own = property(attachment, "port");
        const port = (own.isOmitted ? property(group, "port") : own).integer();
        return targets.flatMap((to) => through(world, listener, to, port));
      });
  });
}

/** Listeners that may forward to this group; a network load balancer's have no rules. */
function listenersTo({ graph }: World, group: Resource): Resource[] {
  const { listener, targetGroup } = types;
  const paths = ["defaultActions.targetGroupArn", "defaultActions.forward.targetGroups.arn"];
  return [...new Set(paths.flatMap((path) => graph.thatName(group, listener, path, targetGroup)))];
}

function through(world: World, listener: Resource, to: Resource, port: number | undefined): Relay[] {
  const outerPort = property(listener, "port").integer();
  return balancersOf(world, listener)
    .filter((outer) => outer === undefined || ["network", undefined].includes(kindOf(outer)))
    .flatMap((outer) =>
      exposures(world, outer, listener, outerPort).map((front) => ({
        to,
        takesPort: onlyPorts([port]),
        sender: { kind: front.clients.kind === "strangers" ? "forwarded" : "inside", groups: front.groups },
        hops: [...front.hops, { resource: listener, note: "a network load balancer never authenticates" }],
        note: `is its target on port ${port ?? "(not known)"}, internal or not`,
        certain: front.certain,
        fix: front.fix ?? "set internal: true on the network load balancer, or let the other one log people in",
        addsCredential: front.addsCredential,
      })),
    );
}
