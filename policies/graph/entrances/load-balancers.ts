import { type Addresses, everywhere, insideVpc, intersection, mayHoldVpcAddress, ofFamily } from "../cidr";
import type { Clients } from "../listeners";
import { kept, label, property, type Resource, type ResourceValue } from "../model";
import { type Relay, relaysTo } from "../relays/relay";
import type { Groups } from "../security-group-rules";
import type { Sender } from "../security-groups";
import { standsInside } from "../subnets";
import type { Target, Workload } from "../tasks";
import { types } from "../types";
import type { Hop, World } from "./entrance";

/** How strangers' requests come to a load balancer's port. */
export interface Exposure {
  readonly clients: Clients;
  readonly certain: boolean;
  readonly hops: readonly Hop[];
  /** The balancer's own groups; undefined where it has none (a network load balancer may). */
  readonly groups: Groups | undefined;
  /** It takes both address families, or that is not known. */
  readonly dualStack: boolean;
  /** What closes it, where that is something else than the balancer. */
  readonly fix: string | undefined;
  readonly addsCredential: boolean;
}

/** application, network or gateway; AWS's default is application. Undefined where it is not known. */
export function kindOf(balancer: Resource): string | undefined {
  const type = property(balancer, "loadBalancerType");
  return type.isOmitted ? "application" : type.word();
}

/** The balancers that a listener stands on; undefined stands for one outside the stack. */
export function balancersOf(world: World, listener: Resource): (Resource | undefined)[] {
  const value = property(listener, "loadBalancerArn");
  const found = world.graph.referred(value, types.loadBalancer);
  return found.length > 0 || world.graph.trusts(value) ? found : [undefined];
}

/** The groups on a balancer. Omitted: an application balancer gets the VPC's default group, any other kind none. */
export function groupsOf(world: World, balancer: Resource): Groups | undefined {
  const value = property(balancer, "securityGroups");
  if (["network", undefined].includes(kindOf(balancer)) && value.list().length === 0) return undefined;
  return world.securityGroups.named(value);
}

/** All ways by which strangers' requests come to this listener of a balancer: straight, and by relays. */
export function exposures(
  world: World,
  balancer: Resource | undefined,
  listener: Resource,
  port: number | undefined,
): Exposure[] {
  if (balancer === undefined) return [elsewhere];
  const straight = exposure(world, balancer, port);
  const relays = [...relaysTo(world, balancer, port), ...relaysTo(world, listener, port)];
  // What comes with its own address gets in straight, if at all.
  const others = relays.filter(
    ({ sender, addsCredential }) => sender.kind !== "strangers" || addsCredential || straight?.certain !== true,
  );
  return [
    ...(straight === undefined ? [] : [straight]),
    ...others.flatMap((relay) => relayed(world, balancer, relay, port) ?? []),
  ];
}

const direct = { fix: undefined, addsCredential: false };

/** A balancer of which nothing is seen. */
export const elsewhere: Exposure = {
  ...direct,
  clients: { kind: "strangers", addresses: everywhere },
  certain: false,
  hops: [{ resource: undefined, note: "a load balancer that is not in this stack, so it may face the internet" }],
  groups: { keys: [], unseen: true },
  dualStack: true,
};

/** How the internet reaches this port of a balancer directly; undefined if it does not. */
export function exposure(world: World, balancer: Resource, port: number | undefined): Exposure | undefined {
  const internal = property(balancer, "internal");
  if (internal.flag() === true || standsInside(world.graph, subnetsOf(balancer))) return undefined;
  const facing = internal.isUnknown ? "may face the internet (internal is not known)" : "faces the internet";
  const groups = groupsOf(world, balancer);
  const admission = groups && world.securityGroups.passage(groups, port, { kind: "strangers", groups: undefined });
  if (groups !== undefined && admission === undefined) return undefined;
  const where = port === undefined ? "its ports" : `port ${port}`;
  const open =
    admission === undefined
      ? "it has no security group"
      : admission.certain
        ? `${admission.via.map(label).join(", ")} admits the internet to ${where}`
        : `who its security groups admit to ${where} is not known`;
  return {
    ...direct,
    clients: { kind: "strangers", addresses: admission?.addresses ?? everywhere },
    certain: !internal.isUnknown && (admission?.certain ?? true),
    hops: [{ resource: balancer, note: `${facing}; ${open}` }],
    groups,
    dualStack: isDualStack(balancer),
  };
}

function subnetsOf(balancer: Resource): ResourceValue[] {
  const mapped = property(balancer, "subnetMappings")
    .list()
    .map((mapping) => mapping.get("subnetId"));
  return [...property(balancer, "subnets").list(), ...mapped];
}

