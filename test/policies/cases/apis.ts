import {
  authString,
  behindAlb,
  containers,
  forward,
  fromAlb,
  group,
  login,
  open,
  prefect,
  task,
} from "../support/pieces";
import { built, type Declared, declare, ref } from "../support/stack";
import { type Cases, cannotTell, reject } from "./case";

/** API Gateway, Amplify, Lambda and PrivateLink before places that face nobody by themselves. */

const bare = containers(prefect());
const fromVpc = (port: number): Record<string, unknown> => ({
  protocol: "tcp",
  fromPort: port,
  toPort: port,
  cidrBlocks: ["10.0.0.0/16"],
});

function internalAlb(more: Declared[], options: Partial<Parameters<typeof behindAlb>[0]> = {}): Declared[] {
  return behindAlb({ definitions: bare, alb: { internal: true }, albIngress: [fromVpc(443)], more, ...options });
}

/** An internal network load balancer, which links of the first kind lead to. */
function internalNlb(more: Declared[], definitions = bare): Declared[] {
  return [
    group("taskGroup", fromVpc(4200)),
    declare("aws:lb/loadBalancer:LoadBalancer", "nlb", { loadBalancerType: "network", internal: true }),
    declare("aws:lb/targetGroup:TargetGroup", "tg", { port: 4200, protocol: "TCP", targetType: "ip" }),
    declare("aws:lb/listener:Listener", "tcp", {
      loadBalancerArn: ref("nlb"),
      port: 80,
      protocol: "TCP",
      defaultActions: [forward],
    }),
    task(definitions),
    declare("aws:ecs/service:Service", "service", {
      taskDefinition: ref("task"),
      networkConfiguration: { securityGroups: [ref("taskGroup", "id")] },
      loadBalancers: [{ targetGroupArn: ref("tg"), containerName: "prefect", containerPort: 4200 }],
    }),
    ...more,
  ];
}

function httpApi(
  route: Record<string, unknown> = {},
  integration: Record<string, unknown> = {},
  api: Record<string, unknown> = {},
): Declared[] {
  return [
    declare("aws:apigatewayv2/api:Api", "api", { protocolType: "HTTP", ...api }),
    group("linkGroup"),
    declare("aws:apigatewayv2/vpcLink:VpcLink", "link", {
      securityGroupIds: [ref("linkGroup", "id")],
      subnetIds: ["subnet-1"],
    }),
    declare("aws:apigatewayv2/integration:Integration", "integration", {
      apiId: ref("api", "id"),
      integrationType: "HTTP_PROXY",
      integrationMethod: "ANY",
      connectionType: "VPC_LINK",
      connectionId: ref("link", "id"),
      integrationUri: ref("https"),
      ...integration,
    }),
    declare("aws:apigatewayv2/route:Route", "route", {
      apiId: ref("api", "id"),
      routeKey: "ANY /{proxy+}",
      target: built(["integration"], "integrations/id:integration"),
      ...route,
    }),
  ];
}

const authorizer = (issuer: string): Declared =>
  declare("aws:apigatewayv2/authorizer:Authorizer", "authorizer", {
    apiId: ref("api", "id"),
    authorizerType: "JWT",
    jwtConfiguration: { issuer, audiences: ["prefect"] },
  });
const byToken = { authorizationType: "JWT", authorizerId: ref("authorizer", "id") };

function restApi(
  method: Record<string, unknown> = {},
  api: Record<string, unknown> = {},
  integration: Record<string, unknown> = {},
): Declared[] {
  return [
    declare("aws:apigateway/restApi:RestApi", "api", { name: "prefect", ...api }),
    declare("aws:apigateway/resource:Resource", "proxy", {
      restApi: ref("api", "id"),
      parentId: ref("api", "rootResourceId"),
      pathPart: "{proxy+}",
    }),
    declare("aws:apigateway/method:Method", "method", {
      restApi: ref("api", "id"),
      resourceId: ref("proxy", "id"),
      httpMethod: "ANY",
      authorization: "NONE",
      ...method,
    }),
    declare("aws:apigateway/vpcLink:VpcLink", "link", { targetArn: ref("nlb") }),
    declare("aws:apigateway/integration:Integration", "integration", {
      restApi: ref("api", "id"),
      resourceId: ref("proxy", "id"),
      httpMethod: "ANY",
      type: "HTTP_PROXY",
      connectionType: "VPC_LINK",
      connectionId: ref("link", "id"),
      uri: "http://prefect.example.com/{proxy}",
      integrationHttpMethod: "ANY",
      ...integration,
    }),
  ];
}

