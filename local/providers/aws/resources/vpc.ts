import { Netmask } from "netmask";
import type { Properties } from "../../grpc/values";
import { type AwsBehaviours, ec2 } from "./behaviours";
import { ec2Id, hex, publicIp, stableHex } from "../identifiers";
import { type AwsContext, arn } from "../context";

/** The account's default VPC, and the default security group and route table that AWS makes with each VPC. */
export function defaultsOf(vpcId: string): Record<string, string> {
  const id = (prefix: string) => `${prefix}-0${stableHex(16, vpcId, prefix)}`;
  return {
    defaultSecurityGroupId: id("sg"),
    defaultRouteTableId: id("rtb"),
    mainRouteTableId: id("rtb"),
    defaultNetworkAclId: id("acl"),
    dhcpOptionsId: `dopt-0${stableHex(16, "dhcp")}`,
  };
}

export function defaultVpcId(account: string, region: string): string {
  return `vpc-0${stableHex(16, account, region, "default")}`;
}

/** ForceNew of internal/service/ec2/vpc_*.go (hashicorp/terraform-provider-aws). */
export const vpc: AwsBehaviours = {
  "aws:ec2/vpc:Vpc": {
    defaults: { enableDnsSupport: true, instanceTenancy: "default" },
    replaces: ["cidrBlock", "ipv4IpamPoolId", "ipv4NetmaskLength"],
    create: (_inputs, context) => {
      const id = ec2Id("vpc");
      const own = { enableDnsHostnames: false, enableNetworkAddressUsageMetrics: false, ownerId: context.account };
      const ipv6 = { ipv6AssociationId: "", ipv6CidrBlockNetworkBorderGroup: "" };
      const all = { ...own, ...ipv6, ..._inputs, ...defaultsOf(id), arn: arn(context, "ec2", `vpc/${id}`) };
      return { id, properties: all };
    },
  },
  "aws:ec2/subnet:Subnet": {
    defaults: { mapPublicIpOnLaunch: false, assignIpv6AddressOnCreation: false },
    replaces: ["vpcId", "cidrBlock", "availabilityZone", "availabilityZoneId", "outpostArn", "ipv6Native"],
    create: (inputs, context) => {
      refuseMisplaced(inputs, context);
      const id = ec2Id("subnet");
      const zone = String(inputs.availabilityZone ?? `${context.region}a`);
      const filled = { privateDnsHostnameTypeOnLaunch: "ip-name", ipv6CidrBlockAssociationId: "" };
      const own = { availabilityZone: zone, availabilityZoneId: zoneId(zone), ownerId: context.account };
      return { id, properties: { ...filled, ...inputs, ...own, arn: arn(context, "ec2", `subnet/${id}`) } };
    },
  },
  "aws:ec2/internetGateway:InternetGateway": ec2("igw", "internet-gateway", {}),
  "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway": ec2("eigw", "egress-only-internet-gateway", {
    replaces: ["vpcId"],
  }),
  "aws:ec2/routeTable:RouteTable": ec2("rtb", "route-table", {
    replaces: ["vpcId"],
    filled: () => ({ routes: [], propagatingVgws: [] }),
  }),
  "aws:ec2/route:Route": {
    replaces: ["routeTableId", "destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId"],
    create: (inputs) => {
      const table = String(inputs.routeTableId);
      const to = inputs.destinationCidrBlock ?? inputs.destinationIpv6CidrBlock ?? inputs.destinationPrefixListId;
      const id = `r-${table}${Number.parseInt(stableHex(8, String(to)), 16)}`;
      const filled = {
        origin: "CreateRoute",
        state: "active",
        instanceId: "",
        instanceOwnerId: "",
        networkInterfaceId: "",
      };
      return { id, properties: filled };
    },
  },
  "aws:ec2/routeTableAssociation:RouteTableAssociation": {
    replaces: ["subnetId", "gatewayId"],
    create: () => ({ id: ec2Id("rtbassoc"), properties: {} }),
  },
  "aws:ec2/eip:Eip": {
    replaces: ["domain", "address", "customerOwnedIpv4Pool", "networkBorderGroup", "publicIpv4Pool", "ipamPoolId"],
    create: (inputs, context) => {
      const id = ec2Id("eipalloc");
      const ip = publicIp();
      const dns = `ec2-${ip.replaceAll(".", "-")}.${context.region}.compute.amazonaws.com`;
      const empty = { associationId: "", instance: "", networkInterface: "", carrierIp: "", customerOwnedIp: "" };
      const own = { domain: "vpc", networkBorderGroup: context.region, publicIpv4Pool: "amazon" };
      const address = { allocationId: id, publicIp: ip, publicDns: dns, ptrRecord: "" };
      return {
        id,
        properties: { ...empty, ...own, ...inputs, ...address, arn: arn(context, "ec2", `elastic-ip/${id}`) },
      };
    },
  },
  "aws:ec2/natGateway:NatGateway": {
    defaults: { connectivityType: "public" },
    replaces: ["allocationId", "subnetId", "connectivityType", "privateIp", "vpcId", "availabilityMode"],
    create: (inputs, context) => {
      const eip = context.existing("aws:ec2/eip:Eip").find(({ id }) => id === inputs.allocationId);
      const network = { networkInterfaceId: ec2Id("eni"), associationId: inputs.allocationId ? ec2Id("eipassoc") : "" };
      const addresses = { privateIp: `10.0.${Number.parseInt(hex(2), 16)}.${Number.parseInt(hex(2), 16)}` };
      const secondary = {
        secondaryAllocationIds: [],
        secondaryPrivateIpAddressCount: 0,
        secondaryPrivateIpAddresses: [],
      };
      const publicIpOf = { publicIp: eip?.properties.publicIp ?? (inputs.allocationId ? publicIp() : "") };
      return { id: ec2Id("nat"), properties: { ...addresses, ...secondary, ...inputs, ...network, ...publicIpOf } };
    },
  },
  "aws:ec2/vpcEndpoint:VpcEndpoint": {
    defaults: { vpcEndpointType: "Gateway" },
    replaces: [
      "vpcId",
      "serviceName",
      "vpcEndpointType",
      "serviceRegion",
      "resourceConfigurationArn",
      "serviceNetworkArn",
    ],
    create: (inputs, context) => {
      const id = ec2Id("vpce");
      const filled = {
        routeTableIds: [],
        subnetIds: [],
        securityGroupIds: [],
        privateDnsEnabled: false,
        dnsEntries: [],
      };
      const own = { state: "available", requesterManaged: false, ownerId: context.account, cidrBlocks: [] };
      const interfaces = { networkInterfaceIds: [], ipAddressType: inputs.vpcEndpointType === "Gateway" ? "" : "ipv4" };
      const all = { ...filled, ...interfaces, ...inputs, ...own, arn: arn(context, "ec2", `vpc-endpoint/${id}`) };
      return { id, properties: all };
    },
  },
};

