import { internalNlb } from "../support/inside";
import {
  bare,
  behindAlb,
  forward,
  fromAlb,
  group,
  listener,
  login,
  open,
  refuse,
  rule,
  service,
  targetGroup,
  task,
} from "../support/pieces";
import { innerSubnet } from "../support/inside";
import { built, declare, type Declared, ref } from "../support/stack";
import { cannotTell, type Cases, reject } from "./case";

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

/** A public network load balancer before an internal application one; each part with these changes. */
function nlbBeforeAlb(
  parts: Partial<Record<"nlb" | "group" | "attachment" | "listener", Record<string, unknown>>>,
  options: Partial<Parameters<typeof behindAlb>[0]> = {},
): Declared[] {
  return [
    ...behindAlb({ definitions: bare, alb: { internal: true }, albIngress: [open(443)], ...options }),
    declare("aws:lb/loadBalancer:LoadBalancer", "nlb", { loadBalancerType: "network", subnets: ["a"], ...parts.nlb }),
    declare("aws:lb/targetGroup:TargetGroup", "nlbTargets", {
      port: 443,
      protocol: "TCP",
      targetType: "alb",
      vpcId: "vpc-1",
      ...parts.group,
    }),
    declare("aws:lb/targetGroupAttachment:TargetGroupAttachment", "attachment", {
      targetGroupArn: ref("nlbTargets"),
      targetId: ref("alb"),
      port: 443,
      ...parts.attachment,
    }),
    declare("aws:lb/listener:Listener", "nlbListener", {
      loadBalancerArn: ref("nlb"),
      port: 443,
      protocol: "TCP",
      defaultActions: [{ type: "forward", targetGroupArn: ref("nlbTargets") }],
      ...parts.listener,
    }),
  ];
}

/** A public one whose target is an internal application load balancer. */
const beforeAlb = (options: Partial<Parameters<typeof behindAlb>[0]> = {}): Declared[] => nlbBeforeAlb({}, options);

