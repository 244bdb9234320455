import * as aws from "@pulumi/aws";
import { Vpc } from "@pulumi/awsx/ec2";
import * as pulumi from "@pulumi/pulumi";

export type NetworkArgs =
  | {
      type: "new";
      /** The VPC's IPv4 range, /16 to /22. */
      cidr: string;
      availabilityZones: number;
      natGateways: "single" | "one-per-zone";
    }
  | { type: "existing"; vpcId: string; publicSubnetIds: string[]; privateSubnetIds: string[] };

/** The VPC: public subnets for the load balancer, private ones for tasks, isolated ones for the database. */
export class Network extends pulumi.ComponentResource {
  readonly vpcId: pulumi.Output<string>;
  /** The VPC's address ranges; known in preview. */
  readonly cidrs: pulumi.Output<string[]>;
  readonly publicSubnetIds: pulumi.Output<string[]>;
  readonly privateSubnetIds: pulumi.Output<string[]>;
  /** Without a route to the internet where the VPC is made here. */
  readonly databaseSubnetIds: pulumi.Output<string[]>;

  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("prefect:network:Network", name, {}, opts);
    if (args.type === "new") {
      const vpc = new Vpc(
        `${name}-vpc`,
        {
          cidrBlock: args.cidr,
          enableDnsHostnames: true,
          numberOfAvailabilityZones: args.availabilityZones,
          natGateways: { strategy: args.natGateways === "single" ? "Single" : "OnePerAz" },
          subnetStrategy: "Auto",
          subnetSpecs: [{ type: "Public" }, { type: "Private" }, { type: "Isolated" }],
        },
        { parent: this },
      );
      this.vpcId = vpc.vpcId;
      this.cidrs = pulumi.output([args.cidr]);
      this.publicSubnetIds = vpc.publicSubnetIds;
      this.privateSubnetIds = vpc.privateSubnetIds;
      this.databaseSubnetIds = vpc.isolatedSubnetIds;
    } else {
      const found = aws.ec2.getVpcOutput({ id: args.vpcId }, { parent: this });
      this.vpcId = pulumi.output(args.vpcId);
      this.cidrs = found.cidrBlockAssociations.apply((ranges) => ranges.map(({ cidrBlock }) => cidrBlock));
      this.publicSubnetIds = pulumi.output(args.publicSubnetIds);
      this.privateSubnetIds = pulumi.output(args.privateSubnetIds);
      this.databaseSubnetIds = this.privateSubnetIds;
    }
    this.registerOutputs({ vpcId: this.vpcId });
  }
}
