import { fixForForward, type OpenForward, openForwards, openForwardsOfRule, rulesElsewhere } from "../listeners";
import { property, type Resource } from "../model";
import { types } from "../types";
import type { Arrival, World } from "./entrance";
import {
  balancersOf,
  behind,
  elsewhere,
  type Exposure,
  exposures,
  inward,
  kindOf,
  passesTaskGroups,
} from "./load-balancers";

/** Application load balancers: public ones, and internal ones that something public passes on to. */
export function applicationLoadBalancers(world: World): Arrival[] {
  const { graph } = world;
  const listeners = graph
    .ofType(types.listener)
    .flatMap((listener) =>
      openWays(world, listener).flatMap(({ front, open }) => arrivals(world, front, listener, open)),
    );
  const byRules = rulesElsewhere(graph).flatMap((rule) =>
    openForwardsOfRule(graph, rule, elsewhere.clients).flatMap((open) => arrivals(world, elsewhere, undefined, open)),
  );
  return [...listeners, ...byRules];
}

/** What an application listener forwards for strangers, each forward by the first way to it. */
export function openWays(world: World, listener: Resource): { front: Exposure; open: OpenForward }[] {
  const port = property(listener, "port").integer();
  const fronts = balancersOf(world, listener)
    .filter((balancer) => balancer === undefined || ["application", undefined].includes(kindOf(balancer)))
    .flatMap((balancer) => exposures(world, balancer, listener, port));
  const ways = new Map<string, { front: Exposure; open: OpenForward }>();
  for (const front of fronts) {
    const forwards = openForwards(world.graph, listener, front.clients);
    for (const open of forwards) {
      const nth = forwards.filter(({ holder }) => holder === open.holder).indexOf(open);
      const key = JSON.stringify([open.holder.urn, nth, front.certain && open.certain, front.addsCredential]);
      if (!ways.has(key)) ways.set(key, { front, open });
    }
  }
  return [...ways.values()];
}

function arrivals(world: World, front: Exposure, listener: Resource | undefined, open: OpenForward): Arrival[] {
  const entry =
    listener === undefined || open.holder === listener
      ? []
      : [{ resource: listener, note: `listens on ${portOf(listener)}` }];
  return behind(world, open.targetGroup)
    .filter((way) => passesTaskGroups(world, way, front, false))
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
      fix: front.fix === undefined ? fixForForward(open.holder) : `${front.fix}, or ${fixForForward(open.holder)}`,
      addsCredential: front.addsCredential,
    }));
}

function portOf(listener: Resource): string {
  const port = property(listener, "port").integer();
  const protocol = property(listener, "protocol").text();
  return `${protocol === undefined ? "" : `${protocol} `}port ${port ?? "(not known)"}`;
}
