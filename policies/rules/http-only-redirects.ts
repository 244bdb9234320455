import { elsewhere, exposure } from "../graph/entrances/load-balancers";
import { label, property, type Resource } from "../graph/model";
import { types } from "../graph/types";
import type { PrefectStack } from "../support/prefect-stack";
import type { Finding, Rule } from "../support/rule";

/** Whatever asks for the login behind it: over HTTP the credential and the session are there to read on the way. */
export const httpOnlyRedirects: Rule = {
  name: "http-only-redirects",
  description: "A load balancer before Prefect sends plain HTTP from the internet nowhere but to HTTPS.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: 'Give the HTTP listener one action: a redirect with protocol "HTTPS", port "443".',
  find: (stack) => [...applicationListeners(stack), ...classicListeners(stack)],
};

function applicationListeners(stack: PrefectStack): Finding[] {
  return stack.fronts.flatMap(({ balancer, listener, holder, ways }) => {
    if (listener === undefined || !isHttp(listener) || stack.isRefused(ways)) return [];
    const port = property(listener, "port").integer();
    const from = balancer === undefined ? elsewhere : exposure(stack.world, balancer, port);
    if (from === undefined) return [];
    const what = holder === listener ? "its default action" : label(holder);
    const message = `${label(listener)} takes HTTP on port ${port ?? "(not known)"} and ${what} forwards it${from.certain ? "" : " (whether the internet reaches it is not known)"}. Let it redirect to HTTPS.`;
    return [{ message, resource: holder }];
  });
}

/** Classic load balancers cannot redirect: what they take by HTTP, they send on. */
function classicListeners({ world: { graph }, workloads, refused }: PrefectStack): Finding[] {
  return graph.ofType(types.classicLoadBalancer).flatMap((balancer) => {
    const ports = property(balancer, "listeners")
      .list()
      .filter((listener) => listener.get("lbProtocol").word() === "http")
      .map((listener) => listener.get("lbPort").text() ?? "(not known)");
    const leads = workloads.some(
      ({ service, targets }) =>
        !refused.has(service.urn) &&
        targets
          .flatMap(({ classicName }) => classicName ?? [])
          .some((name) => graph.referred(name, types.classicLoadBalancer).includes(balancer)),
    );
    if (!leads || ports.length === 0 || property(balancer, "internal").flag() === true) return [];
    const message = `${label(balancer)} takes HTTP on port ${ports.join(", ")} and cannot redirect it. Take HTTPS only.`;
    return [{ message, resource: balancer }];
  });
}

/** The provider's default is HTTP; only application load balancers speak it. */
function isHttp(listener: Resource): boolean {
  const protocol = property(listener, "protocol");
  return protocol.isOmitted || protocol.word() === "http";
}
