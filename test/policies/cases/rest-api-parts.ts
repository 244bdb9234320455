import { byName, httpApi, internalNlb } from "../support/inside";
import { built, declare, type Declared, ref } from "../support/stack";
import { cannotTell, type Cases, reject } from "./case";
import { allow, office, policy, restApi } from "./rest-apis";

/** REST APIs by a body, in parts of another stack, and behind domains of their own. */

const placedElsewhere = { restApi: "api-elsewhere", parentId: "root-elsewhere" };

/** The parts of an API that is not in the stack. */
const elsewhere = (method: Record<string, unknown> = {}): Declared[] =>
  restApi({ restApi: "api-elsewhere", ...method }, {}, { restApi: "api-elsewhere" })
    .filter(({ name }) => name !== "api")
    .map((each) =>
      each.name === "proxy" ? declare(each.type, each.name, { ...each.inputs, ...placedElsewhere }) : each,
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

const otherLink = declare("aws:apigateway/vpcLink:VpcLink", "other", { targetArn: ref("nlb") });

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

export const restApiPartCases: Cases = {
  "a REST API by a link of another stack, beside one to Prefect's balancer": {
    stack: internalNlb(restApi({}, {}, { connectionId: "link-elsewhere" })),
  },
  "a REST API by a link to something else, beside one to Prefect's balancer": {
    stack: internalNlb([
      ...restApi().map((each) =>
        each.name === "link" ? declare(each.type, each.name, { targetArn: "arn:nlb-elsewhere" }) : each,
      ),
      otherLink,
    ]),
  },
  "an HTTP API by a link to something else, beside a REST API's to Prefect's balancer": {
    stack: internalNlb([otherLink, ...httpApi({}, { integrationUri: "arn:listener-elsewhere" })]),
  },
  "a REST API's body in YAML, which names its link by a stage's variable": {
    stack: internalNlb([
      otherLink,
      declare("aws:apigateway/restApi:RestApi", "api", {
        body: "paths: {/: {get: {x-amazon-apigateway-integration: {connectionId: '${stageVariables.link}'}}}}",
      }),
      declare("aws:apigateway/stage:Stage", "stage", {
        restApi: ref("api", "id"),
        stageName: "main",
        deployment: "deployment-1",
        variables: { link: ref("other", "id") },
      }),
    ]),
    ...notRead,
  },
  "a REST API whose link leads to something else than the balancer that its URI names": {
    stack: byName(
      restApi({}, {}, { uri: built(["alb"], "http://alb.dnsname.amazonaws.com/{proxy}") }).map((each) =>
        each.name === "link" ? declare(each.type, each.name, { targetArn: "arn:nlb-elsewhere" }) : each,
      ),
    ),
  },
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
};
