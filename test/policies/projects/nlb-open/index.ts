import * as aws from "@pulumi/aws";
import { prefect, service, task, vpc } from "../pieces";

const { vpcId, subnetIds } = vpc();
const taskGroup = new aws.ec2.SecurityGroup("task", {
  vpcId,
  ingress: [{ protocol: "tcp", fromPort: 4200, toPort: 4200, cidrBlocks: ["10.0.0.0/16"] }],
});
const nlb = new aws.lb.LoadBalancer("wire", { loadBalancerType: "network", subnets: subnetIds });
const targets = new aws.lb.TargetGroup("prefect", { port: 4200, protocol: "TCP", targetType: "ip", vpcId });
new aws.lb.Listener("tls", {
  loadBalancerArn: nlb.arn,
  port: 443,
  protocol: "TLS",
  certificateArn: "arn:aws:acm:eu-west-1:123456789012:certificate/0",
  defaultActions: [{ type: "forward", targetGroupArn: targets.arn }],
});
service(
  task(JSON.stringify([prefect])),
  { subnets: subnetIds, securityGroups: [taskGroup.id] },
  { arn: targets.arn, container: "prefect", port: 4200 },
);
