import { type Addresses, everywhere, isInternet, mayHoldVpcAddress } from "../cidr";
import { kept, label, property, type Resource, type ResourceValue } from "../model";
import type { Groups } from "../security-groups";
import type { Target, Workload } from "../tasks";
import { types } from "../types";
import type { Hop, World } from "./entrance";

/** How strangers reach a load balancer's port. */
export interface Exposure {
  readonly addresses: Addresses;
  readonly certain: boolean;
  readonly hops: readonly Hop[];
  /** The balancer's own groups; undefined where it has none (a network load balancer may). */
  readonly groups: Groups | undefined;
  /** It takes both address families, or that is not known. */
  readonly dualStack: boolean;
}

/** application, network or gateway; AWS's default is application. Undefined where it is not known. */
export function kindOf(balancer: Resource): string | undefined {
  const type = property(balancer, "loadBalancerType");
  return type.isOmitted ? "application" : type.word();
}

/** The balancers that a listener stands on; undefined stands for one outside the stack. */
export function balancersOf(world: World, listener: Resource): (Resource | undefined)[] {
  const found = world.graph.referred(property(listener, "loadBalancerArn"), types.loadBalancer);
  return found.length > 0 ? found : [undefined];
}

/** The groups on a balancer. Omitted: an application balancer gets the VPC's default group, a network one none. */
export function groupsOf(world: World, balancer: Resource): Groups | undefined {
  const value = property(balancer, "securityGroups");
  if (kindOf(balancer) === "network" && value.list().length === 0) return undefined;
  return world.securityGroups.named(value);
}

/** How the internet reaches this port of a balancer directly; undefined if it does not. */
export function exposure(world: World, balancer: Resource | undefined, port: number | undefined): Exposure | undefined {
  if (balancer === undefined) {
    const hop = { resource: undefined, note: "a load balancer that is not in this stack, so it may face the internet" };
    return { addresses: everywhere, certain: false, hops: [hop], groups: { keys: [], unseen: true }, dualStack: true };
  }
  const internal = property(balancer, "internal");
  if (internal.flag() === true) return undefined;
  const facing = internal.isUnknown ? "may face the internet (internal is not known)" : "faces the internet";
  return admittedTo(world, balancer, port, facing, !internal.isUnknown);
}

/** What a balancer's own groups leave of clients that come with their own addresses; undefined if it is not the internet. */
export function admittedTo(
  world: World,
  balancer: Resource,
  port: number | undefined,
  facing: string,
  certain: boolean,
): Exposure | undefined {
  const groups = groupsOf(world, balancer);
  const admission = groups && world.securityGroups.admitted(groups, port);
  const addresses = admission?.addresses ?? everywhere;
  if (!isInternet(addresses)) return undefined;
  const where = port === undefined ? "its ports" : `port ${port}`;
  const open =
    admission === undefined
      ? "it has no security group"
      : admission.certain
        ? `${admission.via.map(label).join(", ")} admits the internet to ${where}`
        : `who its security groups admit to ${where} is not known`;
  return {
    addresses,
    certain: certain && (admission?.certain ?? true),
    hops: [{ resource: balancer, note: `${facing}; ${open}` }],
    groups,
    dualStack: isDualStack(balancer),
  };
}

export function isDualStack(balancer: Resource): boolean {
  const type = property(balancer, "ipAddressType");
  return !type.isOmitted && type.word() !== "ipv4";
}

/** A way in through something that AWS puts before a balancer, and what closes it. */
export interface Fronted extends Exposure {
  readonly fix: string;
}

/** From a target group to the tasks behind it. */
export interface Way {
  readonly workload: Workload;
  readonly target: Target;
  readonly targetGroup: Resource | undefined;
}

/** The services behind a forward: those in whose declaration its target group is named. */
export function behind(world: World, targetGroupArn: ResourceValue): readonly Way[] {
  const groups = world.graph.referred(targetGroupArn, types.targetGroup);
  const ways = kept(waysIn, world, () => waysByTargetGroup(world));
  // A group outside the stack is the same one where its ARN is.
  return groups.length > 0 ? groups.flatMap((group) => ways.get(group) ?? []) : (ways.get(targetGroupArn.text()) ?? []);
}

type Ways = ReadonlyMap<Resource | string | undefined, readonly Way[]>;
const waysIn = new WeakMap<World, Ways>();

function waysByTargetGroup(world: World): Ways {
  const ways = new Map<Resource | string, Way[]>();
  for (const workload of world.workloads) {
    for (const target of workload.targets) {
      const groups = targetGroupsOf(world, workload, target);
      for (const targetGroup of groups) kept(ways, targetGroup, () => []).push({ workload, target, targetGroup });
      const arn = target.targetGroup.text();
      if (groups.length === 0 && arn !== undefined)
        kept(ways, arn, () => []).push({ workload, target, targetGroup: undefined });
    }
  }
  return ways;
}

/**
 * The target groups that one entry of a service's loadBalancers may name. While their ARNs are unknown, Pulumi records
 * only that loadBalancers depends on all of them; ports tell them apart where each port has as many groups as entries.
 */
export function targetGroupsOf(world: World, workload: Workload, target: Target): Resource[] {
  const candidates = world.graph.referred(target.targetGroup, types.targetGroup);
  if (candidates.length < 2 || !target.targetGroup.isUnknown) return candidates;
  const ports = candidates.map((group) => property(group, "port").integer() ?? -1);
  const entries = workload.targets.filter(({ targetGroup }) => targetGroup.isUnknown);
  const wanted = entries.map(({ containerPort }) => containerPort ?? -2);
  const pairUp = [...ports].sort().join() === [...wanted].sort().join();
  return pairUp ? candidates.filter((_, index) => ports[index] === target.containerPort) : candidates;
}

/** Whether the tasks' own security groups let the balancer through to the container's port. */
export function passesTaskGroups(world: World, way: Way, from: Exposure): boolean {
  const { workload, target, targetGroup } = way;
  if (!workload.sharedLoopback) return true; // host ports of an instance: its groups are not the service's
  const port = target.containerPort;
  if (!keepsClientAddress(targetGroup)) {
    return world.securityGroups.admitsLoadBalancer(workload.groups, port, from.groups);
  }
  // Groups that name the balancer's group admit what it forwards, whatever the address ("Security groups for your Network
  // Load Balancer"); clients of the other address family arrive with the balancer's address ("Edit target group attributes").
  const { addresses } = world.securityGroups.admitted(workload.groups, port);
  return (
    isInternet(addresses) ||
    world.securityGroups.admitsMembers(workload.groups, port, from.groups) ||
    (from.dualStack && mayHoldVpcAddress(addresses))
  );
}

/** Only network target groups can: off by default for addresses over TCP and TLS, on for UDP (AWS, "Client IP preservation"). */
function keepsClientAddress(targetGroup: Resource | undefined): boolean {
  return targetGroup !== undefined && property(targetGroup, "preserveClientIp").flag() === true;
}

/** The way on from a forward: target group, then service. */
export function inward(targetGroup: Resource | undefined, workload: Workload, target: Target): Hop[] {
  const port = target.containerPort === undefined ? "a port that is not known" : `port ${target.containerPort}`;
  const container = target.containerName === undefined ? "" : ` of container ${JSON.stringify(target.containerName)}`;
  return [
    ...(targetGroup === undefined ? [] : [{ resource: targetGroup, note: "passes every request on" }]),
    { resource: workload.service, note: `its tasks take them on ${port}${container}` },
  ];
}
