import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Entrance } from "./support/entrance";
import { targetGroup } from "./support/target-group";

export interface InternalLoadBalancerArgs {
  vpcId: pulumi.Input<string>;
  /** Private subnets in at least two availability zones. */
  subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  /** Its name inside the VPC, a private zone of its own. */
  domain: string;
  type: "application" | "network";
  /** Ranges from which programs may call, besides those whose group a rule admits. */
  allowedCidrs: string[];
  /** The container that it leads to, and where that listens. */
  target: { container: string; port: number; healthCheckPath: string };
  /** Seconds an idle connection is kept. */
  idleTimeoutSec: number;
  deletionProtection: boolean;
}

/**
 * The entrance for workers: HTTP inside the VPC, no login. Who reaches it is said by its group alone, and that admits
 * nobody until a rule does.
 */
export class InternalLoadBalancer extends pulumi.ComponentResource {
  static readonly port = 80;
  readonly securityGroupId: pulumi.Output<string>;
  readonly entrance: Entrance;

  constructor(name: string, args: InternalLoadBalancerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("prefect:network:InternalLoadBalancer", name, {}, opts);
    const parent = { parent: this };
    const { vpcId, domain, type, target, allowedCidrs } = args;
    const { port } = InternalLoadBalancer;
    const group = new aws.ec2.SecurityGroup(
      `${name}-access`,
      { vpcId, description: "Internal load balancer of Prefect" },
      parent,
    );
    for (const cidrIpv4 of allowedCidrs) {
      new aws.vpc.SecurityGroupIngressRule(
        `${name}-from-${cidrIpv4.replace("/", "-")}`,
        {
          securityGroupId: group.id,
          ipProtocol: "tcp",
          fromPort: port,
          toPort: port,
          cidrIpv4,
          description: "Programs that the settings admit",
        },
        parent,
      );
    }
    const balancer = new aws.lb.LoadBalancer(
      `${name}-lb`,
      {
        loadBalancerType: type,
        internal: true,
        ipAddressType: "ipv4",
        subnets: args.subnetIds,
        securityGroups: [group.id],
        ...(type === "application" && {
          idleTimeout: args.idleTimeoutSec,
          dropInvalidHeaderFields: true,
          desyncMitigationMode: "strictest",
          xffHeaderProcessingMode: "append",
        }),
        enableDeletionProtection: args.deletionProtection,
      },
      parent,
    );
    const group_ = targetGroup(
      `${name}-${target.container}`,
      {
        vpcId,
        port: target.port,
        protocol: type === "application" ? "HTTP" : "TCP",
        healthCheckPath: target.healthCheckPath,
      },
      parent,
    );
    const leads =
      type === "application"
        ? this.http(name, domain, balancer.arn, group_.arn)
        : new aws.lb.Listener(
            `${name}-tcp`,
            {
              loadBalancerArn: balancer.arn,
              port,
              protocol: "TCP",
              defaultActions: [{ type: "forward", targetGroupArn: group_.arn }],
            },
            parent,
          );

    const zone = new aws.route53.Zone(
      `${name}-zone`,
      { name: domain, comment: "Where Prefect's workers call", vpcs: [{ vpcId }] },
      parent,
    );
    new aws.route53.Record(
      `${name}-record`,
      {
        zoneId: zone.zoneId,
        name: domain,
        type: "A",
        aliases: [{ name: balancer.dnsName, zoneId: balancer.zoneId, evaluateTargetHealth: true }],
      },
      parent,
    );
    this.securityGroupId = group.id;
    this.entrance = {
      name: `internal-${target.container}`,
      securityGroupId: group.id,
      targetGroupArn: pulumi.all([group_.arn, leads.arn]).apply(([arn]) => arn),
      container: target.container,
      port: target.port,
    };
    this.registerOutputs({ securityGroupId: this.securityGroupId });
  }

  /**
   * Programs alone, under the one name. A browser that a VPN lets in could be led here by any page: a name of that page's
   * own that resolves here, a socket, which no browser rule keeps within one site. Both say so, by Host and by Origin.
   */
  private http(
    name: string,
    domain: string,
    loadBalancerArn: pulumi.Input<string>,
    targetGroupArn: pulumi.Input<string>,
  ): aws.lb.ListenerRule {
    const parent = { parent: this };
    const refuse = (statusCode: string, messageBody: string) => ({
      type: "fixed-response",
      fixedResponse: { contentType: "text/plain", messageBody, statusCode },
    });
    const listener = new aws.lb.Listener(
      `${name}-http`,
      {
        loadBalancerArn,
        port: InternalLoadBalancer.port,
        protocol: "HTTP",
        defaultActions: [refuse("404", "Not found")],
      },
      parent,
    );
    new aws.lb.ListenerRule(
      `${name}-browsers`,
      {
        listenerArn: listener.arn,
        priority: 10,
        conditions: [{ httpHeader: { httpHeaderName: "Origin", values: ["*"] } }],
        actions: [refuse("403", "This entrance is for programs. People come in by the public name.")],
      },
      parent,
    );
    return new aws.lb.ListenerRule(
      `${name}-programs`,
      {
        listenerArn: listener.arn,
        priority: 20,
        conditions: [{ hostHeader: { values: [domain] } }],
        actions: [{ type: "forward", targetGroupArn }],
      },
      parent,
    );
  }
}
