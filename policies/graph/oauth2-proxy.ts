import { startOf } from "./oauth2-proxy-start";
import type { Container } from "./tasks";
import { isPublicIssuer } from "./tokens";

/** What oauth2-proxy does, as far as its environment and arguments tell. */
export interface Oauth2Proxy {
  readonly port: number | undefined;
  /** Ports on which it answers with metrics alone. */
  readonly metricsPorts: readonly number[];
  /** True where only the task itself can call it. */
  readonly loopbackOnly: boolean;
  /** Its own paths begin with this. */
  readonly prefix: string;
  /** Where requests with a session go; undefined where that cannot be seen. */
  readonly upstreams: readonly string[] | undefined;
  /** Some of these may be more than texts and files of its own. */
  readonly passesOn: boolean;
  /** Settings by which somebody without a session is let in, or that hide such settings. */
  readonly problems: readonly string[];
  /** Why it may have further settings, of which nothing is seen; undefined where it has none. */
  readonly unseen: string | undefined;
  /** What is not seen of it may add a credential to requests without a session: only a session's own goes along else. */
  readonly mayAddCredential: boolean;
}

/**
 * Each makes oauth2-proxy say yes to requests without a session of the own issuer, or gives the session away; most of
 * its advisories need one of them (CVE-2025-54576, CVE-2026-34457, CVE-2026-40575, CVE-2026-41059).
 */
const banned: Readonly<Record<string, (value: string) => boolean>> = {
  "skip-auth-route": isSet,
  "skip-auth-regex": isSet,
  "skip-auth-preflight": isOn,
  "trusted-ip": isSet,
  "ping-user-agent": isSet,
  "gcp-healthcheck": isOn,
  "insecure-oidc-skip-issuer-verification": isOn,
  "cookie-samesite": (value) => value.toLowerCase() === "none",
  // Everybody may have a host under these names, and the login would send sessions' codes there.
  "whitelist-domain": (value) =>
    /(?:^|,)\s*(?:\*?\.(?:amazoncognito|amazonaws|cloudfront)\.(?:com|net)|\*)/i.test(value),
  // What answers health checks comes before the login (pkg/middleware/healthcheck.go): also where nginx asks.
  "ping-path": isNoHealthPath,
  "ready-path": isNoHealthPath,
  config: isSet,
  "alpha-config": isSet,
};

/** Flags that take no word behind them: `--skip-auth-preflight false` is on, only `=false` is off (spf13/pflag, NoOptDefVal). */
const switches = new Set(["skip-auth-preflight", "gcp-healthchecks", "insecure-oidc-skip-issuer-verification"]);

const image = /(^|\/)oauth2-proxy(?::|@|$)/i;
const ownVariable = /^OAUTH2_PROXY_(\w+)/;

function isSet(value: string): boolean {
  return value.trim() !== "";
}

function isOn(value: string): boolean {
  return !/^\s*(?:|false|0|f|no)\s*$/i.test(value);
}

function isNoHealthPath(value: string): boolean {
  return isSet(value) && (!value.startsWith("/") || value.endsWith("/auth"));
}

/** By its image or command, or by variables that nothing else reads: those of an image of one's own. */
export function isOauth2Proxy(container: Container): boolean {
  return (
    isShown(container) || [...container.environment.keys(), ...container.secrets].some((name) => ownVariable.test(name))
  );
}

/** Its image or its command says that it is oauth2-proxy and nothing else. */
function isShown(container: Container): boolean {
  return image.test(container.image ?? "") || startOf(container).isShown;
}

export function oauth2ProxyOf(container: Container): Oauth2Proxy {
  const settings = settingsOf(container);
  const problems = [...settings]
    .filter(([name, value]) => banned[name]?.(value ?? "not known") ?? false)
    .map(([name]) => `oauth2-proxy's ${name} lets requests in, or hides what does`);
  const admitted = admittedBy(settings);
  if (admitted === "everybody") {
    problems.push(
      "oauth2-proxy lets in every account of a public identity provider: neither groups nor mail domains of one's own are named",
    );
  }
  const hidden = whyUnseen(container);
  const isAnySet = (...names: string[]): boolean =>
    names.some((name) => settings.has(name) && isSet(settings.get(name) ?? "not known"));
  const hidesSettings = hidden !== undefined || isAnySet("config", "alpha-config");
  // With a certificate it serves HTTPS alone, without one HTTP alone (pkg/apis/options/legacy_options.go).
  const [addressName, usual] = isAnySet("tls-cert-file", "tls-key-file")
    ? ["https-address", ":443"]
    : ["http-address", "127.0.0.1:4180"];
  const isGiven = hidesSettings || settings.has(addressName);
  const address = isGiven ? (settings.get(addressName) ?? "") : usual;
  const upstreams = settings.has("upstream") || hidesSettings ? settings.get("upstream")?.split(/[,\s]/) : [];
  return {
    port: portOf(address),
    metricsPorts: ["metrics-address", "metrics-secure-address"].flatMap(
      (name) => portOf(settings.get(name) ?? "") ?? [],
    ),
    loopbackOnly: /^(?:https?:\/\/)?(?:127\.\d+\.\d+\.\d+|localhost|\[::1\]):\d+$/.test(address),
    prefix: settings.get("proxy-prefix") ?? "/oauth2",
    upstreams: upstreams?.filter(Boolean),
    passesOn: hidesSettings || upstreams === undefined || upstreams.some((each) => !/^(?:static:|file:|$)/.test(each)),
    problems,
    unseen: hidden ?? (admitted === "not known" ? "which mail domains it admits is not known" : undefined),
    mayAddCredential: isShown(container) ? hidesSettings : container.secrets.size > 0 || container.environmentFiles,
  };
}

