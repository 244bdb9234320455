import { everywhere } from "../cidr";
import { fixForForward, type OpenForward, openForwards, openForwardsOfRule, rulesElsewhere } from "../listeners";
import { property, type Resource } from "../model";
import { types } from "../types";
import type { Arrival, World } from "./entrance";
import { frontsOfInternal } from "./internal-load-balancer";
import {
  balancersOf,
  behind,
  type Exposure,
  exposure,
  groupsOf,
  inward,
  kindOf,
  passesTaskGroups,
} from "./load-balancers";

/** Application load balancers, also internal ones that a public network load balancer passes on to. */
export function applicationLoadBalancers(world: World): Arrival[] {
  const { graph } = world;
  const listeners = graph.ofType(types.listener).flatMap((listener) => {
    const port = property(listener, "port").integer();
    return balancersOf(world, listener)
      .filter((balancer) => balancer === undefined || ["application", undefined].includes(kindOf(balancer)))
      .flatMap((balancer) => fronts(world, balancer, port))
      .flatMap((front) =>
        openForwards(graph, listener, front.addresses).flatMap((open) => arrivals(world, front, listener, open)),
      );
  });
  const elsewhere = rulesElsewhere(graph).flatMap((rule) => {
    const front = exposure(world, undefined, undefined);
    if (front === undefined) return [];
    return openForwardsOfRule(graph, rule, front.addresses).flatMap((open) => arrivals(world, front, undefined, open));
  });
  return [...listeners, ...elsewhere];
}

function arrivals(world: World, front: Exposure, listener: Resource | undefined, open: OpenForward): Arrival[] {
  const entry =
    listener === undefined || open.holder === listener
      ? []
      : [{ resource: listener, note: `listens on ${portOf(listener)}` }];
  return behind(world, open.targetGroup)
    .filter((way) => passesTaskGroups(world, way, front))
    .map(({ workload, target, targetGroup }) => ({
      workload,
      target,
      port: target.containerPort,
      hops: [
        ...front.hops,
        ...entry,
        { resource: open.holder, note: open.holder === listener ? `on ${portOf(listener)}, ${open.note}` : open.note },
        ...inward(targetGroup, workload, target),
      ],
      certain: front.certain && open.certain,
      fix: fixForForward(open.holder),
    }));
}

function portOf(listener: Resource): string {
  const port = property(listener, "port").integer();
  const protocol = property(listener, "protocol").text();
  return `${protocol === undefined ? "" : `${protocol} `}port ${port ?? "(not known)"}`;
}

/** The ways strangers come to this port: straight, by what brings the internet to internal balancers, or by a network load balancer whose targets are load balancers. */
function fronts(world: World, balancer: Resource | undefined, port: number | undefined): Exposure[] {
  const straight = exposure(world, balancer, port);
  const all = straight === undefined ? [] : [straight];
  if (balancer === undefined) return all;
  all.push(...frontsOfInternal(world, balancer, port));
  const { graph, securityGroups } = world;
  const own = groupsOf(world, balancer);
  for (const attachment of graph.thatName(balancer, types.targetGroupAttachment, "targetId", types.loadBalancer)) {
    for (const group of graph.referred(property(attachment, "targetGroupArn"), types.targetGroup)) {
      const groupPort = property(attachment, "port").integer() ?? property(group, "port").integer();
      if (groupPort !== undefined && port !== undefined && groupPort !== port) continue;
      for (const listener of graph.ofType(types.listener)) {
        const forwards = openForwards(graph, listener, everywhere);
        if (!forwards.some((open) => graph.referred(open.targetGroup, types.targetGroup).includes(group))) continue;
        for (const front of balancersOf(world, listener)) {
          if (front === balancer) continue;
          const outer = exposure(world, front, property(listener, "port").integer());
          if (outer === undefined) continue;
          if (
            own !== undefined &&
            !securityGroups.admitsLoadBalancer(own, port, outer.groups) &&
            securityGroups.admitted(own, port).via.length === 0
          )
            continue;
          all.push({
            ...outer,
            groups: own,
            hops: [
              ...outer.hops,
              { resource: listener, note: "a network load balancer never authenticates" },
              { resource: balancer, note: `is its target on port ${port ?? "(not known)"}, internal or not` },
            ],
          });
        }
      }
    }
  }
  return all;
}
