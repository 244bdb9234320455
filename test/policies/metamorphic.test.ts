import assert from "node:assert/strict";
import { judge } from "../../policies/graph/judge";
import { corpus } from "./cases/corpus";
import { isTriedNow } from "./support/amount";
import {
  beside,
  excused,
  isOnlyAPort,
  renamed,
  withSeparateRules,
  withTwins,
  withUnknown,
  wrapped,
} from "./support/rewritten";
import { asResources, type Declared, type Form, type Registered, register } from "./support/stack";

const cases = Object.values(corpus).flatMap((group) => Object.entries(group));
const forms = ["preview", "finished"] satisfies Form[];

type Verdict = ReturnType<typeof judge>["verdict"];
const verdictOf = (registered: readonly Registered[], trusted: readonly string[] = []): Verdict =>
  judge(asResources(registered), trusted).verdict;

/** Where the verdict of a stack and of the same one rewritten differ. */
function differences(rewrite: (stack: readonly Declared[], form: Form) => readonly Registered[]): string[] {
  return cases.flatMap(([name, { stack, trusted }]) =>
    forms.flatMap((form) => {
      const [before, after] = [register(stack, form), rewrite(stack, form)].map((each) => verdictOf(each, trusted));
      return before === after || excused.has(name) ? [] : [`${name}, ${form}: ${before}, then ${after}`];
    }),
  );
}

describe(`the verdict on ${cases.length} stacks`, function () {
  this.timeout(60_000);

  const same: Readonly<Record<string, (stack: readonly Declared[], form: Form) => readonly Registered[]>> = {
    "with aws.alb for aws.lb": (stack, form) => register(withTwins(stack), form),
    "with rules of security groups as aws.ec2.SecurityGroupRule": (stack, form) =>
      register(withSeparateRules(stack, "rule"), form),
    "with rules of security groups as aws.vpc.SecurityGroupIngressRule": (stack, form) =>
      register(withSeparateRules(stack, "ingress"), form),
    "in the other order": (stack, form) => register(stack, form).reverse(),
    "with every resource in a component of its own": (stack, form) => wrapped(register(stack, form)),
    "under other names": (stack, form) => renamed(register(stack, form)),
    "beside an open stack of something else": (stack, form) => register([...stack, ...beside()], form),
  };
  for (const [how, rewrite] of Object.entries(same)) {
    it(`is the same ${how}`, () => assert.deepEqual(differences(rewrite), []));
  }

  it("never turns to accept when a value becomes unknown", () => {
    const turned = new Set<string>();
    let tried = 0;
    for (const [name, { stack, trusted }] of cases) {
      const finished = register(stack, "finished");
      if (verdictOf(finished, trusted) === "accept" || isOnlyAPort(name)) continue;
      for (const { what, stack: hidden } of withUnknown(finished)) {
        if (!isTriedNow(tried++)) continue;
        if (verdictOf(hidden, trusted) === "accept") turned.add(`${what} (${name})`);
      }
    }
    assert.deepEqual([...turned], []);
    assert.ok(tried > 5_000, `${tried} values were hidden`);
  });
});
