import assert from "node:assert/strict";
import { Graph, property, type ResourceValue } from "../../policies/graph/model";
import { placesAt, portIn, portOf } from "../../policies/graph/relays/destinations";
import { addsAuthorization } from "../../policies/graph/relays/http-api";
import { namesPrefect } from "../../policies/graph/relays/prefect-places";
import { inStages } from "../../policies/graph/relays/stage-variables";
import { types } from "../../policies/graph/types";
import { Value } from "../../policies/graph/values";
import { asResources, declare, type Declared, type Form, ref, register, unknown } from "./support/stack";

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
      ...[
        "http://prefect.io@web.internal/",
        "web:4200x",
        "http://web/http://prefect.io",
        "jdbc:postgresql://prefect.db",
      ],
    ])
      assert.ok(!namesPrefect(address), address);
  });
});

describe("the places at an address", () => {
  /** What an app names by this. */
  const named = (target: unknown, stack: Declared[], form: Form): string[] => {
    const graph = new Graph(
      asResources(register([...stack, declare("aws:amplify/app:App", "app", { name: target })], form)),
    );
    const [app] = graph.ofType(["aws:amplify/app:App"]);
    assert.ok(app);
    return placesAt(graph, property(app, "name"))
      .map(({ name }) => name)
      .sort();
  };
  const assertNamed = (
    target: unknown,
    stack: Declared[],
    expected: string[],
    forms: Form[] = ["preview", "finished"],
  ): void => {
    for (const form of forms) assert.deepEqual(named(target, stack, form), expected, form);
  };
  const server = (more: Record<string, unknown> = {}): Declared => declare("aws:ec2/instance:Instance", "server", more);
  const address = (more: Record<string, unknown> = {}): Declared => declare("aws:ec2/eip:Eip", "address", more);
  const card = declare("aws:ec2/networkInterface:NetworkInterface", "card", { subnetId: "subnet-1" });
  const record = (name: string, more: Record<string, unknown>): Declared =>
    declare("aws:route53/record:Record", name, { name: `${name}.example.com`, type: "A", zoneId: "Z", ...more });
  const alb = declare("aws:lb/loadBalancer:LoadBalancer", "alb", {});

  it("are all that has an ARN, a URL or a name of its own", () => {
    for (const kind of [
      ...(["loadBalancer", "classicLoadBalancer", "instance", "cloudMapService", "ecsService", "accelerator"] as const),
      ...(["distribution", "httpApi", "restApi", "functionUrl", "lambda", "appRunnerService"] as const),
      ...(["lightsailService", "lightsailBalancer", "lightsailInstance"] as const),
    ])
      for (const type of types[kind]) assertNamed(ref("place"), [declare(type, "place", {})], ["place"]);
    assertNamed(ref("place"), [declare("aws:s3/bucket:Bucket", "place", {})], []);
  });

  it("are the machines that have an elastic address", () => {
    const associated = (more: Record<string, unknown>): Declared =>
      declare("aws:ec2/eipAssociation:EipAssociation", "association", { allocationId: ref("address", "id"), ...more });
    const target = ref("address", "publicIp");
    const withCard = server({ networkInterfaces: [{ deviceIndex: 0, networkInterfaceId: ref("card", "id") }] });
    assertNamed(target, [server(), address({ instance: ref("server", "id") })], ["server"]);
    assertNamed(target, [withCard, card, address({ networkInterface: ref("card", "id") })], ["server"]);
    assertNamed(target, [server(), address(), associated({ instanceId: ref("server", "id") })], ["server"]);
    assertNamed(target, [withCard, card, address(), associated({ networkInterfaceId: ref("card", "id") })], ["server"]);
    assertNamed(target, [server(), address()], []);
  });

  it("are the machines that have a network interface", () => {
    const target = ref("card", "privateIp");
    assertNamed(
      target,
      [card, server({ networkInterfaces: [{ deviceIndex: 0, networkInterfaceId: ref("card", "id") }] })],
      ["server"],
    );
    assertNamed(
      target,
      [card, server({ primaryNetworkInterface: { networkInterfaceId: ref("card", "id") } })],
      ["server"],
    );
    const attachment = declare("aws:ec2/networkInterfaceAttachment:NetworkInterfaceAttachment", "attachment", {
      deviceIndex: 1,
      networkInterfaceId: ref("card", "id"),
      instanceId: ref("server", "id"),
    });
    assertNamed(target, [card, server(), attachment], ["server"]);
    assertNamed(target, [card, server()], []);
  });

  it("are those that records lead to, however many there are in a row", () => {
    const aliases = [{ name: ref("alb", "dnsName"), zoneId: "Z", evaluateTargetHealth: true }];
    assertNamed("https://web.example.com/", [alb, record("web", { aliases })], ["alb"]);
    assertNamed("web.example.com", [alb, record("web", { records: [ref("alb", "dnsName")] })], ["alb"]);
    assertNamed(
      "web.example.com",
      [alb, record("web", { records: ["ALB.dnsname.amazonaws.com."] })],
      ["alb"],
      ["finished"],
    );
    assertNamed(
      "web.example.com",
      [alb, record("web", { records: ["next.example.com"] }), record("next", { aliases })],
      ["alb"],
    );
    const ring = [record("web", { records: ["next.example.com"] }), record("next", { records: ["web.example.com"] })];
    assertNamed("web.example.com", ring, []);
    assertNamed("web.example.com", [record("web", { records: ["203.0.113.7"] })], []);
  });

  it("are the services that discovery gives the first label or the whole name", () => {
    const registry = (name: string): Declared => declare("aws:servicediscovery/service:Service", name, { name });
    const found = [registry("web"), registry("other")];
    for (const target of ["web", "web.internal", "http://WEB.internal:4200/api"]) assertNamed(target, found, ["web"]);
    for (const target of ["internal.web", "webs.internal", ""]) assertNamed(target, found, []);
    const connected = (each: Record<string, unknown>): Declared[] => [
      declare("aws:ecs/service:Service", "service", {
        serviceConnectConfiguration: { enabled: true, services: [{ portName: "http", ...each }] },
      }),
    ];
    const alias = { clientAlias: [{ port: 80, dnsName: "web.team" }] };
    assertNamed("http://web.team:80", connected(alias), ["service"]);
    assertNamed("http://http:80", connected(alias), ["service"]);
    assertNamed("web.internal", connected({ discoveryName: "web" }), ["service"]);
    for (const target of ["web", "team", "web.other"]) assertNamed(target, connected(alias), []);
  });
});

