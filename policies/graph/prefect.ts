import { type Container, namesOf, type Target, type Workload } from "./tasks";

/** Prefect's default port and the bind address without --host (prefect/settings/models/server/api.py). */
const defaultPort = 4200;
const loopback = /^(127\.\d+\.\d+\.\d+|localhost|::1|\[::1\])$/i;

const serverImage = /(^|\/)prefecthq\/prefect(:|@|$)/i;
const starts = /\b(?:server|orion)\s+start\b|\bprefect\.(?:server|orion)\.api\.server\b/;
const startsOther =
  /\b(?:worker|agent)\s+start\b|\bflow-run\s+execute\b|\bserver\s+(?:services|database)\b|\bprefect\.engine\b/;
const knownOthers =
  /(^|\/)(nginx|nginx-unprivileged|oauth2-proxy|envoy|haproxy|traefik|caddy|redis|valkey|postgres|busybox|prefect-client|aws-for-fluent-bit|aws-xray-daemon|aws-otel-collector)(:|@|$)/i;
/** Listen for nobody outside, whatever they declare: agents, and what is started before the others. */
const agents =
  /(^|\/)(?:prefect-client|aws-for-fluent-bit|fluent-bit|fluentd|aws-xray-daemon|aws-otel-collector|opentelemetry-collector(?:-contrib)?|(?:amazon-)?cloudwatch-agent|(?:datadog|datadoghq)\/agent|busybox)(:|@|$)/i;
const serverSettings = /^PREFECT_(?:SERVER_(?!ALLOW_|API_AUTH)|UI_|ORION_|API_DATABASE_|API_SERVICES_)/;

/** Whether this container is a Prefect API server. Workers and flow runs use the same image and are not. */
export function isServer(container: Container, workload: Workload): "yes" | "likely" | "no" {
  const command = container.words?.join(" ") ?? "";
  const { image = "" } = container;
  // Other programs have a "server start" too.
  const itsOwn = /prefect|orion/i.test(`${command} ${image} ${container.name}`) || settingNames(container);
  if (starts.test(command) && itsOwn) return "yes";
  if (startsOther.test(command)) return "no";
  if (knownOthers.test(image)) return "no";
  const targets = workload.targets.filter((target) => [container.name, undefined].includes(target.containerName));
  const targeted = targets.length > 0;
  const signals = {
    settings: settingNames(container) || [...container.environment.values()].some((value) => starts.test(value ?? "")),
    port: container.ports.includes(defaultPort),
    target: targets.some(({ containerPort }) => containerPort === defaultPort),
  };
  if (serverImage.test(image)) {
    if (!signals.settings && !signals.port && !targeted) return "no";
    return command === "" ? "yes" : "likely";
  }
  const named = /prefect|orion/i.test(`${image} ${container.name}`);
  const port = signals.port || signals.target;
  const checks = [container.healthCheck, ...targets.flatMap(({ healthPaths = [] }) => healthPaths)];
  const health = checks.some((check) => /\/api\/(health|ready)\b/.test(check));
  if (signals.settings || (named && (port || targeted || container.words === undefined))) return "likely";
  return port && (container.image === undefined || health || starts.test(command)) ? "likely" : "no";
}

/** Whether its command starts Prefect's server and nothing else, in an image of Prefect's own. */
export function startsPrefectAlone({ image = "", words = [] }: Container): boolean {
  const [first = ""] = words;
  return serverImage.test(image) && /(?:^|\/)prefect$/.test(first) && starts.test(words.join(" "));
}

/** Whether this container is known to serve nobody: an agent, or a worker of Prefect. */
export function servesNobody({ image = "", words = [] }: Container): boolean {
  return agents.test(image) || startsOther.test(words.join(" "));
}

function settingNames(container: Container): boolean {
  const names = [...container.environment.keys(), ...container.secrets];
  return names.some((name) => serverSettings.test(name.toUpperCase()));
}

/** Signs of a Prefect server around container definitions that cannot be seen. */
export function looksLikePrefect(workload: Workload, signs: { port: boolean }): boolean {
  const named = /prefect|orion/i.test([...namesOf(workload), ...workload.targets.map(targetName)].join(" "));
  const port = signs.port || workload.targets.some((target) => target.containerPort === defaultPort);
  return named || port;
}

function targetName(target: Target): string {
  return target.containerName ?? "";
}

/** Where a server listens. An undefined port is not known. */
export interface Listening {
  readonly loopbackOnly: boolean;
  readonly port: number | undefined;
}

