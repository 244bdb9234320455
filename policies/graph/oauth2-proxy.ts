import { startOf } from "./oauth2-proxy-start";
import type { Container } from "./tasks";
import { isPublicIssuer } from "./tokens";

/** What oauth2-proxy does, as far as its environment and arguments tell. */
export interface Oauth2Proxy {
  readonly port: number | undefined;
  /** Ports on which it listens besides: HTTPS, metrics. */
  readonly otherPorts: readonly number[];
  /** True where only the task itself can call it. */
  readonly loopbackOnly: boolean;
  /** Its own paths begin with this. */
  readonly prefix: string;
  /** Where requests with a session go; undefined where that cannot be seen. */
  readonly upstreams: readonly string[] | undefined;
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
  config: isSet,
  "alpha-config": isSet,
};

/** Flags that take no word behind them: `--skip-auth-preflight false` is on, only `=false` is off (spf13/pflag, NoOptDefVal). */
const switches = new Set(["skip-auth-preflight", "gcp-healthchecks", "insecure-oidc-skip-issuer-verification"]);

const image = /(^|\/)oauth2-proxy(?::|@|$)/i;
const ownVariable = /^OAUTH2_PROXY_\w/;

function isSet(value: string): boolean {
  return value.trim() !== "";
}

function isOn(value: string): boolean {
  return !/^\s*(?:|false|0|f|no)\s*$/i.test(value);
}

/** By its image or command, or by variables that nothing else reads: those of an image of one's own. */
export function isOauth2Proxy(container: Container): boolean {
  return (
    isShown(container) || [...container.environment.keys(), ...container.secrets].some((name) => ownVariable.test(name))
  );
}

/** Its image or its command says that it is oauth2-proxy and nothing else. */
function isShown(container: Container): boolean {
  return isImage(container) || startOf(container, false) !== undefined;
}

function isImage({ image: name }: Container): boolean {
  return name !== undefined && image.test(name);
}

export function oauth2ProxyOf(container: Container): Oauth2Proxy {
  const settings = settingsOf(container);
  const problems = [...settings]
    .filter(([name, value]) => banned[name]?.(value ?? "not known") ?? false)
    .map(([name]) => `oauth2-proxy's ${name} lets requests in, or hides what does`);
  if (admitsEverybody(settings)) {
    problems.push(
      "oauth2-proxy lets in every account of a public identity provider: no groups or email domains are named",
    );
  }
  const unseen = whyUnseen(container);
  const inFile = ["config", "alpha-config"].some((name) => settings.has(name) && isSet(settings.get(name) ?? "?"));
  const hidesSettings = unseen !== undefined || inFile;
  const isGiven = hidesSettings || settings.has("http-address");
  const address = isGiven ? (settings.get("http-address") ?? "") : "127.0.0.1:4180";
  const upstream = settings.get("upstream");
  return {
    port: portOf(address),
    otherPorts: ["https-address", "metrics-address", "secure-metrics-address"].flatMap(
      (name) => portOf(settings.get(name) ?? "") ?? [],
    ),
    loopbackOnly: /^(?:https?:\/\/)?(?:127\.\d+\.\d+\.\d+|localhost|\[::1\]):\d+$/.test(address),
    prefix: settings.get("proxy-prefix") ?? "/oauth2",
    upstreams: settings.has("upstream") || hidesSettings ? upstream?.split(/[,\s]+/).filter(Boolean) : [],
    problems,
    unseen,
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
  return startOf(container, isImage(container))?.unseen;
}

/** Every setting by its flag's name in the singular; an undefined value is a secret or not known. */
export function settingsOf(container: Container): Map<string, string | undefined> {
  const settings = new Map<string, string | undefined>();
  const set = (name: string, value: string | undefined): void => {
    const flag = name.toLowerCase().replaceAll("_", "-");
    const singular = flag === "cookie-samesite" ? flag : flag.replace(/([^s])s$/, "$1");
    const before = settings.get(singular);
    settings.set(singular, before === undefined || value === undefined ? value : `${before},${value}`);
  };
  for (const name of [...container.environment.keys(), ...container.secrets]) {
    const flag = /^OAUTH2_PROXY_(\w+)$/.exec(name)?.[1];
    if (flag !== undefined) set(flag, container.environment.get(name));
  }
  const { args, assignments } = startOf(container, true) ?? { args: [], assignments: [] };
  for (const each of assignments) {
    const [, name, value] = /^OAUTH2_PROXY_(\w+)=(.*)$/s.exec(each) ?? [];
    if (name !== undefined) set(name, unquoted(value ?? "") || undefined);
  }
  args.forEach((word, index) => {
    const [, name, value] = /^--?([a-z][a-z0-9-]+)(?:=(.*))?$/s.exec(word) ?? [];
    if (name === undefined) return;
    const following = switches.has(name) ? undefined : args[index + 1];
    set(name, unquoted(value ?? (following === undefined || following.startsWith("-") ? "true" : following)));
  });
  return settings;
}

function unquoted(value: string): string {
  return value.replace(/^["']|["']$/g, "");
}

/** Anyone can have an account there. */
function admitsEverybody(settings: ReadonlyMap<string, string | undefined>): boolean {
  const provider = settings.get("provider") ?? (settings.has("provider") ? "oidc" : "google");
  const issuer = settings.get("oidc-issuer-url") ?? "";
  const open =
    ["google", "github", "gitlab", "facebook", "linkedin", "digitalocean", "bitbucket"].includes(provider) ||
    isPublicIssuer(issuer);
  const everyDomain = /(^|,)\s*\*\s*(,|$)/.test(settings.get("email-domain") ?? "");
  const narrowed = [...settings.keys()].some((name) =>
    /^(?:allowed-group|allowed-role|allowed-email|authenticated-emails-file|google-group|github-(?:org|team|repo|user)|gitlab-(?:group|project)|bitbucket-(?:team|repository))$/.test(
      name,
    ),
  );
  return open && everyDomain && !narrowed;
}
