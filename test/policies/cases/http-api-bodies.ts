import { asking, byName, forRange, httpApi, internalAlb } from "../support/inside";
import { fromAlb } from "../support/pieces";
import { built, declare, type Declared, ref } from "../support/stack";
import { cannotTell, type Cases, reject } from "./case";

/** HTTP APIs by an OpenAPI body or a target, and those of another stack. */

function openApi(operation: Record<string, unknown>, more: Record<string, unknown> = {}): string {
  const integration = {
    type: "http_proxy",
    httpMethod: "ANY",
    uri: "http://alb.dnsname.amazonaws.com/",
  };
  return JSON.stringify({
    openapi: "3.0.1",
    paths: {
      "/{proxy+}": {
        "x-amazon-apigateway-any-method": { "x-amazon-apigateway-integration": integration, ...operation },
      },
    },
    components: {
      securitySchemes: {
        people: {
          type: "apiKey",
          "x-amazon-apigateway-authtype": "custom",
          "x-amazon-apigateway-authorizer": { type: "token" },
        },
        key: { type: "apiKey", name: "x-api-key", in: "header" },
      },
    },
    ...more,
  });
}

/** An API that leads to the balancer by its name and asks for nothing. */
const quickCreated: Declared[] = [
  declare("aws:apigatewayv2/api:Api", "api", {
    protocolType: "HTTP",
    target: built(["alb"], "http://alb.dnsname.amazonaws.com/"),
  }),
];

/** The operation, and a scheme whose tokens come from this issuer. */
const withTokensOf = (issuer: string): string =>
  openApi(
    { security: [{ tokens: [] }] },
    {
      components: {
        securitySchemes: {
          tokens: {
            type: "oauth2",
            "x-amazon-apigateway-authorizer": { type: "jwt", jwtConfiguration: { issuer, audience: ["prefect"] } },
          },
        },
      },
    },
  );

/** An operation that goes by the VPC link; each with these fields besides. */
const linkedBody = (more: Record<string, unknown> = {}): unknown =>
  built(
    ["link", "https"],
    openApi({
      "x-amazon-apigateway-integration": {
        type: "http_proxy",
        connectionType: "VPC_LINK",
        connectionId: "id:link",
        uri: "arn:https",
        ...more,
      },
    }),
  );

/** The VPC link alone, and an API that is imported from this document. */
const linked = (body: unknown): Declared[] => [
  ...httpApi().filter(({ name }) => ["linkGroup", "link"].includes(name)),
  declare("aws:apigatewayv2/api:Api", "api", { protocolType: "HTTP", body }),
];

/** The route and its integration on an API that is not in the stack. */
const elsewhere = (route: Record<string, unknown> = {}): Declared[] =>
  httpApi({ apiId: "api-elsewhere", ...route }, { apiId: "api-elsewhere" }).filter(({ name }) => name !== "api");

const fromLink = { ...fromAlb(443), securityGroups: [ref("linkGroup", "id")] };

/** An API that is imported from this document. */
const imported = (body: unknown): Declared[] =>
  byName([declare("aws:apigatewayv2/api:Api", "api", { protocolType: "HTTP", body })]);

