import { internalNlb } from "../support/inside";
import {
  bare,
  behindAlb,
  forward,
  fromAlb,
  group,
  listener,
  open,
  service,
  targetGroup,
  task,
} from "../support/pieces";
import { declare, type Declared, ref } from "../support/stack";
import { type Cases, reject } from "./case";

/** Network and classic load balancers. */

function networkBalancer(
  more: Record<string, unknown> = {},
  taskIngress = [open(4200)],
  groupMore: Record<string, unknown> = {},
): Declared[] {
  return [
    group("taskGroup", ...taskIngress),
    declare("aws:lb/loadBalancer:LoadBalancer", "alb", { loadBalancerType: "network", subnets: ["a"], ...more }),
    targetGroup(4200, { protocol: "TCP", ...groupMore }),
    listener([forward], { protocol: "TLS" }),
    task(bare),
    service({ container: "prefect", port: 4200 }),
  ];
}

/** An internal balancer with an address of its own choice, and a public one that is told of this address. */
function beforeAddress(targetId: string): Declared[] {
  const fixed = { subnetMappings: [{ subnetId: "subnet-1", privateIpv4Address: "10.0.1.10" }] };
  return [
    ...internalNlb([]).map((each) =>
      each.name === "nlb" ? declare(each.type, each.name, { ...each.inputs, ...fixed }) : each,
    ),
    declare("aws:lb/loadBalancer:LoadBalancer", "outer", { loadBalancerType: "network", subnets: ["subnet-2"] }),
    declare("aws:lb/targetGroup:TargetGroup", "outerTargets", { port: 80, protocol: "TCP", targetType: "ip" }),
    declare("aws:lb/targetGroupAttachment:TargetGroupAttachment", "outerAttachment", {
      targetGroupArn: ref("outerTargets"),
      targetId,
    }),
    declare("aws:lb/listener:Listener", "outerListener", {
      loadBalancerArn: ref("outer"),
      port: 80,
      protocol: "TCP",
      defaultActions: [{ type: "forward", targetGroupArn: ref("outerTargets") }],
    }),
  ];
}

export const networkLoadBalancerCases: Cases = {
  "a public NLB": {
    stack: networkBalancer(),
    ...reject("a network load balancer never authenticates", "it has no security group"),
  },
  "an internal NLB": { stack: networkBalancer({ internal: true }) },
  "an NLB whose groups admit an office": {
    stack: [
      ...networkBalancer({ securityGroups: [ref("albGroup", "id")] }),
      group("albGroup", { protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["203.0.113.0/24"] }),
    ],
  },
  "an NLB before tasks that admit the VPC only": {
    stack: networkBalancer({}, [{ protocol: "tcp", fromPort: 4200, toPort: 4200, cidrBlocks: ["10.0.0.0/16"] }]),
    ...reject("a network load balancer never authenticates"),
  },
  "an NLB that keeps client addresses before tasks that admit the VPC only": {
    stack: networkBalancer({}, [{ protocol: "tcp", fromPort: 4200, toPort: 4200, cidrBlocks: ["10.0.0.0/16"] }], {
      preserveClientIp: "true",
    }),
  },
  "an NLB that keeps client addresses before tasks that admit its group beside the VPC": {
    stack: [
      ...networkBalancer(
        { securityGroups: [ref("albGroup", "id")] },
        [fromAlb(4200), { protocol: "tcp", fromPort: 4200, toPort: 4200, cidrBlocks: ["10.0.0.0/16"] }],
        { preserveClientIp: "true" },
      ),
      group("albGroup", open(443)),
    ],
    ...reject("a network load balancer never authenticates"),
  },
  "a dual-stack NLB that keeps client addresses before tasks that admit the VPC only": {
    stack: networkBalancer(
      { ipAddressType: "dualstack" },
      [{ protocol: "tcp", fromPort: 4200, toPort: 4200, cidrBlocks: ["10.0.0.0/16"] }],
      { preserveClientIp: "true" },
    ),
    ...reject("a network load balancer never authenticates"),
  },
  "a public NLB before the fixed address of an internal one": {
    stack: beforeAddress("10.0.1.10"),
    ...reject('aws.lb.LoadBalancer "outer"', 'aws.lb.LoadBalancer "nlb": is its target on port 80'),
  },
  "a public NLB before another address": { stack: beforeAddress("10.0.1.11") },
  "a public NLB in front of an internal ALB": {
    stack: [
      ...behindAlb({ definitions: bare, alb: { internal: true }, albIngress: [open(443)] }),
      declare("aws:lb/loadBalancer:LoadBalancer", "nlb", { loadBalancerType: "network", subnets: ["a"] }),
      declare("aws:lb/targetGroup:TargetGroup", "nlbTargets", {
        port: 443,
        protocol: "TCP",
        targetType: "alb",
        vpcId: "vpc-1",
      }),
      declare("aws:lb/targetGroupAttachment:TargetGroupAttachment", "attachment", {
        targetGroupArn: ref("nlbTargets"),
        targetId: ref("alb"),
        port: 443,
      }),
      declare("aws:lb/listener:Listener", "nlbListener", {
        loadBalancerArn: ref("nlb"),
        port: 443,
        protocol: "TCP",
        defaultActions: [{ type: "forward", targetGroupArn: ref("nlbTargets") }],
      }),
    ],
    ...reject('aws.lb.LoadBalancer "nlb"', 'aws.lb.LoadBalancer "alb": is its target'),
  },
  "a classic load balancer": {
    stack: [
      group("albGroup", open(80)),
      declare("aws:elb/loadBalancer:LoadBalancer", "elb", {
        securityGroups: [ref("albGroup", "id")],
        listeners: [{ lbPort: 80, lbProtocol: "http", instancePort: 4200 }],
      }),
      task(bare, { networkMode: "bridge" }),
      declare("aws:ecs/service:Service", "service", {
        taskDefinition: ref("task"),
        loadBalancers: [{ elbName: ref("elb", "id"), containerName: "prefect", containerPort: 4200 }],
      }),
    ],
    ...reject("a classic load balancer cannot authenticate"),
  },
};
