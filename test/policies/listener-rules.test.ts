import assert from "node:assert/strict";
import { type Addresses, everywhere, isEmpty, parseCidr } from "../../policies/graph/cidr";
import { clientsLeft } from "../../policies/graph/listener-rules";
import type { Resource } from "../../policies/graph/model";
import { path, rule } from "./support/pieces";
import { asResources, register, unknown } from "./support/stack";

type Condition = Record<string, unknown>;

function resource(conditions: unknown, more: Record<string, unknown> = {}): Resource {
  const { type, name, inputs } = rule("rule", 1, conditions, []);
  const [made] = asResources(register([{ type, name, inputs: { ...inputs, ...more } }], "finished"));
  return made ?? assert.fail();
}

/** Which clients get to a rule with these conditions past earlier ones. */
function left(own: Condition[] | undefined, ...earlier: Condition[][]): string {
  const first = own && resource(own);
  const before = earlier.map((conditions) => resource(conditions));
  return shown(clientsLeft(first, before, everywhere));
}

function shown(addresses: Addresses): string {
  if (isEmpty(addresses)) return "nobody";
  if (JSON.stringify(addresses, text) === JSON.stringify(everywhere, text)) return "everybody";
  return JSON.stringify(addresses, text);
}

function text(_: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString(16) : value;
}

const of = (cidr: string): string => shown(parseCidr(cidr) ?? assert.fail(cidr));
const host = (...values: string[]): Condition => ({ hostHeader: { values } });
const method = (...values: string[]): Condition => ({ httpRequestMethod: { values } });
const header = (httpHeaderName: unknown, ...values: string[]): Condition => ({
  httpHeader: { httpHeaderName, values },
});
const source = (...values: unknown[]): Condition => ({ sourceIp: { values } });
const query = (value: string): Condition => ({ queryStrings: [{ value }] });
const health = [path("/api/health"), method("GET")];

