import assert from "node:assert/strict";
import { prefectApiRequiresAuth } from "../../policies/rules/prefect-api-requires-auth";
import { rawProperties, Value } from "../../policies/graph/values";
import { hidden, gated, behindGateway, behindAlb, containers, prefect } from "./support/pieces";
import { analyze } from "./support/analyze";
import { type Declared, unknown } from "./support/stack";

const value = (raw: unknown): Value => new Value(raw, undefined, "property");

describe("values", () => {
  it("tells known, unknown and omitted apart", () => {
    const of = (raw: unknown): boolean[] => [value(raw).isKnown, value(raw).isUnknown, value(raw).isOmitted];
    assert.deepEqual(of(false), [true, false, false]);
    assert.deepEqual(of(unknown), [false, true, false]);
    assert.deepEqual(of(undefined), [false, false, true]);
    assert.deepEqual(of(null), [false, false, true]);
  });

  it("keeps an unknown unknown all the way down", () => {
    assert.ok(value(unknown).get("a").get("b").isUnknown);
    assert.ok(
      value({ a: [unknown] })
        .get("a")
        .list()[0]
        ?.get("b").isUnknown,
    );
    assert.equal(value(unknown).list().length, 1);
  });

  it("knows every kind of what stands for an unknown value, and nothing else", () => {
    const kinds = [
      ...["1c4a061d-8072-4f0a-a4cb-0ff528b18fe7", "3eeb2bf0-c639-47a8-9e75-3b44932eb421", unknown],
      ...["6a19a0b0-7e62-4c92-b797-7f8e31da9cc2", "030794c1-ac77-496b-92df-f27374a8bd58"],
      ...["e48ece36-62e2-4504-bad9-02848725956a", "dd056dcd-154b-4c76-9bd3-c8f88648b5ff"],
    ];
    for (const kind of kinds) assert.ok(value(kind).isUnknown, kind);
    for (const other of ["0d7a061d-8072-4f0a-a4cb-0ff528b18fe7", `${unknown}!`, "", [unknown], { length: 36 }])
      assert.ok(value(other).isKnown, JSON.stringify(other));
  });

  it("reads own fields only", () => {
    for (const name of ["constructor", "__proto__", "toString"]) assert.ok(value({}).get(name).isOmitted, name);
    for (const raw of [["a"], "text", null, 5]) assert.ok(value(raw).get("length").isOmitted, String(raw));
    assert.ok(value(["a"]).get("0").isOmitted);
    assert.equal(value({ a: "b" }).get("a").text(), "b");
  });

  it("reads behind a proxy that throws on unknowns", () => {
    const target = { known: 1, hidden: unknown };
    const proxy = new Proxy(target, {
      get(object, name) {
        if (name === "__getSpecialProxyTarget") return object;
        throw new Error("read past the accessor");
      },
    });
    assert.deepEqual(rawProperties(proxy), target);
    assert.equal(rawProperties(target), target);
    for (const none of [undefined, null, "text", 5]) assert.deepEqual(rawProperties(none), {});
  });

  it("says where a part of it comes from", () => {
    const source = { name: "it" };
    const whole = new Value({ list: ["a", unknown], document: '{"a": ["b"]}' }, source, "property");
    const list = whole.get("list").list();
    const document = whole.get("document").json();
    const parts = [...list, document, document?.get("a"), whole.of("b"), whole.unread(), ...whole.inside()];
    for (const part of parts) assert.deepEqual([part?.source, part?.property], [source, "property"]);
    assert.equal(whole.of("b").text(), "b");
    assert.ok(whole.unread().isUnknown);
  });

  it("tells whether anything inside is unknown", () => {
    for (const raw of [unknown, [unknown], { a: [{ b: unknown }] }]) assert.ok(value(raw).holdsUnknown());
    for (const raw of [undefined, "text", 5, [], { a: [{ b: null }] }]) assert.ok(!value(raw).holdsUnknown());
    assert.ok(!value(nested(40, "text")).holdsUnknown());
    assert.ok(value(nested(41, "text")).holdsUnknown());
  });

  it("finds texts and objects inside in their order", () => {
    const raw = { a: "1", b: [{ c: "2", d: unknown, e: 3 }, "4"], f: { g: ["5"] } };
    assert.deepEqual(value(raw).texts(), ["1", "2", "4", "5"]);
    assert.deepEqual(
      value(raw)
        .inside()
        .map((each) => each.keys()),
      [["a", "b", "f"], ["c", "d", "e"], ["g"]],
    );
    assert.deepEqual([value(unknown).texts(), value(unknown).inside()], [[], []]);
  });

  it("finds no more of a deep or long value than one can look at", () => {
    assert.deepEqual(value(nested(41, "text")).texts(), ["text"]);
    assert.deepEqual(value(nested(42, "text")).texts(), []);
    assert.equal(value(nested(60, "text")).inside().length, 41);
    assert.equal(value(Array.from({ length: 10_001 }, String)).texts().length, 10_000);
    assert.equal(value(Array.from({ length: 10_001 }, () => ({}))).inside().length, 10_000);
  });

  it("takes one value for a list of one", () => {
    const texts = (raw: unknown): unknown[] =>
      value(raw)
        .list()
        .map((each) => each.text());
    assert.deepEqual(
      [texts(undefined), texts(null), texts([]), texts("a"), texts(["a", "b"])],
      [[], [], [], ["a"], ["a", "b"]],
    );
    const [all] = value(unknown).list();
    assert.deepEqual([all?.isUnknown, all?.isUnknownList], [true, true]);
    const [one] = value([unknown]).list();
    assert.deepEqual([one?.isUnknown, one?.isUnknownList], [true, false]);
  });

  it("names the fields of objects alone", () => {
    assert.deepEqual(value({ a: 1, b: unknown }).keys(), ["a", "b"]);
    for (const raw of [["a"], "text", undefined, null, unknown]) assert.deepEqual(value(raw).keys(), []);
  });

  it("reads texts, words, integers and flags, also where they are written as text", () => {
    const rows: readonly (readonly [unknown, string?, string?, number?, boolean?])[] = [
      ["Text", "Text", "text"],
      ["True", "True", "true", undefined, true],
      ["FALSE", "FALSE", "false", undefined, false],
      [true, "true", "true", undefined, true],
      [false, "false", "false", undefined, false],
      [4200, "4200", "4200", 4200],
      [" 4200 ", " 4200 ", " 4200 ", 4200],
      ["-1", "-1", "-1", -1],
      ["4200a", "4200a", "4200a"],
      ["a4200", "a4200", "a4200"],
      ["42.5", "42.5", "42.5"],
      ["", "", ""],
      ["123456789012345", "123456789012345", "123456789012345", 123_456_789_012_345],
      ["1234567890123456", "1234567890123456", "1234567890123456"],
      [unknown],
      [undefined],
      [null],
      [["a"]],
      [{ a: "b" }],
    ];
    for (const [raw, text, word, integer, flag] of rows) {
      const read = value(raw);
      assert.deepEqual(
        [read.text(), read.word(), read.integer(), read.flag()],
        [text, word, integer, flag],
        String(raw),
      );
    }
  });

  it("reads documents in texts, and unknowns in them", () => {
    const document = value(`{"a": ["b"], "c": "${unknown}"}`).json();
    assert.deepEqual(document?.keys(), ["a", "c"]);
    assert.ok(document?.get("c").isUnknown);
    for (const raw of ["{", "", unknown, undefined, { a: 1 }]) assert.equal(value(raw).json(), undefined);
  });
});