export function listening(container: Container): Listening {
  const command = container.words?.join(" ");
  const host = option(command, "host") ?? setting(container, ["PREFECT_SERVER_API_HOST", "PREFECT_ORION_API_HOST"]);
  const port = option(command, "port") ?? setting(container, ["PREFECT_SERVER_API_PORT", "PREFECT_ORION_API_PORT"]);
  const shown = starts.test(command ?? "") && !container.environmentFiles;
  // Only Prefect's own command has loopback for its default, and only where neither an image nor a script says otherwise.
  const byDefault =
    host === "unset" &&
    /\b(?:server|orion)\s+start\b/.test(command ?? "") &&
    serverImage.test(container.image ?? "") &&
    !/_API_HOST\b/.test(command ?? "");
  return {
    loopbackOnly: shown && (byDefault || loopback.test(host)),
    port:
      port === "unset"
        ? container.environmentFiles
          ? undefined
          : defaultPort
        : /^\d{1,5}$/.test(port)
          ? Number(port)
          : undefined,
  };
}

/** `--name VALUE` or `--name=VALUE` of a command line; of several programs with several values it is not known which. */
function option(command: string | undefined, name: string): string | undefined {
  const all = [...(command ?? "").matchAll(new RegExp(`--${name}(?:\\s+|=)["']?([^\\s"']+)`, "g"))];
  const values = new Set(all.map(([, value]) => value));
  return values.size > 1 ? "unknown" : all[0]?.[1];
}

function setting(container: Container, names: readonly string[]): string {
  const values = names.flatMap((name) => given(container, name));
  const [first] = values;
  if (values.length === 0) return "unset";
  return first !== undefined && values.every((value) => value === first) ? first : "unknown";
}

/**
 * A setting's values in any spelling, for Prefect reads prefect_api_url as well as PREFECT_API_URL (pydantic-settings);
 * undefined for one that a secret holds or that is not known.
 */
function given(container: Container, name: string): (string | undefined)[] {
  const isIt = (other: string): boolean => other.toLowerCase() === name.toLowerCase();
  return [
    ...[...container.secrets].filter(isIt).map(() => undefined),
    ...[...container.environment].filter(([other]) => isIt(other)).map(([, value]) => value),
  ];
}

/** Where the auth string is read: older servers ignore it and stay open (commit 9af5624920, first in 3.1.8). */
const authStringSince = [3, 1, 8] as const;

/** What everybody reads there (https://docs.prefect.io/v3/advanced/security-settings). */
const documented = "admin:pass";

/** `env -i`, `env -u NAME`, `sudo`...: variables of the task definition do not arrive. */
const dropsEnvironment =
  /\benv\s(?:\S{1,200}\s){0,8}(?:-i|-|-u|--ignore-environment|--unset\S*)(?=\s)|\b(?:sudo|su|runuser|unset)\s|\bexec\s+-c/;

/** Why Prefect's own authentication does not protect this server; undefined if it does. */
export function whyOpen(container: Container): Openness | undefined {
  const name = "PREFECT_SERVER_API_AUTH_STRING";
  const certain = (reason: string): Openness => ({ reason, certain: true });
  const unclear = (reason: string): Openness => ({ reason, certain: false });
  const values = given(container, name);
  if (values.length === 0) {
    return container.environmentFiles
      ? unclear("its environment files cannot be seen")
      : certain(`${name} is not set on it`);
  }
  if (values.some((value) => value?.trim() === "")) return certain(`${name} is empty`);
  if (values.some((value) => value?.trim() === documented))
    return certain(`${name} is the example of Prefect's documentation`);
  const plain = [...container.environment].filter(([other]) => other.toLowerCase() === name.toLowerCase());
  if (plain.some(([, value]) => value === undefined)) return unclear(`${name} is not known yet, and may be empty`);
  if (container.words?.some((word) => word.toUpperCase().includes(name))) return certain(`its command touches ${name}`);
  if (dropsEnvironment.test(container.words?.join(" ") ?? "")) return unclear("its command may drop its environment");
  return versionProblem(container.image);
}

/** Why a server lets everybody in, or may. */
export interface Openness {
  readonly reason: string;
  readonly certain: boolean;
}

function versionProblem(image: string | undefined): Openness | undefined {
  const tag = image?.match(/:([\w.-]+)(?:@sha256:[0-9a-f]+)?$/)?.[1];
  const floor = authStringSince.join(".");
  if (/^(latest|3-latest|3-python3\.\d+(-\w+)?)$/.test(tag ?? "")) return undefined;
  const version = tag?.match(/^v?(\d+)\.(\d+)(?:\.(\d+))?/);
  if (!version)
    return {
      reason: `the Prefect version of its image cannot be seen, and before ${floor} the auth string is ignored`,
      certain: false,
    };
  const parts = [Number(version[1]), Number(version[2]), Number(version[3] ?? Infinity)];
  for (const [index, least] of authStringSince.entries()) {
    const part = parts[index] ?? 0;
    if (part > least) return undefined;
    if (part < least) {
      return { reason: `its Prefect version ignores the auth string (read since ${floor})`, certain: true };
    }
  }
  return undefined;
}
