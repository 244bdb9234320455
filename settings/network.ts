import { z } from "zod";
import { hostName, ipv4Range, list, name, whole } from "./kinds";

const subnets = (about: string) =>
  list(about, "ids such as subnet-0a1b2c3d", "subnet-0a1b2c3d", /^subnet-[0-9a-f]+$/).min(2);

const networkType = { about: "A VPC of its own, or one that exists.", allowed: "new or existing", example: "new" };
const newNetwork = z.strictObject({
  type: z.literal("new").meta(networkType),
  cidr: name(/^(\d{1,3}\.){3}0\/(1[6-9]|2[0-2])$/, {
    about: "The VPC's address range.",
    allowed: "an IPv4 range from /16 to /22",
    example: "10.20.0.0/16",
  }).default("10.0.0.0/16"),
  availabilityZones: whole(2, 3, "zones", "2", "Availability zones in use.").default(2),
  natGateways: z.enum(["single", "one-per-zone"]).default("single").meta({
    about: "Ways out to the internet: single costs a third of three, one-per-zone survives the loss of a zone.",
    allowed: "single or one-per-zone",
    example: "one-per-zone",
  }),
});
const existingNetwork = z.strictObject({
  type: z.literal("existing").meta(networkType),
  vpcId: name(/^vpc-[0-9a-f]+$/, { about: "The VPC.", allowed: "an id such as vpc-0a1b2c3d", example: "vpc-0a1b2c3d" }),
  publicSubnetIds: subnets("Two or more subnets in different zones with a route to an internet gateway."),
  privateSubnetIds: subnets("Two or more subnets in different zones with a way out by NAT."),
});

export const network = z
  .discriminatedUnion("type", [newNetwork, existingNetwork])
  .prefault({ type: "new" })
  .meta({ about: "Where everything runs.", allowed: "an object with type new or existing", example: "new" });

/** The way in for workers with `workersEndpoint` private. */
export const internal = z
  .strictObject({
    domain: name(hostName, {
      about: "The name of the internal load balancer, a private zone of its own in the VPC.",
      allowed: "a host name in lower case with a dot in it, at most 64 characters, that no public zone answers",
      example: "prefect.internal",
    }).default("prefect.internal"),
    loadBalancer: z.enum(["application", "network"]).default("application").meta({
      about: "Its type: application understands HTTP, network passes connections on as they are.",
      allowed: "application or network",
      example: "network",
    }),
    allowedCidrs: list(
      "Ranges from which programs besides the stack's own workers may call: peered VPCs, a VPN, other subnets.",
      "IPv4 ranges from /8 to /32",
      "10.20.0.0/16",
      ipv4Range,
    ).default([]),
  })
  .prefault({})
  .meta({ about: "Where workers call with workersEndpoint private.", allowed: "an object", example: "{}" });
