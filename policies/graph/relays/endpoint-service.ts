import type { World } from "../entrances/entrance";
import { label, property } from "../model";
import { types } from "../types";
import { anyPort, letsPrivateLinkPast, type Relay } from "./relay";

/**
 * PrivateLink services that every AWS account may connect to: "if you grant everyone permission ... and configure the
 * endpoint service to accept all requests, your load balancer will be public even if it has no public IP address" (AWS
 * PrivateLink, "Manage permissions").
 */
export function endpointServices({ graph }: World): Relay[] {
  return graph.ofType(types.endpointService).flatMap((service) => {
    if (property(service, "acceptanceRequired").flag() === true) return [];
    const separate = graph.thatName(
      service,
      types.endpointServicePrincipal,
      "vpcEndpointServiceId",
      types.endpointService,
    );
    const principals = [
      ...property(service, "allowedPrincipals").list(),
      ...separate.map((each) => property(each, "principalArn")),
    ];
    if (!principals.some((principal) => ["*", undefined].includes(principal.text()))) return [];
    const certain = principals.some((principal) => principal.text() === "*");
    return property(service, "networkLoadBalancerArns")
      .list()
      .flatMap((arn) => graph.referred(arn, types.loadBalancer))
      .map(
        (to): Relay => ({
          to,
          takesPort: anyPort,
          sender: { kind: "inside", groups: undefined },
          pastGroups: letsPrivateLinkPast(to),
          hops: [{ resource: service, note: "every AWS account may connect to this endpoint service" }],
          note: "is what it leads to, internal or not",
          certain,
          fix: `name accounts in allowedPrincipals of ${label(service)}, or set acceptanceRequired to true`,
          addsCredential: false,
        }),
      );
  });
}
