import assert from "node:assert/strict";
import type { ConditionProperties } from "../../../local/cloud/load-balancer/declarations";
import { matches, type Subject, wildcard } from "../../../local/cloud/load-balancer/rule";

const subject: Subject = {
  method: "GET",
  path: "/api/flows",
  query: "version=v1&debug&q=a%2Ab",
  host: "Prefect.example.com",
  headers: ["User-Agent", "Mozilla/5.0", "X-Team", "one", "x-team", "two"],
  sourceIp: "10.0.3.7",
};

function check(condition: ConditionProperties, expected: boolean) {
  assert.equal(matches([condition], subject), expected, JSON.stringify(condition));
}

describe("a listener rule's conditions", () => {
  it("compare paths with their case, * as any run and ? as one character", () => {
    for (const [pattern, path, expected] of [
      ["/api/*", "/api/", true],
      ["/api/*", "/api", false],
      ["/api*", "/apiary", true],
      ["/API/*", "/api/flows", false],
      ["/img/?.png", "/img/a.png", true],
      ["/img/?.png", "/img/.png", false],
      ["/img/?.png", "/img/ab.png", false],
      ["*/filter", "/a/b/filter", true],
      ["/a.b", "/aXb", false],
      ["/(x)+", "/(x)+", true],
      ["/%2e%2e/*", "/../x", false],
      ["/a\\*b", "/a*b", true],
      ["/a\\*b", "/axb", false],
    ] as const) {
      assert.equal(wildcard(pattern).test(path), expected, `${pattern} on ${path}`);
    }
  });

  it("compare the host without its case", () => {
    check({ hostHeader: { values: ["*.EXAMPLE.com"] } }, true);
    check({ hostHeader: { values: ["example.com"] } }, false);
  });

  it("find any value of a repeated header, whatever the case", () => {
    check({ httpHeader: { httpHeaderName: "X-TEAM", values: ["TWO"] } }, true);
    check({ httpHeader: { httpHeaderName: "x-team", values: ["three"] } }, false);
    check({ httpHeader: { httpHeaderName: "user-agent", values: ["*mozilla*"] } }, true);
    check({ httpHeader: { httpHeaderName: "authorization", values: ["*"] } }, false);
  });

  it("compare the method exactly", () => {
    check({ httpRequestMethod: { values: ["HEAD", "GET"] } }, true);
    check({ httpRequestMethod: { values: ["get"] } }, false);
  });

  it("look for query parameters as sent", () => {
    check({ queryStrings: [{ key: "version", value: "V?" }] }, true);
    check({ queryStrings: [{ key: "version", value: "v2" }, { value: "a%2Ab" }] }, true);
    check({ queryStrings: [{ key: "debug", value: "" }] }, true);
    check({ queryStrings: [{ key: "missing", value: "*" }] }, false);
  });

  it("take the connection's address for the source, never a header's", () => {
    check({ sourceIp: { values: ["192.168.0.0/16", "10.0.0.0/22"] } }, true);
    check({ sourceIp: { values: ["10.0.0.0/23"] } }, false);
    check({ sourceIp: { values: ["2001:db8::/32"] } }, false);
  });

  it("must all hold, and a regular expression counts as a value", () => {
    const both: ConditionProperties[] = [
      { pathPattern: { regexValues: ["^/api/(flows|tasks)$"] } },
      { httpRequestMethod: { values: ["GET"] } },
    ];
    assert.equal(matches(both, subject), true);
    assert.equal(matches(both, { ...subject, method: "POST" }), false);
    assert.equal(matches(both, { ...subject, path: "/api/flowsX" }), false);
  });
});
