import type { Resource } from "../graph/model";
import { isOauth2Proxy, namesPeople, oauth2ProxyOf, settingsOf } from "../graph/oauth2-proxy";
import type { Container } from "../graph/tasks";
import type { PrefectStack } from "./prefect-stack";

/** An oauth2-proxy that stands before Prefect. */
export interface Proxy {
  readonly container: Container;
  /** The task definition, or the Express service. */
  readonly resource: Resource;
  readonly settings: ProxySettings;
}

/** Every oauth2-proxy in a task with Prefect, and those elsewhere whose upstream is Prefect. */
export function proxiesOf(stack: PrefectStack): Proxy[] {
  return stack.tasks.flatMap(({ resource, containers, isPrefect }) =>
    containers
      .filter((container) => isOauth2Proxy(container) && (isPrefect || leadsToPrefect(container)))
      .map((container) => ({ container, resource, settings: new ProxySettings(container) })),
  );
}

/** Whether prefect-api-requires-auth refuses the stack for every service that runs this. */
export function isRefused({ world, refused }: PrefectStack, { resource }: Proxy): boolean {
  const running = world.workloads.filter(({ definition, service }) => definition === resource || service === resource);
  return running.length > 0 && running.every(({ service }) => refused.has(service.urn));
}

/** Whether an issuer is a user pool of Amazon Cognito. */
export function isCognito(issuer: string): boolean {
  return issuer.startsWith("https://cognito-idp.");
}

function leadsToPrefect(container: Container): boolean {
  return oauth2ProxyOf(container).upstreams?.some((upstream) => /prefect|:4200\b/i.test(upstream)) ?? false;
}

/** oauth2-proxy's settings by flag, in the singular; of flags, variables and what a start script exports. */
export class ProxySettings {
  private readonly all: ReadonlyMap<string, string | undefined>;
  private readonly words: readonly string[];

  constructor(container: Container) {
    this.all = settingsOf(container);
    this.words = container.words ?? [];
  }

  isSet(name: string): boolean {
    return this.all.has(name) && this.text(name) !== "";
  }

  /** All that is said of it, with commas between; undefined where it is not set, or a secret holds it. */
  text(name: string): string | undefined {
    return this.all.get(name)?.trim();
  }

  /** The one value that counts: a flag's over a variable's, the last of several. */
  value(name: string): string | undefined {
    const text = this.text(name);
    return text?.slice(text.lastIndexOf(",") + 1).trim();
  }

  /** A switch, as Go's strconv.ParseBool reads it; a bare flag is on, whatever word follows (pflag). */
  isOn(name: string, otherwise: boolean): boolean {
    if (this.words.some((word) => new RegExp(`^--?${name}s?$`).test(word))) return true;
    // An empty variable is none (spf13/viper, AllowEmptyEnv).
    if (!this.isSet(name)) return otherwise;
    return !["0", "f", "false"].includes(this.text(name)?.toLowerCase() ?? "");
  }

  /** Hours of a duration as Go writes it, `168h0m0s`; undefined where it cannot be read. */
  hours(name: string): number | undefined {
    const text = this.value(name);
    if (text === undefined) return undefined;
    if (text === "0") return 0;
    const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(h|m(?!s)|s|ms|us|µs|ns)/g)];
    if (parts.map(([part]) => part).join("") !== text || parts.length === 0) return undefined;
    const seconds: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1, ms: 1e-3, us: 1e-6, µs: 1e-6, ns: 1e-9 };
    return parts.reduce((sum, [, count = "", unit = ""]) => sum + Number(count) * (seconds[unit] ?? 0), 0) / 3600;
  }

  /** Names groups, roles or people, beyond whom the issuer knows. */
  get namesPeople(): boolean {
    return namesPeople(this.all);
  }

  /** Names mail domains, and takes verified addresses only. */
  get namesMailDomains(): boolean {
    return this.namesDomains && !this.believesAddresses;
  }

  /** Names mail domains, and takes any address that says to be in one. */
  get namesUnverifiedMailDomains(): boolean {
    return this.namesDomains && this.believesAddresses;
  }

  private get believesAddresses(): boolean {
    return this.isOn("insecure-oidc-allow-unverified-email", false);
  }

  /** `*` is every domain. */
  private get namesDomains(): boolean {
    const domains = this.text("email-domain")?.split(",") ?? [];
    return this.isSet("email-domain") && !domains.some((domain) => domain.trim() === "*");
  }
}
