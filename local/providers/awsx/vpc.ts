import * as getAvailabilityZones from "@pulumi/aws/getAvailabilityZones";
import { Eip } from "@pulumi/aws/ec2/eip";
import { InternetGateway } from "@pulumi/aws/ec2/internetGateway";
import { NatGateway } from "@pulumi/aws/ec2/natGateway";
import { Route } from "@pulumi/aws/ec2/route";
import { RouteTable } from "@pulumi/aws/ec2/routeTable";
import { RouteTableAssociation } from "@pulumi/aws/ec2/routeTableAssociation";
import { Subnet } from "@pulumi/aws/ec2/subnet";
import { Vpc as AwsVpc, type VpcArgs as AwsVpcArgs } from "@pulumi/aws/ec2/vpc";
import * as pulumi from "@pulumi/pulumi";
import { formatBlock } from "./cidr";
import { ipv6Block } from "./ipv6";
import { layout, type Subnet as PlannedSubnet, subnetName, type SubnetSpec, type SubnetStrategy } from "./subnets";
import { VpcEndpoints, type VpcEndpointSpec } from "./vpc-endpoints";

type Tags = Record<string, pulumi.Input<string>>;
type NatStrategy = "None" | "Single" | "OnePerAz";

/** awsx.ec2.VpcArgs, as they arrive at the provider. */
export interface VpcArgs extends Omit<AwsVpcArgs, "tags" | "cidrBlock"> {
  cidrBlock?: string;
  availabilityZoneNames?: string[];
  numberOfAvailabilityZones?: number;
  availabilityZoneCidrMask?: number;
  natGateways?: { strategy: NatStrategy; elasticIpAllocationIds?: pulumi.Input<string>[] };
  subnetSpecs?: SubnetSpec[];
  subnetStrategy?: SubnetStrategy;
  subnetNameTagStrategy?: "Legacy" | "AvailabilityZone";
  tags?: Tags;
  vpcEndpointSpecs?: VpcEndpointSpec[];
  vpcEndpointStrategy?: "Legacy" | "Auto";
}

/** Children, names, parents and order of pulumi-awsx's awsx/ec2/vpc.ts. */
export class Vpc extends pulumi.ComponentResource {
  readonly name: string;

  constructor(name: string, opts: pulumi.ComponentResourceOptions) {
    super("awsx:ec2:Vpc", name, {}, opts);
    this.name = name;
  }

  /** Makes the children; the result is the component's outputs. */
  async build(args: VpcArgs): Promise<pulumi.Inputs> {
    if (args.availabilityZoneNames && args.numberOfAvailabilityZones) {
      throw new Error("Only one of [availabilityZoneNames] and [numberOfAvailabilityZones] can be specified");
    }
    if (args.ipv4IpamPoolId !== undefined) {
      throw new Error(
        "The local awsx provider divides a VPC with a cidrBlock only: give cidrBlock, not ipv4IpamPoolId",
      );
    }
    const zones = args.availabilityZoneNames ?? (await this.zones(args.numberOfAvailabilityZones ?? 3, args.region));
    const strategy = natStrategy(args.natGateways?.strategy ?? "OnePerAz");
    const allocationIds = args.natGateways?.elasticIpAllocationIds ?? [];
    validateAllocations(strategy, allocationIds.length, zones.length);
    const cidrBlock = args.cidrBlock ?? "10.0.0.0/16";
    const { subnetStrategy = "Legacy", subnetSpecs: specs, availabilityZoneCidrMask: zoneMask } = args;
    const subnets = layout({ cidrBlock, zones, specs, strategy: subnetStrategy, zoneMask });
    validateNatGateways(strategy, subnets);
    return this.network({ args, zones, strategy, allocationIds, cidrBlock, subnets });
  }

  private async zones(count: number, region: pulumi.Input<string | undefined> | undefined): Promise<string[]> {
    if (region !== undefined && typeof region !== "string") {
      throw new Error(
        "Vpc.region must be a plain string when availabilityZoneNames is not set. If region is dynamic, specify availabilityZoneNames explicitly.",
      );
    }
    const { names } = await getAvailabilityZones.getAvailabilityZones(region ? { region } : {}, { parent: this });
    if (names.length < count) {
      throw new Error(
        `The configured region for this provider does not have at least ${count} Availability Zones. Either specify an explicit list of zones in availabilityZoneNames or choose a region with at least ${count} AZs.`,
      );
    }
    return names.slice(0, count);
  }

