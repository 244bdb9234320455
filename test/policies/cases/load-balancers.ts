import {
  alb,
  bare,
  behindAlb,
  containers,
  forward,
  fromAlb,
  gated,
  group,
  login,
  nginx,
  oauth2Proxy,
  open,
  path,
  prefect,
  refuse,
  rule,
  service,
  targetGroup,
  task,
} from "../support/pieces";
import { cdnInVpc, innerSubnet } from "../support/inside";
import { built, declare, type Declared, ref } from "../support/stack";
import { cannotTell, type Cases, reject } from "./case";

/** Application load balancers, and target groups behind them. */

/** A login before Prefect, none before the gate of the same task; the service names the groups of the two. */
function twoGroups(ofPrefect: string, ofGate: string): Declared[] {
  return behindAlb({
    definitions: containers(prefect(), nginx(gated), oauth2Proxy()),
    actions: [login(), forward],
    taskIngress: [fromAlb(4200), fromAlb(8080)],
    service: {
      loadBalancers: [
        { targetGroupArn: ref(ofPrefect), containerName: "prefect", containerPort: 4200 },
        { targetGroupArn: ref(ofGate), containerName: "nginx", containerPort: 8080 },
      ],
    },
    more: [
      declare("aws:lb/targetGroup:TargetGroup", "gate", { port: 8080, protocol: "HTTP", targetType: "ip" }),
      rule("open", 1, [path("/machines/*")], [{ type: "forward", targetGroupArn: ref("gate") }]),
    ],
  });
}

/** A distribution whose origin the balancer is by its name. */
const cdn = declare("aws:cloudfront/distribution:Distribution", "cdn", {
  enabled: true,
  origins: [
    {
      originId: "alb",
      domainName: ref("alb", "dnsName"),
      customOriginConfig: { httpPort: 80, httpsPort: 443, originProtocolPolicy: "https-only" },
    },
  ],
  defaultCacheBehavior: { targetOriginId: "alb" },
});