const policy = (...statements: Record<string, unknown>[]): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: statements.map((each) => ({
      Principal: "*",
      Action: "execute-api:Invoke",
      Resource: "execute-api:/*",
      ...each,
    })),
  });
const allow = { Effect: "Allow" };
const office = { IpAddress: { "aws:SourceIp": ["203.0.113.0/24"] } };

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

/** A public balancer whose group admits what AWS calls its own ranges only. */
const forAws = { albIngress: [{ protocol: "tcp", fromPort: 443, toPort: 443, prefixListIds: ["pl-aws"] }] };
const byName = (api: Declared[], definitions = bare): Declared[] =>
  behindAlb({
    definitions,
    albIngress: [{ protocol: "tcp", fromPort: 80, toPort: 80, cidrBlocks: ["3.0.0.0/9"] }],
    listener: { port: 80, protocol: "HTTP" },
    more: api,
  });

function lambda(environment: Record<string, unknown>, url: Record<string, unknown> = {}): Declared[] {
  return [
    declare("aws:lambda/function:Function", "function", {
      environment: { variables: environment },
      vpcConfig: { subnetIds: ["subnet-1"], securityGroupIds: ["sg-lambda"] },
    }),
    declare("aws:lambda/functionUrl:FunctionUrl", "url", {
      functionName: ref("function", "arn"),
      authorizationType: "NONE",
      ...url,
    }),
  ];
}