  private network(plan: Plan): pulumi.Inputs {
    const { args, zones, cidrBlock } = plan;
    const { region } = args;
    const shared: Tags = { Name: this.name, ...args.tags };
    const endpoints = new VpcEndpoints(args.vpcEndpointSpecs ?? [], args.vpcEndpointStrategy ?? "Legacy");
    const dns = endpoints.dnsDefaults(args);
    const vpc = new AwsVpc(this.name, { ...args, ...dns, cidrBlock, tags: shared }, { parent: this });
    const gateway = new InternetGateway(
      this.name,
      { region, vpcId: vpc.id, tags: shared },
      { parent: vpc, dependsOn: [vpc] },
    );
    const made: Made = { vpc, gateway, subnets: [], routeTables: [], associations: [], routes: [], nats: [], eips: [] };
    zones.forEach((zone, index) => {
      const own = plan.subnets.filter((subnet) => subnet.zone === zone && subnet.spec.type !== "Unused");
      // Public first: the private ones need its NAT gateway.
      const inOrder = [...own].sort((a, b) => rank(a) - rank(b));
      inOrder.forEach((subnet, position) => this.subnet(subnet, index, index + position * zones.length, plan, made));
    });
    const vpcEndpoints = endpoints.make(vpc, zones, made, { region, tags: shared });
    const ofType = (type: string) =>
      made.subnets.filter((subnet) => subnet.type === type).map(({ resource }) => resource);
    const [publicSubnets, privateSubnets, isolatedSubnets] = ["public", "private", "isolated"].map(ofType);
    return {
      vpc,
      vpcId: vpc.id,
      subnets: made.subnets.map(({ resource }) => resource),
      publicSubnets,
      privateSubnets,
      isolatedSubnets,
      publicSubnetIds: publicSubnets?.map(({ id }) => id),
      privateSubnetIds: privateSubnets?.map(({ id }) => id),
      isolatedSubnetIds: isolatedSubnets?.map(({ id }) => id),
      internetGateway: gateway,
      routeTables: made.routeTables,
      routeTableAssociations: made.associations,
      routes: made.routes,
      natGateways: made.nats,
      eips: made.eips,
      vpcEndpoints,
      subnetLayout: plan.subnets
        .filter(({ zoneNumber }) => zoneNumber === 1)
        .map(({ spec, block }) => ({
          type: spec.type,
          name: spec.name,
          cidrMask: block.mask,
          cidrBlocks: spec.cidrBlocks,
        })),
    };
  }

  private subnet(planned: PlannedSubnet, zoneIndex: number, subnetIndex: number, plan: Plan, made: Made): void {
    const { args, strategy, allocationIds } = plan;
    const { region } = args;
    const { vpc } = made;
    const { spec, zone } = planned;
    const type = spec.type.toLowerCase();
    const name = subnetName(this.name, planned);
    const shared: Tags = { Name: this.name, ...args.tags };
    const tag = args.subnetNameTagStrategy === "AvailabilityZone" ? name.replace(/\d+$/, zoneSuffix(zone)) : name;
    const named: Tags = { Name: tag, SubnetType: spec.type };
    const ipv6 = pulumi
      .all([spec.assignIpv6AddressOnCreation, args.assignGeneratedIpv6CidrBlock])
      .apply(([own, generated]) => own ?? generated ?? false);
    const subnet = new Subnet(
      name,
      {
        region,
        vpcId: vpc.id,
        availabilityZone: zone,
        mapPublicIpOnLaunch: type === "public",
        cidrBlock: formatBlock(planned.block),
        assignIpv6AddressOnCreation: ipv6,
        // Unknown in a preview even without IPv6, as it is with the real component: it waits for the VPC.
        ipv6CidrBlock: pulumi
          .all([vpc.ipv6CidrBlock, ipv6])
          .apply(([block, wanted]) => (wanted ? ipv6Block(block, subnetIndex) : undefined)),
        tags: { ...shared, ...(spec.tags as Tags | undefined), ...named },
      },
      { parent: vpc, dependsOn: [vpc] },
    );
    made.subnets.push({ resource: subnet, type, zone });
    const tags = { ...shared, ...named };
    const table = new RouteTable(name, { region, vpcId: vpc.id, tags }, { parent: subnet, dependsOn: [subnet] });
    made.routeTables.push(table);
    const below = { parent: table, dependsOn: [table] };
    made.associations.push(
      new RouteTableAssociation(name, { region, routeTableId: table.id, subnetId: subnet.id }, below),
    );
    const route = (target: { gatewayId?: pulumi.Input<string>; natGatewayId?: pulumi.Input<string> }) =>
      made.routes.push(
        new Route(name, { region, routeTableId: table.id, ...target, destinationCidrBlock: "0.0.0.0/0" }, below),
      );
    if (type === "public") {
      const wanted = strategy === "OnePerAz" ? zoneIndex + 1 : strategy === "Single" ? 1 : 0;
      if (made.nats.length < wanted) this.natGateway(subnet, zoneIndex, args, allocationIds, made);
      route({ gatewayId: made.gateway.id });
    } else if (type === "private" && strategy !== "None") {
      const nat = made.nats[strategy === "Single" ? 0 : zoneIndex];
      if (nat) route({ natGatewayId: nat.id });
    }
  }