/** EC2 knows the ranges of the VPC and of its subnets, which a preview does not. */
function refuseMisplaced({ vpcId, cidrBlock }: Properties, context: AwsContext): void {
  if (typeof cidrBlock !== "string") return;
  const refuse = (code: string, reason: string) =>
    new Error(`creating EC2 Subnet: api error InvalidSubnet.${code}: The CIDR '${cidrBlock}' ${reason}`);
  const range = new Netmask(cidrBlock);
  const own = context.existing("aws:ec2/vpc:Vpc").find(({ id }) => id === vpcId)?.properties.cidrBlock;
  if (typeof own === "string" && !new Netmask(own).contains(range)) throw refuse("Range", "is invalid.");
  const others = context.existing("aws:ec2/subnet:Subnet").filter(({ properties }) => properties.vpcId === vpcId);
  for (const { properties } of others) {
    if (typeof properties.cidrBlock !== "string") continue;
    const other = new Netmask(properties.cidrBlock);
    if (other.contains(range) || range.contains(other)) throw refuse("Conflict", "conflicts with another subnet");
  }
}

/** `eu-west-1a` is `euw1-az1` for this account. */
export function zoneId(zone: string): string {
  const [, area = "", side = "", number = "", letter = "a"] = /^(\w+)-(\w+)-(\d)(\w)$/.exec(zone) ?? [];
  const short = side.replace(/^(north|south)(east|west)$/, (_all, a: string, b: string) => `${a[0]}${b[0]}`);
  return `${area}${short.length > 2 ? short[0] : short}${number}-az${letter.charCodeAt(0) - 96}`;
}
