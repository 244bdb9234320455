import { asking, fromVpc, internalAlb, internalNlb } from "../support/inside";
import { group } from "../support/pieces";
import { built, declare, type Declared, ref } from "../support/stack";
import { cannotTell, type Cases, reject } from "./case";

/** REST APIs of API Gateway before an internal load balancer. */

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

/** The parts of an API that is not in the stack. */
const elsewhere = (method: Record<string, unknown> = {}): Declared[] =>
  restApi(method)
    .filter(({ name }) => name !== "api")
    .map(({ type, name, inputs }) =>
      declare(type, name, {
        ...inputs,
        ...("restApi" in inputs && { restApi: "api-elsewhere", resourceId: "path-1" }),
      }),
    );

/** An API with this document for a body, whose one operation goes by the link. */
const imported = (more: Record<string, unknown>, api: Record<string, unknown> = {}): Declared[] => {
  const integration = { type: "http_proxy", connectionType: "VPC_LINK", connectionId: "id:link", uri: "http://nlb" };
  const operation = { "x-amazon-apigateway-integration": integration };
  const body = { paths: { "/{proxy+}": { "x-amazon-apigateway-any-method": operation } }, ...more };
  return [
    declare("aws:apigateway/restApi:RestApi", "api", { body: built(["link", "nlb"], JSON.stringify(body)), ...api }),
    ...restApi().filter(({ name }) => name === "link"),
  ];
};

const signed = {
  security: [{ signature: [] }],
  securityDefinitions: { signature: { type: "apiKey", "x-amazon-apigateway-authtype": "awsSigv4" } },
};

const notRead = cannotTell("its body cannot be read");

const off = { disableExecuteApiEndpoint: true };

const certificates = { truststoreUri: "s3://bucket/store.pem" };

const domain = (name: string, mutualTlsAuthentication?: Record<string, unknown>): Declared[] => [
  declare("aws:apigateway/domainName:DomainName", name, {
    domainName: `${name}.example.com`,
    mutualTlsAuthentication,
  }),
];

const mapping = (name: string): Declared =>
  declare("aws:apigateway/basePathMapping:BasePathMapping", `${name}-mapping`, {
    restApi: ref("api", "id"),
    domainName: ref(name, "id"),
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
  "a REST API whose method is in another stack": {
    stack: internalNlb(restApi().filter(({ name }) => name !== "method")),
    ...cannotTell('aws.apigateway.Integration "integration": its method is not in this stack'),
  },
  "a REST API whose only method is on another path": {
    stack: internalNlb([
      ...restApi({ resourceId: ref("other", "id"), authorization: "COGNITO_USER_POOLS" }),
      declare("aws:apigateway/resource:Resource", "other", {
        restApi: ref("api", "id"),
        parentId: ref("api", "rootResourceId"),
        pathPart: "other",
      }),
    ]),
    ...cannotTell("its method is not in this stack"),
  },
  "a REST API on a path of another stack": {
    stack: internalNlb(restApi({ resourceId: "path-1" }, {}, { resourceId: "path-1" })),
    ...reject('aws.apigateway.Method "method"'),
  },
  "a REST API whose method's verb is not known": {
    stack: internalNlb(restApi({ httpMethod: built(["nlb"], "ANY"), authorization: "COGNITO_USER_POOLS" })),
  },
  "a REST API whose integration's verb is not known": {
    stack: internalNlb(restApi({ authorization: "COGNITO_USER_POOLS" }, {}, { httpMethod: built(["nlb"], "ANY") })),
  },
  "a REST API in another stack": {
    stack: internalNlb(elsewhere()),
    ...cannotTell("an API that is not in this stack, so it may face the internet"),
  },
  "a REST API in another stack that asks for a login": {
    stack: internalNlb(elsewhere({ authorization: "COGNITO_USER_POOLS" })),
  },
  "a REST API in another stack that wants signatures, maybe of any account": {
    stack: internalNlb(elsewhere({ authorization: "AWS_IAM" })),
    ...cannotTell("an AWS account's signature"),
  },
  "a REST API in another stack that is trusted": { stack: internalNlb(elsewhere()), trusted: ["api-elsewhere"] },
  "a REST API by a body": {
    stack: internalNlb(imported({})),
    ...reject('its operation "ANY /{proxy+}" asks for no login'),
    preview: { cannotTell: ["its body cannot be read"] },
  },
  "a REST API by a body that wants signatures": { stack: internalNlb(imported(signed)), preview: notRead },
  "a REST API by a body that wants signatures of any account": {
    stack: internalNlb(imported({ ...signed, "x-amazon-apigateway-policy": JSON.parse(policy(allow)) })),
    ...reject('its operation "ANY /{proxy+}" asks for no login'),
    preview: notRead,
  },
  "a REST API by a body for an office": {
    stack: internalNlb(imported({ "x-amazon-apigateway-policy": JSON.parse(policy({ ...allow, Condition: office })) })),
    preview: notRead,
  },
  "a REST API by a body for an office, with a policy for everybody beside it": {
    stack: internalNlb(
      imported(
        { "x-amazon-apigateway-policy": JSON.parse(policy({ ...allow, Condition: office })) },
        { policy: policy(allow) },
      ),
    ),
    ...reject('its operation "ANY /{proxy+}" asks for no login'),
    preview: notRead,
  },
  "a REST API whose own endpoint is off, and a domain that wants certificates": {
    stack: internalNlb([...restApi({}, off), ...domain("domain", certificates), mapping("domain")]),
  },
  "a REST API whose own endpoint is off, and a domain of the second kind that wants certificates": {
    stack: internalNlb([
      ...restApi({}, off),
      declare("aws:apigatewayv2/domainName:DomainName", "domain", {
        domainName: "api.example.com",
        mutualTlsAuthentication: certificates,
      }),
      declare("aws:apigatewayv2/apiMapping:ApiMapping", "mapping", {
        apiId: ref("api", "id"),
        domainName: ref("domain", "id"),
        stage: "live",
      }),
    ]),
  },
  "a REST API whose own endpoint is off, and a domain that wants nothing": {
    stack: internalNlb([...restApi({}, off), ...domain("domain"), mapping("domain")]),
    ...reject('aws.apigateway.Method "method"'),
  },
  "a REST API whose own endpoint is off, and two domains of which one wants certificates": {
    stack: internalNlb([
      ...restApi({}, off),
      ...["domain", "second"].flatMap((name) => [
        ...domain(name, name === "domain" ? certificates : undefined),
        mapping(name),
      ]),
    ]),
    ...reject('aws.apigateway.Method "method"'),
  },
  "a REST API whose own endpoint is off, and no domain": {
    stack: internalNlb(restApi({}, off)),
    ...cannotTell('aws.apigateway.Method "method"'),
  },
  "a REST API whose own endpoint is off, and a domain of another stack beside one that wants certificates": {
    stack: internalNlb([
      ...restApi({}, off),
      ...domain("domain", certificates),
      mapping("domain"),
      declare("aws:apigateway/basePathMapping:BasePathMapping", "elsewhere", {
        restApi: ref("api", "id"),
        domainName: "elsewhere.example.com",
      }),
    ]),
    ...cannotTell('aws.apigateway.Method "method"'),
  },
  "a REST API before a network load balancer that admits the VPC": {
    stack: internalNlb([...restApi(), group("nlbGroup", fromVpc(80))]).map((each) =>
      each.name === "nlb"
        ? declare(each.type, each.name, { ...each.inputs, securityGroups: [ref("nlbGroup", "id")] })
        : each,
    ),
    ...reject("is reached through its VPC link"),
  },
};
