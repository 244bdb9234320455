import { kindOf } from "../graph/entrances/load-balancers";
import { property } from "../graph/model";
import type { Rule } from "../support/rule";

/**
 * nginx and uvicorn read some headers differently: `X_Forwarded_User` for one is another's `X-Forwarded-User`
 * (CVE-2025-64484). The load balancer passes them on by default (Elastic Load Balancing, "Load balancer attributes").
 */
export const invalidHeadersAreDropped: Rule = {
  name: "invalid-headers-are-dropped",
  description: "A load balancer before Prefect drops headers with invalid names and ambiguous requests.",
  enforcementLevel: "advisory",
  severity: "low",
  remediationSteps: 'Set dropInvalidHeaderFields to true and leave desyncMitigationMode at "defensive" or "strictest".',
  find: ({ fronts }) => {
    const balancers = new Set(fronts.flatMap(({ balancer }) => balancer ?? []));
    return [...balancers].flatMap((balancer) => {
      if (kindOf(balancer) !== "application") return [];
      const drops = property(balancer, "dropInvalidHeaderFields");
      const monitors = property(balancer, "desyncMitigationMode").word() === "monitor";
      const open = [
        ...(drops.flag() === true || drops.isUnknown ? [] : ["dropInvalidHeaderFields is not true"]),
        ...(monitors ? ['desyncMitigationMode is "monitor"'] : []),
      ];
      return open.length > 0 ? [{ message: `${open.join(" and ")}.`, resource: balancer }] : [];
    });
  },
};