describe("a setting of an API in its stages", () => {
  const inEach = (setting: unknown): (string | undefined)[] => {
    const rest = (name: string, variables: unknown): Declared =>
      declare("aws:apigateway/stage:Stage", name, { restApi: "api", stageName: name, deployment: "d", variables });
    const stack = [
      rest("main", { host: "a", port: 80, one: "1", two: "$2" }),
      rest("dev", { host: "b", hidden: unknown }),
      declare("aws:apigatewayv2/stage:Stage", "http", { apiId: "api", name: "http", stageVariables: { link: "vpc" } }),
    ];
    const graph = new Graph(asResources(register(stack, "finished")));
    return inStages(graph, value(setting)).map((each) => each.text());
  };
  const of = (...names: string[]): string => names.map((name) => `\${stageVariables.${name}}`).join("-");

  it("has its variables filled in, as every stage says that has them", () => {
    assert.deepEqual(inEach("http://web/"), ["http://web/"]);
    assert.deepEqual(inEach(of("host")), ["b", "a"]);
    assert.deepEqual(inEach(`http://${of("host")}/x`), ["http://b/x", "http://a/x"]);
    assert.deepEqual(inEach(of("link")), ["vpc"]);
    assert.deepEqual(inEach(of("port", "one", "two")), ["80-1-$2"]);
    assert.deepEqual(inEach(of("other")), []);
    assert.deepEqual(inEach(unknown), [undefined]);
  });

  it("is not known where a variable is not", () => {
    assert.deepEqual(inEach(of("hidden")), [undefined]);
    assert.deepEqual(inEach(`http://${of("hidden")}/`), [undefined]);
  });

  it("has four variables filled in at most", () => {
    assert.deepEqual(inEach(of("one", "one", "one", "one")), ["1-1-1-1"]);
    assert.deepEqual(inEach(of("one", "one", "one", "one", "one")), [`1-1-1-1-${of("one")}`]);
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