export const httpApiBodyCases: Cases = {
  "an HTTP API with a quick-create target": {
    stack: byName([
      declare("aws:apigatewayv2/api:Api", "api", {
        protocolType: "HTTP",
        target: built(["alb"], "http://alb.dnsname.amazonaws.com/"),
      }),
    ]),
    ...cannotTell("its quick-create route asks for no login", "is where it sends them by name"),
  },
  "an OpenAPI body without security": {
    stack: imported(built(["alb"], openApi({}))),
    ...cannotTell('its operation "ANY /{proxy+}" asks for no login'),
    preview: { cannotTell: ["its body cannot be read"] },
  },
  "an OpenAPI body with tokens of an own issuer": { stack: imported(withTokensOf("https://login.example.com")) },
  "an OpenAPI body with tokens that anyone gets": {
    stack: imported(built(["alb"], withTokensOf("https://accounts.google.com"))),
    ...cannotTell('its operation "ANY /{proxy+}" asks for no login'),
    preview: { cannotTell: ["its body cannot be read"] },
  },
  "an OpenAPI body whose operation goes by a VPC link": {
    stack: internalAlb(linked(linkedBody())),
    ...reject('aws.lb.LoadBalancer "alb": is reached through its VPC link'),
    preview: { cannotTell: ["its body cannot be read"] },
  },
  "an OpenAPI body whose operation writes Prefect's credential": {
    stack: internalAlb(linked(linkedBody({ requestParameters: { "overwrite:header.Authorization": "Basic eA==" } })), {
      definitions: asking,
    }),
    ...reject("what passes requests on adds a credential of its own"),
    preview: { cannotTell: ["its body cannot be read"] },
  },
  "an HTTP API in another stack": {
    stack: internalAlb(elsewhere()),
    ...cannotTell("an API that is not in this stack, so it may face the internet"),
  },
  "an HTTP API in another stack whose route asks": { stack: internalAlb(elsewhere({ authorizationType: "AWS_IAM" })) },
  "an HTTP API in another stack that is trusted": { stack: internalAlb(elsewhere()), trusted: ["api-elsewhere"] },
  "an HTTP API in another stack with a route called as handshakes are": {
    stack: internalAlb([
      ...elsewhere({ authorizationType: "AWS_IAM" }),
      declare("aws:apigatewayv2/route:Route", "second", {
        apiId: "api-elsewhere",
        routeKey: "$connect",
        target: built(["integration"], "integrations/id:integration"),
      }),
    ]),
    ...cannotTell('aws.apigatewayv2.Route "second"'),
  },
  "an HTTP API with a quick-create target before an ALB for AWS's services": {
    stack: forRange("13.32.0.0/15", quickCreated),
    ...reject("its quick-create route asks for no login"),
  },
  "an HTTP API with a quick-create target before an ALB for AWS's services and a Prefect that asks": {
    stack: forRange("13.32.0.0/15", quickCreated, asking),
  },
  "an HTTP API with a quick-create target before an ALB for an office": {
    stack: forRange("13.32.0.0/24", quickCreated),
  },
  "a body in YAML before a Prefect that asks: it may write the credential": {
    stack: byName(
      [declare("aws:apigatewayv2/api:Api", "api", { protocolType: "HTTP", body: built(["alb"], "openapi: 3.0.1") })],
      asking,
    ),
    ...cannotTell("its body cannot be read"),
  },
  "an OpenAPI body with an authorizer": { stack: imported(openApi({ security: [{ people: [] }] })) },
  "an OpenAPI body with an API key alone": {
    stack: imported(built(["alb"], openApi({}, { security: [{ key: [] }] }))),
    ...cannotTell("asks for no login"),
    preview: { cannotTell: ["its body cannot be read"] },
  },
  "an OpenAPI body that wants signatures": {
    stack: imported(
      openApi(
        { security: [{ signature: [] }] },
        { components: { securitySchemes: { signature: { "x-amazon-apigateway-authtype": "awsSigv4" } } } },
      ),
    ),
  },
  "an OpenAPI body whose operation goes by a VPC link that alone is admitted": {
    stack: internalAlb(linked(linkedBody()), { albIngress: [fromLink] }),
    ...reject('aws.lb.LoadBalancer "alb": is reached through its VPC link'),
    preview: { cannotTell: ["its body cannot be read"] },
  },
  "an OpenAPI body whose operation goes by a VPC link to a balancer that it names": {
    stack: internalAlb(linked(linkedBody({ uri: "http://prefect", integrationTarget: "arn:alb" }))),
    ...reject('aws.lb.LoadBalancer "alb": is reached through its VPC link'),
    preview: { cannotTell: ["its body cannot be read"] },
  },
  "an OpenAPI body whose operations go by two VPC links, of which one's groups are not known in preview": {
    stack: internalAlb(
      [
        ...linked(built(["link", "second", "https"], openApi({ security: [{ people: [] }] }))),
        declare("aws:apigatewayv2/vpcLink:VpcLink", "second", {
          securityGroupIds: [ref("outside", "id")],
          subnetIds: ["subnet-1"],
        }),
      ],
      { albIngress: [{ ...fromAlb(443), securityGroups: ["sg-elsewhere"] }] },
    ),
    preview: { cannotTell: ["its body cannot be read"] },
  },
};
