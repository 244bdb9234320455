import { type Graph, kept, property, type Resource, type ResourceValue } from "../model";
import { behindAddress } from "../relays/destinations";
import type { Groups } from "../security-group-rules";
import type { SecurityGroups } from "../security-groups";
import { assignPublicAddresses, mayHaveIpv6, standsInside, worst } from "../subnets";
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
  const own = propertyOf(resource);
  const templates = named(graph, templateNames(resource), [...types.launchTemplate, ...types.launchConfiguration]);
  const starts = [
    ...templates.resources.map(propertyOf),
    ...property(resource, "launchSpecifications").list().map(fieldOf),
  ];
  const attached = attachedInterfaces(graph, resource, [own, ...starts]);
  // What is said of the resource itself goes for all of its machines, each of which starts in one of the ways.
  const common = [...withInterfaces(own), ...attached.resources.map(propertyOf)];
  const ways = starts.length > 0 ? starts.map((start) => [...common, ...withInterfaces(start)]) : [common];
  const interfaces = [...new Set(ways.flat())];
  const subnets = [
    ...interfaces.map((each) => each("subnetId")),
    ...overridesOf(resource).map((override) => override.get("subnetId")),
    ...property(resource, "vpcZoneIdentifiers").list(),
  ].filter((subnet) => !subnet.isOmitted);
  const inside = standsInside(graph, subnets);
  const isUnseen = templates.isUnseen || attached.isUnseen;
  const addresses = ways.map((way) => publicAddress(graph, resource, way, subnets));
  const groups = securityGroups.named(groupValues(graph, resource, interfaces));
  const scripts = [own, ...starts].flatMap((launch) => [launch("userData"), launch("userDataBase64")]);
  return {
    resource,
    scripts: scripts.flatMap((value) => scriptIn(value.text() ?? "") ?? []),
    hidesScript: templates.isUnseen || scripts.some((value) => value.isUnknown),
    publicIp: inside ? "no" : worst([...addresses, isUnseen ? "maybe" : "no"]),
    ipv6: !inside && (mayHaveIpv6(graph, subnets) || interfaces.some(asksForIpv6)),
    groups: { ...groups, unseen: groups.unseen || isUnseen },
    targets: [
      ...attachedTargets(graph, resource, types.instance),
      ...attached.resources.flatMap((each) => attachedTargets(graph, each, types.networkInterface)),
      ...groupTargets(graph, resource),
    ],
  };
}

const propertyOf =
  (resource: Resource): Launch =>
  (name) =>
    property(resource, name);

const fieldOf =
  (object: ResourceValue): Launch =>
  (name) =>
    object.get(name);

const withInterfaces = (launch: Launch): Launch[] => [launch, ...launch("networkInterfaces").list().map(fieldOf)];

/** What values name, and whether some of it is of another stack, where nothing of it is seen. */
interface Named {
  readonly resources: readonly Resource[];
  readonly isUnseen: boolean;
}

function named(graph: Graph, values: readonly ResourceValue[], kinds: readonly string[]): Named {
  const found = values
    .filter((value) => !value.isOmitted)
    .map((value) => ({ value, resources: graph.referred(value, kinds) }));
  return {
    resources: [...new Set(found.flatMap(({ resources }) => resources))],
    isUnseen: found.some(({ value, resources }) => resources.length === 0 && !graph.trusts(value)),
  };
}

/** An instance's own settings come before its template's; a group starts by templates alone. */
function templateNames(resource: Resource): ResourceValue[] {
  const mixed = property(resource, "mixedInstancesPolicy").get("launchTemplate");
  const specifications = [
    property(resource, "launchTemplate"),
    ...[mixed, ...property(resource, "launchTemplateConfigs").list(), ...overridesOf(resource)].map((entry) =>
      entry.get("launchTemplateSpecification"),
    ),
  ];
  return [
    ...specifications.flatMap((each) =>
      ["id", "name", "launchTemplateId", "launchTemplateName"].map((name) => each.get(name)),
    ),
    property(resource, "launchConfiguration"),
  ];
}

/** What some machines of a group or a fleet have instead. */
function overridesOf(resource: Resource): ResourceValue[] {
  const mixed = property(resource, "mixedInstancesPolicy").get("launchTemplate");
  return [mixed, ...property(resource, "launchTemplateConfigs").list()].flatMap((entry) =>
    entry.get("overrides").list(),
  );
}

/** Network interfaces with settings of their own that are attached to a machine. */
function attachedInterfaces(graph: Graph, resource: Resource, launches: readonly Launch[]): Named {
  const { instance, networkInterface, networkInterfaceAttachment } = types;
  const entries = [
    ...launches.flatMap((each) => each("networkInterfaces").list()),
    property(resource, "primaryNetworkInterface"),
  ];
  const { resources, isUnseen } = named(
    graph,
    [
      ...entries.map((each) => each.get("networkInterfaceId")),
      ...graph
        .thatName(resource, networkInterfaceAttachment, "instanceId", instance)
        .map((each) => property(each, "networkInterfaceId")),
    ],
    networkInterface,
  );
  const attachingThemselves = graph.thatName(resource, networkInterface, "attachments.instance", instance);
  return { resources: [...new Set([...resources, ...attachingThemselves])], isUnseen };
}

/** An elastic address is public; else what the machine or its subnet says, which by default is a public one. */
function publicAddress(
  graph: Graph,
  resource: Resource,
  way: readonly Launch[],
  subnets: readonly ResourceValue[],
): Host["publicIp"] {
  if (elasticallyAddressed(graph).has(resource)) return "yes";
  const asked = way.map((each) => each("associatePublicIpAddress")).filter((value) => !value.isOmitted);
  if (asked.some((value) => value.flag() === true)) return "yes";
  if (asked.some((value) => value.flag() === undefined)) return "maybe";
  if (asked.length > 0) return "no";
  return assignPublicAddresses(graph, subnets);
}

const elastic = new WeakMap<Graph, ReadonlySet<Resource>>();

function elasticallyAddressed(graph: Graph): ReadonlySet<Resource> {
  const { elasticIp, elasticIpAssociation, instance, networkInterface } = types;
  return kept(elastic, graph, () => {
    // The address itself may be of another stack.
    const holders = graph
      .ofType(elasticIpAssociation)
      .flatMap((each) => [property(each, "instanceId"), property(each, "networkInterfaceId")])
      .flatMap((value) => graph.referred(value, [...instance, ...networkInterface]));
    return new Set([...graph.ofType(elasticIp), ...holders].flatMap((each) => behindAddress(graph, each)));
  });
}

function asksForIpv6(launch: Launch): boolean {
  const counts = ["ipv6AddressCount", "ipv6PrefixCount"].map((name) => launch(name));
  const lists = ["ipv6Addresses", "ipv6AddressLists", "ipv6Prefixes"].map((name) => launch(name));
  return (
    counts.some((count) => !count.isOmitted && count.integer() !== 0) || lists.some((list) => list.list().length > 0)
  );
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
    ...interfaces.flatMap((each) =>
      ["vpcSecurityGroupIds", "securityGroups", "securityGroupNames"].flatMap((name) => each(name).list()),
    ),
    ...attachments.map((attachment) => property(attachment, "securityGroupId")),
  ];
}

/** Target groups that are told of an instance, or of the address of an interface. */
function attachedTargets(graph: Graph, resource: Resource, kinds: readonly string[]): Target[] {
  return graph.thatName(resource, types.targetGroupAttachment, "targetId", kinds).flatMap((attachment) => {
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
