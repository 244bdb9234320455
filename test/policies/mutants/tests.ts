/** What the mutants are tried with: all of it in this process, by the pack's functions, with no policy server between. */
import assert from "node:assert/strict";
import { judge } from "../../../policies/graph/judge";
import type { Resource } from "../../../policies/graph/model";
import { worldOf } from "../../../policies/graph/world";
import { rules } from "../../../policies/pack";
import { taskDefinitionHoldsNoSecret } from "../../../policies/rules/task-definition-holds-no-secret";
import { PrefectStack } from "../../../policies/support/prefect-stack";
import type { Rule } from "../../../policies/support/rule";
import type { KnownStack } from "./known-stacks";
import type { JudgedStack, RuledStack } from "./stacks";
import { findingsOf, violations } from "../rules/support/found";
import { assertPath } from "../support/paths";
import "../api-policy.test";
import "../cidr.test";
import "../entrances.test";
import "../gateway-proxies.test";
import "../gateway.test";
import "../ingress-login.test";
import "../judge.test";
import "../kubernetes.test";
import "../listener-rules.test";
import "../listening-ports.test";
import "../messages.test";
import "../model.test";
import "../nginx-config.test";
import "../nginx-gate.test";
import "../nginx-locations.test";
import "../nginx-login.test";
import "../nginx.test";
import "../oauth2-proxy-login.test";
import "../oauth2-proxy.test";
import "../open-api.test";
import "../other-programs.test";
import "../prefect.test";
import "../relays.test";
import "../report.test";
import "../rules/exemptions.test";
import "../rules/iam-statements.test";
import "../rules/images.test";
import "../rules/nginx-timeouts.test";
import "../rules/oauth2-proxies.test";
import "../rules/plain-secrets.test";
import "../rules/prefect-settings.test";
import "../rules/settings.test";
import "../rules/stack-secrets.test";
import "../rules/task-definitions.test";
import "../rules/task-secrets.test";
import "../rules/user-pools.test";
import "../security-groups.test";
import "../shell.test";
import "../steps.test";
import "../subnets.test";
import "../tokens.test";
import "../trust.test";
import "../tunnels.test";
import "../types.test";
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
  readonly by: string;
  readonly message: string;
  readonly level: "advisory" | "mandatory";
  readonly of: string;
}

const levels = new Map<string, Said["level"]>(rules.map((rule) => [rule.name, rule.enforcementLevel]));

/** What all rules say: as many messages of this one as are expected, and of the others only what stands besides. */
function assertRuled(resources: readonly Resource[], name: string, expected: RuledStack["expected"]): void {
  const { besides = [], count = 1, says = [], level = levels.get(name) ?? "mandatory", of } = expected ?? { count: 0 };
  const access = "prefect-api-requires-auth";
  const refused = besides.includes(access) ? judge(resources).findings.flatMap(({ urn }) => urn ?? []) : [];
  const stack = new PrefectStack(worldOf(resources), new Set(refused));
  const said = [...rules.flatMap((rule) => saidBy(rule, stack)), ...saidOfTasks(resources)];
  const own = said.filter(({ by }) => by === name);
  assert.ok(own.length === count);
  for (const each of own) {
    assert.ok(each.level === level);
    assert.ok(of === undefined || each.of === of);
    for (const fragment of says) assert.ok(each.message.includes(fragment));
  }
  const others = said.flatMap(({ by }) => (by === name ? [] : [by]));
  assert.deepEqual(new Set(others), new Set(besides.filter((each) => each !== access)));
}

function saidBy(rule: Rule, stack: PrefectStack): Said[] {
  return findingsOf(rule, stack).map(({ message, level = rule.enforcementLevel, resource }) => ({
    by: rule.name,
    message: `${rule.description}\n${message}`,
    level,
    of: resource.name,
  }));
}

function saidOfTasks(resources: readonly Resource[]): Said[] {
  const { name: by } = taskDefinitionHoldsNoSecret;
  return resources
    .filter(({ type }) => type === "aws:ecs/taskDefinition:TaskDefinition")
    .flatMap((resource) => violations(resource).map((said) => ({ by, of: resource.name, ...said })));
}
