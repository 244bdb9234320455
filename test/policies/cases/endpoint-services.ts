import { asking, behindGroup, fromVpc, internalNlb } from "../support/inside";
import { group } from "../support/pieces";
import { built, declare, type Declared, ref } from "../support/stack";
import { type Cases, reject } from "./case";

/** PrivateLink services before an internal network load balancer. */

/** A PrivateLink service before the network load balancer. */
const endpoints = (principal: unknown, acceptanceRequired = false): Declared[] => [
  declare("aws:ec2/vpcEndpointService:VpcEndpointService", "endpoints", {
    acceptanceRequired,
    allowedPrincipals: [principal],
    networkLoadBalancerArns: [ref("nlb")],
  }),
];

/** Who may connect besides. */
const allowed = (principalArn: string): Declared =>
  declare("aws:ec2/vpcEndpointServiceAllowedPrinciple:VpcEndpointServiceAllowedPrinciple", "allowed", {
    vpcEndpointServiceId: ref("endpoints", "id"),
    principalArn,
  });

export const endpointServiceCases: Cases = {
  "an endpoint service for everybody": {
    stack: internalNlb(endpoints("*")),
    ...reject("every AWS account may connect to this endpoint service"),
  },
  "an endpoint service for everybody before a Prefect that asks": { stack: internalNlb(endpoints("*"), asking) },
  "an endpoint service for everybody before a balancer whose group admits nobody": {
    stack: behindGroup(endpoints("*"), undefined),
  },
  "an endpoint service for everybody before a balancer whose group is to be asked": {
    stack: behindGroup(endpoints("*"), "on"),
  },
  "an endpoint service for everybody past the balancer's group": {
    stack: behindGroup(endpoints("*"), "off"),
    ...reject(
      "every AWS account may connect to this endpoint service",
      'aws.lb.LoadBalancer "nlb": is what it leads to',
    ),
  },
  "an endpoint service for an account": { stack: internalNlb(endpoints("arn:aws:iam::123456789012:root")) },
  "an endpoint service that is asked for each connection": { stack: internalNlb(endpoints("*", true)) },
  "an endpoint service before a balancer that admits the VPC": {
    stack: internalNlb([...endpoints("*"), group("nlbGroup", fromVpc(80))]).map((each) =>
      each.name === "nlb"
        ? declare(each.type, each.name, { ...each.inputs, securityGroups: [ref("nlbGroup", "id")] })
        : each,
    ),
    ...reject("every AWS account may connect to this endpoint service"),
  },
  "an endpoint service for an account and everybody": {
    stack: internalNlb([...endpoints("arn:aws:iam::123456789012:root"), allowed("*")]),
    ...reject("every AWS account may connect to this endpoint service"),
  },
  "an endpoint service for two accounts": {
    stack: internalNlb([...endpoints("arn:aws:iam::123456789012:root"), allowed("arn:aws:iam::210987654321:root")]),
  },
  "an endpoint service for somebody who is not known": {
    stack: internalNlb(endpoints(built(["nlb"], "arn:aws:iam::123456789012:root"))),
    preview: { cannotTell: ["every AWS account may connect to this endpoint service"] },
  },
};
