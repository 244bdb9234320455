import type { Resource } from "../../../../policies/graph/model";
import { worldOf } from "../../../../policies/graph/world";
import { rules } from "../../../../policies/pack";
import { taskDefinitionHoldsNoSecret } from "../../../../policies/rules/task-definition-holds-no-secret";
import { PrefectStack } from "../../../../policies/support/prefect-stack";
import type { Finding, Rule } from "../../../../policies/support/rule";
import { asResources, type Declared, type Form, register } from "../../support/stack";

/** What a rule finds in a stack, without the policy server between; settings that are not given are its defaults. */
export function findingsOf(rule: Rule, stack: PrefectStack, settings: object = {}): Finding[] {
  if (!stack.isPrefect) return [];
  const defaults = Object.entries<{ default: unknown }>({ ...rule.settings }).map(([name, schema]) => [
    name,
    schema.default,
  ]);
  return rule.find(stack, { ...Object.fromEntries(defaults), ...settings });
}

/** The same of declared resources, by the rule's name. */
export function found(
  name: string,
  declared: readonly Declared[],
  { settings = {}, form = "finished", stackName = "dev" }: { settings?: object; form?: Form; stackName?: string } = {},
): Finding[] {
  const rule = rules.find((each) => each.name === name);
  if (rule === undefined) throw new Error(`no rule ${name}`);
  const registered = JSON.stringify(register(declared, form)).replaceAll(
    "urn:pulumi:dev::",
    `urn:pulumi:${stackName}::`,
  );
  const stack = new PrefectStack(worldOf(asResources(JSON.parse(registered))), new Set());
  return findingsOf(rule, stack, settings);
}

export interface Violation {
  readonly message: string;
  readonly level: "advisory" | "mandatory";
}

/** What task-definition-holds-no-secret says of one task definition. */
export function violations(
  { type, name, urn, inputs }: Pick<Resource, "type" | "name" | "urn" | "inputs">,
  getConfig: () => object = () => ({}),
): Violation[] {
  const said: Violation[] = [];
  const report = ({ message, enforcementLevel = "mandatory" }: Reported): number =>
    said.push({ message, level: enforcementLevel });
  const validate = taskDefinitionHoldsNoSecret.validateResource as (args: unknown, report: unknown) => void;
  validate({ type, name, urn, props: inputs, getConfig }, report);
  return said;
}

interface Reported {
  readonly message: string;
  readonly enforcementLevel?: Violation["level"];
}
