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

  it("reads own fields only", () => {
    for (const name of ["constructor", "__proto__", "toString"]) assert.ok(value({}).get(name).isOmitted, name);
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
  });
});

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