/** What a balancer's own groups leave of a relay; undefined if nothing. */
function relayed(world: World, balancer: Resource, relay: Relay, port: number | undefined): Exposure | undefined {
  const { sender } = relay;
  // The name of an internal balancer resolves to private addresses, which no service of AWS outside gets to.
  if (sender.kind === "service" && property(balancer, "internal").flag() === true) return undefined;
  const groups = groupsOf(world, balancer);
  const looking = relay.pastGroups ? undefined : groups;
  const admission = looking && world.securityGroups.passage(looking, port, sender);
  if (looking !== undefined && admission === undefined) return undefined;
  const via = admission?.via.map(label).join(", ") ?? "";
  const open =
    sender.kind === "strangers" && via !== "" ? `; ${via} admits the internet to port ${port ?? "(any)"}` : "";
  return {
    clients: { kind: sender.kind, addresses: addressesOf(balancer, sender, admission?.addresses) },
    certain: relay.certain && (admission?.certain ?? true),
    hops: [...relay.hops, { resource: balancer, note: `${relay.note}${open}` }],
    groups,
    dualStack: isDualStack(balancer),
    fix: relay.fix,
    addsCredential: relay.addsCredential,
  };
}

function addressesOf(balancer: Resource, { kind }: Sender, admitted: Addresses | undefined): Addresses {
  if (kind !== "inside") return admitted ?? everywhere;
  return intersection(admitted ?? everywhere, isDualStack(balancer) ? insideVpc : ofFamily(insideVpc, "v4"));
}

function isDualStack(balancer: Resource): boolean {
  const type = property(balancer, "ipAddressType");
  return !type.isOmitted && type.word() !== "ipv4";
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
  const ways = kept(waysIn, world.workloads, () => waysByTargetGroup(world));
  if (groups.length > 0) return groups.flatMap((group) => ways.get(group) ?? []);
  // A group outside the stack is the same one where its ARN is; one that is not known may be any of them.
  if (!targetGroupArn.isUnknown) return ways.get(targetGroupArn.text()) ?? [];
  return [...ways].flatMap(([group, found]) => (typeof group === "string" ? found : []));
}

type Ways = ReadonlyMap<Resource | string | undefined, readonly Way[]>;
const waysIn = new WeakMap<readonly Workload[], Ways>();

function waysByTargetGroup(world: World): Ways {
  const ways = new Map<Resource | string | undefined, Way[]>();
  for (const workload of world.workloads) {
    for (const target of workload.targets) {
      const groups = targetGroupsOf(world, workload, target);
      for (const targetGroup of groups) kept(ways, targetGroup, () => []).push({ workload, target, targetGroup });
      if (groups.length > 0) continue;
      kept(ways, target.targetGroup.text(), () => []).push({ workload, target, targetGroup: undefined });
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
  if (!target.targetGroup.isUnknown) return candidates;
  const ports = candidates.map((group) => property(group, "port").integer() ?? "any");
  const { source, property: name } = target.targetGroup;
  const entries = workload.targets.filter(
    ({ targetGroup: other }) => other.isUnknown && other.source === source && other.property === name,
  );
  const wanted = entries.map(({ containerPort }) => containerPort ?? "unknown");
  const pairUp = [...ports].sort().join() === [...wanted].sort().join();
  return pairUp ? candidates.filter((_, index) => ports[index] === target.containerPort) : candidates;
}

/**
 * Whether the tasks' own security groups let the balancer through to the container's port.
 * @param keeps whether clients keep their addresses; an application load balancer always comes with its own
 */
export function passesTaskGroups(world: World, { workload, target }: Way, from: Exposure, keeps: boolean): boolean {
  const port = workload.hostPort(target.containerPort);
  if (port === "any") return true; // a dynamic port of an instance
  if (!keeps) return world.securityGroups.admitsLoadBalancer(workload.groups, port, from.groups);
  // Groups that name the balancer's group admit what it forwards, whatever the address ("Security groups for your Network
  // Load Balancer"); clients of the other address family arrive with the balancer's address ("Edit target group attributes").
  const { addresses } = world.securityGroups.admitted(workload.groups, port);
  return (
    world.securityGroups.passage(workload.groups, port, { kind: from.clients.kind, groups: undefined }) !== undefined ||
    world.securityGroups.admitsMembers(workload.groups, port, from.groups) ||
    (from.dualStack && mayHoldVpcAddress(addresses))
  );
}

/**
 * Only network target groups can. Where it is omitted, TCP and TLS do for instances, the default type of targets, and TCP with
 * UDP for all (https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html).
 */
export function keepsClientAddress(targetGroup: Resource | undefined): boolean {
  if (targetGroup === undefined) return false;
  const keeps = property(targetGroup, "preserveClientIp");
  if (!keeps.isOmitted) return keeps.flag() === true;
  const protocol = property(targetGroup, "protocol").word() ?? "";
  const type = property(targetGroup, "targetType");
  const ofInstances = type.isOmitted || type.word() === "instance";
  return protocol === "tcp_udp" || (ofInstances && ["tcp", "tls"].includes(protocol));
}

/** The way on from a forward: target group, then service. */
export function inward(targetGroup: Resource | undefined, workload: Workload, target: Target): Hop[] {
  const port = target.containerPort === undefined ? "a port that is not known" : `port ${target.containerPort}`;
  const container = target.containerName === undefined ? "" : ` of container ${JSON.stringify(target.containerName)}`;
  return [
    ...(targetGroup === undefined ? [] : [{ resource: targetGroup, note: "passes every request on" }]),
    {
      resource: workload.service,
      note: `${workload.definition === undefined ? "takes" : "its tasks take"} them on ${port}${container}`,
    },
  ];
}