const fromVpc = { protocol: "tcp", fromPort: 4200, toPort: 4200, cidrBlocks: ["10.0.0.0/16"] };

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
    stack: beforeAlb(),
    ...reject('aws.lb.LoadBalancer "nlb"', 'aws.lb.LoadBalancer "alb": is its target'),
  },
  "an NLB for IPv4 that keeps client addresses before tasks that admit the VPC only": {
    stack: networkBalancer({ ipAddressType: "ipv4" }, [fromVpc], { preserveClientIp: "true" }),
  },
  "an NLB that keeps client addresses before tasks that admit a company": {
    stack: networkBalancer({}, [{ ...fromVpc, cidrBlocks: ["203.0.0.0/16"] }], { preserveClientIp: "true" }),
  },
  "an NLB that keeps client addresses before tasks that admit everybody": {
    stack: networkBalancer({}, [open(4200)], { preserveClientIp: "true" }),
    ...reject("a network load balancer never authenticates"),
  },
  "an NLB for TCP and UDP before tasks that admit the VPC only": {
    stack: networkBalancer({}, [fromVpc], { protocol: "TCP_UDP" }),
  },
  "an NLB for TLS before instances' default type of targets": {
    stack: networkBalancer({}, [fromVpc], { protocol: "TLS", targetType: undefined }),
  },
  "an NLB before a target group of another stack": {
    stack: [
      ...networkBalancer({}, [fromVpc]).filter(({ name }) => !["tg", "https", "service"].includes(name)),
      listener([{ type: "forward", targetGroupArn: "arn:group" }], { protocol: "TLS" }),
      service(undefined, {
        loadBalancers: [{ targetGroupArn: "arn:group", containerName: "prefect", containerPort: 4200 }],
      }),
    ],
    trusted: ["arn:group"],
    ...reject("a network load balancer never authenticates"),
  },
  "an NLB whose groups admit a company": {
    stack: [
      ...networkBalancer({ securityGroups: [ref("albGroup", "id")] }),
      group("albGroup", { protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["203.0.0.0/16"] }),
    ],
  },
  "an NLB in private subnets": {
    stack: [...networkBalancer({ subnets: [ref("inner", "id")] }), ...innerSubnet()],
  },
  "an NLB whose addresses are in private subnets": {
    stack: [
      ...networkBalancer({ subnets: undefined, subnetMappings: [{ subnetId: ref("inner", "id") }] }),
      ...innerSubnet(),
    ],
  },
  "an NLB with one address in a private subnet and one in another": {
    stack: [
      ...networkBalancer({
        subnets: undefined,
        subnetMappings: [{ subnetId: ref("inner", "id") }, { subnetId: ref("outer", "id") }],
      }),
      ...innerSubnet(),
      declare("aws:ec2/subnet:Subnet", "outer", { vpcId: "vpc-1", cidrBlock: "10.0.2.0/24" }),
    ],
    ...reject("a network load balancer never authenticates"),
  },
  "an accelerator before a public NLB, reported once": {
    stack: [
      ...networkBalancer(),
      declare("aws:globalaccelerator/accelerator:Accelerator", "accelerator", { enabled: true }),
      declare("aws:globalaccelerator/listener:Listener", "edge", {
        acceleratorArn: ref("accelerator"),
        protocol: "TCP",
        portRanges: [{ fromPort: 443, toPort: 443 }],
      }),
      declare("aws:globalaccelerator/endpointGroup:EndpointGroup", "endpoints", {
        listenerArn: ref("edge"),
        endpointConfigurations: [{ endpointId: ref("alb") }],
      }),
    ],
    ...reject('set internal: true on aws.lb.LoadBalancer "alb"'),
  },
  "an NLB whose port is not known in preview, with a group that opens another": {
    stack: [
      ...networkBalancer({ securityGroups: [ref("albGroup", "id")] }).map((each) =>
        each.name === "https" ? listener([forward], { protocol: "TLS", port: built(["taskGroup"], "443") }) : each,
      ),
      group("albGroup", open(80)),
    ],
    preview: { rejects: ["on port (not known): a network load balancer never authenticates"] },
  },
  "a public NLB in front of an internal ALB whose rule is for an office": {
    stack: beforeAlb({
      actions: [refuse],
      more: [rule("office", 1, [{ sourceIp: { values: ["203.0.113.0/24"] } }], [forward])],
    }),
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
  "a public NLB before an internal ALB by a weighted forward": {
    stack: nlbBeforeAlb({
      listener: {
        defaultActions: [{ type: "forward", forward: { targetGroups: [{ arn: ref("nlbTargets"), weight: 1 }] } }],
      },
    }),
    ...reject(
      'aws.lb.Listener "nlbListener": a network load balancer never authenticates',
      "set internal: true on the network load balancer, or let the other one log people in",
    ),
  },
  "a public NLB before an internal ALB, on the port of its target group": {
    stack: nlbBeforeAlb({ attachment: { port: undefined } }),
    ...reject('aws.lb.LoadBalancer "alb": is its target on port 443'),
  },
  "a public NLB before an internal ALB, on another port than its target group's": {
    stack: nlbBeforeAlb({ group: { port: 8443 } }),
    ...reject('aws.lb.LoadBalancer "alb": is its target on port 443'),
  },
  "a public NLB before a port where the internal ALB does not listen": {
    stack: nlbBeforeAlb({ attachment: { port: 8443 } }),
  },
  "a public NLB on a port that its groups do not admit, before an internal ALB": {
    stack: [...nlbBeforeAlb({ nlb: { securityGroups: [ref("nlbGroup", "id")] } }), group("nlbGroup", open(80))],
  },
  "a public NLB before an internal ALB that admits the VPC": {
    stack: nlbBeforeAlb({}, { albIngress: [{ ...open(443), cidrBlocks: ["10.0.0.0/8"] }] }),
    ...reject('aws.lb.LoadBalancer "alb": is its target'),
  },
  "a public NLB before an internal ALB that asks": { stack: nlbBeforeAlb({}, { actions: [login(), forward] }) },
  "an internal NLB before an internal ALB": { stack: nlbBeforeAlb({ nlb: { internal: true } }) },
  "an NLB of another stack before an internal ALB": {
    stack: nlbBeforeAlb({ listener: { loadBalancerArn: "arn:elsewhere" } }),
    ...cannotTell('aws.lb.LoadBalancer "alb": is its target'),
  },
  "a public NLB, which keeps client addresses, before an internal ALB whose rule admits the VPC": {
    stack: [
      ...nlbBeforeAlb({}, { actions: [refuse] }),
      rule("inner", 1, [{ sourceIp: { values: ["10.0.0.0/8"] } }], [forward]),
    ],
  },
  "an endpoint service for everybody before an internal NLB before an ALB whose rule admits the VPC": {
    stack: [
      ...nlbBeforeAlb(
        { nlb: { internal: true } },
        { actions: [refuse], albIngress: [{ ...open(443), cidrBlocks: ["10.0.0.0/8"] }] },
      ),
      rule("inner", 1, [{ sourceIp: { values: ["10.0.0.0/8"] } }], [forward]),
      declare("aws:ec2/vpcEndpointService:VpcEndpointService", "endpoints", {
        acceptanceRequired: false,
        allowedPrincipals: ["*"],
        networkLoadBalancerArns: [ref("nlb")],
      }),
    ],
    ...reject("every AWS account may connect to this endpoint service", 'aws.lb.ListenerRule "inner"'),
  },
};