export const apiCases: Cases = {
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
  "an HTTP API whose route asks a function": {
    stack: internalAlb(httpApi({ authorizationType: "CUSTOM", authorizerId: "authorizer-1" })),
  },
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
        actions: [{ type: "fixed-response", fixedResponse: { contentType: "text/plain", statusCode: "403" } }],
      }),
    ]),
  },
  "an HTTP API whose group the balancer does not admit": {
    stack: internalAlb(httpApi(), { albIngress: [{ ...fromAlb(443), securityGroups: [ref("taskGroup", "id")] }] }),
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
  "an HTTP API with a quick-create target": {
    stack: byName([
      declare("aws:apigatewayv2/api:Api", "api", {
        protocolType: "HTTP",
        target: built(["alb"], "http://alb.dnsname.amazonaws.com/"),
      }),
    ]),
    ...cannotTell("its quick-create route asks for no login", "is where it sends them by name"),
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
      definitions: containers(prefect(authString)),
    }),
    ...reject("what passes requests on adds a credential of its own"),
  },
  "an HTTP API before a Prefect that asks": {
    stack: internalAlb(httpApi(), { definitions: containers(prefect(authString)) }),
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
    stack: internalAlb([
      ...httpApi({}, {}, { disableExecuteApiEndpoint: true }),
      declare("aws:apigatewayv2/domainName:DomainName", "domain", {
        domainName: "api.example.com",
        mutualTlsAuthentication: { truststoreUri: "s3://bucket/store.pem" },
      }),
      declare("aws:apigatewayv2/apiMapping:ApiMapping", "mapping", {
        apiId: ref("api", "id"),
        domainName: ref("domain", "id"),
        stage: "$default",
      }),
    ]),
  },
  "client certificates beside the API's own endpoint": {
    stack: internalAlb([
      ...httpApi(),
      declare("aws:apigatewayv2/domainName:DomainName", "domain", {
        domainName: "api.example.com",
        mutualTlsAuthentication: { truststoreUri: "s3://bucket/store.pem" },
      }),
      declare("aws:apigatewayv2/apiMapping:ApiMapping", "mapping", {
        apiId: ref("api", "id"),
        domainName: ref("domain", "id"),
        stage: "$default",
      }),
    ]),
    ...reject('aws.apigatewayv2.Route "route"'),
  },
  "an OpenAPI body without security": {
    stack: byName([
      declare("aws:apigatewayv2/api:Api", "api", { protocolType: "HTTP", body: built(["alb"], openApi({})) }),
    ]),
    ...cannotTell('its operation "ANY /{proxy+}" asks for no login'),
    preview: { cannotTell: ["its body cannot be read"] },
  },
  "an OpenAPI body with an authorizer": {
    stack: byName([
      declare("aws:apigatewayv2/api:Api", "api", {
        protocolType: "HTTP",
        body: openApi({ security: [{ people: [] }] }),
      }),
    ]),
  },
  "an OpenAPI body with an API key alone": {
    stack: byName([
      declare("aws:apigatewayv2/api:Api", "api", {
        protocolType: "HTTP",
        body: openApi({}, { security: [{ key: [] }] }),
      }),
    ]),
    ...cannotTell("asks for no login"),
    preview: {},
  },

  "a REST API before an internal NLB": {
    stack: internalNlb(restApi()),
    ...reject(
      'aws.apigateway.Method "method": method ANY asks for no login (authorization NONE)',
      'aws.lb.LoadBalancer "nlb": is reached through its VPC link',
    ),
  },
  "a REST API with an API key alone": {
    stack: internalNlb(restApi({ apiKeyRequired: true })),
    ...reject("an API key is no login"),
  },
  "a REST API for a user pool": {
    stack: internalNlb(restApi({ authorization: "COGNITO_USER_POOLS", authorizerId: "authorizer-1" })),
  },
  "a REST API that wants signatures": { stack: internalNlb(restApi({ authorization: "AWS_IAM" })) },
  "a REST API that wants signatures of any account": {
    stack: internalNlb(restApi({ authorization: "AWS_IAM" }, { policy: policy(allow) })),
    ...reject("the resource policy lets every account in"),
  },
  "a REST API that wants signatures of an account": {
    stack: internalNlb(
      restApi(
        { authorization: "AWS_IAM" },
        { policy: policy({ ...allow, Principal: { AWS: "arn:aws:iam::123456789012:root" } }) },
      ),
    ),
  },
  "a private REST API": {
    stack: internalNlb(restApi({}, { endpointConfiguration: { types: "PRIVATE", vpcEndpointIds: ["vpce-1"] } })),
  },
  "a REST API for an office": { stack: internalNlb(restApi({}, { policy: policy({ ...allow, Condition: office }) })) },
  "a REST API that is denied to all but an office": {
    stack: internalNlb(
      restApi(
        {},
        {
          policy: policy(allow, { Effect: "Deny", Condition: { NotIpAddress: { "aws:SourceIp": "203.0.113.0/24" } } }),
        },
      ),
    ),
  },
  "a REST API that is denied to an office": {
    stack: internalNlb(restApi({}, { policy: policy(allow, { Effect: "Deny", Condition: office }) })),
    ...reject('aws.apigateway.Method "method"'),
  },
  "a REST API for the internet in two halves": {
    stack: internalNlb(
      restApi(
        {},
        { policy: policy({ ...allow, Condition: { IpAddress: { "aws:SourceIp": ["0.0.0.0/1", "128.0.0.0/1"] } } }) },
      ),
    ),
    ...reject('aws.apigateway.Method "method"'),
  },
  "a REST API for a VPC endpoint": {
    stack: internalNlb(
      restApi(
        {},
        { policy: policy(allow, { Effect: "Deny", Condition: { StringNotEquals: { "aws:SourceVpce": "vpce-1" } } }) },
      ),
    ),
  },
  "a REST API whose condition holds for no values": {
    stack: internalNlb(
      restApi(
        {},
        { policy: policy({ ...allow, Condition: { "ForAllValues:StringEquals": { "aws:SourceVpce": "vpce-1" } } }) },
      ),
    ),
    ...reject('aws.apigateway.Method "method"'),
  },
  "a REST API that denies a part of itself": {
    stack: internalNlb(
      restApi({}, { policy: policy(allow, { Effect: "Deny", Resource: "execute-api:/*/GET/admin" }) }),
    ),
    ...reject('aws.apigateway.Method "method"'),
  },
  "a REST API with conditions that are not understood": {
    stack: internalNlb(
      restApi({}, { policy: policy({ ...allow, Condition: { StringLike: { "aws:UserAgent": "prefect/*" } } }) }),
    ),
    ...cannotTell('aws.apigateway.Method "method"'),
  },
  "a REST API with a policy of its own resource": {
    stack: internalNlb([
      ...restApi(),
      declare("aws:apigateway/restApiPolicy:RestApiPolicy", "policy", {
        restApiId: ref("api", "id"),
        policy: policy({ ...allow, Condition: office }),
      }),
    ]),
  },
  "a REST API whose policy is not known in preview": {
    stack: internalNlb(restApi({}, { policy: built(["api"], policy({ ...allow, Condition: office })) })),
    preview: { cannotTell: ['aws.apigateway.Method "method"'] },
  },
  "a REST API whose other method asks": {
    stack: internalNlb([
      ...restApi({ authorization: "AWS_IAM" }),
      declare("aws:apigateway/method:Method", "preflight", {
        restApi: ref("api", "id"),
        resourceId: ref("proxy", "id"),
        httpMethod: "OPTIONS",
        authorization: "NONE",
      }),
    ]),
  },
  "a REST API whose link is of the second kind": {
    stack: internalAlb([
      ...restApi({}, {}, { connectionId: ref("link2", "id"), integrationTarget: ref("alb") }).filter(
        ({ name }) => name !== "link",
      ),
      group("linkGroup"),
      declare("aws:apigatewayv2/vpcLink:VpcLink", "link2", {
        securityGroupIds: [ref("linkGroup", "id")],
        subnetIds: ["subnet-1"],
      }),
    ]),
    ...reject('aws.lb.LoadBalancer "alb": is reached through its VPC link'),
  },

  "a function URL that may be a proxy": {
    stack: internalAlb(lambda({ UPSTREAM_URL: built(["alb"], "https://alb.dnsname.amazonaws.com/") })),
    ...cannotTell(
      'aws.lambda.FunctionUrl "url": is a URL that asks for no login',
      'aws.lambda.Function "function": what its code passes on cannot be seen',
    ),
  },
  "a function URL that wants signatures": {
    stack: internalAlb(
      lambda({ UPSTREAM_URL: built(["alb"], "https://alb.dnsname.amazonaws.com/") }, { authorizationType: "AWS_IAM" }),
    ),
  },
  "a function URL that wants signatures of any account": {
    stack: internalAlb([
      ...lambda(
        { UPSTREAM_URL: built(["alb"], "https://alb.dnsname.amazonaws.com/") },
        { authorizationType: "AWS_IAM" },
      ),
      declare("aws:lambda/permission:Permission", "permission", {
        function: ref("function", "arn"),
        action: "lambda:InvokeFunctionUrl",
        principal: "*",
        functionUrlAuthType: "AWS_IAM",
      }),
    ]),
    ...cannotTell("every AWS account may call"),
  },
  "a function that is a client of Prefect": {
    stack: internalAlb(lambda({ PREFECT_API_URL: "https://alb.dnsname.amazonaws.com/api" })),
  },
  "a function that names Prefect by its port": {
    stack: internalAlb(lambda({ TARGET: "http://10.0.3.4:4200" }), { taskIngress: [fromVpc(4200)] }),
    ...cannotTell('aws.ecs.Service "service": is named in its environment'),
  },
  "a function behind an HTTP API": {
    stack: internalAlb([
      ...lambda({ UPSTREAM_URL: built(["alb"], "https://alb.dnsname.amazonaws.com/") }).filter(
        ({ name }) => name !== "url",
      ),
      ...httpApi(
        {},
        {
          connectionType: undefined,
          connectionId: undefined,
          integrationType: "AWS_PROXY",
          integrationUri: ref("function", "invokeArn"),
        },
      ),
    ]),
    ...cannotTell('aws.apigatewayv2.Route "route"', 'aws.lambda.Function "function"'),
  },
  "a function behind an HTTP API that asks": {
    stack: internalAlb([
      ...lambda({ UPSTREAM_URL: built(["alb"], "https://alb.dnsname.amazonaws.com/") }).filter(
        ({ name }) => name !== "url",
      ),
      ...httpApi(
        { authorizationType: "AWS_IAM" },
        {
          connectionType: undefined,
          connectionId: undefined,
          integrationType: "AWS_PROXY",
          integrationUri: ref("function", "invokeArn"),
        },
      ),
    ]),
  },
  "a function behind an open load balancer": {
    stack: [
      ...internalAlb(
        lambda({ BACKEND: built(["alb"], "https://alb.dnsname.amazonaws.com/") }).filter(({ name }) => name !== "url"),
      ),
      group("frontGroup", open(80)),
      declare("aws:lb/loadBalancer:LoadBalancer", "front", { securityGroups: [ref("frontGroup", "id")] }),
      declare("aws:lb/targetGroup:TargetGroup", "frontTargets", { targetType: "lambda" }),
      declare("aws:lb/targetGroupAttachment:TargetGroupAttachment", "frontAttachment", {
        targetGroupArn: ref("frontTargets"),
        targetId: ref("function"),
      }),
      declare("aws:lb/listener:Listener", "frontListener", {
        loadBalancerArn: ref("front"),
        port: 80,
        protocol: "HTTP",
        defaultActions: [{ type: "forward", targetGroupArn: ref("frontTargets") }],
      }),
    ],
    ...cannotTell('aws.lb.Listener "frontListener"', 'aws.lambda.Function "function"'),
  },

  "an Amplify rewrite": {
    stack: byName([
      declare("aws:amplify/app:App", "app", {
        customRules: [
          { source: "/api/<*>", status: "200", target: built(["alb"], "http://alb.dnsname.amazonaws.com/api/<*>") },
        ],
      }),
    ]),
    ...cannotTell('aws.amplify.App "app": a rewrite of it passes requests on'),
  },
  "an Amplify rewrite before a Prefect that asks": {
    stack: byName(
      [
        declare("aws:amplify/app:App", "app", {
          customRules: [
            { source: "/api/<*>", status: "200", target: built(["alb"], "http://alb.dnsname.amazonaws.com/api/<*>") },
          ],
        }),
      ],
      containers(prefect(authString)),
    ),
  },
  "an Amplify redirect": {
    stack: byName([
      declare("aws:amplify/app:App", "app", {
        customRules: [
          { source: "/api/<*>", status: "302", target: built(["alb"], "http://alb.dnsname.amazonaws.com/api/<*>") },
        ],
      }),
    ]),
  },
  "an endpoint service for everybody": {
    stack: internalNlb([
      declare("aws:ec2/vpcEndpointService:VpcEndpointService", "endpoints", {
        acceptanceRequired: false,
        allowedPrincipals: ["*"],
        networkLoadBalancerArns: [ref("nlb")],
      }),
    ]),
    ...reject("every AWS account may connect to this endpoint service"),
  },
  "an endpoint service for everybody before a Prefect that asks": {
    stack: internalNlb(
      [
        declare("aws:ec2/vpcEndpointService:VpcEndpointService", "endpoints", {
          acceptanceRequired: false,
          allowedPrincipals: ["*"],
          networkLoadBalancerArns: [ref("nlb")],
        }),
      ],
      containers(prefect(authString)),
    ),
  },
  "an endpoint service for an account": {
    stack: internalNlb([
      declare("aws:ec2/vpcEndpointService:VpcEndpointService", "endpoints", {
        acceptanceRequired: false,
        allowedPrincipals: ["arn:aws:iam::123456789012:root"],
        networkLoadBalancerArns: [ref("nlb")],
      }),
    ]),
  },
  "an endpoint service that is asked for each connection": {
    stack: internalNlb([
      declare("aws:ec2/vpcEndpointService:VpcEndpointService", "endpoints", {
        acceptanceRequired: true,
        allowedPrincipals: ["*"],
        networkLoadBalancerArns: [ref("nlb")],
      }),
    ]),
  },
  "a distribution before a public ALB by its name": {
    stack: behindAlb({
      definitions: bare,
      ...forAws,
      more: [
        declare("aws:cloudfront/distribution:Distribution", "cdn", {
          enabled: true,
          origins: [
            {
              originId: "alb",
              domainName: ref("alb", "dnsName"),
              customOriginConfig: { httpPort: 80, httpsPort: 443, originProtocolPolicy: "https-only" },
            },
          ],
          defaultCacheBehavior: { targetOriginId: "alb" },
        }),
      ],
    }),
    ...cannotTell("who its security groups admit to port 443 is not known"),
  },
  "a distribution before an internal ALB by its name, which leads outside nowhere": {
    stack: behindAlb({
      definitions: bare,
      alb: { internal: true },
      more: [
        declare("aws:cloudfront/distribution:Distribution", "cdn", {
          enabled: true,
          origins: [
            {
              originId: "alb",
              domainName: ref("alb", "dnsName"),
              customOriginConfig: { httpPort: 80, httpsPort: 443, originProtocolPolicy: "https-only" },
            },
          ],
          defaultCacheBehavior: { targetOriginId: "alb" },
        }),
      ],
    }),
  },
  "a distribution before a public ALB whose rule admits CloudFront's ranges": {
    stack: behindAlb({
      definitions: bare,
      actions: [{ type: "fixed-response", fixedResponse: { contentType: "text/plain", statusCode: "403" } }],
      more: [
        declare("aws:lb/listenerRule:ListenerRule", "edge", {
          listenerArn: ref("https"),
          priority: 1,
          conditions: [{ sourceIp: { values: ["13.32.0.0/15", "52.84.0.0/15"] } }],
          actions: [forward],
        }),
        declare("aws:cloudfront/distribution:Distribution", "cdn", {
          enabled: true,
          origins: [
            {
              originId: "alb",
              domainName: ref("alb", "dnsName"),
              customOriginConfig: { httpPort: 80, httpsPort: 443, originProtocolPolicy: "https-only" },
            },
          ],
          defaultCacheBehavior: { targetOriginId: "alb" },
        }),
      ],
    }),
    ...reject('aws.cloudfront.Distribution "cdn"', 'aws.lb.ListenerRule "edge"'),
  },
  "a distribution before an internal ALB whose rule admits the VPC": {
    stack: behindAlb({
      definitions: bare,
      alb: { internal: true },
      actions: [{ type: "fixed-response", fixedResponse: { contentType: "text/plain", statusCode: "403" } }],
      more: [
        declare("aws:lb/listenerRule:ListenerRule", "inner", {
          listenerArn: ref("https"),
          priority: 1,
          conditions: [{ sourceIp: { values: ["10.0.0.0/8"] } }],
          actions: [forward],
        }),
        declare("aws:cloudfront/vpcOrigin:VpcOrigin", "origin", {
          vpcOriginEndpointConfig: {
            arn: ref("alb"),
            httpPort: 80,
            httpsPort: 443,
            originProtocolPolicy: "https-only",
          },
        }),
        declare("aws:cloudfront/distribution:Distribution", "cdn", {
          enabled: true,
          origins: [{ originId: "alb", domainName: "prefect", vpcOriginConfig: { vpcOriginId: ref("origin", "id") } }],
          defaultCacheBehavior: { targetOriginId: "alb" },
        }),
      ],
    }),
    ...reject('aws.lb.ListenerRule "inner"'),
  },
};
