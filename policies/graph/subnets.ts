import { type Graph, property, type Resource, type ResourceValue } from "./model";
import { types } from "./types";

/**
 * Whether all of these subnets are known to have no way from the internet in: without a route to an internet gateway
 * "resources in the subnet cannot be reached" (Amazon VPC, "Enable internet access for a VPC using internet gateways").
 */
export function standsInside(graph: Graph, subnets: readonly ResourceValue[]): boolean {
  return (
    subnets.length > 0 && subnets.every((subnet) => isPrivate(graph, subnet)) && graph.areFound(subnets, types.subnet)
  );
}

/** Whether an instance started in one of these subnets gets a public IPv4 address where it does not say itself. */
export function assignPublicAddresses(graph: Graph, subnets: readonly ResourceValue[]): "yes" | "maybe" | "no" {
  // Default subnets do (Amazon VPC, "Default subnets").
  if (subnets.length === 0) return "yes";
  const answers = subnets.flatMap((subnet) => graph.referred(subnet, types.subnet)).map(assigns);
  return worst(graph.areFound(subnets, types.subnet) ? answers : [...answers, "maybe"]);
}

function assigns(subnet: Resource): "yes" | "maybe" | "no" {
  const assigned = property(subnet, "mapPublicIpOnLaunch");
  if (assigned.isOmitted) return types.defaultSubnet.includes(subnet.type) ? "yes" : "no";
  return assigned.flag() === true ? "yes" : assigned.flag() === false ? "no" : "maybe";
}

/** Whether what stands in these subnets may have IPv6 addresses: all of those are public. */
export function mayHaveIpv6(graph: Graph, subnets: readonly ResourceValue[]): boolean {
  const found = subnets.flatMap((subnet) => graph.referred(subnet, types.subnet));
  return found.some((subnet) =>
    ["ipv6CidrBlock", "ipv6IpamPoolId", "ipv6Native", "assignIpv6AddressOnCreation"].some((name) => {
      const value = property(subnet, name);
      return !value.isOmitted && value.flag() !== false;
    }),
  );
}

export function worst(answers: readonly ("yes" | "maybe" | "no")[]): "yes" | "maybe" | "no" {
  return answers.includes("yes") ? "yes" : answers.includes("maybe") ? "maybe" : "no";
}

/** Only what is seen to be private is: the subnet, its one route table, and that table's routes. */
function isPrivate(graph: Graph, value: ResourceValue): boolean {
  return graph.referred(value, types.subnet).every((subnet) => isSubnetPrivate(graph, subnet));
}

function isSubnetPrivate(graph: Graph, subnet: Resource): boolean {
  const associations = graph.thatName(subnet, types.routeTableAssociation, "subnetId", types.subnet);
  // Without one it has the VPC's main route table, which is in no stack as a whole.
  if (associations.length === 0) return false;
  return associations.every((association) => {
    const tables = graph.referred(property(association, "routeTableId"), types.routeTable);
    return tables.length > 0 && tables.every((table) => leadsNowhereOutside(graph, table));
  });
}

function leadsNowhereOutside(graph: Graph, table: Resource): boolean {
  const separate = graph.thatName(table, types.route, "routeTableId", types.routeTable);
  const inline = property(table, "routes").list();
  return (
    inline.every((route) => isInward((name) => route.get(name))) &&
    separate.every((route) => isInward((name) => property(route, name)))
  );
}

/** A route out through NAT lets nobody in; one to a firewall's endpoint or another network may. */
function isInward(of: (name: string) => ResourceValue): boolean {
  const inwardOnly = ["natGatewayId", "egressOnlyGatewayId", "vpcPeeringConnectionId"];
  if (of("gatewayId").text() === "local") return true;
  const gateways = [
    ...["gatewayId", "transitGatewayId", "vpcEndpointId", "networkInterfaceId", "carrierGatewayId"],
    ...["localGatewayId", "coreNetworkArn", "instanceId", "odbNetworkArn"],
  ];
  return gateways.every((name) => of(name).isOmitted) && inwardOnly.some((name) => !of(name).isOmitted);
}
