import { corpus } from "../cases/corpus";
import type { Expected } from "../cases/case";
import type { Resource } from "../../../policies/graph/model";
import { asResources, type Declared, type Form, register } from "../support/stack";
import { ruleCases } from "../rules/cases/rule-cases";
import type { Bad } from "../rules/support/cases";
import { soundAlb, soundGateway } from "../rules/support/sound";

/** A stack as the pack is handed it, with what prefect-api-requires-auth says of it. */
export interface JudgedStack {
  readonly name: string;
  readonly resources: readonly Resource[];
  readonly trusted: readonly string[];
  readonly expected: Expected & { readonly count?: number };
}

/** The same for one of the rules. */
export interface RuledStack {
  readonly name: string;
  readonly rule: string;
  readonly resources: readonly Resource[];
  /** Undefined: nothing. */
  readonly expected: Bad | undefined;
}

const forms: readonly Form[] = ["preview", "finished", "finished without ids"];

export function judgedStacks(): JudgedStack[] {
  return Object.entries(corpus).flatMap(([group, cases]) =>
    Object.entries(cases).flatMap(([name, { stack, trusted = [], preview, ...finished }]) =>
      forms.map((form) => ({
        name: `${group}: ${name}, ${form}`,
        resources: asResources(register(stack, form)),
        trusted,
        expected: { count: finished.count ?? 1, ...(form === "preview" ? (preview ?? finished) : finished) },
      })),
    ),
  );
}

export function ruledStacks(): RuledStack[] {
  return Object.entries(ruleCases).flatMap(
    ([rule, { stackName = "dev", bad, good, lookAlikes, unknown, refused = {} }]) => {
      const of = (name: string, stack: readonly Declared[], form: Form, expected: Bad | undefined): RuledStack => ({
        name: `${rule}: ${name}, ${form}`,
        rule,
        resources: asResources(renamed(register(stack, form), stackName)),
        expected,
      });
      return [
        ...Object.entries(bad).flatMap(([name, each]) => forms.map((form) => of(name, each.stack, form, each))),
        ...Object.entries({
          ...good,
          ...lookAlikes,
          // Of a production stack's database a rule would speak.
          ...(stackName === "dev" && { "sound behind an ALB": soundAlb(), "sound with a gateway": soundGateway() }),
        }).flatMap(([name, stack]) => forms.slice(0, 2).map((form) => of(name, stack, form, undefined))),
        ...Object.entries(refused).flatMap(([name, stack]) => {
          const left = { stack, says: [], count: 0, besides: ["prefect-api-requires-auth"] };
          return forms.slice(0, 2).map((form) => of(`refused ${name}`, stack, form, left));
        }),
        ...Object.entries(unknown).flatMap(([name, { stack, preview, finished, level }]) => {
          const expected = (says: readonly string[] | undefined): Bad | undefined =>
            says && { stack, says, ...(level && says === preview ? { level } : {}) };
          return [
            of(`unknown ${name}`, stack, "preview", expected(preview)),
            of(`unknown ${name}`, stack, "finished", expected(finished)),
          ];
        }),
      ];
    },
  );
}

function renamed<T>(registered: T, stackName: string): T {
  return JSON.parse(JSON.stringify(registered).replaceAll("urn:pulumi:dev::", `urn:pulumi:${stackName}::`)) as T;
}
