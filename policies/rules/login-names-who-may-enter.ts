import { isPublicIssuer } from "../graph/tokens";
import { loginActions } from "../support/login-actions";
import { isCognito, type Proxy, proxiesOf } from "../support/oauth2-proxies";
import type { Finding, Rule } from "../support/rule";

/**
 * A load balancer lets in whomever the issuer knows: it checks no groups and no mail domains. An oauth2-proxy with a
 * public issuer and nobody named is refused by oauth2-proxy-asks-everybody.
 */
export const loginNamesWhoMayEnter: Rule = {
  name: "login-names-who-may-enter",
  description: "A login to Prefect lets in named groups, people or mail domains, or has an issuer of one's own.",
  enforcementLevel: "mandatory",
  severity: "critical",
  remediationSteps:
    "Take an issuer that knows your people only (a Cognito pool without sign-up, a tenant), or oauth2-proxy with allowed-groups or email-domains.",
  find: (stack) => [
    ...stack.fronts.flatMap((front) =>
      loginActions(front).flatMap(({ type, settings }): Finding[] => {
        if (type !== "authenticate-oidc" || !isPublicIssuer(settings.get("issuer").text() ?? "")) return [];
        const message = `The issuer of ${type} knows everybody who has an account there, and a load balancer checks no groups.`;
        return [{ message, resource: front.holder }];
      }),
    ),
    ...proxiesOf(stack).flatMap(tenantWide),
  ],
};

/** A tenant's issuer knows colleagues, guests and test accounts: not strangers, so no more than a note. */
function tenantWide({ container, resource, settings }: Proxy): Finding[] {
  const issuer = settings.text("oidc-issuer-url");
  if (issuer === undefined || isPublicIssuer(issuer) || isCognito(issuer)) return [];
  if (settings.namesPeople || settings.namesMailDomains) return [];
  const message = `Container ${JSON.stringify(container.name)} names no groups and no mail domains: everybody whom its issuer knows comes in. Set allowed-groups or email-domains.`;
  return [{ message, resource, level: "advisory" }];
}