  private natGateway(
    subnet: Subnet,
    zoneIndex: number,
    { region, tags }: VpcArgs,
    allocationIds: pulumi.Input<string>[],
    made: Made,
  ): void {
    const name = `${this.name}-${zoneIndex + 1}`;
    const options = { parent: subnet, dependsOn: [subnet] };
    const own: Tags = { ...tags, Name: name };
    let allocationId = allocationIds[zoneIndex];
    if (allocationIds.length === 0) {
      const eip = new Eip(name, { region, tags: own }, options);
      made.eips.push(eip);
      allocationId = eip.allocationId;
    }
    made.nats.push(new NatGateway(name, { region, subnetId: subnet.id, allocationId, tags: own }, options));
  }
}

interface Plan {
  args: VpcArgs;
  zones: string[];
  strategy: NatStrategy;
  allocationIds: pulumi.Input<string>[];
  cidrBlock: string;
  subnets: PlannedSubnet[];
}

export interface Made {
  vpc: AwsVpc;
  gateway: InternetGateway;
  subnets: { resource: Subnet; type: string; zone: string }[];
  routeTables: RouteTable[];
  associations: RouteTableAssociation[];
  routes: Route[];
  nats: NatGateway[];
  eips: Eip[];
}

function rank({ spec }: PlannedSubnet): number {
  return ["public", "private", "isolated"].indexOf(spec.type.toLowerCase());
}

/** `eu-west-1a` is `1a`. */
function zoneSuffix(zone: string): string {
  return zone.replace(/^[a-z]{2}(?:-[a-z]+)+-/, "");
}

function natStrategy(given: string): NatStrategy {
  const known = (["None", "Single", "OnePerAz"] as const).find((name) => name.toLowerCase() === given.toLowerCase());
  if (!known) throw new Error(`Unknown NatGatewayStrategy '${given}'`);
  return known;
}

function validateAllocations(strategy: NatStrategy, given: number, zones: number): void {
  if (strategy === "None" && given > 0) {
    throw new Error(`Elastic IP allocation IDs cannot be specified when NAT Gateway strategy is '${strategy}'.`);
  }
  if (strategy === "Single" && given > 1) {
    throw new Error(`Exactly one Elastic IP may be specified when NAT Gateway strategy is '${strategy}'.`);
  }
  if (strategy === "OnePerAz" && given > 0 && given !== zones) {
    throw new Error(
      `The number of Elastic IPs, if specified, must match the number of availability zones for the VPC (${zones}) when NAT Gateway strategy is '${strategy}'`,
    );
  }
}

function validateNatGateways(strategy: NatStrategy, subnets: PlannedSubnet[]): void {
  const has = (...types: string[]) => subnets.some(({ spec }) => types.includes(spec.type.toLowerCase()));
  if (strategy !== "None" && !(has("public") && has("private", "isolated"))) {
    throw new Error(
      "If NAT Gateway strategy is 'OnePerAz' or 'Single', public subnets must be declared to host the NAT Gateway resource, along with private or isolated subnets to route through it.",
    );
  }
}
