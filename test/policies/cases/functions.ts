import { asking, httpApi, internalAlb } from "../support/inside";
import { group, login, open } from "../support/pieces";
import { built, declare, type Declared, ref } from "../support/stack";
import { cannotTell, type Cases } from "./case";

/** Lambda functions whose environment names a place of Prefect. */

export function lambda(environment: Record<string, unknown>, url: Record<string, unknown> = {}): Declared[] {
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

/** A function without a URL of its own. */
const withoutUrl = (environment: Record<string, unknown>): Declared[] =>
  lambda(environment).filter(({ name }) => name !== "url");

/** The function as an API's integration. */
const calledByApi = {
  connectionType: undefined,
  connectionId: undefined,
  integrationType: "AWS_PROXY",
  integrationUri: ref("function", "invokeArn"),
};

export const toAlb = built(["alb"], "https://alb.dnsname.amazonaws.com/");

const invocations = (arn: string): string =>
  `arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${arn}/invocations`;

/** A public balancer before the function. */
const front = (defaultActions: unknown[], more: Record<string, unknown> = {}): Declared[] => [
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
    defaultActions,
    ...more,
  }),
];

/** A distribution that signs what it asks of this origin. */
const signing = (domainName: unknown): Declared =>
  declare("aws:cloudfront/distribution:Distribution", "cdn", {
    enabled: true,
    origins: [
      {
        originId: "function",
        domainName,
        originAccessControlId: "control-1",
        customOriginConfig: { httpPort: 80, httpsPort: 443, originProtocolPolicy: "https-only" },
      },
    ],
    defaultCacheBehavior: { targetOriginId: "function" },
  });

