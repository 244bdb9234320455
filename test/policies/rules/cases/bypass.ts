import { fromAlb, group, hidden } from "../../support/pieces";
import { built, declare, type Declared, ref } from "../../support/stack";
import type { Cases } from "../support/cases";
import { changed, soundAlb, soundGateway } from "../support/sound";

const range = (port: number, ...cidrBlocks: unknown[]): Record<string, unknown> => ({
  protocol: "tcp",
  fromPort: port,
  toPort: port,
  cidrBlocks,
});
const admits = (port: number, ...more: Record<string, unknown>[]): Declared[] =>
  changed(port === 4200 ? soundAlb() : soundGateway(), "taskGroup", { ingress: [fromAlb(port), ...more] });
const fromGroup = (port: number, name: string): Record<string, unknown> => ({
  protocol: "tcp",
  fromPort: port,
  toPort: port,
  securityGroups: [ref(name, "id")],
});

export const bypassCases = {
  "task-admits-its-balancers-only": {
    bad: {
      "the whole VPC": {
        stack: admits(4200, range(4200, "10.0.0.0/16")),
        says: [
          'Addresses of a range reach its port 4200: aws.ec2.SecurityGroup "taskGroup"',
          "nothing asks for a login but the load balancer",
        ],
      },
      "the whole VPC by a rule of its own": {
        stack: [
          ...soundAlb(),
          declare("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "inside", {
            securityGroupId: ref("taskGroup", "id"),
            ipProtocol: "-1",
            cidrIpv4: "10.0.0.0/8",
          }),
        ],
        says: ['aws.vpc.SecurityGroupIngressRule "inside"'],
      },
      "another group": {
        stack: [...admits(4200, fromGroup(4200, "bastion")), group("bastion")],
        says: ['More than its load balancers reach its port 4200: aws.ec2.SecurityGroup "bastion"'],
        level: "advisory",
      },
      "another service with the same group": {
        stack: [
          ...admits(4200, { protocol: "tcp", fromPort: 0, toPort: 65_535, self: true }),
          declare("aws:ecs/service:Service", "neighbour", {
            networkConfiguration: { subnets: ["s"], securityGroups: [ref("taskGroup", "id")] },
          }),
        ],
        says: ['aws.ecs.Service "neighbour", which has the same group'],
        level: "advisory",
      },
      "the VPC to a gateway, which asks by itself": {
        stack: admits(8080, range(8080, "10.0.0.0/16")),
        says: ["past the load balancer"],
        level: "advisory",
      },
    },
    good: { "the load balancer's group alone": soundAlb(), "the same before a gateway": soundGateway() },
    lookAlikes: {
      "a load balancer outside of the stack": admits(4200, range(4200, "10.0.0.0/16")).filter(
        ({ name }) => name !== "alb",
      ),
      "Prefect on loopback behind a login": changed(soundAlb({ prefect: hidden() }), "taskGroup", {
        ingress: [fromAlb(4200), range(4200, "10.0.0.0/16")],
      }),
      "a range for another port": admits(4200, range(9100, "10.0.0.0/16")),
      "members of the task's own group, which nobody else has": admits(4200, { protocol: "-1", self: true }),
      "Prefect on loopback behind a gateway": admits(8080, range(4200, "10.0.0.0/16")),
      "a second load balancer's group": [
        ...changed(admits(4200, fromGroup(4200, "inner")), "service", {
          loadBalancers: [
            { targetGroupArn: ref("tg"), containerName: "prefect", containerPort: 4200 },
            { targetGroupArn: ref("innerTg"), containerName: "prefect", containerPort: 4200 },
          ],
        }),
        group("inner", { protocol: "tcp", fromPort: 80, toPort: 80, cidrBlocks: ["10.0.0.0/16"] }),
        declare("aws:lb/loadBalancer:LoadBalancer", "innerLb", {
          internal: true,
          securityGroups: [ref("inner", "id")],
          dropInvalidHeaderFields: true,
        }),
        declare("aws:lb/targetGroup:TargetGroup", "innerTg", { port: 4200, protocol: "HTTP", targetType: "ip" }),
        declare("aws:lb/listener:Listener", "innerHttp", {
          loadBalancerArn: ref("innerLb"),
          port: 80,
          protocol: "HTTP",
          defaultActions: [{ type: "forward", targetGroupArn: ref("innerTg") }],
        }),
      ],
      "a network load balancer, which comes with an address": [
        ...changed(soundGateway(), "taskGroup", { ingress: [range(8080, "10.0.0.0/16")] })
          .map((each) =>
            each.name === "alb"
              ? { ...each, inputs: { loadBalancerType: "network", internal: false, subnets: ["s"] } }
              : each.name === "https"
                ? { ...each, inputs: { ...each.inputs, protocol: "TCP" } }
                : each,
          )
          .filter(({ name }) => name !== "http"),
      ],
    },
    unknown: {
      "one of two ranges": {
        stack: admits(4200, range(4200, "10.0.0.0/16"), range(4200, built(["secret"], "10.1.0.0/16"))),
        preview: ["(not known)"],
        level: "advisory",
        finished: ["Addresses of a range"],
      },
      "the range": {
        stack: admits(4200, range(4200, built(["secret"], "10.0.0.0/16"))),
        preview: ["(not known)"],
        level: "advisory",
        finished: ["Addresses of a range"],
      },
    },
  },
} satisfies Readonly<Record<string, Cases>>;
