import assert from "node:assert/strict";
import fc from "fast-check";
import type { Rule } from "../../../policies/support/rule";
import { RulePolicy } from "../../../policies/support/rule-policy";
import { type Declared, type Registered, unknown } from "../support/stack";
import { judge, judgeRegistered } from "./support/judge";
import { soundAlb, soundGateway } from "./support/sound";

const junk = fc.oneof(
  fc.jsonValue({ maxDepth: 4 }),
  fc.constantFrom<unknown>(
    unknown,
    null,
    "",
    "x".repeat(100_000),
    "a:".repeat(50_000),
    "://a".repeat(25_000),
    `${"[".repeat(5_000)}${"]".repeat(5_000)}`,
    -1,
    [[]],
    "[null, 1, {}]",
    { name: "a" },
    '[{"environment": [null, {"name": 1, "value": {}}], "command": [[["a"]]]}]',
    { constructor: 1, ["__proto__"]: [] },
    '{"__proto__": {"a": 1}, "constructor": "x"}',
  ),
);

describe("the rules, whatever they are given", () => {
  it("judge any value in the place of any other, in time", async () => {
    const stacks = [soundAlb(), soundGateway()];
    const places = stacks.flatMap((stack, of) =>
      stack.flatMap((resource, index) => Object.keys(resource.inputs).map((name) => [of, index, name] as const)),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...places), junk, async ([of, index, name], value) => {
        const changed = (stacks[of] ?? []).map(
          (each, at): Declared => (at === index ? { ...each, inputs: { ...each.inputs, [name]: value } } : each),
        );
        const started = performance.now();
        for (const { message } of await judge(changed, "preview"))
          assert.doesNotMatch(message, /could not judge|can't run policy/);
        assert.ok(performance.now() - started < 2_000, `${name} took ${performance.now() - started} ms`);
      }),
      { numRuns: 150 },
    );
  }).timeout(60_000);

  it("neither throw nor speak on any stack without Prefect", async () => {
    // Every type and property that some rule reads, with anything in it.
    const types = [...new Set([...soundAlb(), ...soundGateway()].map(({ type }) => type))].concat(
      "aws:ec2/instance:Instance",
      "aws:rds/cluster:Cluster",
      "aws:iam/role:Role",
      "aws:cognito/identityProvider:IdentityProvider",
      "aws:ecs/expressGatewayService:ExpressGatewayService",
      "aws:appautoscaling/target:Target",
      "aws:ssm/parameter:Parameter",
    );
    const properties = [
      ...new Set([...soundAlb(), ...soundGateway()].flatMap(({ inputs }) => Object.keys(inputs))),
    ].concat(
      "userData",
      "userDataBase64",
      "inlinePolicies",
      "managedPolicyArns",
      "engine",
      "primaryContainer",
      "lambdaConfig",
      "providerDetails",
      "providerType",
      "secretString",
      "result",
      "resourceId",
      "maxCapacity",
      "actions",
      "conditions",
      "constructor",
      "__proto__",
    );
    const inputs = fc.uniqueArray(fc.tuple(fc.constantFrom(...properties), junk), {
      selector: ([name]) => name,
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ type: fc.constantFrom(...types), inputs }), { maxLength: 8 }),
        async (resources) => {
          const registered = resources.map(({ type, inputs }, index): Registered => {
            const values = Object.fromEntries(inputs);
            const first = `urn:pulumi:dev::p::${resources[0]?.type}::r0`;
            return {
              type,
              name: `r${index}`,
              urn: `urn:pulumi:dev::p::${type}::r${index}`,
              parent: undefined,
              inputs: values,
              outputs: values,
              propertyDependencies: Object.fromEntries(inputs.map(([name]) => [name, [first]])),
            };
          });
          assert.deepEqual(await judgeRegistered(registered), []);
        },
      ),
      { numRuns: 150 },
    );
  }).timeout(60_000);

  it("refuse the stack where one of them fails, and tell no value", async () => {
    const rule: Rule = {
      name: "broken",
      description: "Never holds.",
      enforcementLevel: "advisory",
      severity: "low",
      remediationSteps: "",
      find: () => {
        throw new TypeError("hunter2-never-print");
      },
    };
    const task = {
      type: "aws:ecs/taskDefinition:TaskDefinition",
      name: "t",
      urn: "urn:pulumi:dev::p::t::t",
      parent: undefined,
      inputs: {},
      outputs: { containerDefinitions: '[{"name":"w","image":"prefecthq/prefect:3.8.8"}]' },
      propertyDependencies: {},
    };
    const [said, ...more] = await judgeRegistered([task], [new RulePolicy(rule)]);
    assert.deepEqual([said?.level, said?.policy, more], ["mandatory", "broken", []]);
    assert.match(said?.message ?? "", /could not judge this stack by broken: internal error TypeError/);
    assert.doesNotMatch(said?.message ?? "", /hunter2/);
  });
});
