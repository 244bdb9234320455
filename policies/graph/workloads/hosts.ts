import { type Graph, kept, property, type Resource, type ResourceValue } from "../model";
import { behindAddress } from "../relays/destinations";
import type { Groups } from "../security-group-rules";
import type { SecurityGroups } from "../security-groups";
import { assignPublicAddresses, mayHaveIpv6, standsInside } from "../subnets";
import type { Target } from "../tasks";
import { types } from "../types";
import { scriptIn } from "./user-data";

/** A machine, or machines alike, that the stack starts: an instance, an auto scaling group, a fleet. */
export interface Host {
  readonly resource: Resource;
  /** User data, as far as it is known. */
  readonly scripts: readonly string[];
  /** Some of its user data is not known. */
  readonly hidesScript: boolean;
  readonly publicIp: "yes" | "maybe" | "no";
  readonly ipv6: boolean;
  readonly groups: Groups;
  readonly targets: readonly Target[];
}

/** What says how a machine is started: its own properties, a launch template's, an entry of a fleet. */
type Launch = (name: string) => ResourceValue;

const all = new WeakMap<Graph, readonly Host[]>();

export function hosts(graph: Graph, securityGroups: SecurityGroups): readonly Host[] {
  return kept(all, graph, () =>
    graph
      .ofType([...types.instance, ...types.autoscalingGroup, ...types.spotFleet, ...types.fleet])
      .map((resource) => host(graph, securityGroups, resource)),
  );
}

function host(graph: Graph, securityGroups: SecurityGroups, resource: Resource): Host {
  const launches = launchesOf(graph, resource);
  const scripts = launches.flatMap((launch) => [launch("userData"), launch("userDataBase64")]);
  const interfaces = [
    ...launches.flatMap((launch) => [launch, ...launch("networkInterfaces").list().map(fieldOf)]),
    ...interfacesOf(graph, resource).map(
      (each): Launch =>
        (name) =>
          property(each, name),
    ),
  ];
  const subnets = [
    ...interfaces.map((each) => each("subnetId")),
    ...property(resource, "vpcZoneIdentifiers").list(),
  ].filter((subnet) => !subnet.isOmitted);
  const inside = standsInside(graph, subnets);
  return {
    resource,
    scripts: scripts.flatMap((value) => scriptIn(value.text() ?? "") ?? []),
    hidesScript: scripts.some((value) => value.isUnknown),
    publicIp: inside ? "no" : publicAddress(graph, resource, interfaces, subnets),
    ipv6: !inside && (mayHaveIpv6(graph, subnets) || interfaces.some(asksForIpv6)),
    groups: securityGroups.named(groupValues(graph, resource, interfaces)),
    targets: [...attachedTargets(graph, resource), ...groupTargets(graph, resource)],
  };
}

/** An instance's own settings come before its template's; a group starts by templates alone. */
function launchesOf(graph: Graph, resource: Resource): Launch[] {
  const named = [
    property(resource, "launchTemplate"),
    ...property(resource, "mixedInstancesPolicy").get("launchTemplate").list().flatMap(specifications),
    ...property(resource, "launchTemplateConfigs").list().flatMap(specifications),
  ].flatMap((specification) => specification.list());
  const templates = named
    .flatMap((each) => ["id", "name", "launchTemplateId", "launchTemplateName"].map((name) => each.get(name)))
    .flatMap((value) => graph.referred(value, types.launchTemplate));
  const configurations = graph.referred(property(resource, "launchConfiguration"), types.launchConfiguration);
  const inline = property(resource, "launchSpecifications").list().map(fieldOf);
  return [
    (name) => property(resource, name),
    ...[...new Set([...templates, ...configurations])].map(
      (each): Launch =>
        (name) =>
          property(each, name),
    ),
    ...inline,
  ];
}

function specifications(entry: ResourceValue): ResourceValue[] {
  return [
    entry.get("launchTemplateSpecification"),
    ...entry
      .get("overrides")
      .list()
      .map((override) => override.get("launchTemplateSpecification")),
  ];
}

const fieldOf =
  (object: ResourceValue): Launch =>
  (name) =>
    object.get(name);