export const functionCases: Cases = {
  "an HTTP API whose route asks a function": {
    stack: internalAlb(httpApi({ authorizationType: "CUSTOM", authorizerId: "authorizer-1" })),
  },
  "a function URL that may be a proxy": {
    stack: internalAlb(lambda({ UPSTREAM_URL: toAlb })),
    ...cannotTell(
      'aws.lambda.FunctionUrl "url": is a URL that asks for no login',
      'aws.lambda.Function "function": what its code passes on cannot be seen',
    ),
  },
  "a function URL that wants signatures": {
    stack: internalAlb(lambda({ UPSTREAM_URL: toAlb }, { authorizationType: "AWS_IAM" })),
  },
  "a function URL that wants signatures of any account": {
    stack: internalAlb([
      ...lambda({ UPSTREAM_URL: toAlb }, { authorizationType: "AWS_IAM" }),
      declare("aws:lambda/permission:Permission", "permission", {
        function: ref("function", "arn"),
        action: "lambda:InvokeFunctionUrl",
        principal: "*",
        functionUrlAuthType: "AWS_IAM",
      }),
    ]),
    ...cannotTell("every AWS account may call"),
  },
  "a function URL that wants signatures, which a distribution writes for everybody": {
    stack: internalAlb([
      ...lambda({ UPSTREAM_URL: toAlb }, { authorizationType: "AWS_IAM" }),
      signing(built(["url"], "url.functionurl.amazonaws.com")),
    ]),
    ...cannotTell(
      'aws.cloudfront.Distribution "cdn": its default behaviour asks viewers for no signature',
      'aws.lambda.FunctionUrl "url": is its origin by name',
      'aws.lambda.Function "function": what its code passes on cannot be seen',
    ),
  },
  "a function URL that asks for nothing, before which a distribution is": {
    stack: internalAlb([...lambda({ UPSTREAM_URL: toAlb }), signing(built(["url"], "url.functionurl.amazonaws.com"))]),
    ...cannotTell('aws.lambda.FunctionUrl "url": is a URL that asks for no login'),
  },
  "a function that is a client of Prefect": {
    stack: internalAlb(lambda({ PREFECT_API_URL: "https://alb.dnsname.amazonaws.com/api" })),
  },
  "a function behind an HTTP API": {
    stack: internalAlb([...withoutUrl({ UPSTREAM_URL: toAlb }), ...httpApi({}, calledByApi)]),
    ...cannotTell('aws.apigatewayv2.Route "route"', 'aws.lambda.Function "function"'),
  },
  "a function behind an HTTP API that asks": {
    stack: internalAlb([
      ...withoutUrl({ UPSTREAM_URL: toAlb }),
      ...httpApi({ authorizationType: "AWS_IAM" }, calledByApi),
    ]),
  },
  "a function behind an open load balancer": {
    stack: [
      ...internalAlb(withoutUrl({ BACKEND: toAlb })),
      ...front([{ type: "forward", targetGroupArn: ref("frontTargets") }]),
    ],
    ...cannotTell('aws.lb.Listener "frontListener"', 'aws.lambda.Function "function"'),
  },
  "a function behind an HTTP API by the ARN of its invocations": {
    stack: internalAlb([
      ...withoutUrl({ UPSTREAM_URL: toAlb }),
      ...httpApi({}, { ...calledByApi, integrationUri: built(["function"], invocations("arn:function")) }),
    ]),
    ...cannotTell('aws.apigatewayv2.Route "route"', 'aws.lambda.Function "function"'),
  },
  "an alias of a function behind an HTTP API by the ARN of its invocations": {
    stack: internalAlb([
      ...withoutUrl({ UPSTREAM_URL: toAlb }),
      declare("aws:lambda/alias:Alias", "live", { functionName: ref("function", "arn"), functionVersion: "1" }),
      ...httpApi({}, { ...calledByApi, integrationUri: built(["live"], invocations("arn:live")) }),
    ]),
    ...cannotTell('aws.apigatewayv2.Route "route"', 'aws.lambda.Function "function"'),
  },
  "a function URL of an alias": {
    stack: internalAlb([
      ...lambda({ UPSTREAM_URL: toAlb }, { functionName: ref("live", "arn") }),
      declare("aws:lambda/alias:Alias", "live", { functionName: ref("function", "arn"), functionVersion: "1" }),
    ]),
    ...cannotTell('aws.lambda.FunctionUrl "url": is a URL that asks for no login'),
  },
  "a function URL whose authorization is not known": {
    stack: internalAlb(lambda({ UPSTREAM_URL: toAlb }, { authorizationType: built(["alb"], "AWS_IAM") })),
    preview: { cannotTell: ["is a URL, and what it asks for is not known"] },
  },
  "a function URL that wants signatures of an account": {
    stack: internalAlb([
      ...lambda({ UPSTREAM_URL: toAlb }, { authorizationType: "AWS_IAM" }),
      declare("aws:lambda/permission:Permission", "permission", {
        function: ref("function", "arn"),
        action: "lambda:InvokeFunctionUrl",
        principal: "123456789012",
        functionUrlAuthType: "AWS_IAM",
      }),
    ]),
  },
  "a function whose environment is not known": {
    stack: internalAlb(
      lambda({}).map((each) =>
        each.name === "function"
          ? declare(each.type, each.name, {
              ...each.inputs,
              environment: { variables: built(["alb"], "{}") },
            })
          : each,
      ),
    ),
    preview: { cannotTell: ["is named in its environment"] },
  },
  "a function before a Prefect that asks: it may add a credential": {
    stack: internalAlb(lambda({ UPSTREAM_URL: toAlb }), { definitions: asking }),
    ...cannotTell("what passes requests on adds a credential of its own"),
  },
  "a function behind a load balancer that logs people in": {
    stack: [
      ...internalAlb(withoutUrl({ BACKEND: toAlb })),
      ...front([login(), { type: "forward", targetGroupArn: ref("frontTargets") }], { protocol: "HTTPS" }),
    ],
  },
  "a function beside the one behind an open load balancer": {
    stack: [
      ...internalAlb(withoutUrl({ BACKEND: toAlb })),
      ...front([{ type: "forward", targetGroupArn: ref("otherTargets") }]),
      declare("aws:lb/targetGroup:TargetGroup", "otherTargets", { targetType: "lambda" }),
    ],
  },
  "a function behind a load balancer, which names the other that anybody reaches": {
    stack: [
      ...internalAlb(withoutUrl({ BACKEND: toAlb })),
      ...front([{ type: "forward", targetGroupArn: ref("frontTargets") }]),
    ],
    ...cannotTell(
      'aws.lb.LoadBalancer "front": faces the internet',
      'aws.lb.Listener "frontListener": its default action forwards',
      'aws.lambda.Function "function"',
    ),
  },
};
