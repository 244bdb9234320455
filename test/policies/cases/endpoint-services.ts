import { asking, internalNlb } from "../support/inside";
import { declare, type Declared, ref } from "../support/stack";
import { type Cases, reject } from "./case";

/** PrivateLink services before an internal network load balancer. */

/** A PrivateLink service before the network load balancer. */
const endpoints = (principal: string, acceptanceRequired = false): Declared[] => [
  declare("aws:ec2/vpcEndpointService:VpcEndpointService", "endpoints", {
    acceptanceRequired,
    allowedPrincipals: [principal],
    networkLoadBalancerArns: [ref("nlb")],
  }),
];

export const endpointServiceCases: Cases = {
  "an endpoint service for everybody": {
    stack: internalNlb(endpoints("*")),
    ...reject("every AWS account may connect to this endpoint service"),
  },
  "an endpoint service for everybody before a Prefect that asks": { stack: internalNlb(endpoints("*"), asking) },
  "an endpoint service for an account": { stack: internalNlb(endpoints("arn:aws:iam::123456789012:root")) },
  "an endpoint service that is asked for each connection": { stack: internalNlb(endpoints("*", true)) },
};
