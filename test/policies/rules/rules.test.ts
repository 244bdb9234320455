import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { policies, rules } from "../../../policies/pack";
import type { Form } from "../support/stack";
import { ruleCases } from "./cases/rule-cases";
import type { Bad } from "./support/cases";
import type { Said } from "../support/requests";
import { judge } from "./support/judge";
import { secretValue, soundAlb, soundGateway } from "./support/sound";

const forms: readonly Form[] = ["preview", "finished", "finished without ids"];
const levelOf = new Map(policies.map(({ name, enforcementLevel }) => [name, enforcementLevel]));

/** Exactly so many messages of this policy, each with all fragments, and none of any other. */
function assertSaid(said: readonly Said[], policy: string, expected: Bad | undefined): void {
  const shown = said.map(({ policy: by, level, message }) => `[${level}] ${by}: ${message}`).join("\n\n");
  const own = said.filter((each) => each.policy === policy);
  assert.equal(own.length, expected === undefined ? 0 : (expected.count ?? 1), shown);
  for (const { message, level, urn } of own) {
    if (expected?.of !== undefined) assert.equal(urn.split("::").at(-1), expected.of, shown);
    assert.equal(level, expected?.level ?? levelOf.get(policy), shown);
    for (const fragment of expected?.says ?? [])
      assert.ok(message.includes(fragment), `${fragment}\nis not in\n${message}`);
  }
  const others = said.filter((each) => each.policy !== policy).map((each) => each.policy);
  assert.deepEqual([...new Set(others)].sort(), [...(expected?.besides ?? [])].sort(), shown);
  assert.ok(!shown.includes(secretValue), shown);
  assert.doesNotMatch(shown, /can't run policy|could not judge/);
}

const leftTo = (stack: Bad["stack"]): Bad => ({ stack, says: [], count: 0, besides: ["prefect-api-requires-auth"] });

describe("the rules", () => {
  it("each have a file, a place in the pack and cases of their own", () => {
    const files = readdirSync(join(__dirname, "../../../policies/rules")).map((file) => file.replace(/\.ts$/, ""));
    const named = policies.map(({ name }) => name).filter((name) => name !== "collect-inputs");
    assert.deepEqual([...named].sort(), [...files].sort());
    const withCases = named.filter((name) => name !== "prefect-api-requires-auth");
    assert.deepEqual(Object.keys(ruleCases).sort(), [...withCases].sort());
    for (const [name, { bad, good, lookAlikes, unknown }] of Object.entries(ruleCases))
      for (const cases of [bad, good, lookAlikes, unknown]) assert.ok(Object.keys(cases).length > 0, name);
  });

  it("each have their row in the README, with their level and settings", () => {
    const rows = readFileSync(join(__dirname, "../../../policies/README.md"), "utf8").split("\n");
    for (const { name, enforcementLevel, configSchema } of policies) {
      const row = rows.filter((line) => line.startsWith(`| \`${name}\` | ${enforcementLevel}`));
      assert.equal(row.length, 1, name);
      if (name === "prefect-api-requires-auth") continue;
      for (const [setting, schema] of Object.entries(configSchema?.properties ?? {})) {
        if (setting === "exemptions") continue;
        const said =
          typeof schema.default === "string" && schema.default.includes("|")
            ? ""
            : ` ${JSON.stringify(schema.default).replaceAll('"', "")}`;
        assert.ok(row[0]?.includes(`\`${setting}\`${said}`), `${setting}${said} of ${name}`);
      }
    }
  });

  it("refuse strangers and leaks, and note the rest", () => {
    for (const { name, enforcementLevel, severity } of rules)
      assert.equal(
        enforcementLevel === "advisory",
        ["low", "medium"].includes(severity) || name === "no-pass-role-on-everything",
        name,
      );
  });

  for (const form of forms) {
    it(`say nothing of the two sound stacks, ${form}`, async () => {
      for (const stack of [soundAlb(), soundGateway()]) assert.deepEqual(await judge(stack, form), []);
    });
  }

  it("leave to prefect-api-requires-auth what it says with the whole path", async () => {
    const proxy = { OAUTH2_PROXY_SKIP_AUTH_ROUTES: "GET=^/api/flows" };
    const said = await judge(soundGateway({ proxy, prefect: { secrets: [] } }), "finished");
    assert.deepEqual(
      said.map(({ policy }) => policy),
      ["prefect-api-requires-auth"],
    );
  });
});

for (const [policy, { stackName, bad, good, lookAlikes, unknown, refused = {} }] of Object.entries(ruleCases)) {
  describe(policy, () => {
    for (const form of forms) {
      for (const [name, expected] of Object.entries(bad))
        it(`speaks of ${name}, ${form}`, async () =>
          assertSaid(await judge(expected.stack, form, stackName), policy, expected));
      // The third form only changes how resources find each other, which the bad ones show.
      if (form === "finished without ids") continue;
      for (const [name, stack] of Object.entries({ ...good, ...lookAlikes }))
        it(`is silent about ${name}, ${form}`, async () =>
          assertSaid(await judge(stack, form, stackName), policy, undefined));
      for (const [name, stack] of Object.entries(refused))
        it(`leaves ${name} to prefect-api-requires-auth, ${form}`, async () =>
          assertSaid(await judge(stack, form, stackName), policy, leftTo(stack)));
    }
    for (const [name, { stack, preview, finished, level }] of Object.entries(unknown)) {
      const expected = (says: readonly string[] | undefined): Bad | undefined =>
        says && { stack, says, ...(level && says === preview ? { level } : {}) };
      it(`${preview ? "speaks" : "is silent"} where ${name} is not known yet`, async () =>
        assertSaid(await judge(stack, "preview", stackName), policy, expected(preview)));
      it(`${finished ? "speaks" : "is silent"} once ${name} is known`, async () =>
        assertSaid(await judge(stack, "finished", stackName), policy, expected(finished)));
    }
  });
}
