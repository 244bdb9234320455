import * as aws from "@pulumi/aws";
import { anyone, prefect, service, task, vpc } from "../pieces";

const { vpcId, subnetIds } = vpc();
const albGroup = new aws.ec2.SecurityGroup("alb", { vpcId });
new aws.vpc.SecurityGroupIngressRule("half", {
  securityGroupId: albGroup.id,
  ipProtocol: "tcp",
  fromPort: 443,
  toPort: 443,
  cidrIpv4: "0.0.0.0/1",
});
new aws.ec2.SecurityGroupRule("other-half", {
  type: "ingress",
  securityGroupId: albGroup.id,
  protocol: "tcp",
  fromPort: 443,
  toPort: 443,
  cidrBlocks: ["128.0.0.0/1"],
});
const taskGroup = new aws.ec2.SecurityGroup("task", { vpcId, ingress: [anyone(4200)] });
const alb = new aws.alb.LoadBalancer("web", { securityGroups: [albGroup.id], subnets: subnetIds });
const targets = new aws.alb.TargetGroup("prefect", { port: 4200, protocol: "HTTP", targetType: "ip", vpcId });
const listener = new aws.alb.Listener("https", {
  loadBalancerArn: alb.arn,
  port: 443,
  protocol: "HTTPS",
  certificateArn: "arn:aws:acm:eu-west-1:123456789012:certificate/0",
  defaultActions: [{ type: "fixed-response", fixedResponse: { contentType: "text/plain", statusCode: "404" } }],
});
new aws.alb.ListenerRule("api", {
  listenerArn: listener.arn,
  conditions: [{ pathPattern: { values: ["/api/*"] } }],
  actions: [{ type: "forward", targetGroupArn: targets.arn }],
});
service(
  task(JSON.stringify([prefect])),
  { subnets: subnetIds, securityGroups: [taskGroup.id] },
  { arn: targets.arn, container: "prefect", port: 4200 },
);
