/** What the mutants are tried with: all of it in this process, by the pack's functions, with no policy server between. */
import assert from "node:assert/strict";
import { judge } from "../../../policies/graph/judge";
import { Graph, type Resource } from "../../../policies/graph/model";
import { SecurityGroups } from "../../../policies/graph/security-groups";
import { workloads } from "../../../policies/graph/workloads";
import { rules } from "../../../policies/pack";
import { taskDefinitionHoldsNoSecret } from "../../../policies/rules/task-definition-holds-no-secret";
import { PrefectStack } from "../../../policies/support/prefect-stack";
import type { Rule } from "../../../policies/support/rule";
import type { KnownStack } from "./known-stacks";
import type { JudgedStack, RuledStack } from "./stacks";
import { assertPath } from "../support/paths";
import "../api-policy.test";
import "../cidr.test";
import "../entrances.test";
import "../ingress-login.test";
import "../judge.test";
import "../kubernetes.test";
import "../model.test";
import "../nginx.test";
import "../open-api.test";
import "../relays.test";
import "../nginx-gate.test";
import "../nginx-locations.test";
import "../nginx-login.test";
import "../report.test";
import "../rules/exemptions.test";
import "../security-groups.test";
import "../steps.test";
import "../subnets.test";
import "../trust.test";
import "../user-data.test";
import "../values.test";

/** Made once: the pack is loaded anew for some mutants, they are not. */
export interface Stacks {
  readonly judged: readonly JudgedStack[];
  readonly ruled: readonly RuledStack[];
  readonly known: readonly KnownStack[];
}

export function describeStacks({ judged, ruled, known }: Stacks): void {
  for (const { name, resources, trusted, expected } of judged)
    it(name, () => assertJudged(anew(resources), trusted, expected));
  for (const { name, resources, rule, expected } of ruled) it(name, () => assertRuled(anew(resources), rule, expected));
  for (const { name, resources, trusted, isSafe } of known)
    it(name, () => assert.ok((judge(anew(resources), trusted).findings.length === 0) === isSafe));
}

/** The pack remembers what it found of these resources: a mutant must not be handed what another one found. */
function anew(resources: readonly Resource[]): Resource[] {
  return resources.map((resource) => ({ ...resource }));
}

function assertJudged(
  resources: readonly Resource[],
  trusted: readonly string[],
  expected: JudgedStack["expected"],
): void {
  const { findings } = judge(resources, trusted);
  const fragments = expected.rejects ?? expected.cannotTell;
  const shown = findings.map(({ message }) => message).join("\n\n");
  assert.ok(findings.length === (fragments ? (expected.count ?? 1) : 0));
  assert.ok(findings.some(({ verdict }) => verdict === "reject") === (expected.rejects !== undefined));
  assert.ok(shown.includes("The internet reaches a Prefect API") === (expected.rejects !== undefined));
  for (const fragment of fragments ?? []) assert.ok(shown.includes(fragment));
  for (const finding of findings) assertPath(finding, resources);
}

interface Said {
  readonly message: string;
  readonly level: "advisory" | "mandatory";
}

const byName = new Map<string, Rule>(rules.map((rule) => [rule.name, rule]));

function assertRuled(resources: readonly Resource[], name: string, expected: RuledStack["expected"]): void {
  const rule = byName.get(name);
  const said = rule ? saidBy(rule, resources, expected?.besides) : saidOfTasks(resources);
  assert.ok(said.length === (expected === undefined ? 0 : (expected.count ?? 1)));
  for (const { message, level } of said) {
    assert.ok(level === (expected?.level ?? rule?.enforcementLevel ?? "mandatory"));
    for (const fragment of expected?.says ?? []) assert.ok(message.includes(fragment));
  }
}

function saidBy(rule: Rule, resources: readonly Resource[], besides: readonly string[] = []): Said[] {
  const graph = new Graph(resources);
  const securityGroups = new SecurityGroups(graph);
  const refused = besides.includes("prefect-api-requires-auth")
    ? judge(resources).findings.flatMap(({ urn }) => urn ?? [])
    : [];
  const world = { graph, securityGroups, workloads: workloads(graph, securityGroups), relays: [] };
  const stack = new PrefectStack(world, new Set(refused));
  if (!stack.isPrefect) return [];
  const defaults = Object.fromEntries(
    Object.entries<{ default: unknown }>({ ...rule.settings }).map(([setting, schema]) => [setting, schema.default]),
  );
  return rule
    .find(stack, defaults)
    .map(({ message, level = rule.enforcementLevel }) => ({ message: `${rule.description}\n${message}`, level }));
}

function saidOfTasks(resources: readonly Resource[]): Said[] {
  const said: Said[] = [];
  const report = ({
    message,
    enforcementLevel = "mandatory",
  }: {
    message: string;
    enforcementLevel?: Said["level"];
  }): number => said.push({ message, level: enforcementLevel });
  const validate = taskDefinitionHoldsNoSecret.validateResource as (args: unknown, report: unknown) => void;
  for (const { type, name, urn, inputs } of resources)
    if (type === "aws:ecs/taskDefinition:TaskDefinition")
      validate({ type, name, urn, props: inputs, getConfig: () => ({}) }, report);
  return said;
}
