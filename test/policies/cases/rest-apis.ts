import { asking, behindGroup, fromVpc, internalAlb, internalNlb } from "../support/inside";
import { group } from "../support/pieces";
import { built, declare, type Declared, ref } from "../support/stack";
import { cannotTell, type Cases, reject } from "./case";

/** REST APIs of API Gateway before an internal load balancer. */

export function restApi(
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

export const policy = (...statements: Record<string, unknown>[]): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: statements.map((each) => ({
      Principal: "*",
      Action: "execute-api:Invoke",
      Resource: "execute-api:/*",
      ...each,
    })),
  });

export const allow = { Effect: "Allow" };

export const office = { IpAddress: { "aws:SourceIp": ["203.0.113.0/24"] } };

const stage = (variables: Record<string, unknown>): Declared =>
  declare("aws:apigateway/stage:Stage", "stage", {
    restApi: ref("api", "id"),
    stageName: "main",
    deployment: "deployment-1",
    variables,
  });

export const restApiCases: Cases = {
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
    stack: internalNlb(restApi({}, { policy: built(["nlb"], policy({ ...allow, Condition: office })) })),
    preview: { cannotTell: ['aws.apigateway.Method "method"'] },
  },
  "a REST API past the balancer's group": {
    stack: behindGroup(restApi(), "off"),
    ...reject('aws.lb.LoadBalancer "nlb": is reached through its VPC link'),
  },
  "a REST API before a balancer whose group admits nobody": { stack: behindGroup(restApi(), undefined) },
  "a REST API whose link is a variable of its stage": {
    stack: internalNlb([
      ...restApi({}, {}, { connectionId: "${stageVariables.link}" }),
      stage({ link: ref("link", "id") }),
    ]),
    ...reject('aws.lb.LoadBalancer "nlb": is reached through its VPC link'),
  },
  "a REST API whose stage has other variables": {
    stack: internalNlb([...restApi({}, {}, { connectionId: "${stageVariables.link}" }), stage({ level: "info" })]),
  },
  "a REST API whose stage sends requests to a port on which nothing listens": {
    stack: internalNlb([
      ...restApi({}, {}, { uri: "http://prefect:${stageVariables.port}/${stageVariables.more}" }),
      stage({ port: "81", more: "${stageVariables.more}" }),
    ]),
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
  "a REST API for a user pool that a policy opens": {
    stack: internalNlb(restApi({ authorization: "COGNITO_USER_POOLS" }, { policy: policy(allow) })),
  },
  "a REST API of a region": {
    stack: internalNlb(restApi({}, { endpointConfiguration: { types: "REGIONAL" } })),
    ...reject('aws.apigateway.RestApi "api": API Gateway takes requests from the internet'),
  },
  "a REST API of which it is not known whether it is private": {
    stack: internalNlb(restApi({}, { endpointConfiguration: { types: built(["nlb"], "PRIVATE") } })),
    preview: { cannotTell: ['aws.apigateway.Method "method"'] },
  },
  "a REST API to a port where the load balancer does not listen": {
    stack: internalNlb(restApi({}, {}, { uri: "http://prefect.example.com:8080/{proxy}" })),
  },
  "a REST API whose authorization is not known": {
    stack: internalNlb(restApi({ authorization: built(["nlb"], "NONE") })),
    ...reject("asks for no login"),
    preview: { cannotTell: ["method ANY asks for what is not known"] },
  },
  "a REST API that writes Prefect's credential": {
    stack: internalNlb(
      restApi({}, {}, { requestParameters: { "integration.request.header.Authorization": "'Basic eA=='" } }),
      asking,
    ),
    ...reject("what passes requests on adds a credential of its own"),
  },
  "a REST API before a Prefect that asks": { stack: internalNlb(restApi(), asking) },
  "a REST API before a network load balancer that admits the VPC": {
    stack: internalNlb([...restApi(), group("nlbGroup", fromVpc(80))]).map((each) =>
      each.name === "nlb"
        ? declare(each.type, each.name, { ...each.inputs, securityGroups: [ref("nlbGroup", "id")] })
        : each,
    ),
    ...reject("is reached through its VPC link"),
  },
};
