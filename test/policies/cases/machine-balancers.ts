import { balanced, compose, docker, instance } from "../support/machines";
import { forward, fromAlb, group, login, open, targetGroup } from "../support/pieces";
import { declare, type Declared, ref } from "../support/stack";
import { cannotTell, type Cases, reject } from "./case";

/** Load balancers before machines, and before addresses that are nothing of the stack. */

const attachment = (more: Record<string, unknown> = {}): Declared =>
  declare("aws:lb/targetGroupAttachment:TargetGroupAttachment", "attachment", {
    targetGroupArn: ref("tg"),
    targetId: ref("server", "id"),
    ...more,
  });

/** Behind a network load balancer. */
const wired = (ingress: Record<string, unknown>, targets: Record<string, unknown>): Declared[] => [
  declare("aws:lb/loadBalancer:LoadBalancer", "nlb", { loadBalancerType: "network", subnets: ["subnet-2"] }),
  targetGroup(4200, { targetType: "instance", protocol: "TCP", ...targets }),
  declare("aws:lb/listener:Listener", "tcp", {
    loadBalancerArn: ref("nlb"),
    port: 80,
    protocol: "TCP",
    defaultActions: [forward],
  }),
  ...instance({ userData: docker, associatePublicIpAddress: false }, ingress),
  attachment(),
];

/** An instance behind a classic load balancer. */
const behindClassic = (more: Record<string, unknown>): Declared[] => [
  ...instance({ userData: docker, associatePublicIpAddress: false }, fromAlb(4200)),
  group("albGroup", open(80)),
  declare("aws:elb/loadBalancer:LoadBalancer", "elb", {
    securityGroups: [ref("albGroup", "id")],
    listeners: [{ lbPort: 80, lbProtocol: "http", instancePort: 4200, instanceProtocol: "http" }],
    instances: [ref("server", "id")],
    ...more,
  }),
];

export const machineBalancerCases: Cases = {
  "an address that is nothing of the stack, on Prefect's port": {
    stack: balanced([attachment({ targetId: "10.0.3.4" })], [forward]),
    ...cannotTell('aws.lb.TargetGroupAttachment "attachment"', "its program is not in this stack"),
  },
  "an address that is nothing of the stack, on another port": {
    stack: balanced([attachment({ targetId: "10.0.3.4" })], [forward], 8000),
  },
  "an address that is nothing of the stack, behind a login": {
    stack: balanced([attachment({ targetId: "10.0.3.4" })], [login(), forward]),
  },
  "an NLB before instances that admit the VPC only": {
    stack: wired({ ...fromAlb(4200), securityGroups: [], cidrBlocks: ["10.0.0.0/16"] }, {}),
  },
  "an NLB before instances that admit everybody": {
    stack: wired(open(4200), {}),
    ...reject("a network load balancer never authenticates"),
  },
  "an NLB that hides its clients from instances that admit the VPC only": {
    stack: wired({ ...fromAlb(4200), securityGroups: [], cidrBlocks: ["10.0.0.0/16"] }, { preserveClientIp: "false" }),
    ...reject("a network load balancer never authenticates"),
  },
  "an instance behind a load balancer": {
    stack: balanced(
      [...instance({ userData: docker, associatePublicIpAddress: false }, fromAlb(4200)), attachment()],
      [forward],
    ),
    ...reject('aws.lb.Listener "https"', 'aws.ec2.Instance "server": takes them on port 4200'),
  },
  "an instance behind a load balancer that logs people in": {
    stack: balanced(
      [...instance({ userData: docker, associatePublicIpAddress: false }, fromAlb(4200)), attachment()],
      [login(), forward],
    ),
  },
  "an instance that is attached on another port": {
    stack: balanced(
      [...instance({ userData: compose, associatePublicIpAddress: false }, fromAlb(80)), attachment({ port: 80 })],
      [forward],
    ),
    ...reject("takes them on port 80"),
  },
  "an instance behind a classic load balancer": {
    stack: behindClassic({}),
    ...reject('aws.elb.LoadBalancer "elb": faces the internet', 'aws.ec2.Instance "server": takes them on port 4200'),
  },
  "an instance behind an internal classic load balancer": { stack: behindClassic({ internal: true }) },
};
