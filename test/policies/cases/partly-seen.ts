import { innerSubnet } from "../support/inside";
import { base64, docker } from "../support/machines";
import { bare, behindAlb, group, open } from "../support/pieces";
import { declare, type Declared, later, ref } from "../support/stack";
import { cannotTell, type Cases, reject } from "./case";
import { publicTask } from "./networks";

/** Lists in which the stack says of one entry what it is, and another one is of another stack or not known yet. */

/** A list that is known when finished, made of one of the stack. */
const all = (from: string, ...values: string[]): unknown => ({ ...ref(from, ""), $value: values });

const inGroups = (...securityGroups: unknown[]): Declared[] => publicTask([], [], { securityGroups });

const inSubnets = (...subnets: unknown[]): Declared[] => [
  ...behindAlb({ definitions: bare, alb: { subnets } }),
  ...innerSubnet(),
];

/** Machines whose subnets say whether they get public addresses. */
const machinesIn = (...vpcZoneIdentifiers: unknown[]): Declared[] => [
  group("taskGroup", open(4200)),
  declare("aws:ec2/launchTemplate:LaunchTemplate", "template", {
    userData: base64(docker),
    vpcSecurityGroupIds: [ref("taskGroup", "id")],
  }),
  declare("aws:autoscaling/group:Group", "servers", {
    launchTemplate: { id: ref("template", "id"), version: "$Latest" },
    vpcZoneIdentifiers,
  }),
  ...innerSubnet(),
];

export const partlySeenCases: Cases = {
  "a public address in a closed group and one of another stack": {
    stack: inGroups(ref("taskGroup", "id"), "sg-0123"),
    ...cannotTell("who its security groups admit to port 4200 is not known"),
  },
  "a public address in a closed group and one that is not known": {
    stack: inGroups(ref("taskGroup", "id"), later("sg-0123")),
    ...cannotTell("who its security groups admit to port 4200 is not known"),
  },
  "a public address in a closed group and one that is trusted": {
    stack: inGroups(ref("taskGroup", "id"), "sg-0123"),
    trusted: ["sg-0123"],
  },
  "a public address in groups that are not known at all": {
    stack: publicTask([], [], { securityGroups: all("taskGroup", "sg-0123", "sg-0124") }),
    ...cannotTell("who its security groups admit to port 4200 is not known"),
  },
  "a balancer in a private subnet": { stack: inSubnets(ref("inner", "id")) },
  "a balancer in a private subnet and one of another stack": {
    stack: inSubnets(ref("inner", "id"), "subnet-9"),
    ...reject('aws.lb.LoadBalancer "alb": faces the internet'),
  },
  "a balancer in a private subnet and one that is not known": {
    stack: inSubnets(ref("inner", "id"), later("subnet-9")),
    ...reject('aws.lb.LoadBalancer "alb": faces the internet'),
  },
  "a balancer in a private subnet and one that is trusted": {
    stack: inSubnets(ref("inner", "id"), "subnet-9"),
    trusted: ["subnet-9"],
  },
  "a balancer in subnets that are not known at all": {
    stack: [
      ...behindAlb({ definitions: bare, alb: { subnets: all("inner", "subnet-8", "subnet-9") } }),
      ...innerSubnet(),
    ],
    ...reject('aws.lb.LoadBalancer "alb": faces the internet'),
  },
  "machines in a private subnet": { stack: machinesIn(ref("inner", "id")) },
  "machines in a private subnet and one of another stack": {
    stack: machinesIn(ref("inner", "id"), "subnet-9"),
    ...cannotTell("may have a public address"),
  },
  "machines in a private subnet and one that is not known": {
    stack: machinesIn(ref("inner", "id"), later("subnet-9")),
    ...cannotTell("may have a public address"),
  },
};
