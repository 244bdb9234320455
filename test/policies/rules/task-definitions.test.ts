import assert from "node:assert/strict";
import { taskDefinitionHoldsNoSecret } from "../../../policies/rules/task-definition-holds-no-secret";
import { containers, prefect } from "../support/pieces";
import { unknown } from "../support/stack";
import { violations } from "./support/found";

const secret = "hunter2-never-print";
const held = containers(prefect({ environment: { PREFECT_API_KEY: secret } }));
const task = (inputs: Record<string, unknown>, name = "server"): Parameters<typeof violations>[0] => ({
  ...{ type: "aws:ecs/taskDefinition:TaskDefinition", name, inputs },
  urn: `urn:pulumi:prod::flows::aws:ecs/taskDefinition:TaskDefinition::${name}`,
});

describe("a task definition by itself", () => {
  it("is judged whatever else is in the stack, before it is made", () => {
    const { validateResource } = taskDefinitionHoldsNoSecret;
    const { __pulumiType: type } = validateResource as unknown as { __pulumiType: string };
    assert.equal(type, "aws:ecs/taskDefinition:TaskDefinition");
  });

  it("is exempted by its name", () => {
    const exemption = {
      ...{ project: "flows", stack: "prod", resource: "server", owner: "data team", reason: "moves" },
      expires: "2999-12-31",
    };
    const given = { containerDefinitions: held };
    const [said] = violations(task(given), () => ({ exemptions: [exemption] }));
    assert.equal(said?.level, "advisory");
    assert.match(said.message, /Exempted until 2999-12-31 by data team: moves$/);
    const [other] = violations(task(given, "worker"), () => ({ exemptions: [exemption] }));
    assert.equal(other?.level, "mandatory");
  });

  it("is refused where the judgement fails, and no value is told", () => {
    const said = violations(task({ containerDefinitions: held }), () => {
      throw new TypeError(secret);
    });
    assert.deepEqual(
      said.map(({ level }) => level),
      ["mandatory"],
    );
    assert.match(said[0]?.message ?? "", /^could not judge resource "server": internal error TypeError at /);
    assert.ok(!said[0]?.message.includes(secret));
  });

  it("is noted where it is not known yet and its name or family says Prefect", () => {
    const unseen = { containerDefinitions: unknown };
    for (const [inputs, name] of [
      [unseen, "prefect-server"],
      [unseen, "Orion"],
      [{ ...unseen, family: "acme-prefect" }, "server"],
    ] as const) {
      const [said, ...more] = violations(task(inputs, name));
      assert.deepEqual([said?.level, more], ["advisory", []]);
      assert.match(said?.message ?? "", /in plain text\.\nIts containerDefinitions is not known yet/);
    }
    assert.deepEqual(violations(task({ ...unseen, family: unknown })), []);
    assert.deepEqual(violations(task({ ...unseen, family: "shop" })), []);
  });
});
