import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { combinationProblems } from "./settings/combinations/combinations";
import { explain, type Problem, report, unwrap } from "./settings/problems";
import { schema } from "./settings/schema";
import { type SecretSetting, secretProblems, secretSettings } from "./settings/secrets";

export type Settings = z.output<typeof schema> & Partial<Record<SecretSetting, pulumi.Output<string>>>;

/**
 * The stack's settings, complete with defaults.
 *
 * @throws pulumi.RunError naming every wrong, missing or unknown setting at once; secret values are never in it
 */
export function readSettings(): Settings {
  const config = new pulumi.Config();
  const own = ownValues(config.name);
  const plain = Object.fromEntries(Object.entries(own).filter(([key]) => !(key in secretSettings)));
  const parsed = schema.safeParse(plain);
  const problems = [
    ...(parsed.success ? combinationProblems(parsed.data) : plainProblems(parsed.error, plain)),
    ...secretProblems(own, (key) => isSecret(`${config.name}:${key}`)),
  ];
  if (!parsed.success || problems.length > 0) {
    throw new pulumi.RunError(report(config.name, problems));
  }
  const secrets = (Object.keys(secretSettings) as SecretSetting[]).filter((key) => key in own);
  return { ...parsed.data, ...Object.fromEntries(secrets.map((key) => [key, config.requireSecret(key)])) };
}

/** What is wrong with single settings, and with what the others are together. */
function plainProblems({ issues }: z.ZodError, plain: Record<string, unknown>): Problem[] {
  const wrong = new Set(
    issues.flatMap((issue) => (issue.path.length === 0 && "keys" in issue ? issue.keys : String(issue.path[0]))),
  );
  const rest = Object.fromEntries(Object.entries(plain).filter(([key]) => !wrong.has(key)));
  const known = Object.fromEntries([...wrong].filter((key) => key in schema.shape).map((key) => [key, true]));
  const others = schema.omit(known as Record<keyof typeof schema.shape, true>).parse(rest);
  return [...issues.flatMap((issue) => explain(issue, plain)), ...combinationProblems(others, wrong)];
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
