import { isPublicIssuer } from "../graph/tokens";
import { oauth2ProxyOf } from "../graph/oauth2-proxy";
import { isRefused, type Proxy, proxiesOf } from "../support/oauth2-proxies";
import type { Rule } from "../support/rule";

/** Where the internet gets to it, prefect-api-requires-auth says the same with the path; this is for every other place. */
export const oauth2ProxyAsksEverybody: Rule = {
  name: "oauth2-proxy-asks-everybody",
  description: "An oauth2-proxy before Prefect lets nobody pass without a session of its own issuer.",
  enforcementLevel: "mandatory",
  severity: "critical",
  remediationSteps:
    "Take the setting out; let nginx answer health checks, and machines come with a credential of their own.",
  find: (stack) =>
    proxiesOf(stack).flatMap((proxy) => {
      if (isRefused(stack, proxy)) return [];
      const problems = [...new Set([...oauth2ProxyOf(proxy.container).problems, ...furtherProblems(proxy)])];
      const message = `Container ${JSON.stringify(proxy.container.name)}: ${problems.join("; ")}.`;
      return problems.length > 0 ? [{ message, resource: proxy.resource }] : [];
    }),
};

function furtherProblems({ container, settings }: Proxy): string[] {
  const problems = container.environmentFiles ? ["oauth2-proxy's environment files cannot be seen"] : [];
  const say = (name: string, what: string): number => problems.push(`oauth2-proxy's ${name} ${what}`);
  if (settings.isOn("ssl-insecure-skip-verify", false))
    say("ssl-insecure-skip-verify", "believes whoever answers in the issuer's place");
  if (settings.namesUnverifiedMailDomains) {
    say("insecure-oidc-allow-unverified-email", "believes an address of the named mail domains without a proof");
  }
  const issuers = settings.text("extra-jwt-issuer")?.split(",") ?? [];
  const takes = issuers.some((pair) => isPublicIssuer(pair.split("=")[0] ?? ""));
  if (settings.isOn("skip-jwt-bearer-token", false) && takes) {
    say("extra-jwt-issuer", "takes tokens of an issuer from which anyone gets one");
  }
  return problems;
}
