import assert from "node:assert/strict";
import { Graph, property } from "../../../policies/graph/model";
import { poolsOfIssuer } from "../../../policies/support/user-pools";
import { userDataOf } from "../../../policies/support/user-data";
import { asResources, built, declare, type Declared, ref, register, unknown } from "../support/stack";
import { found } from "./support/found";
import { changed, soundAlb } from "./support/sound";

const pool = (name: string): Declared => declare("aws:cognito/userPool:UserPool", name, {});
const authorizer = (issuer: unknown): Declared =>
  declare("aws:apigatewayv2/authorizer:Authorizer", "authorizer", { jwtConfiguration: { issuer } });
const names = (stack: readonly Declared[], form: "preview" | "finished" = "finished"): string[] => {
  const graph = new Graph(asResources(register(stack, form)));
  const [holder] = graph.ofType(["aws:apigatewayv2/authorizer:Authorizer"]);
  assert.ok(holder);
  return poolsOfIssuer(graph, property(holder, "jwtConfiguration").get("issuer")).map(({ name }) => name);
};
const address = "https://cognito-idp.eu-west-1.amazonaws.com";

describe("the pool of an issuer", () => {
  it("is the one whose id its address ends with", () => {
    const stack = [pool("a"), pool("b"), authorizer(`${address}/id:b`)];
    assert.deepEqual(names(stack), ["b"]);
    assert.deepEqual(names([pool("a"), pool("b"), authorizer(`${address}/xid:b`)]), []);
    assert.deepEqual(names([pool("a"), authorizer("https://login.example.com")]), []);
  });

  it("is what it is built from, where it is not known", () => {
    const stack = [pool("a"), pool("b"), authorizer(built(["b"], `${address}/id:b`))];
    assert.deepEqual(names(stack, "preview"), ["b"]);
    // The pool stands already, and the issuer is not known.
    const made = asResources(register(stack, "preview")).map((each) =>
      each.name === "b" ? { ...each, outputs: { ...each.outputs, id: "id:b" } } : each,
    );
    const graph = new Graph(made);
    const issuer = made.find(({ name }) => name === "authorizer");
    assert.ok(issuer);
    const value = property(issuer, "jwtConfiguration").get("issuer");
    assert.deepEqual(
      poolsOfIssuer(graph, value).map(({ name }) => name),
      ["b"],
    );
  });

  it("is unknown of one that nothing tells", () => {
    assert.deepEqual(names([pool("a"), authorizer(unknown)]), []);
  });
});

