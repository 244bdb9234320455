import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

type Opts = pulumi.CustomResourceOptions;

/** One TCP port from one group to another: both halves, so that neither group needs a wider rule. */
export function allowBetween(
  name: string,
  rule: { from: pulumi.Input<string>; to: pulumi.Input<string>; port: number; description: string },
  opts: Opts,
): pulumi.Resource[] {
  const { from, to, port, description } = rule;
  const range = { ipProtocol: "tcp", fromPort: port, toPort: port, description };
  return [
    new aws.vpc.SecurityGroupEgressRule(
      `${name}-out`,
      { ...range, securityGroupId: from, referencedSecurityGroupId: to },
      opts,
    ),
    new aws.vpc.SecurityGroupIngressRule(
      `${name}-in`,
      { ...range, securityGroupId: to, referencedSecurityGroupId: from },
      opts,
    ),
  ];
}

/** HTTPS to anywhere: image registries, AWS's APIs, identity providers have no fixed addresses. */
export function allowHttpsOut(
  name: string,
  securityGroupId: pulumi.Input<string>,
  description: string,
  opts: Opts,
): pulumi.Resource {
  return new aws.vpc.SecurityGroupEgressRule(
    name,
    { securityGroupId, ipProtocol: "tcp", fromPort: 443, toPort: 443, cidrIpv4: "0.0.0.0/0", description },
    opts,
  );
}
