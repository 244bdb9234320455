import {
  authString,
  containers,
  forward,
  fromAlb,
  group,
  hidden,
  login,
  path,
  prefect,
  rule,
} from "../../support/pieces";
import { built, declare, type Declared, ref, unknown } from "../../support/stack";
import type { Cases } from "../support/cases";
import { changed, secondServer, soundAlb, soundGateway, soundNetwork } from "../support/sound";

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

const serverSettings = { PREFECT_SERVER_API_KEEPALIVE_TIMEOUT: "75" };
const databaseSecrets = ["PREFECT_SERVER_DATABASE_HOST"];

/** An internal load balancer of its own for a target group. */
const inner = (targetGroup: string): Declared[] => [
  group("inner", range(80, "10.0.0.0/16")),
  declare("aws:lb/loadBalancer:LoadBalancer", "innerLb", {
    internal: true,
    securityGroups: [ref("inner", "id")],
    dropInvalidHeaderFields: true,
  }),
  declare("aws:lb/listener:Listener", "innerHttp", {
    loadBalancerArn: ref("innerLb"),
    port: 80,
    protocol: "HTTP",
    defaultActions: [{ type: "forward", targetGroupArn: ref(targetGroup) }],
  }),
];
/** One listener that shares its requests out between both servers. */
const shared = (stack: Declared[]): Declared[] =>
  changed(stack, "https", {
    defaultActions: [
      login({ sessionTimeout: 28_800 }),
      { type: "forward", forward: { targetGroups: [{ arn: ref("tg") }, { arn: ref("secondTg") }] } },
    ],
  });
/** The server asks for its own auth string. */
const asking = (stack: Declared[]): Declared[] =>
  changed(stack, "task", {
    containerDefinitions: containers(
      prefect({ environment: serverSettings, secrets: [...databaseSecrets, ...authString.secrets] }),
    ),
  });

const onSecretPort = (stack: Declared[]): Declared[] =>
  changed(stack, "task", {
    containerDefinitions: containers(
      prefect({ environment: serverSettings, secrets: [...databaseSecrets, "PREFECT_SERVER_API_PORT"] }),
    ),
  });

/** A rule of its own that admits a group. */
const fromGroupBy = (referencedSecurityGroupId: unknown): Declared =>
  declare("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "rule", {
    securityGroupId: ref("taskGroup", "id"),
    ...{ ipProtocol: "tcp", fromPort: 4200, toPort: 4200, referencedSecurityGroupId },
  });

export const bypassCases = {
  "task-admits-its-balancers-only": {
    bad: {
      "the whole VPC": {
        stack: admits(4200, range(4200, "10.0.0.0/16")),
        says: [
          'Addresses of a range reach its port 4200: aws.ec2.SecurityGroup "taskGroup"; there nothing asks for a login but the load balancer.',
        ],
        of: "service",
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
        says: [
          'More than its load balancers reach its port 4200: aws.ec2.SecurityGroup "bastion" (aws.ec2.SecurityGroup "taskGroup"); there nothing asks',
        ],
        level: "advisory",
        of: "service",
      },
      "two other groups": {
        stack: [...admits(4200, fromGroup(4200, "bastion"), fromGroup(4200, "jump")), group("bastion"), group("jump")],
        says: ['"bastion" (aws.ec2.SecurityGroup "taskGroup"), aws.ec2.SecurityGroup "jump" (aws'],
        level: "advisory",
      },
      "a group outside of the stack": {
        stack: [...soundAlb(), fromGroupBy("sg-0123")],
        says: ["reach its port 4200: security group sg-0123 (aws.vpc.SecurityGroupIngressRule "],
        level: "advisory",
      },
      "a group that is not known": {
        stack: [...soundAlb(), fromGroupBy(unknown)],
        says: ["reach its port 4200: a group that is not known (aws.vpc"],
        level: "advisory",
      },
      "another service's load balancer": {
        stack: [
          ...admits(4200, fromGroup(4200, "inner")),
          ...secondServer(4200, fromGroup(4200, "inner")),
          ...inner("secondTg"),
        ],
        says: ['reach its port 4200: aws.ec2.SecurityGroup "inner"'],
        level: "advisory",
        of: "service",
      },
      "the VPC to one of two services that share a load balancer": {
        stack: shared([...admits(4200, range(4200, "10.0.0.0/16")), ...secondServer(4200, fromAlb(4200))]),
        says: ["Addresses of a range reach its port 4200"],
        of: "service",
      },
      "the VPC to a server that asks by itself, behind a login for some paths": {
        stack: [...asking(admits(4200, range(4200, "10.0.0.0/16"))), rule("api", 1, [path("/api/*")], [forward])],
        says: ["past the load balancer and what it keeps out."],
        level: "advisory",
      },
      "the VPC to a port that a secret holds": {
        stack: onSecretPort(admits(4200, range(4200, "10.0.0.0/16"))),
        says: ["Addresses of a range reach its port 4200"],
      },
      "the VPC to Prefect beside the gateway that a login stands before": {
        stack: changed(
          changed(
            soundGateway({ prefect: { command: ["prefect", "server", "start", "--host", "0.0.0.0"] } }),
            "taskGroup",
            { ingress: [fromAlb(8080), range(4200, "10.0.0.0/16")] },
          ),
          "https",
          { defaultActions: [login({ sessionTimeout: 28_800 }), forward] },
        ),
        says: ["Addresses of a range reach its port 4200"],
        level: "advisory",
      },
      "another service with the same group": {
        stack: [
          ...admits(4200, { protocol: "tcp", fromPort: 0, toPort: 65_535, self: true }),
          declare("aws:ecs/service:Service", "neighbour", {
            networkConfiguration: { subnets: ["s"], securityGroups: [ref("taskGroup", "id")] },
          }),
        ],
        says: ['aws.ecs.Service "neighbour", which has the same group (aws.ec2.SecurityGroup "taskGroup")'],
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
      "a load balancer outside of the stack beside one inside": [
        ...admits(4200, range(4200, "10.0.0.0/16")),
        declare("aws:lb/listenerRule:ListenerRule", "elsewhere", {
          listenerArn: "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/shared/1/2",
          conditions: [path("/*")],
          actions: [login({ sessionTimeout: 28_800 }), forward],
        }),
      ],
      "the VPC to a server that asks by itself and logs nobody in": changed(
        asking(admits(4200, range(4200, "10.0.0.0/16"))),
        "https",
        { defaultActions: [forward] },
      ),
      "a range for the port of the other server": shared([
        ...admits(4200, range(4300, "10.0.0.0/16")),
        ...secondServer(4300, fromAlb(4300)),
      ]),
      "a range for the port of the other server, where a secret holds one's own": shared([
        ...onSecretPort(admits(4200, range(4300, "10.0.0.0/16"))),
        ...secondServer(4300, fromAlb(4300)),
      ]),
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
        declare("aws:lb/targetGroup:TargetGroup", "innerTg", { port: 4200, protocol: "HTTP", targetType: "ip" }),
        ...inner("innerTg"),
      ],
      "a network load balancer, which comes with an address": soundNetwork(),
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
    refused: {
      "a range where the load balancer logs nobody in": changed(admits(4200, range(4200, "10.0.0.0/16")), "https", {
        defaultActions: [forward],
      }),
    },
  },
} satisfies Readonly<Record<string, Cases>>;