describe("the pools of APIs", () => {
  const rule = "cognito-pool-invites-people";
  const open = (api: Declared[]): number => found(rule, [...soundAlb(), pool("other"), ...api]).length;
  const http = (integration: Record<string, unknown>): Declared[] => [
    declare("aws:apigatewayv2/api:Api", "api", { protocolType: "HTTP" }),
    declare("aws:apigatewayv2/integration:Integration", "integration", {
      apiId: built(["api"], "id:api"),
      ...integration,
    }),
    {
      ...authorizer(built(["other"], `${address}/id:other`)),
      inputs: {
        apiId: built(["api"], "id:api"),
        authorizerType: "JWT",
        jwtConfiguration: { issuer: built(["other"], `${address}/id:other`) },
      },
    },
  ];

  it("are those of an HTTP API that leads to the balancer, its listener or the service", () => {
    for (const integrationUri of [built(["https"], "arn:https"), built(["alb"], "arn:alb")])
      assert.equal(
        open(http({ integrationType: "HTTP_PROXY", connectionType: "VPC_LINK", connectionId: "l", integrationUri })),
        1,
      );
    assert.equal(open(http({ integrationType: "HTTP_PROXY", integrationUri: "https://shop.example.com" })), 0);
    assert.equal(open(http({ integrationType: "MOCK" })), 0);
  });

  it("are those of an HTTP API that leads to the service by Cloud Map or Service Connect", () => {
    const link = { integrationType: "HTTP_PROXY", connectionType: "VPC_LINK", connectionId: "l" };
    const cloudMap = declare("aws:servicediscovery/service:Service", "found", { name: "prefect" });
    const registered = changed(soundAlb(), "service", { serviceRegistries: { registryArn: ref("found") } });
    const api = [pool("other"), ...http({ ...link, integrationUri: ref("found") })];
    assert.equal(found(rule, [...registered, cloudMap, ...api]).length, 1);
    assert.equal(found(rule, [...soundAlb(), cloudMap, ...api]).length, 0);
    const connected = changed(soundAlb(), "service", {
      serviceConnectConfiguration: { services: [{ portName: "prefect", discoveryName: "prefect" }] },
    });
    const byName = http({ integrationType: "HTTP_PROXY", integrationUri: "http://prefect.internal:4200" });
    assert.equal(found(rule, [...connected, pool("other"), ...byName]).length, 1);
  });

  it("are none of an authorizer whose API is elsewhere", () => {
    const [, , tokens] = http({});
    assert.ok(tokens);
    assert.equal(open([{ ...tokens, inputs: { ...tokens.inputs, apiId: "elsewhere" } }]), 0);
  });

  it("are those of a REST API that leads to a network load balancer by a link, or to a name", () => {
    const rest = (integration: Record<string, unknown>): Declared[] => [
      declare("aws:apigateway/restApi:RestApi", "api", { name: "prefect" }),
      declare("aws:apigateway/authorizer:Authorizer", "authorizer", {
        ...{ restApi: ref("api", "id"), type: "COGNITO_USER_POOLS", providerArns: [ref("other")] },
      }),
      declare("aws:apigateway/vpcLink:VpcLink", "link", { targetArn: ref("alb") }),
      declare("aws:apigateway/vpcLink:VpcLink", "shopLink", { targetArn: "arn:shop" }),
      declare("aws:apigateway/integration:Integration", "integration", { restApi: ref("api", "id"), ...integration }),
    ];
    const of = (integration: Record<string, unknown>): number =>
      found(rule, [...soundAlb(), pool("other"), ...rest(integration)]).length;
    const uri = "http://elsewhere.example.com/";
    assert.equal(of({ connectionType: "VPC_LINK", connectionId: ref("link", "id"), uri }), 1);
    assert.equal(of({ connectionType: "VPC_LINK", connectionId: ref("shopLink", "id"), uri }), 0);
    assert.equal(of({ type: "HTTP_PROXY", uri: ref("alb", "dnsName") }), 1);
    assert.equal(of({ type: "HTTP_PROXY", uri }), 0);
  });
});

describe("user data", () => {
  const texts = (type: string, inputs: Record<string, unknown>): (string | undefined)[] =>
    userDataOf(new Graph(asResources(register([declare(type, "machine", inputs)], "finished")))).map(
      ({ text }) => text,
    );
  const script = "#!/bin/sh\nexec prefect worker start\n";

  for (const type of [
    ...["aws:ec2/instance:Instance", "aws:ec2/spotInstanceRequest:SpotInstanceRequest"],
    ...["aws:ec2/launchTemplate:LaunchTemplate", "aws:ec2/launchConfiguration:LaunchConfiguration"],
    "aws:lightsail/instance:Instance",
  ])
    it(`is that of ${type}, as a text and in base64`, () => {
      assert.deepEqual(texts(type, { userData: script }), [script]);
      assert.deepEqual(texts(type, { userDataBase64: Buffer.from(script).toString("base64") }), [script]);
      assert.deepEqual(texts(type, { name: script }), []);
    });

  it("is none of what is no machine, and is not known where its value is not", () => {
    assert.deepEqual(texts("aws:ec2/eip:Eip", { userData: script }), []);
    assert.equal(texts("aws:ec2/instance:Instance", { userData: unknown }).join(), "");
  });
});
