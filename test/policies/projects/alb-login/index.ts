import * as aws from "@pulumi/aws";
import { anyone, prefect, service, task, vpc } from "../pieces";

const { vpcId, subnetIds } = vpc();
const albGroup = new aws.ec2.SecurityGroup("alb", { vpcId, ingress: [anyone(443)] });
const taskGroup = new aws.ec2.SecurityGroup("task", {
  vpcId,
  ingress: [{ protocol: "tcp", fromPort: 4200, toPort: 4200, securityGroups: [albGroup.id] }],
});
const alb = new aws.lb.LoadBalancer("web", { securityGroups: [albGroup.id], subnets: subnetIds });
const targets = new aws.lb.TargetGroup("prefect", { port: 4200, protocol: "HTTP", targetType: "ip", vpcId });
const pool = new aws.cognito.UserPool("pool");
const client = new aws.cognito.UserPoolClient("client", { userPoolId: pool.id });
const login = {
  type: "authenticate-cognito",
  authenticateCognito: { userPoolArn: pool.arn, userPoolClientId: client.id, userPoolDomain: "login" },
};
const forward = { type: "forward", targetGroupArn: targets.arn };
const listener = new aws.lb.Listener("https", {
  loadBalancerArn: alb.arn,
  port: 443,
  protocol: "HTTPS",
  certificateArn: "arn:aws:acm:eu-west-1:123456789012:certificate/0",
  defaultActions: [login, forward],
});
new aws.lb.ListenerRule("health", {
  listenerArn: listener.arn,
  conditions: [{ pathPattern: { values: ["/api/health"] } }, { httpRequestMethod: { values: ["GET"] } }],
  actions: [forward],
});
service(
  task(JSON.stringify([prefect])),
  { subnets: subnetIds, securityGroups: [taskGroup.id] },
  { arn: targets.arn, container: "prefect", port: 4200 },
);