export const loadBalancerCases: Cases = {
  "an ALB that forwards straight to Prefect": {
    stack: behindAlb({ definitions: bare }),
    ...reject(
      'aws.lb.LoadBalancer "alb": faces the internet',
      'aws.ec2.SecurityGroup "albGroup" admits the internet to port 443',
      'aws.lb.Listener "https"',
      'aws.lb.TargetGroup "tg"',
      'aws.ecs.Service "service"',
      'container "prefect" is a Prefect API server on port 4200',
      "PREFECT_SERVER_API_AUTH_STRING is not set",
      "authenticate-oidc or authenticate-cognito",
    ),
  },
  "the same with aws.alb": {
    stack: behindAlb({ definitions: bare, module: "alb" }),
    ...reject('aws.alb.LoadBalancer "alb"', 'aws.alb.Listener "https"'),
  },
  "an ALB that says internal: false": {
    stack: behindAlb({ definitions: bare, alb: { internal: false } }),
    ...reject("faces the internet"),
  },
  "an internal ALB": { stack: behindAlb({ definitions: bare, alb: { internal: true } }) },
  "an ALB whose internal is not known": {
    stack: behindAlb({ definitions: bare, alb: { internal: built(["taskGroup"], "true") } }),
    preview: { cannotTell: ["may reach", "internal is not known"] },
  },
  "an ALB without security groups, hence in the VPC's closed default group": {
    stack: behindAlb({ definitions: bare }).map((r) =>
      r.name === "alb" ? declare(r.type, r.name, { subnets: ["a"] }) : r,
    ),
  },
  "an ALB in a default group that the stack opens": {
    stack: [
      ...behindAlb({ definitions: bare, taskIngress: [open(4200)] }).map((r) =>
        r.name === "alb" ? declare(r.type, r.name, { subnets: ["a"] }) : r,
      ),
      declare("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "default", { vpcId: "vpc-1", ingress: [open(443)] }),
    ],
    ...reject('aws.ec2.DefaultSecurityGroup "default" admits the internet'),
  },
  "a target group of another stack": {
    stack: [
      group("taskGroup", open(4200)),
      task(bare),
      service(undefined, {
        loadBalancers: [{ targetGroupArn: "arn:elsewhere", containerName: "prefect", containerPort: 4200 }],
      }),
    ],
    ...cannotTell("a target group that is not in this stack"),
  },
  "task groups that keep the balancer out": { stack: behindAlb({ definitions: bare, taskIngress: [fromAlb(9999)] }) },
  "two balancers, of which the internal one is open": {
    stack: [
      ...behindAlb({
        definitions: bare,
        actions: [login(), forward],
        service: {
          loadBalancers: [
            { targetGroupArn: ref("tg"), containerName: "prefect", containerPort: 4200 },
            { targetGroupArn: ref("innerTargets"), containerName: "prefect", containerPort: 4200 },
          ],
        },
      }),
      declare("aws:lb/loadBalancer:LoadBalancer", "inner", { internal: true, securityGroups: [ref("albGroup", "id")] }),
      declare("aws:lb/targetGroup:TargetGroup", "innerTargets", { port: 4200, protocol: "HTTP", targetType: "ip" }),
      declare("aws:lb/listener:Listener", "innerListener", {
        loadBalancerArn: ref("inner"),
        port: 80,
        protocol: "HTTP",
        defaultActions: [{ type: "forward", targetGroupArn: ref("innerTargets") }],
      }),
    ],
  },
  "two target groups of one service, told apart by their ports in preview": { stack: twoGroups("tg", "gate") },
  // Pulumi records that loadBalancers depends on both, not which entry names which: preview takes them by their ports.
  "two target groups of one service that its entries swap": {
    stack: twoGroups("gate", "tg"),
    ...reject('aws.lb.ListenerRule "open"', 'aws.lb.TargetGroup "gate"', 'on port 4200 of container "prefect"'),
    preview: {},
  },
  "two target groups of one service, as weighed by one forward, in preview": {
    stack: twoGroups("tg", "gate").map((each) =>
      each.name === "open"
        ? rule(
            "open",
            1,
            [path("/machines/*")],
            [{ type: "forward", forward: { targetGroups: [{ arn: ref("gate") }, { arn: ref("tg") }] } }],
          )
        : each,
    ),
    ...reject('aws.lb.TargetGroup "tg"'),
  },
  "an ALB in private subnets": {
    stack: [...behindAlb({ definitions: bare, alb: { subnets: [ref("inner", "id")] } }), ...innerSubnet()],
  },
  "an ALB whose group admits a company": {
    stack: behindAlb({ definitions: bare, albIngress: [{ ...open(443), cidrBlocks: ["203.0.0.0/16"] }] }),
  },
  "an ALB before a target group that says it keeps client addresses, as only a network one can": {
    stack: behindAlb({
      definitions: bare,
      taskIngress: [{ ...open(4200), cidrBlocks: ["10.0.0.0/16"] }],
    }).map((each) => (each.name === "tg" ? targetGroup(4200, { preserveClientIp: "true" }) : each)),
    ...reject('aws.lb.Listener "https"'),
  },
  "an ALB before a target group of another stack, and Prefect behind another one": {
    stack: behindAlb({
      definitions: bare,
      actions: [{ type: "forward", targetGroupArn: "arn:web" }],
      service: { loadBalancers: [{ targetGroupArn: "arn:group", containerName: "prefect", containerPort: 4200 }] },
    }),
    trusted: ["arn:group"],
  },
  "an ALB before a target group of another stack, and Prefect behind one of this": {
    stack: behindAlb({
      definitions: bare,
      actions: [login(), forward],
      more: [rule("web", 1, [path("/web/*")], [{ type: "forward", targetGroupArn: built(["elsewhere"], "arn:web") }])],
    }),
  },
  "a container port that is not known in preview": {
    stack: behindAlb({
      definitions: bare,
      service: {
        loadBalancers: [
          { targetGroupArn: ref("tg"), containerName: "prefect", containerPort: built(["taskGroup"], "4200") },
        ],
      },
    }),
    ...reject('its tasks take them on port 4200 of container "prefect"'),
    preview: { rejects: ['its tasks take them on a port that is not known of container "prefect"'] },
  },
  "a rule for AWS's ranges beside one for all, behind a distribution": {
    stack: behindAlb({
      definitions: bare,
      actions: [refuse],
      more: [
        rule("edge", 1, [{ sourceIp: { values: ["13.32.0.0/15"] } }, path("/edge/*")], [forward]),
        rule("open", 2, [path("/open/*")], [forward]),
        cdn,
      ],
    }),
    count: 2,
    ...reject('aws.lb.ListenerRule "edge"', 'aws.lb.ListenerRule "open"', 'aws.cloudfront.Distribution "cdn"'),
  },
  "a public ALB for AWS's own ranges, behind a distribution that gets into the VPC": {
    stack: behindAlb({
      definitions: bare,
      albIngress: [{ ...open(443), cidrBlocks: [], prefixListIds: ["pl-aws"] }],
      more: [...cdnInVpc("alb")],
    }),
    count: 2,
    ...reject("who its security groups admit to port 443 is not known", 'aws.cloudfront.VpcOrigin "origin"'),
  },
  "a rule for an office, behind a distribution": {
    stack: behindAlb({
      definitions: bare,
      actions: [refuse],
      more: [rule("office", 1, [{ sourceIp: { values: ["203.0.113.0/24"] } }], [forward]), cdn],
    }),
  },
  "a balancer without a listener": {
    stack: [
      group("albGroup", open(443)),
      alb(),
      targetGroup(4200),
      task(bare),
      group("taskGroup"),
      service({ container: "prefect", port: 4200 }),
    ],
  },
};
