import { fromVpc, httpApi, internalAlb } from "../support/inside";
import { group, open } from "../support/pieces";
import { built, declare, type Declared, ref } from "../support/stack";
import { cannotTell, type Cases } from "./case";

/** Lambda functions whose environment names a place of Prefect. */

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

const toAlb = built(["alb"], "https://alb.dnsname.amazonaws.com/");

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
  "a function that is a client of Prefect": {
    stack: internalAlb(lambda({ PREFECT_API_URL: "https://alb.dnsname.amazonaws.com/api" })),
  },
  "a function that names Prefect by its port": {
    stack: internalAlb(lambda({ TARGET: "http://10.0.3.4:4200" }), { taskIngress: [fromVpc(4200)] }),
    ...cannotTell('aws.ecs.Service "service": is named in its environment'),
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
};
