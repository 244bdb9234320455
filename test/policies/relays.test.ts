import assert from "node:assert/strict";
import type { ResourceValue } from "../../policies/graph/model";
import { portIn, portOf } from "../../policies/graph/relays/destinations";
import { addsAuthorization } from "../../policies/graph/relays/http-api";
import { namesPrefect } from "../../policies/graph/relays/prefect-places";
import { Value } from "../../policies/graph/values";
import { unknown } from "./support/stack";

const value = (raw: unknown): ResourceValue => new Value(raw, undefined, "property") as Value as ResourceValue;

describe("an address that requests are passed on to", () => {
  it("names a port, by its number or by its scheme", () => {
    const ports = {
      "http://web": 80,
      "https://web": 443,
      "HTTPS://web/": 443,
      "wss://web?x": 443,
      "ws://web#x": 80,
      "git+ssh2://web": 80,
      "httpsx://web": 80,
      "xhttps://web": 80,
      "https://web:8443": 8443,
      "http://web:80443/": 80443,
      " http://web:81 ": 81,
      "web:4200": 4200,
      "web:4200/a:1": 4200,
      "[::1]:4200?x": 4200,
      "https://[::1]/": 443,
      "https://user:1@web/": 443,
      "https://web/http://other:81": 443,
    };
    for (const [address, port] of Object.entries(ports)) assert.equal(portIn(address), port, address);
    for (const address of ["web", "web.example.com/a:80", "web:x", "/a:80", "web:123456"])
      assert.equal(portIn(address), undefined, address);
  });

  it("means port 80 where it names none, and any port where it is not known", () => {
    assert.deepEqual([value("web"), value("https://web"), value(unknown)].map(portOf), [80, 443, undefined]);
  });

  it("may be Prefect's by its name or port", () => {
    for (const address of [
      ...["prefect.internal", "http://prefect.internal", "https://Orion.example.com/x", "prefect:80"],
      ...[
        "10.0.0.4:4200",
        "http://web:4200/api",
        "http://user:word@web:4200",
        "h2c://me@prefect.internal/",
        "a@b@prefect.io",
      ],
    ])
      assert.ok(namesPrefect(address), address);
    for (const address of [
      ...[
        "web.internal",
        "http://web/prefect.io",
        "http://web?prefect.io",
        "http://web#a:4200",
        "web:42000",
        "prefect",
      ],
      ...["http://prefect.io@web.internal/", "web:4200x", "http://web/http://prefect.io"],
    ])
      assert.ok(!namesPrefect(address), address);
  });
});

describe("a mapping of an API's request parameters", () => {
  const adds = (name: string, text: unknown = "'Basic eA=='"): boolean => addsAuthorization(value({ [name]: text }));

  it("adds a credential where it writes the header Authorization", () => {
    for (const name of [
      ...["append:header.Authorization", "overwrite:header.authorization", "header.Authorization"],
      ...["integration.request.header.Authorization", "overwrite:integration.request.header.authorization"],
    ])
      assert.ok(adds(name), name);
    assert.ok(adds("overwrite:header.Authorization", undefined));
    assert.ok(adds("overwrite:header.Authorization", "$context.authorizer.token"));
    assert.ok(adds("overwrite:header.Authorization", "$request.header.authorization2"));
    assert.ok(adds("overwrite:header.Authorization", "x$request.header.authorization"));
    assert.ok(addsAuthorization(value(unknown)));
  });

  it("adds none where it writes another one, or what the caller sent", () => {
    for (const name of [
      ...["remove:header.Authorization", "overwrite:header.X-Authorization", "overwrite:header.Authorization2"],
      ...["integration.request.querystring.Authorization", "x.header.Authorization"],
    ])
      assert.ok(!adds(name), name);
    for (const text of ["$request.header.Authorization", "method.request.header.authorization"])
      assert.ok(!adds("overwrite:header.Authorization", text), text);
    assert.ok(!addsAuthorization(value(undefined)));
  });
});
