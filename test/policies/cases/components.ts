import { containers, login, prefect } from "../support/pieces";
import { built, type Declared, declare, ref } from "../support/stack";
import { type Cases, reject } from "./case";

/**
 * Remote components as awsx makes them: what a program passes on depends on the component, not on what is inside. Their
 * defaults are open (awsx 3.9: lb/applicationLoadBalancer.ts, ecs/fargateService.ts).
 */

const everything = { protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"], ipv6CidrBlocks: ["::/0"] };

/** awsx.lb.ApplicationLoadBalancer: a group for everybody, and port 80 that forwards to its default target group. */
function balancer(options: { internal?: boolean; actions?: unknown[]; protocol?: string } = {}): Declared[] {
  const { internal, protocol = "HTTP" } = options;
  const forward = { type: "forward", targetGroupArn: ref("lb-targets") };
  return [
    declare("awsx:lb:ApplicationLoadBalancer", "lb", {}),
    declare("aws:ec2/securityGroup:SecurityGroup", "lb-group", { ingress: [everything] }, "lb"),
    declare("aws:lb/loadBalancer:LoadBalancer", "lb-alb", { internal, securityGroups: [ref("lb-group", "id")] }, "lb"),
    declare("aws:lb/targetGroup:TargetGroup", "lb-targets", { port: 4200, protocol: "HTTP", targetType: "ip" }, "lb"),
    declare(
      "aws:lb/listener:Listener",
      "lb-0",
      {
        loadBalancerArn: ref("lb-alb"),
        port: protocol === "HTTP" ? 80 : 443,
        protocol,
        defaultActions: [...(options.actions ?? []), forward],
      },
      "lb",
    ),
  ];
}

/** awsx.ecs.FargateService: tasks in a group for everybody, without public addresses unless one asks for them. */
function fargate(
  options: { assignPublicIp?: boolean; behind?: boolean; container?: Parameters<typeof prefect>[0] } = {},
): Declared[] {
  const { assignPublicIp = false, behind = true, container } = options;
  return [
    declare("awsx:ecs:FargateService", "server", {}),
    declare("aws:ec2/securityGroup:SecurityGroup", "server-sg", { ingress: [everything] }, "server"),
    declare(
      "aws:ecs/taskDefinition:TaskDefinition",
      "server-task",
      { family: "server", networkMode: "awsvpc", containerDefinitions: containers(prefect(container)) },
      "server",
    ),
    declare(
      "aws:ecs/service:Service",
      "server-service",
      {
        taskDefinition: ref("server-task"),
        networkConfiguration: { subnets: ["subnet-1"], assignPublicIp, securityGroups: [ref("server-sg", "id")] },
        ...(behind
          ? {
              loadBalancers: [
                { targetGroupArn: built(["lb"], "arn:lb-targets"), containerName: "prefect", containerPort: 4200 },
              ],
            }
          : {}),
      },
      "server",
    ),
  ];
}

export const componentCases: Cases = {
  "awsx's balancer and service with their defaults": {
    stack: [...balancer(), ...fargate()],
    ...reject(
      'aws.lb.LoadBalancer "lb-alb": faces the internet; aws.ec2.SecurityGroup "lb-group" admits the internet to port 80',
      'aws.lb.Listener "lb-0": on HTTP port 80, its default action forwards',
      'aws.ecs.Service "server-service"',
    ),
  },
  "awsx's balancer and service as Pulumi's container template has them": {
    stack: [...balancer(), ...fargate({ assignPublicIp: true })],
    count: 2,
    ...reject('aws.lb.LoadBalancer "lb-alb"', 'aws.ecs.Service "server-service": gives its tasks public addresses'),
  },
  "awsx's internal balancer": { stack: [...balancer({ internal: true }), ...fargate()] },
  "awsx's balancer with a login": {
    stack: [...balancer({ actions: [login()], protocol: "HTTPS" }), ...fargate()],
  },
  "awsx's service alone": { stack: fargate({ behind: false }) },
  "awsx's service alone with public addresses": {
    stack: fargate({ behind: false, assignPublicIp: true }),
    ...reject('aws.ec2.SecurityGroup "server-sg" admits the internet to port 4200'),
  },
  "awsx's balancer and service with an auth string": {
    stack: [...balancer(), ...fargate({ container: { secrets: ["PREFECT_SERVER_API_AUTH_STRING"] } })],
  },
  "awsx's balancer and service of workers": {
    stack: [...balancer(), ...fargate({ container: { command: ["prefect", "worker", "start", "--pool", "p"] } })],
  },
  "awsx's balancer before another service beside a private Prefect": {
    stack: [
      ...balancer(),
      ...fargate({ behind: false }),
      declare("aws:ecs/taskDefinition:TaskDefinition", "web-task", {
        family: "web",
        networkMode: "awsvpc",
        containerDefinitions: containers({ name: "web", image: "acme/web:1", ports: [4200] }),
      }),
      declare("aws:ecs/service:Service", "web", {
        taskDefinition: ref("web-task"),
        networkConfiguration: { subnets: ["subnet-1"], securityGroups: [ref("lb-group", "id")] },
        loadBalancers: [{ targetGroupArn: built(["lb"], "arn:lb-targets"), containerName: "web", containerPort: 4200 }],
      }),
    ],
  },
};