function portOf(address: string): number | undefined {
  const port = /:(\d{1,5})$/.exec(address)?.[1];
  return port === undefined ? undefined : Number(port);
}

/** An image of one's own may have any entry point. */
function whyUnseen(container: Container): string | undefined {
  if (!isShown(container)) return "it is an image of one's own, and what that adds cannot be seen";
  if (container.words === undefined) return "its arguments are not known";
  if (container.environmentFiles) return "its environment files cannot be seen";
  return startOf(container).unseen;
}

/** Every setting by its flag's name in the singular; an undefined value is a secret or not known. */
export function settingsOf(container: Container): Map<string, string | undefined> {
  const settings = new Map<string, string | undefined>();
  const set = (name: string, value: string | undefined): void => {
    const singular = name
      .toLowerCase()
      .replaceAll("_", "-")
      .replace(/([^s])s$/, "$1");
    const before = settings.get(singular);
    settings.set(singular, before === undefined || value === undefined ? value : `${before},${value}`);
  };
  for (const name of [...container.environment.keys(), ...container.secrets]) {
    const flag = ownVariable.exec(name)?.[1];
    if (flag !== undefined) set(flag, container.environment.get(name));
  }
  const { args, assignments } = startOf(container);
  for (const each of assignments) {
    const [, name, value] = /^OAUTH2_PROXY_(\w+)=(.*)/s.exec(each) ?? [];
    if (name !== undefined) set(name, shown(value ?? ""));
  }
  args.forEach((word, index) => {
    const [, name, value] = /^--?([a-z][a-z0-9-]+)(?:=(.*))?$/s.exec(word) ?? [];
    if (name === undefined) return;
    const following = switches.has(name) ? undefined : args[index + 1];
    set(name, shown(value ?? (following === undefined || following.startsWith("-") ? "true" : following)));
  });
  return settings;
}

/** Without quotes; undefined where a shell, or Kubernetes, puts something in. */
function shown(value: string): string | undefined {
  return /[$`\uE000]/.test(value) ? undefined : value.replace(/^["']|["']$/g, "");
}

/** Providers at which anyone can have an account, wherever it is looked for. */
const publicProviders = new Set(
  "google github facebook linkedin digitalocean bitbucket login.gov sourcehut".split(" "),
);
/** Everybody, a whole top-level domain, and those that give addresses to everybody. */
const everyDomain =
  /(?:^|,)\s*(?:\*|@?\.\w+|@?(?:gmail|googlemail|outlook|hotmail|live|msn|yahoo|icloud|aol)\.com|@?proton(?:mail)?\.(?:me|com)|@?gmx\.\w+)\s*(?:,|$)/i;
const narrowing =
  /^(?:allowed-group|allowed-role|allowed-email|authenticated-emails-file|keycloak-group|google-group|entra-id-allowed-tenant|github-(?:org|team|repo|user)|gitlab-(?:group|project)|bitbucket-(?:team|repository))$/;

/** Whether groups, roles or people are named, beyond whom the issuer knows. */
export function namesPeople(settings: ReadonlyMap<string, string | undefined>): boolean {
  return [...settings].some(([name, value]) => value?.trim() !== "" && narrowing.test(name));
}

/** Whom it lets in: everybody where anyone can have an account at its provider, and nothing else tells who. */
function admittedBy(settings: ReadonlyMap<string, string | undefined>): "everybody" | "not known" | undefined {
  const text = (name: string, usual: string): string => (settings.has(name) ? (settings.get(name) ?? "") : usual);
  const provider = text("provider", "google");
  const issuer =
    provider === "azure"
      ? `login.microsoftonline.com/${text("azure-tenant", "common")}`
      : text("oidc-issuer-url", provider === "gitlab" ? "https://gitlab.com" : "");
  if (namesPeople(settings) || !(publicProviders.has(provider) || isPublicIssuer(issuer))) return undefined;
  const domains = text("email-domain", "none");
  if (domains === "") return "not known";
  return everyDomain.test(domains) ? "everybody" : undefined;
}
