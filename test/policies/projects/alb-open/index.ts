import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { anyone, prefect, service, task, vpc } from "../pieces";

const { vpcId, subnetIds } = vpc();
const database = new aws.rds.Instance("database", {
  instanceClass: "db.t4g.micro",
  engine: "postgres",
  allocatedStorage: 20,
  username: "prefect",
  password: "never-print-this-password",
  skipFinalSnapshot: true,
});
const albGroup = new aws.ec2.SecurityGroup("alb", { vpcId, ingress: [anyone(443)] });
const taskGroup = new aws.ec2.SecurityGroup("task", {
  vpcId,
  ingress: [{ protocol: "tcp", fromPort: 4200, toPort: 4200, securityGroups: [albGroup.id] }],
});
const alb = new aws.lb.LoadBalancer("web", { securityGroups: [albGroup.id], subnets: subnetIds });
const targets = new aws.lb.TargetGroup("prefect", { port: 4200, protocol: "HTTP", targetType: "ip", vpcId });
new aws.lb.Listener("https", {
  loadBalancerArn: alb.arn,
  port: 443,
  protocol: "HTTPS",
  certificateArn: "arn:aws:acm:eu-west-1:123456789012:certificate/0",
  defaultActions: [{ type: "forward", targetGroupArn: targets.arn }],
});
const hidden = new pulumi.Config().getBoolean("hidden") ?? false;
const environment = [
  {
    name: "PREFECT_API_DATABASE_CONNECTION_URL",
    value: pulumi.interpolate`postgresql+asyncpg://prefect:never-print-this-password@${database.endpoint}/prefect`,
  },
];
service(
  task(hidden ? pulumi.jsonStringify([{ ...prefect, environment }]) : JSON.stringify([prefect])),
  { subnets: subnetIds, securityGroups: [taskGroup.id] },
  { arn: targets.arn, container: "prefect", port: 4200 },
);