/** Network interfaces of the stack that are attached to an instance. */
function interfacesOf(graph: Graph, resource: Resource): Resource[] {
  const named = ["networkInterfaces", "primaryNetworkInterface"]
    .flatMap((name) => property(resource, name).list())
    .flatMap((each) => graph.referred(each.get("networkInterfaceId"), types.networkInterface));
  const attached = graph
    .thatName(resource, types.networkInterfaceAttachment, "instanceId", types.instance)
    .flatMap((each) => graph.referred(property(each, "networkInterfaceId"), types.networkInterface));
  return [...new Set([...named, ...attached])];
}

/** An elastic address is public; else what the machine or its subnet says, which by default is a public one. */
function publicAddress(
  graph: Graph,
  resource: Resource,
  interfaces: readonly Launch[],
  subnets: readonly ResourceValue[],
): Host["publicIp"] {
  if (elasticallyAddressed(graph).has(resource)) return "yes";
  const asked = interfaces.map((each) => each("associatePublicIpAddress")).filter((value) => !value.isOmitted);
  if (asked.some((value) => value.flag() === true)) return "yes";
  if (asked.some((value) => value.flag() === undefined)) return "maybe";
  if (asked.length > 0) return "no";
  return assignPublicAddresses(graph, subnets);
}

const elastic = new WeakMap<Graph, ReadonlySet<Resource>>();

function elasticallyAddressed(graph: Graph): ReadonlySet<Resource> {
  return kept(
    elastic,
    graph,
    () => new Set(graph.ofType(types.elasticIp).flatMap((address) => behindAddress(graph, address))),
  );
}

function asksForIpv6(launch: Launch): boolean {
  const count = launch("ipv6AddressCount");
  return (!count.isOmitted && count.integer() !== 0) || launch("ipv6Addresses").list().length > 0;
}

/** All security groups of all interfaces: what any of them admits gets to the machine. */
function groupValues(graph: Graph, resource: Resource, interfaces: readonly Launch[]): ResourceValue[] {
  const attachments = graph.ofType(types.interfaceGroupAttachment).filter((attachment) => {
    const on = graph.referred(property(attachment, "networkInterfaceId"), [
      ...types.instance,
      ...types.networkInterface,
    ]);
    return on.flatMap((each) => behindAddress(graph, each)).includes(resource);
  });
  return [
    ...interfaces.flatMap((each) => [...each("vpcSecurityGroupIds").list(), ...each("securityGroups").list()]),
    ...attachments.map((attachment) => property(attachment, "securityGroupId")),
  ];
}

/** Target groups and classic balancers that are told of an instance. */
function attachedTargets(graph: Graph, resource: Resource): Target[] {
  return graph.thatName(resource, types.targetGroupAttachment, "targetId", types.instance).flatMap((attachment) => {
    const targetGroup = property(attachment, "targetGroupArn");
    return targetIn(graph, targetGroup, property(attachment, "port"));
  });
}

/** Target groups that an auto scaling group or a fleet registers its machines with. */
function groupTargets(graph: Graph, resource: Resource): Target[] {
  const { autoscalingAttachment, trafficSourceAttachment, autoscalingGroup } = types;
  const attached = (kind: readonly string[]): readonly Resource[] =>
    autoscalingGroup.includes(resource.type)
      ? graph.thatName(resource, kind, "autoscalingGroupName", autoscalingGroup)
      : [];
  return [
    ...property(resource, "targetGroupArns").list(),
    ...property(resource, "trafficSources")
      .list()
      .map((source) => source.get("identifier")),
    ...attached(autoscalingAttachment).map((each) => property(each, "lbTargetGroupArn")),
    ...attached(trafficSourceAttachment).map((each) => property(each, "trafficSource").get("identifier")),
  ].flatMap((targetGroup) => targetIn(graph, targetGroup, property(resource, "none")));
}

/** Registered on a port of their own or on the target group's. */
function targetIn(graph: Graph, targetGroup: ResourceValue, port: ResourceValue): Target[] {
  const groups = graph.referred(targetGroup, types.targetGroup);
  const ports = port.isOmitted ? groups.map((group) => property(group, "port").integer()) : [port.integer()];
  return [...new Set(ports.length > 0 ? ports : [undefined])].map((containerPort) => ({
    targetGroup,
    containerName: undefined,
    containerPort,
  }));
}