describe("a rule of a listener", () => {
  it("gets requests of everybody, whatever it asks for that callers choose", () => {
    for (const own of [[path("/a")], [host("a")], [method("GET")], [header("X", "a")], [query("a")], [], [{}]])
      assert.equal(left(own), "everybody", JSON.stringify(own));
    assert.equal(left(undefined), "everybody");
  });

  it("gets those of its source addresses alone", () => {
    assert.equal(left([source("203.0.113.0/24")]), of("203.0.113.0/24"));
    assert.equal(left([source("203.0.113.0/25", "203.0.113.128/25")]), of("203.0.113.0/24"));
    assert.equal(left([source("203.0.113.0/24"), source("203.0.113.128/25")]), of("203.0.113.128/25"));
    assert.equal(left([{ ...source("203.0.113.0/24"), ...query("a") }]), of("203.0.113.0/24"));
    for (const values of [["office"], ["203.0.113.0/24", "office"], ["203.0.113.0/24", unknown], [unknown], []])
      assert.equal(left([source(...values)]), "everybody", JSON.stringify(values));
  });

  it("is not told of where it answers health checks alone", () => {
    for (const [of_, verb] of [
      ["/api/health", "GET"],
      ["/api/ready", "GET"],
      ["/flows-1/api/ready", "GET"],
    ] as const)
      assert.equal(left([path(of_), method(verb)]), "nobody", of_);
    for (const of_ of ["/api/healthy", "/api/health/x", "/a/b/api/health", "/api/*", "/API/health", "x/api/health"])
      assert.equal(left([path(of_), method("GET")]), "everybody", of_);
    assert.equal(left([path("/api/health")]), "everybody");
    assert.equal(left([path("/api/health"), method("POST")]), "everybody");
    assert.equal(left([path("/api/health"), method("GET", "POST")]), "everybody");
    assert.equal(left([path("/api/health", "/api/*"), method("GET")]), "everybody");
    assert.equal(left([path("/api/health"), path("/api/*"), method("GET")]), "nobody");
    assert.equal(left([...health, query("a")]), "nobody");
    assert.equal(left([{ ...path("/api/health"), ...method("GET") }]), "nobody");
    const transforms = [{ type: "url-rewrite", urlRewriteConfig: {} }];
    assert.equal(shown(clientsLeft(resource(health, { transforms }), [], everywhere)), "everybody");
  });

  it("gets nothing past one that takes all of it", () => {
    const taken: [own: Condition[] | undefined, earlier: Condition[]][] = [
      [[path("/a")], [path("/a")]],
      [[path("/a/b")], [path("/a/*")]],
      [[path("/a/*/b")], [path("/a/*")]],
      [[path("/a*")], [path("/a**")]],
      [[path("/ab")], [path("/a?")]],
      [[path("/a?")], [path("/a?")]],
      [[path("/a.b+(c)")], [path("/a.b+(c)")]],
      [[path("/a", "/b")], [path("/b", "/a")]],
      [[path("/a"), host("b")], [path("/a")]],
      [[path("/a"), path("/*b")], [path("/*b")]],
      [[host("A.example.com")], [host("*.EXAMPLE.com")]],
      [[method("GET")], [method("GET", "POST")]],
      [[header("X-A", "One")], [header("x-a", "one")]],
      [[header("X", "a"), header("Y", "b")], [header("Y", "b")]],
      [[], [path("/*")]],
      [undefined, [path("/*")]],
      [undefined, [path("*")]],
      [undefined, [path("/**")]],
      [undefined, [host("*")]],
      [undefined, [host("**")]],
      [undefined, [path("/a", "/*")]],
      [undefined, [path("/*"), host("*")]],
    ];
    for (const [own, earlier] of taken) assert.equal(left(own, earlier), "nobody", JSON.stringify([own, earlier]));
  });

  it("gets what an earlier one leaves", () => {
    const open: [own: Condition[] | undefined, earlier: Condition[]][] = [
      [[path("/a")], [path("/b")]],
      [[path("/A")], [path("/a")]],
      [[path("/ab")], [path("/a")]],
      [[path("/ba")], [path("/a")]],
      [[path("/*")], [path("/a*")]],
      [[path("/a*")], [path("/a?")]],
      [[path("/a")], [path("/a?")]],
      [[path("/abc")], [path("/a?")]],
      [[path("/axb")], [path("/a.b")]],
      [[path("/a", "/b")], [path("/a")]],
      [[path("/a")], [path("/a"), host("b")]],
      [[path("/a")], [host("/a")]],
      [[host("a")], [path("a")]],
      [[method("GET")], [method("get")]],
      [[method("GET")], [method("*")]],
      [[method("GET")], [method("G?T")]],
      [[header("X", "a")], [header("Y", "a")]],
      [[header("X", "a")], [header("X", "b")]],
      [undefined, [header("X", "*")]],
      [undefined, [method("*")]],
      [undefined, [path("/a*")]],
      [undefined, [path("/*a")]],
      [undefined, [path("x/*")]],
      [undefined, [host("*.com")]],
      [undefined, [host("a*")]],
      [undefined, []],
      [undefined, [{}]],
      [undefined, [path()]],
      [undefined, [path("*e")]],
      [undefined, [host("*e")]],
      // What is not understood takes less than is seen of it.
      [undefined, [path("/*"), query("a")]],
      [undefined, [{ ...path("/*"), ...query("a") }]],
      [[header(unknown, "a")], [header(unknown, "a")]],
      [undefined, [{ pathPattern: { values: ["/*", unknown] } }]],
      [undefined, [{ pathPattern: { values: ["/*"], regexValues: ["^/a"] } }]],
      [undefined, [path("/*"), { hostHeader: unknown }]],
    ];
    for (const [own, earlier] of open) assert.equal(left(own, earlier), "everybody", JSON.stringify([own, earlier]));
  });

  it("gets what earlier ones leave of its addresses", () => {
    const halves = [[source("0.0.0.0/1")], [source("128.0.0.0/1"), path("/*")]];
    assert.equal(left(undefined, ...halves), of("::/0"));
    assert.equal(left([source("203.0.113.0/24")], ...halves), "nobody");
    assert.equal(left([path("/a")], [source("0.0.0.0/0", "::/0"), path("/b")]), "everybody");
    assert.equal(left([path("/a", "/b")], [source("128.0.0.0/1", "::/0"), path("/a")]), "everybody");
    assert.equal(left([path("/a")], [source("128.0.0.0/1", "::/0"), path("/a")]), of("0.0.0.0/1"));
    assert.equal(left([source("203.0.113.0/24")], [source("203.0.113.0/24"), query("a")]), of("203.0.113.0/24"));
    const clients = parseCidr("203.0.113.0/24") ?? assert.fail();
    assert.equal(shown(clientsLeft(undefined, [], clients)), of("203.0.113.0/24"));
    assert.equal(shown(clientsLeft(resource([path("/a")]), [], clients)), of("203.0.113.0/24"));
  });

  it("is not compared by more combinations than can be told apart", () => {
    const some = (count: number, name: string): string[] => Array.from({ length: count }, (_, n) => `/${name}${n}`);
    const many = (paths: number, hosts: number): Condition[] => [path(...some(paths, "a")), host(...some(hosts, "b"))];
    assert.equal(left(many(20, 10), [path("/a*")]), "nobody");
    assert.equal(left(many(67, 3), [path("/a*")]), "everybody");
    assert.equal(left(many(67, 3), [path("/*")]), "nobody");
  });

  it("is described by a condition's settings, of which some are left out", () => {
    const conditions = [{ pathPattern: { values: ["/a"] }, hostHeader: undefined, __defaults: ["x"] }];
    assert.equal(left([path("/a")], conditions), "nobody");
  });
});
