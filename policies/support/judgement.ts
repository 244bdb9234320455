import type { StackValidationArgs } from "@pulumi/policy";
import { collected } from "../collector";
import { worldOf } from "../graph/world";
import { PrefectStack } from "./prefect-stack";
import type { Finding, Rule } from "./rule";

/** What the rules say of a stack, or that one of them failed. */
export type Verdict = { readonly findings: readonly Finding[] } | { readonly error: unknown };

/**
 * One look at the stack for all rules. @pulumi/policy hands every stack policy all resources anew, and two dozen of them
 * would be felt in a preview. So what the first one is handed is judged by all rules at once, and a rule asks to be called
 * itself only where it has something to say.
 */
class Judgement {
  private readonly configs = new Map<string, object>();
  private readonly refused = new Set<string>();
  private readonly verdicts = new Map<string, Verdict>();
  private handed: StackValidationArgs | undefined;
  private stack: PrefectStack | undefined;
  private isAtRoot = false;

  /** Sees the type of every resource before the rules do: an operation begins with its root stack. */
  sees(type: string): void {
    this.isAtRoot = type === "pulumi:pulumi:Stack";
  }

  /** Asked for every resource. Only a policy that is called has its configuration: each rule is, for the root stack. */
  wantsConfigOf(rule: string): boolean {
    // A stack was judged before: this is another operation.
    if (this.handed !== undefined) this.forget();
    return this.isAtRoot && !this.configs.has(rule);
  }

  configure(rule: string, config: object): void {
    this.configs.set(rule, config);
  }

  /** Takes over what some stack policy was handed. */
  look(handed: StackValidationArgs): void {
    this.handed ??= handed;
  }

  get hasLooked(): boolean {
    return this.handed !== undefined;
  }

  /** Another policy refuses the stack for this resource: the rules need not say it again. */
  refuse(urn: string | undefined): void {
    if (urn !== undefined) this.refused.add(urn);
  }

  verdict(rule: Rule): Verdict {
    const before = this.verdicts.get(rule.name);
    if (before !== undefined) return before;
    const verdict = this.judged(rule);
    this.verdicts.set(rule.name, verdict);
    return verdict;
  }

  private forget(): void {
    for (const memory of [this.configs, this.refused, this.verdicts]) memory.clear();
    this.handed = undefined;
    this.stack = undefined;
  }

  private judged(rule: Rule): Verdict {
    try {
      if (this.handed === undefined) return { findings: [] };
      this.stack ??= new PrefectStack(worldOf(collected(this.handed)), this.refused);
      if (!this.stack.isPrefect) return { findings: [] };
      return { findings: rule.find(this.stack, { ...defaultsOf(rule), ...this.configs.get(rule.name) }) };
    } catch (error) {
      return { error };
    }
  }
}

function defaultsOf({ settings = {} }: Rule): object {
  const schemas: Readonly<Record<string, { readonly default: unknown }>> = { ...settings };
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, schema.default]));
}

export const judgement = new Judgement();
