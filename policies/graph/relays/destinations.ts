import { servicesAt } from "../kubernetes/services";
import { type Graph, hostOf, property, type Resource, type ResourceValue } from "../model";
import { types } from "../types";

/** What a host name, a URL or an ARN may name. */
const addressable: readonly string[] = [
  ...[...types.loadBalancer, ...types.classicLoadBalancer, ...types.instance, ...types.elasticIp],
  ...[...types.networkInterface, ...types.record, ...types.cloudMapService, ...types.ecsService],
  ...[...types.accelerator, ...types.distribution, ...types.httpApi, ...types.restApi, ...types.functionUrl],
  ...[...types.lambda, ...types.appRunnerService, ...types.lightsailService, ...types.lightsailBalancer],
  ...types.lightsailInstance,
];

/** The resources of the stack at an address (a host, a URL, an ARN), names of the stack followed to what they name. */
export function placesAt(graph: Graph, value: ResourceValue): Resource[] {
  const text = value.text();
  const found =
    text === undefined
      ? graph.referred(value, addressable)
      : [...graph.referred(value, addressable), ...placesNamed(graph, hostOf(text))];
  return [...new Set(followed(graph, found, new Set()))];
}

/** The same by host: its whole name, or the first label of what service discovery gives names to. */
export function placesNamed(graph: Graph, host: string): Resource[] {
  const [first = ""] = host.split(".");
  const discovered = graph
    .ofType(types.cloudMapService)
    .filter((service) => property(service, "name").word() === first);
  const connected = graph
    .ofType(types.ecsService)
    .filter((service) => aliasesOf(service).some((alias) => alias === host || alias === first));
  return [...graph.named(host, addressable), ...discovered, ...connected, ...servicesAt(graph, host)];
}

/** Names that ECS Service Connect gives a service inside its namespace. */
function aliasesOf(service: Resource): string[] {
  return property(service, "serviceConnectConfiguration")
    .get("services")
    .list()
    .flatMap((each) => [
      each.get("discoveryName"),
      each.get("portName"),
      ...each
        .get("clientAlias")
        .list()
        .map((alias) => alias.get("dnsName")),
    ])
    .flatMap((name) => name.word() ?? []);
}

/** A record stands for what it points at, an elastic address for what has it. */
function followed(graph: Graph, resources: readonly Resource[], seen: Set<Resource>): Resource[] {
  return resources.flatMap((resource) => {
    if (seen.has(resource)) return [];
    seen.add(resource);
    if (types.record.includes(resource.type)) {
      const targets = [
        ...property(resource, "records").list(),
        ...property(resource, "aliases")
          .list()
          .map((alias) => alias.get("name")),
      ];
      return followed(
        graph,
        targets.flatMap((target) => [...graph.referred(target, addressable), ...byHost(graph, target)]),
        seen,
      );
    }
    return behindAddress(graph, resource);
  });
}

function byHost(graph: Graph, value: ResourceValue): Resource[] {
  const text = value.text();
  return text === undefined ? [] : placesNamed(graph, hostOf(text));
}

/** What an elastic address or a network interface belongs to; anything else is what it is. */
export function behindAddress(graph: Graph, resource: Resource): Resource[] {
  const { elasticIp, elasticIpAssociation, networkInterface, networkInterfaceAttachment, instance } = types;
  const holders = [...instance, ...networkInterface];
  if (elasticIp.includes(resource.type)) {
    const associations = graph.thatName(resource, elasticIpAssociation, "allocationId", elasticIp);
    const held = [
      property(resource, "instance"),
      property(resource, "networkInterface"),
      ...associations.flatMap((each) => [property(each, "instanceId"), property(each, "networkInterfaceId")]),
    ];
    return held.flatMap((value) => graph.referred(value, holders)).flatMap((each) => behindAddress(graph, each));
  }
  if (!networkInterface.includes(resource.type)) return [resource];
  const attachments = graph.thatName(resource, networkInterfaceAttachment, "networkInterfaceId", networkInterface);
  return [
    ...attachments.flatMap((each) => graph.referred(property(each, "instanceId"), instance)),
    ...property(resource, "attachments")
      .list()
      .flatMap((each) => graph.referred(each.get("instance"), instance)),
    ...graph.thatName(resource, instance, "networkInterfaces.networkInterfaceId", networkInterface),
    ...graph.thatName(resource, instance, "primaryNetworkInterface.networkInterfaceId", networkInterface),
  ];
}

/** The port that a URL names, 80 where it names none; undefined where it is not known. */
export function portOf(value: ResourceValue): number | undefined {
  const text = value.text();
  return text === undefined ? undefined : (portIn(text) ?? 80);
}

/** The port of an address, or that of its scheme; undefined without either. */
export function portIn(address: string): number | undefined {
  const [, scheme, port] = /^(?:([^:/]+):\/\/)?[^/?#]*?(?::(\d{1,5}))?(?:[/?#]|$)/.exec(address.trim()) ?? [];
  if (port !== undefined) return Number(port);
  return scheme === undefined ? undefined : ["https", "wss"].includes(scheme.toLowerCase()) ? 443 : 80;
}

/** The services of Cloud Map under which a service of ECS is found. */
export function registriesOf(graph: Graph, service: Resource): Resource[] {
  return property(service, "serviceRegistries")
    .list()
    .flatMap((registry) => graph.referred(registry.get("registryArn"), types.cloudMapService));
}
