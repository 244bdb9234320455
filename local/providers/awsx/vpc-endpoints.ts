import { SecurityGroup } from "@pulumi/aws/ec2/securityGroup";
import { SecurityGroupRule } from "@pulumi/aws/ec2/securityGroupRule";
import { VpcEndpoint, type VpcEndpointArgs } from "@pulumi/aws/ec2/vpcEndpoint";
import type { Vpc } from "@pulumi/aws/ec2/vpc";
import type * as pulumi from "@pulumi/pulumi";
import type { Made, VpcArgs } from "./vpc";

type Tags = Record<string, pulumi.Input<string>>;

export interface VpcEndpointSpec extends Omit<VpcEndpointArgs, "vpcId" | "tags" | "serviceName"> {
  serviceName: string;
  tags?: Tags;
}

/** The endpoints of awsx.ec2.Vpc: with the strategy "Auto" they find subnets, route tables and a security group. */
export class VpcEndpoints {
  private readonly specs: VpcEndpointSpec[];
  private readonly auto: boolean;

  constructor(specs: VpcEndpointSpec[], strategy: "Legacy" | "Auto") {
    this.specs = specs;
    this.auto = strategy === "Auto";
  }

  dnsDefaults(args: VpcArgs): Pick<VpcArgs, "enableDnsHostnames" | "enableDnsSupport"> {
    const { enableDnsHostnames, enableDnsSupport } = args;
    const needed =
      this.auto && this.specs.some((spec) => kind(spec) === "interface" && (spec.privateDnsEnabled ?? true) === true);
    if (!needed) return { enableDnsHostnames, enableDnsSupport };
    for (const [name, value] of Object.entries({ enableDnsHostnames, enableDnsSupport })) {
      if (value !== false) continue;
      throw new Error(
        `vpcEndpointStrategy "Auto" requires ${name} to be true when Interface endpoint private DNS is enabled.`,
      );
    }
    return { enableDnsHostnames: enableDnsHostnames ?? true, enableDnsSupport: enableDnsSupport ?? true };
  }

  make(
    vpc: Vpc,
    zones: string[],
    made: Pick<Made, "subnets" | "routeTables">,
    common: { region: pulumi.Input<string | undefined> | undefined; tags: Tags },
  ): VpcEndpoint[] {
    return this.specs.map((spec) => {
      const region = spec.region ?? common.region;
      const tags: Tags = { ...common.tags, ...spec.tags };
      const isInterface = this.auto && kind(spec) === "interface";
      const isGateway = this.auto && kind(spec) === "gateway";
      const args: VpcEndpointArgs = { ...spec, region, tags, vpcId: vpc.id };
      if (isInterface && !spec.subnetConfigurations) args.subnetIds ??= onePerZone(zones, made);
      if (isInterface) args.privateDnsEnabled ??= true;
      if (isInterface) args.securityGroupIds ??= [httpsFromVpc(spec, vpc, region, tags)];
      if (isGateway) args.routeTableIds ??= made.routeTables.map(({ id }) => id);
      return new VpcEndpoint(spec.serviceName, args, { parent: vpc, dependsOn: [vpc] });
    });
  }
}

function kind({ vpcEndpointType }: VpcEndpointSpec): string | undefined {
  if (vpcEndpointType === undefined) return "gateway";
  return typeof vpcEndpointType === "string" ? vpcEndpointType.toLowerCase() : undefined;
}

function onePerZone(zones: string[], { subnets }: Pick<Made, "subnets">): pulumi.Output<string>[] {
  const best = (zone: string) =>
    ["private", "isolated", "public"]
      .map((type) => subnets.find((subnet) => subnet.zone === zone && subnet.type === type))
      .find((subnet) => subnet !== undefined);
  return zones.flatMap((zone) => best(zone)?.resource.id ?? []);
}

function httpsFromVpc(
  spec: VpcEndpointSpec,
  vpc: Vpc,
  region: pulumi.Input<string | undefined> | undefined,
  tags: Tags,
): pulumi.Output<string> {
  const group = new SecurityGroup(
    `${spec.serviceName}-sg`,
    { region, vpcId: vpc.id, tags },
    { parent: vpc, dependsOn: [vpc] },
  );
  const type = typeof spec.ipAddressType === "string" ? spec.ipAddressType.toLowerCase() : "";
  const v6 = type === "ipv6" || type === "dualstack" ? { ipv6CidrBlocks: [vpc.ipv6CidrBlock] } : {};
  const https = { type: "ingress", protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: [vpc.cidrBlock], ...v6 };
  new SecurityGroupRule(
    `${spec.serviceName}-ingress`,
    { region, securityGroupId: group.id, ...https },
    { parent: vpc, dependsOn: [group] },
  );
  return group.id;
}
