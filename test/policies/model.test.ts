import assert from "node:assert/strict";
import { Graph, hostOf, property, type Resource, type ResourceValue } from "../../policies/graph/model";
import { matcher } from "../../policies/graph/trust";
import { Value } from "../../policies/graph/values";
import { unknown } from "./support/stack";

const group = "aws:ec2/securityGroup:SecurityGroup";
const functionUrl = "aws:lambda/functionUrl:FunctionUrl";

/** A resource whose property `of` depends on these. */
function resource(name: string, of: Partial<Resource> = {}, dependsOn: readonly string[] = []): Resource {
  return {
    ...{ urn: name, type: group, name, parent: undefined, inputs: {}, outputs: {} },
    dependencies: new Map([["of", dependsOn]]),
    ...of,
  };
}
const of = (source: Resource, raw: unknown = unknown): ResourceValue => new Value(raw, source, "of");
const urns = (found: readonly Resource[]): string[] => found.map(({ urn }) => urn);

describe("a property", () => {
  it("is what the program passed, or what the provider answered where that was not seen", () => {
    const read = (inputs: Resource["inputs"], outputs: Resource["outputs"]): ResourceValue =>
      property(resource("it", { inputs, outputs }), "a");
    assert.equal(read({ a: 1 }, { a: 2 }).integer(), 1);
    assert.ok(read({}, { a: unknown }).isOmitted);
    assert.ok(read({}, { a: 2 }).isOmitted);
    // The provider's answer may be that of the last deployment.
    assert.ok(read({ a: unknown }, { a: 2 }).isUnknown);
    assert.equal(read(undefined, { a: 2 }).integer(), 2);
    assert.ok(property(resource("it", { inputs: {} }), "toString").isOmitted);
  });
});

describe("the resources of a stack", () => {
  it("come in one order", () => {
    for (const names of ["abcd", "dcba", "bdac"]) {
      const graph = new Graph([...names].map((name) => resource(name)));
      assert.deepEqual(urns(graph.resources), ["a", "b", "c", "d"]);
      const other = new Graph([...names].map((name) => resource(name, name < "c" ? { type: functionUrl } : {})));
      assert.deepEqual(urns(other.ofType([group, functionUrl])), ["a", "b", "c", "d"]);
      assert.deepEqual(urns(other.ofType([functionUrl])), ["a", "b"]);
    }
  });
});

describe("what a value that is not known may name", () => {
  const referred = (source: Resource, ...others: Resource[]): string[] =>
    urns(new Graph([source, ...others]).referred(of(source), [group]));

  it("is what it depends on, in one order and once", () => {
    const source = resource("source", {}, ["b", "a", "c", "a"]);
    assert.deepEqual(referred(source, resource("a"), resource("b"), resource("c"), resource("d")), ["a", "b", "c"]);
    const other = resource("source", {}, ["a", "b"]);
    assert.deepEqual(referred(other, resource("a"), resource("b", { type: functionUrl })), ["a"]);
  });

  it("is what a component that it depends on has inside, however deep, and not itself", () => {
    const source = resource("source", { parent: "outer" }, ["outer"]);
    const outer = resource("outer", { type: "acme:index:Outer" });
    const inner = resource("inner", { type: "acme:index:Inner", parent: "outer" });
    assert.deepEqual(referred(source, outer, inner, resource("a", { parent: "inner" }), resource("b")), ["a"]);
    assert.deepEqual(referred(source, outer, inner), []);
  });

  it("is what it depends on by way of another resource", () => {
    const attachment = resource("attachment", { type: "acme:index:Attachment" }, ["a", "gone"]);
    const source = resource("source", {}, ["attachment", "gone"]);
    assert.deepEqual(referred(source, attachment, resource("a")), ["a"]);
    const ring = resource("attachment", { type: "acme:index:Attachment" }, ["source"]);
    assert.deepEqual(referred(source, ring), []);
  });

  it("is nothing for a value that is left out", () => {
    const source = resource("source", {}, ["a"]);
    const graph = new Graph([source, resource("a")]);
    for (const raw of [null, ["a"], {}]) assert.deepEqual(graph.referred(of(source, raw), [group]), []);
  });
});

