import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { AwsProvider } from "../../local/providers/aws/provider";
import { SchemaCache } from "../../local/providers/bridge/schema-cache";
import { types } from "../../policies/graph/types";
import { corpus } from "./cases/corpus";
import { Engine } from "./support/engine";
import { type Declared, idOf, namesIn, register, resolve, unknown } from "./support/stack";

const cases = Object.entries(corpus).flatMap(([group, all]) =>
  Object.entries(all).map(([name, each]) => ({ group, name, ...each })),
);

describe(`the corpus of ${cases.length} stacks`, () => {
  it("is large, and no verdict is rare in it", () => {
    const rejects = cases.filter((each) => each.rejects).length;
    const cannotTell = cases.filter((each) => each.cannotTell).length;
    const accepts = cases.length - rejects - cannotTell;
    const names = new Set(cases.map(({ name }) => name));
    assert.equal(names.size, cases.length, "every stack has a name of its own");
    assert.ok(cases.length >= 150, `${cases.length} stacks`);
    const shown = `${rejects} rejects, ${accepts} accepts, ${cannotTell} cannot tell`;
    assert.ok(Math.min(rejects, accepts) > cases.length / 3 && cannotTell > cases.length / 8, shown);
  });

  it("declares what the AWS provider takes, by names that it has", async () => {
    const provider = new AwsProvider();
    const schemas = new SchemaCache("@pulumi/aws");
    provider.configure({ region: "eu-west-1" });
    const wrong: string[] = [];
    for (const { name, stack } of cases) {
      for (const { urn, type, name: resource, inputs } of register(stack, "preview")) {
        if (!type.startsWith("aws:")) continue;
        const news = JSON.parse(JSON.stringify(inputs));
        const { failures } = await provider.check({
          urn,
          type,
          name: resource,
          olds: {},
          news,
          seed: new Uint8Array(32),
        });
        wrong.push(...failures.map(({ reason }) => `${name}: ${type} ${reason}`));
        const { properties } = schemas.get(type);
        for (const input of Object.keys(inputs))
          if (properties[input]?.input !== true) wrong.push(`${name}: ${type} has no input ${input}`);
      }
    }
    assert.deepEqual(wrong, []);
  }).timeout(60_000);

  it("has no resource that needs itself, which no program can declare", () => {
    for (const { name, stack } of cases) {
      const needs = new Map(stack.map((resource) => [resource.name, namesIn(resource.inputs)]));
      for (const resource of stack) {
        const needed = new Set(needs.get(resource.name));
        for (const each of needed) for (const further of needs.get(each) ?? []) needed.add(further);
        assert.ok(!needed.has(resource.name), `${name}: ${resource.name}`);
      }
    }
  });

  it("says what values built from others are without further references, as an output holds none", () => {
    for (const { name, stack } of cases) {
      for (const value of stack.flatMap(({ inputs }) => builtIn(inputs))) assert.deepEqual(namesIn(value), [], name);
    }
  });

  it("is of types that @pulumi/aws has, as all are that the pack knows", () => {
    const schemas = new SchemaCache("@pulumi/aws");
    // Old names of aws.lb live on in states as aliases only.
    const current = Object.values(types)
      .flat()
      .filter((type) => !/:(?:elasticloadbalancingv2|applicationloadbalancing|elasticloadbalancing)\//.test(type));
    assert.ok(current.length > 70);
    for (const type of current) assert.ok(schemas.get(type), type);
  });
});

/**
 * Some go through the real engine each time, in preview and in up; `POLICY_ENGINE_CASES=all` sends a third of them, about
 * seven seconds for each.
 */
const everyTime = [
  ["up", "an HTTP API before an internal ALB"],
  ["preview", "an instance that runs Prefect in a container"],
  ["preview", "the stack whose load balancer logs people in"],
  ["up", "the rule for machines goes to Prefect"],
] as const;

/** What is built from others in a value. */
function builtIn(value: unknown): unknown[] {
  if (typeof value !== "object" || value === null) return [];
  return "$value" in value ? [value.$value] : Object.values(value).flatMap(builtIn);
}

/** Whether a text holds what a resource of the stack is yet to be called: AWS calls it otherwise. */
function foretellsNames(stack: readonly Declared[]): boolean {
  const said = JSON.stringify(stack.map(({ inputs }) => resolve(inputs, () => unknown).resolved));
  return stack.some(({ name }) => ["id", "arn", "dnsName"].some((attribute) => said.includes(idOf(name, attribute))));
}

describe("the corpus on the real engine", function () {
  this.timeout(180_000);
  const ofAws = cases.filter(
    ({ stack, trusted }) =>
      trusted === undefined && stack.every(({ type }) => type.startsWith("aws:")) && !foretellsNames(stack),
  );
  const third = ofAws.filter((_, index) => index % 2 === 0).slice(0, Math.ceil(cases.length / 3));
  const wanted =
    process.env["POLICY_ENGINE_CASES"] === "all"
      ? third.flatMap(
          ({ name }) =>
            [
              ["preview", name],
              ["up", name],
            ] as const,
        )
      : everyTime;

  for (const [command, name] of wanted) {
    const found = cases.find((each) => each.name === name);
    const { group, rejects, cannotTell, preview } = found ?? assert.fail(`no case is called ${name}`);
    const expected = command === "preview" ? (preview ?? { rejects, cannotTell }) : { rejects, cannotTell };
    const fragments = expected.rejects ?? expected.cannotTell;
    it(`${expected.rejects ? "refuses" : fragments ? "cannot tell about" : "accepts"} ${name} in ${command}`, () => {
      const engine = new Engine(); // with a state of its own
      const { exit, output } = engine.runOnly("prefect-api-requires-auth", command, "corpus", [
        "aws:region=eu-west-1",
        `case:group=${group}`,
        `case:name=${name}`,
      ]);
      const remembered = existsSync(join(engine.local, "state", "aws"));
      engine.remove();
      assert.equal(exit === 0, fragments === undefined, output);
      assert.equal(output.includes("The internet reaches a Prefect API"), expected.rejects !== undefined, output);
      assert.doesNotMatch(output, /can't run policy|could not judge|error: creating /);
      for (const fragment of fragments ?? []) assert.ok(output.includes(fragment), `${fragment}\nis not in\n${output}`);
      if (command === "up") assert.ok(remembered, "what was made is remembered elsewhere");
    });
  }
});
