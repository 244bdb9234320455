import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { explain, type Problem, report, unwrap } from "./settings/problems";
import { fargateMemory, schema } from "./settings/schema";

/** The one secret setting; only read, never shown. */
const clientSecretKey = "oidcClientSecret";

export type Settings = z.output<typeof schema> & {
  /** With `identity.type` oidc. */
  oidcClientSecret?: pulumi.Output<string>;
};

/**
 * The stack's settings, complete with defaults.
 *
 * @throws pulumi.RunError naming every wrong, missing or unknown setting at once; secret values are never in it
 */
export function readSettings(): Settings {
  const config = new pulumi.Config();
  const { [clientSecretKey]: clientSecret, ...plain } = ownValues(config.name);
  const parsed = schema.safeParse(plain);
  const problems = [
    ...(parsed.success
      ? combinationProblems(parsed.data)
      : parsed.error.issues.flatMap((issue) => explain(issue, plain))),
    ...clientSecretProblems(clientSecret, plain.identity, isSecret(`${config.name}:${clientSecretKey}`)),
  ];
  if (!parsed.success || problems.length > 0) {
    throw new pulumi.RunError(report(config.name, problems));
  }
  return parsed.data.identity.type === "oidc"
    ? { ...parsed.data, oidcClientSecret: config.requireSecret(clientSecretKey) }
    : parsed.data;
}

/** The values of our namespace: objects, lists, numbers and booleans arrive as JSON, strings as themselves. */
function ownValues(namespace: string): Record<string, unknown> {
  const own: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(pulumi.runtime.allConfig())) {
    if (!key.startsWith(`${namespace}:`)) continue;
    const setting = key.slice(namespace.length + 1);
    own[setting] = isText(setting) ? value : fromJson(value);
  }
  return own;
}

function isText(setting: string): boolean {
  const inner = setting in schema.shape ? unwrap(schema.shape[setting as keyof typeof schema.shape]) : undefined;
  return inner === undefined || inner instanceof z.ZodString || inner instanceof z.ZodEnum;
}

function fromJson(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** Exported by the SDK at run time, left out of its types. */
function isSecret(key: string): boolean {
  return (pulumi.runtime as unknown as { isConfigSecret(key: string): boolean }).isConfigSecret(key);
}

/** What no single setting shows. */
function combinationProblems(settings: z.output<typeof schema>): Problem[] {
  const { domain, hostedZone, certificateArn, identity, allowedGroups } = settings;
  const problems: Problem[] = [];
  if (!hostedZone && !certificateArn) {
    problems.push({
      key: "hostedZone",
      got: "neither hostedZone nor certificateArn",
      allowed:
        "hostedZone (the certificate and the DNS record are made here), certificateArn (both are yours), or both",
      fix: `pulumi config set hostedZone ${domain.split(".").slice(1).join(".")}`,
    });
  }
  if (hostedZone && domain !== hostedZone && !domain.endsWith(`.${hostedZone}`)) {
    problems.push({
      key: "domain",
      got: `${domain}, outside of the zone ${hostedZone}`,
      allowed: `${hostedZone} or a name that ends in .${hostedZone}`,
      fix: `pulumi config set domain prefect.${hostedZone}`,
    });
  }
  if (identity.type === "oidc" && allowedGroups.length === 0 && identity.allowedEmailDomains.length === 0) {
    problems.push({
      key: "allowedGroups",
      got: "neither allowedGroups nor identity.allowedEmailDomains",
      allowed: "at least one of them: otherwise everybody whom the issuer knows could come in",
      fix: "pulumi config set --path 'allowedGroups[0]' data-team",
    });
  }
  if (identity.type === "oidc" && !identity.scopes.includes("openid")) {
    problems.push({
      key: "identity.scopes",
      got: identity.scopes.join(", "),
      allowed: "scopes with openid among them",
      fix: "pulumi config set --path 'identity.scopes[0]' openid",
    });
  }
  for (const key of ["server", "workers"] as const) {
    const { cpu, memoryMiB } = settings[key];
    const fits = fargateMemory[cpu];
    if (fits && (memoryMiB < fits.min || memoryMiB > fits.max || memoryMiB % fits.step !== 0)) {
      problems.push({
        key: `${key}.memoryMiB`,
        got: `${memoryMiB} with ${cpu} CPU units`,
        allowed: `Fargate takes ${fits.min} to ${fits.max} in steps of ${fits.step} with ${cpu} CPU units`,
        fix: `pulumi config set --path ${key}.memoryMiB ${fits.min}`,
      });
    }
  }
  return problems;
}

function clientSecretProblems(value: unknown, identity: unknown, stored: boolean): Problem[] {
  const wanted = typeof identity === "object" && identity !== null && "type" in identity && identity.type === "oidc";
  const problem = { key: clientSecretKey, fix: `pulumi config set --secret ${clientSecretKey}` };
  const allowed = "the client's secret as the issuer shows it, stored with --secret";
  if (value === undefined) return wanted ? [{ ...problem, got: "nothing", allowed }] : [];
  if (!wanted) {
    return [
      {
        ...problem,
        got: "a value",
        allowed: "nothing: only identity.type oidc has one",
        fix: `pulumi config rm ${clientSecretKey}`,
      },
    ];
  }
  if (!stored) return [{ ...problem, got: "a value in plain text", allowed }];
  if (typeof value !== "string" || !/^[\x21-\x7e]+$/.test(value)) {
    return [{ ...problem, got: "a secret that is empty or holds blanks, line ends or letters beyond ASCII", allowed }];
  }
  return [];
}
