import assert from "node:assert/strict";
import { System } from "../../../components/system";
import { variants } from "../../support/variants";
import { build } from "../../support/world";
import type { Registered } from "../support/stack";
import { judgeRegistered } from "./support/judge";

/** What somebody who sets these values is told: a day of backups, a week's session. */
const told = { smallest: "database-is-backed-up", largest: "login-sessions-end", usual: undefined };

/** The gateway goes through the engine in own-stack.test.ts; here are the load balancer's logins, finished. */
describe("the pack on this repository's own program behind a load balancer that logs people in", () => {
  for (const { name, args } of variants.filter((variant) => /^alb, cognito.*, root;/.test(variant.name))) {
    const [size] = Object.entries(told).filter(([word]) => name.endsWith(word));
    const expected = size?.[1] === undefined ? [] : [size[1]];
    it(`says ${expected.join() || "nothing"} of ${name}`, async () => {
      const { resources } = await build(() => new System("prefect", args));
      const said = await judgeRegistered(resources.map(finished));
      assert.deepEqual([...new Set(said.map(({ policy }) => policy))], expected, JSON.stringify(said, undefined, 2));
    });
  }
});

/** With the ids and ARNs that the mocks answer. */
function finished({ type, name, inputs }: { type: string; name: string; inputs: Record<string, unknown> }): Registered {
  const urn = `urn:pulumi:dev::prefect-on-fargate::${type}::${name}`;
  const arn = `arn:aws:${type.split(/[:/]/)[1]}:eu-west-1:123456789012:${name}`;
  const outputs = { ...inputs, id: `${name}-id`, arn };
  return { type, name, urn, parent: undefined, inputs, outputs, propertyDependencies: {} };
}