/** A text so many objects deep. */
function nested(depth: number, text: string): unknown {
  return depth === 0 ? text : { a: nested(depth - 1, text) };
}

describe("the pack", () => {
  it("never prints a value that may be a secret", async () => {
    const secret = "hunter2-never-print";
    const stacks: Declared[][] = [
      behindAlb({
        definitions: containers(
          prefect({ environment: { PREFECT_API_DATABASE_CONNECTION_URL: secret, PREFECT_SERVER_API_AUTH_STRING: "" } }),
        ),
      }),
      behindGateway(gated.replace("auth_request /oauth2/auth;", `set $x "${secret}";`), {
        prefect: hidden({ environment: { A: secret } }),
      }),
      behindGateway(`events { "${secret}`, { prefect: hidden() }),
      behindAlb({ definitions: `[{"name": "prefect", "${secret}` }),
    ];
    for (const stack of stacks) {
      const findings = await analyze(stack, "finished");
      assert.ok(findings.length > 0);
      for (const { message } of findings) assert.ok(!message.includes(secret), message);
    }
  });

  it("says the same whatever the order of the resources", async () => {
    const stack = behindAlb({ definitions: containers(prefect()) });
    const messages = (await analyze(stack, "preview")).map(({ message }) => message);
    assert.deepEqual(
      (await analyze([...stack].reverse(), "preview")).map(({ message }) => message),
      messages,
    );
  });

  it("turns a failure of its own into a violation", async () => {
    const said: string[] = [];
    const broken = {
      getConfig: () => ({}),
      get resources(): never {
        throw new Error("hunter2-never-print");
      },
    };
    await prefectApiRequiresAuth.validateStack(broken as never, (violation: unknown) => said.push(String(violation)));
    assert.equal(said.length, 1);
    assert.match(said[0] ?? "", /^could not judge this stack: internal error Error/);
    assert.doesNotMatch(said[0] ?? "", /hunter2/);
  });
});
