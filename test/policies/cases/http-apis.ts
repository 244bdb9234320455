import { asking, byName, forRange, fromVpc, httpApi, internalAlb, noEntry } from "../support/inside";
import { forward, fromAlb, group, login, open } from "../support/pieces";
import { built, declare, type Declared, ref } from "../support/stack";
import { cannotTell, type Cases, reject } from "./case";

/** HTTP and WebSocket APIs of API Gateway before an internal load balancer. */

const authorizer = (issuer: string): Declared =>
  declare("aws:apigatewayv2/authorizer:Authorizer", "authorizer", {
    apiId: ref("api", "id"),
    authorizerType: "JWT",
    jwtConfiguration: { issuer, audiences: ["prefect"] },
  });

const byToken = { authorizationType: "JWT", authorizerId: ref("authorizer", "id") };

/** A custom domain of the API that asks for client certificates. */
const withCertificates: Declared[] = [
  declare("aws:apigatewayv2/domainName:DomainName", "domain", {
    domainName: "api.example.com",
    mutualTlsAuthentication: { truststoreUri: "s3://bucket/store.pem" },
  }),
  declare("aws:apigatewayv2/apiMapping:ApiMapping", "mapping", {
    apiId: ref("api", "id"),
    domainName: ref("domain", "id"),
    stage: "$default",
  }),
];

