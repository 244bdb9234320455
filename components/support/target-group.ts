import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

export interface TargetGroupArgs {
  vpcId: pulumi.Input<string>;
  /** Where the tasks listen. */
  port: number;
  /** HTTP for an application load balancer, TCP for a network one. */
  protocol: "HTTP" | "TCP";
  healthCheckPath: string;
}

/** Tasks as targets: asked every ten seconds, and given half a minute to end what they are at. */
export function targetGroup(
  name: string,
  { vpcId, port, protocol, healthCheckPath }: TargetGroupArgs,
  opts: pulumi.CustomResourceOptions,
): aws.lb.TargetGroup {
  return new aws.lb.TargetGroup(
    name,
    {
      vpcId,
      targetType: "ip",
      protocol,
      port,
      deregistrationDelay: 30,
      // Tasks admit the balancer's group, and nobody else's addresses.
      ...(protocol === "TCP" && { preserveClientIp: "false" }),
      healthCheck: {
        protocol: "HTTP",
        path: healthCheckPath,
        matcher: "200",
        interval: 10,
        timeout: 5,
        healthyThreshold: 2,
        unhealthyThreshold: 3,
      },
    },
    opts,
  );
}
