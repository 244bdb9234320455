import assert from "node:assert/strict";
import fc from "fast-check";
import { bcrypt } from "../../local/providers/random/bcrypt";
import { Driver, UNKNOWN, text } from "./client";

const PASSWORD = "random:index/randomPassword:RandomPassword";

describe("the random provider", function () {
  // Reading a type's declarations for the first time takes a while on a busy machine.
  this.timeout(20_000);

  let random: Driver;
  before(async () => {
    random = await Driver.random();
  });
  after(() => random.close());

  it("does not know a password in a preview, but its settings", async () => {
    const outputs = await random.preview(PASSWORD, "pw", { length: 20, special: false });
    assert.equal(outputs.result, UNKNOWN);
    assert.equal(outputs.bcryptHash, UNKNOWN);
    assert.equal(outputs.special, false);
    assert.equal(outputs.lower, true);
  });

  it("makes passwords of the length and the classes that are asked for", async () => {
    const inputs = { length: 24, special: false, minUpper: 5, minNumeric: 5 };
    const first = text((await random.create(PASSWORD, "pw", inputs)).properties.result);
    const second = text((await random.create(PASSWORD, "pw", inputs)).properties.result);
    assert.match(first, /^[A-Za-z0-9]{24}$/);
    assert.ok((first.match(/[A-Z]/g) ?? []).length >= 5 && (first.match(/\d/g) ?? []).length >= 5);
    assert.notEqual(first, second);
  });

  it("makes a new one when a keeper changes, and nothing else otherwise", async () => {
    const inputs = { length: 8, keepers: { a: "1" } };
    assert.deepEqual((await random.diff(PASSWORD, "pw", inputs, inputs)).detailed, {});
    const changed = await random.diff(PASSWORD, "pw", inputs, { ...inputs, keepers: { a: "2" } });
    assert.deepEqual(changed.replaces, ["keepers"]);
  });

  it("says what a password needs more characters for", async () => {
    await assert.rejects(
      random.create(PASSWORD, "pw", { length: 2, minUpper: 3 }),
      /at least sum of minLower .* got: 2/,
    );
  });

  it("keeps integers in their range", async () => {
    const range = fc.tuple(fc.integer({ min: -1000, max: 1000 }), fc.nat(50));
    await fc.assert(
      fc.asyncProperty(range, async ([min, span]) => {
        const { properties } = await random.create("random:index/randomInteger:RandomInteger", "i", {
          min,
          max: min + span,
        });
        const result = Number(properties.result);
        assert.ok(result >= min && result <= min + span);
      }),
      { numRuns: 25 },
    );
  });

  it("shows bytes, ids, UUIDs and pets in all their forms", async () => {
    const bytes = (await random.create("random:index/randomBytes:RandomBytes", "b", { length: 32 })).properties;
    assert.equal(Buffer.from(text(bytes.base64), "base64").toString("hex"), bytes.hex);
    const id = await random.create("random:index/randomId:RandomId", "i", { byteLength: 4, prefix: "p-" });
    assert.match(text(id.properties.hex), /^p-[0-9a-f]{8}$/);
    assert.equal(id.properties.dec, `p-${Number.parseInt(text(id.properties.hex).slice(2), 16)}`);
    const uuid = await random.create("random:index/randomUuid:RandomUuid", "u", {});
    assert.match(uuid.id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    const pet = await random.create("random:index/randomPet:RandomPet", "p", { length: 3, prefix: "x" });
    assert.equal(pet.id.split("-").length, 4);
  });

  it("hashes as bcrypt does (test vector of crypt_blowfish)", () => {
    const salt = Buffer.from("10410410410410410410410410410410", "hex");
    assert.equal(bcrypt("U*U", 5, salt), "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW");
  });
});
