import { label, property, type Resource } from "../model";
import { relaysTo } from "../relays/relay";
import { standsInside } from "../subnets";
import type { Groups } from "../security-group-rules";
import type { Workload } from "../tasks";
import { types } from "../types";
import type { Arrival, Hop, World } from "./entrance";
import { inward } from "./load-balancers";

/** Classic load balancers (aws.elb): they have no way to authenticate. */
export function classicLoadBalancers(world: World): Arrival[] {
  return world.graph.ofType(types.classicLoadBalancer).flatMap((balancer) =>
    property(balancer, "listeners")
      .list()
      .flatMap((listener) => {
        const port = listener.get("lbPort").integer();
        const instancePort = listener.get("instancePort").integer();
        return fronts(world, balancer, port).flatMap((front) => [
          ...toTasks(world, balancer, front),
          ...toMachines(world, balancer, front, instancePort),
        ]);
      }),
  );
}

interface Front {
  readonly groups: Groups;
  readonly hops: readonly Hop[];
  readonly certain: boolean;
  readonly fix: string;
  readonly addsCredential: boolean;
}

/** How strangers come to a port of it. */
function fronts(world: World, balancer: Resource, port: number | undefined): Front[] {
  const { graph, securityGroups } = world;
  const groups = securityGroups.named(property(balancer, "securityGroups"));
  const internal = property(balancer, "internal");
  const inside = internal.flag() === true || standsInside(graph, property(balancer, "subnets").list());
  const straight = inside ? undefined : securityGroups.passage(groups, port, { kind: "strangers", groups: undefined });
  const relays = relaysTo(world, balancer, port).flatMap((relay): Front[] => {
    if (relay.sender.kind === "service" && internal.flag() === true) return []; // its name resolves to private addresses
    const admission = securityGroups.passage(groups, port, relay.sender);
    if (admission === undefined) return [];
    const certain = relay.certain && admission.certain;
    return [{ ...relay, groups, hops: [...relay.hops, { resource: balancer, note: relay.note }], certain }];
  });
  if (straight === undefined) return relays;
  return [
    {
      groups,
      hops: [{ resource: balancer, note: "faces the internet; a classic load balancer cannot authenticate" }],
      certain: straight.certain && !internal.isUnknown,
      fix: `set internal: true on ${label(balancer)}, or put an application load balancer that logs people in in its place`,
      addsCredential: false,
    },
    ...relays.filter(({ addsCredential }) => addsCredential),
  ];
}

/** ECS services that name it. */
function toTasks({ graph, workloads }: World, balancer: Resource, front: Front): Arrival[] {
  return workloads.flatMap((workload) =>
    workload.targets
      .filter(
        ({ classicName }) =>
          classicName !== undefined && graph.referred(classicName, types.classicLoadBalancer).includes(balancer),
      )
      .map((target) => ({
        ...front,
        workload,
        target,
        port: target.containerPort,
        hops: [...front.hops, ...inward(undefined, workload, target)],
      })),
  );
}

/** Machines that it names, that are attached to it, or whose group is. */
function toMachines(world: World, balancer: Resource, front: Front, port: number | undefined): Arrival[] {
  return world.workloads
    .filter((workload) => stands(world, balancer, workload))
    .filter((workload) => world.securityGroups.admitsLoadBalancer(workload.groups, port, front.groups))
    .map((workload) => ({
      ...front,
      workload,
      target: undefined,
      port,
      hops: [...front.hops, { resource: workload.service, note: `takes them on port ${port ?? "(not known)"}` }],
    }));
}

function stands({ graph }: World, balancer: Resource, { service }: Workload): boolean {
  const { instance, autoscalingGroup, classicLoadBalancer, classicAttachment } = types;
  const { autoscalingAttachment, trafficSourceAttachment } = types;
  const machine = [...instance, ...autoscalingGroup];
  const naming = (kind: readonly string[], path: string): readonly Resource[] =>
    graph.thatName(balancer, kind, path, classicLoadBalancer);
  const groupAttachments = [
    ...naming(autoscalingAttachment, "elb"),
    ...naming(trafficSourceAttachment, "trafficSource.identifier"),
  ];
  const named = [
    ...property(balancer, "instances").list(),
    ...naming(classicAttachment, "elb").map((each) => property(each, "instance")),
    ...groupAttachments.map((each) => property(each, "autoscalingGroupName")),
  ];
  return (
    named.some((value) => graph.referred(value, machine).includes(service)) ||
    ["loadBalancers", "trafficSources.identifier"].some((path) => naming(autoscalingGroup, path).includes(service))
  );
}
