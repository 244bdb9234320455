import assert from "node:assert/strict";
import { System } from "../../components/system";
import { ensureToolchain } from "../../local/toolchain/toolchain";
import { variants } from "../support/variants";
import { World } from "../support/world";
import { loadBalancers } from "./cases/load-balancers";
import { others } from "./cases/others";
import { callsOf, refusals } from "./plan";
import { planned } from "./provider";
import type { Inputs } from "./translate";

describe("Of an edited plan", function () {
  this.timeout(120_000);
  const worlds: World[] = [];
  before(async () => {
    await ensureToolchain(["botocore"], console.log);
    // Between them these have every resource of the cases.
    for (const wanted of [
      /^alb, cognito, private by network, prefix;.* GitHub,.* made/,
      /^alb, cognito, private, prefix; federated/,
    ]) {
      const variant = variants.find(({ name }) => wanted.test(name));
      assert.ok(variant, `no variant is ${wanted}: ${variants.map(({ name }) => name).join("\n")}`);
      const world = await planned(() => new System("prefect", variant.args));
      assert.deepEqual(refusals(callsOf(world)), []);
      worlds.push(world);
    }
  });

  for (const [type, ofType] of Object.entries({ ...loadBalancers, ...others })) {
    describe(type, () => {
      for (const [title, [name, edit, expected]] of Object.entries(ofType)) {
        it(`${title} is refused`, () => {
          const has = (world: World) => world.all(type).some((resource) => resource.name === name);
          const world = worlds.find(has) ?? assert.fail(`no ${type} ${name}`);
          const edited = world.resources.map((resource) => {
            if (resource.type !== type || resource.name !== name) return resource;
            const inputs = structuredClone(resource.inputs) as Inputs;
            edit(inputs, world);
            return { ...resource, inputs };
          });
          const found = refusals(callsOf(new World(edited)));
          assert.ok(
            found.some((line) => expected.test(line)),
            `${String(expected)} is not in\n${found.join("\n")}`,
          );
        });
      }
    });
  }
});
