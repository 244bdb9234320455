import { imageOf, isBelow, versionOf } from "../support/images";
import { type Proxy, proxiesOf } from "../support/oauth2-proxies";
import type { Rule } from "../support/rule";

interface Config {
  readonly minimum: string;
}

export const oauth2ProxyIsHardened: Rule<Config> = {
  name: "oauth2-proxy-is-hardened",
  description: "An oauth2-proxy before Prefect is recent and sets what its defaults leave open.",
  enforcementLevel: "advisory",
  severity: "medium",
  remediationSteps: "Set what the message names, as a flag or as OAUTH2_PROXY_...",
  settings: {
    minimum: {
      type: "string",
      pattern: "^\\d+\\.\\d+\\.\\d+$",
      default: "7.15.3",
      description: "The lowest version of oauth2-proxy, as 7.15.3.",
    },
  },
  find: (stack, { minimum }) =>
    proxiesOf(stack).flatMap((proxy) => {
      const open = [...versionProblem(proxy, minimum), ...settingProblems(proxy)];
      const message = `Container ${JSON.stringify(proxy.container.name)}: ${open.join("; ")}.`;
      return open.length > 0 ? [{ message, resource: proxy.resource }] : [];
    }),
};

/** 7.15.2 closed CVE-2026-34457 and CVE-2026-40575, both ways past the login; 7.15.3 is its first repair. */
function versionProblem({ container }: Proxy, minimum: string): string[] {
  const { repository, tag } = imageOf(container.image ?? "");
  const version = versionOf(tag) ?? [];
  if (!/(?:^|\/)oauth2-proxy$/i.test(repository) || !isBelow(version, versionOf(minimum) ?? [])) return [];
  return [`version ${version.join(".")} is below ${minimum}: before 7.15.2 there are known ways past its login`];
}

/** Defaults of 7.15.3 (pkg/apis/options). */
function settingProblems({ settings }: Proxy): string[] {
  // Google is the default; of one that a secret names nothing is said.
  const oidc = !["google", "github", "facebook", "bitbucket"].includes(settings.value("provider") || "google");
  const checks: readonly (readonly [open: boolean, what: string])[] = [
    [
      oidc && settings.isOn("insecure-oidc-skip-nonce", true),
      "insecure-oidc-skip-nonce is on by default: set it to false",
    ],
    [
      oidc && settings.value("code-challenge-method")?.toUpperCase() !== "S256",
      "code-challenge-method is not S256: a login's code can be used by who intercepts it",
    ],
    [
      settings.isOn("reverse-proxy", false) && !settings.isSet("trusted-proxy-ip"),
      "reverse-proxy without trusted-proxy-ip believes X-Forwarded headers from everywhere",
    ],
    [!settings.isSet("redirect-url"), "redirect-url is not set: it is built from what the caller says"],
    [!settings.isOn("cookie-secure", true), "cookie-secure is off: the session travels readable"],
    [!settings.isOn("cookie-httponly", true), "cookie-httponly is off: scripts read the session"],
    [
      !["lax", "strict"].includes(settings.value("cookie-samesite")?.toLowerCase() ?? ""),
      "cookie-samesite is neither lax nor strict: Firefox and Safari send the session along from other sites",
    ],
    [settings.isSet("cookie-domain"), "cookie-domain shares the session with every host of that domain"],
    [settings.isOn("show-debug-on-error", false), "show-debug-on-error shows strangers what went wrong inside"],
  ];
  return checks.flatMap(([open, what]) => (open ? [what] : []));
}