describe("what a known value names", () => {
  const source = resource("source", {}, ["a"]);
  const referred = (outputs: Resource["outputs"]): string[] =>
    urns(new Graph([source, resource("a", { outputs })]).referred(of(source, "sg-1"), [group]));

  it("is what has that id", () => assert.deepEqual(referred({ id: "sg-1" }), ["a"]));
  it("is nothing of the stack where that has another", () => assert.deepEqual(referred({ id: "sg-2" }), []));
  it("is nothing of the stack that is not made yet", () => assert.deepEqual(referred({ id: unknown }), []));
  it("is what it depends on where that does not say its id", () => assert.deepEqual(referred({}), ["a"]));

  it("is a host, whatever the URL around it", () => {
    const url = resource("url", { type: functionUrl, outputs: { functionUrl: "https://ABC.example.com:443/x" } });
    const graph = new Graph([url, resource("other", { type: functionUrl, inputs: { functionUrl: "" } })]);
    assert.deepEqual(urns(graph.named("abc.example.com", [functionUrl])), ["url"]);
    assert.deepEqual(urns(graph.named("https://ABC.example.com:443/x", [functionUrl])), ["url"]);
    for (const none of ["", "example.com", "undefined"]) assert.deepEqual(graph.named(none, [functionUrl]), []);
    assert.deepEqual(graph.named("abc.example.com", [group]), []);
  });

  it("is an integration by its id alone or as a route names it", () => {
    const type = "aws:apigatewayv2/integration:Integration";
    const graph = new Graph([resource("it", { type, outputs: { id: "abc" } })]);
    for (const name of ["abc", "integrations/abc"]) assert.deepEqual(urns(graph.named(name, [type])), ["it"]);
  });
});

describe("whether everything that is named is in the stack", () => {
  const source = resource("source", {}, ["a", "b"]);
  const made = new Graph([source, ...["a", "b"].map((id) => resource(id, { outputs: { id } }))], matcher(["t"]));
  const unmade = new Graph(
    [source, ...["a", "b"].map((name) => resource(name, { outputs: { id: unknown } }))],
    matcher(["t"]),
  );
  const found = (graph: Graph, ...raws: unknown[]): boolean =>
    graph.areFound(
      raws.map((raw) => of(source, raw)),
      [group],
    );

  it("is what ids and dependencies say", () => {
    assert.deepEqual([found(made, "a", "b"), found(made, "a", "t"), found(made)], [true, true, true]);
    assert.deepEqual([found(made, "a", "c"), found(made, null)], [false, false]);
    assert.deepEqual([found(unmade, unknown), found(unmade, unknown, unknown)], [true, true]);
    assert.deepEqual([found(unmade, unknown, unknown, unknown), found(unmade, unknown, "c")], [false, false]);
    assert.ok(found(unmade, unknown, unknown, "t"));
    assert.ok(!unmade.areFound(of(source).list(), [group]));
  });

  it("counts the values of each property by themselves", () => {
    const other = resource("other", {}, ["a"]);
    const graph = new Graph([source, other, resource("a"), resource("b")]);
    assert.ok(graph.areFound([of(source), of(source), of(other)], [group]));
    assert.ok(!graph.areFound([of(source), of(other), of(other)], [group]));
    const both = resource("both", { dependencies: new Map(["of", "second"].map((name) => [name, ["a"]])) });
    assert.ok(graph.areFound([of(both), new Value(unknown, both, "second")], [group]));
    const second = new Value(unknown, source, "second");
    assert.ok(!graph.areFound([of(source), second], [group]));
  });
});

describe("the host of an address", () => {
  const hosts = {
    "https://Web-1.example.com:8443/x": "web-1.example.com",
    " https://web ": "web",
    web: "web",
    "web.example.com.": "web.example.com",
    "web/http://other": "web",
    "web?to=a@other": "web",
    "web#a:1": "web",
    "1http://web": "1http",
    "git+ssh2://user:word@web:22/": "web",
    "user@web": "web",
    "[::1]:4200": "[::1]",
    "web:": "web",
    "": "",
  };
  for (const [address, host] of Object.entries(hosts))
    it(`${JSON.stringify(address)}: ${host}`, () => assert.equal(hostOf(address), host));
});