export const httpApiCases: Cases = {
  "an HTTP API before an internal ALB": {
    stack: internalAlb(httpApi()),
    ...reject(
      'aws.apigatewayv2.Api "api": API Gateway takes requests from the internet',
      'aws.apigatewayv2.Route "route": route "ANY /{proxy+}" asks for no login (authorizationType NONE)',
      'aws.lb.LoadBalancer "alb": is reached through its VPC link, internal or not',
      'authorizationType and an authorizer on aws.apigatewayv2.Route "route"',
    ),
  },
  "an HTTP API before an internal ALB that logs people in": {
    stack: internalAlb(httpApi(), { actions: [login(), forward] }),
  },
  "an HTTP API whose route wants signatures": { stack: internalAlb(httpApi({ authorizationType: "AWS_IAM" })) },
  "an HTTP API whose route wants tokens of an own issuer": {
    stack: internalAlb([...httpApi(byToken), authorizer("https://login.example.com")]),
  },
  "an HTTP API whose route wants tokens that anyone gets": {
    stack: internalAlb([...httpApi(byToken), authorizer("https://token.actions.githubusercontent.com")]),
    ...reject("asks for tokens, but its tokens come from a public issuer"),
  },
  "an HTTP API whose authorization is not known": {
    stack: internalAlb(httpApi({ authorizationType: built(["link"], "JWT") })),
    preview: { cannotTell: ["asks for what is not known"] },
  },
  "an HTTP API with a second route without a login": {
    stack: internalAlb([
      ...httpApi({ authorizationType: "AWS_IAM" }),
      declare("aws:apigatewayv2/route:Route", "second", {
        apiId: ref("api", "id"),
        routeKey: "GET /api/admin/version",
        target: built(["integration"], "integrations/id:integration"),
      }),
    ]),
    ...reject('aws.apigatewayv2.Route "second"'),
  },
  "an HTTP API before an ALB whose first rule refuses every IPv4 address": {
    stack: internalAlb([
      ...httpApi(),
      declare("aws:lb/listenerRule:ListenerRule", "all", {
        listenerArn: ref("https"),
        priority: 1,
        conditions: [{ sourceIp: { values: ["0.0.0.0/0"] } }],
        actions: [noEntry],
      }),
    ]),
  },
  "an HTTP API whose group the balancer does not admit": {
    stack: internalAlb(httpApi(), {
      albIngress: [{ ...fromAlb(443), securityGroups: [ref("taskGroup", "id")] }],
      taskIngress: [fromVpc(4200)],
    }),
  },
  "an HTTP API that goes straight to the tasks by service discovery": {
    stack: [
      ...internalAlb(httpApi({}, { integrationUri: ref("registry") }), {
        actions: [login(), forward],
        taskIngress: [fromVpc(4200)],
        service: { serviceRegistries: { registryArn: ref("registry"), port: 4200 } },
      }),
      declare("aws:servicediscovery/service:Service", "registry", { name: "prefect" }),
    ],
    ...reject('aws.ecs.Service "service": is reached through its VPC link'),
  },
  "an HTTP API to a public ALB by its record": {
    stack: byName([
      ...httpApi(
        {},
        { connectionType: undefined, connectionId: undefined, integrationUri: "http://origin.example.com/" },
      ),
      declare("aws:route53/record:Record", "record", {
        name: "origin.example.com",
        type: "A",
        aliases: [{ name: ref("alb", "dnsName"), zoneId: "Z", evaluateTargetHealth: true }],
      }),
    ]),
    ...cannotTell('aws.lb.LoadBalancer "alb": is where it sends them by name'),
  },
  "an HTTP API to a public ALB that admits an office": {
    stack: byName(
      httpApi({}, { connectionType: undefined, integrationUri: built(["alb"], "http://alb.dnsname.amazonaws.com/") }),
    ).map((each) =>
      each.name === "albGroup" ? group("albGroup", { ...open(80), cidrBlocks: ["203.0.113.0/24"] }) : each,
    ),
  },
  "an HTTP API that writes Prefect's credential": {
    stack: internalAlb(httpApi({}, { requestParameters: { "overwrite:header.Authorization": "Basic eA==" } }), {
      definitions: asking,
    }),
    ...reject("what passes requests on adds a credential of its own"),
  },
  "an HTTP API before a Prefect that asks": {
    stack: internalAlb(httpApi(), { definitions: asking }),
  },
  "a WebSocket API whose handshake asks": {
    stack: internalAlb([
      ...httpApi({ routeKey: "$default" }, {}, { protocolType: "WEBSOCKET" }),
      declare("aws:apigatewayv2/route:Route", "handshake", {
        apiId: ref("api", "id"),
        routeKey: "$connect",
        authorizationType: "AWS_IAM",
      }),
    ]),
  },
  "an HTTP API behind client certificates alone": {
    stack: internalAlb([...httpApi({}, {}, { disableExecuteApiEndpoint: true }), ...withCertificates]),
  },
  "client certificates beside the API's own endpoint": {
    stack: internalAlb([...httpApi(), ...withCertificates]),
    ...reject('aws.apigatewayv2.Route "route"'),
  },
  "a WebSocket API without a handshake's route": {
    stack: internalAlb(httpApi({ routeKey: "$default" }, {}, { protocolType: "WEBSOCKET" })),
    ...reject('aws.apigatewayv2.Route "route"'),
  },
  "an HTTP API with a route called as handshakes are": {
    stack: internalAlb([
      ...httpApi(),
      declare("aws:apigatewayv2/route:Route", "handshake", {
        apiId: ref("api", "id"),
        routeKey: "$connect",
        authorizationType: "AWS_IAM",
      }),
    ]),
    ...reject('aws.apigatewayv2.Route "route"'),
  },
  "an HTTP API whose route asks a function and names an authorizer of tokens that anyone gets": {
    stack: internalAlb([
      ...httpApi({ ...byToken, authorizationType: "CUSTOM" }),
      authorizer("https://token.actions.githubusercontent.com"),
    ]),
  },
  "an HTTP API that says it goes by the internet": {
    stack: forRange(
      "13.32.0.0/15",
      httpApi({}, { connectionType: "INTERNET", integrationUri: built(["alb"], "http://alb.dnsname.amazonaws.com/") }),
    ),
    ...reject('aws.lb.LoadBalancer "alb": is where it sends them by name'),
  },
  "an HTTP API whose link has groups of another stack": {
    stack: internalAlb(httpApi(), {
      albIngress: [{ ...fromAlb(443), securityGroups: [ref("taskGroup", "id")] }],
      taskIngress: [fromVpc(4200)],
    }).map((each) =>
      each.name === "link"
        ? declare(each.type, each.name, { ...each.inputs, securityGroupIds: ["sg-elsewhere"] })
        : each,
    ),
    ...reject("is reached through its VPC link"),
  },
  "an HTTP API by a link of another stack, whose groups are admitted": {
    stack: internalAlb(httpApi({}, { connectionId: "link-elsewhere" }), {
      albIngress: [{ ...fromAlb(443), securityGroups: ["sg-elsewhere"] }],
    }),
    ...reject('aws.lb.LoadBalancer "alb": is reached through its VPC link'),
  },
};
