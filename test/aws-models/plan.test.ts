import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { System } from "../../components/system";
import { ensureToolchain } from "../../local/toolchain/toolchain";
import { values, variants } from "../support/variants";
import { translations } from "./calls";
import { callsOf, refusals } from "./plan";
import { planned } from "./provider";

describe("What the program plans", function () {
  // botocore is installed, and the providers' declarations are read, on first use.
  this.timeout(120_000);
  before(() => ensureToolchain(["botocore"], console.log));

  const types = new Set<string>();
  for (const { name, args } of variants) {
    it(`is what AWS's models allow: ${name}`, async () => {
      const world = await planned(() => new System("prefect", args));
      for (const { type } of world.resources) types.add(type);
      assert.deepEqual(refusals(callsOf(world)), []);
    });
  }

  it("is planned with every value of every choice, and makes every type of resource whose calls are known", () => {
    const names = variants.flatMap(({ name }) => name.split(/[;,] (?!with)/));
    assert.deepEqual(
      values.filter((value) => !names.includes(value)),
      [],
    );
    assert.deepEqual(
      Object.keys(translations).filter((type) => !types.has(type)),
      [],
    );
  });

  it("is refused by the provider first, where that looks by itself", async () => {
    const twice = planned(
      () => new aws.lb.TargetGroup("web", { name: "-web", port: 80, protocol: "HTTP", vpcId: "vpc-1" }),
    );
    await assert.rejects(twice, /"name" cannot begin with a hyphen/);
  });

  it("has no resource whose calls are unknown", async () => {
    const world = await planned(() => new aws.sns.Topic("news"));
    assert.throws(() => callsOf(world), /aws:sns\/topic:Topic: say in test\/aws-models\/calls which calls make it/);
  });
});
