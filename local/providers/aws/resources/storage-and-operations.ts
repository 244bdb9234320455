import { randomUUID } from "node:crypto";
import { arn, dnsSuffix } from "../context";
import { alphanumeric, hex, lowercase, uppercase } from "../identifiers";
import type { AwsBehaviour, AwsBehaviours } from "./behaviours";
import { oneOf } from "./shared";

const lower = (name: string) => name.toLowerCase();

/** Secrets, parameters, logs, alarms, buckets, queues, keys (hashicorp/terraform-provider-aws, internal/service). */
export const storageAndOperations: AwsBehaviours = {
  "aws:secretsmanager/secret:Secret": {
    defaults: { recoveryWindowInDays: 30, forceOverwriteReplicaSecret: false },
    create: (inputs, context) => {
      const name = String(inputs.name);
      const taken = context.existing(context.type).some(({ properties }) => properties.name === name);
      if (taken) {
        throw new Error(
          `creating Secrets Manager Secret (${name}): api error ResourceExistsException: The operation failed because the secret ${name} already exists.`,
        );
      }
      const id = arn(context, "secretsmanager", `secret:${name}-${alphanumeric(6)}`);
      return { id, properties: { namePrefix: "", policy: "", ...inputs, arn: id } };
    },
  },
  "aws:secretsmanager/secretVersion:SecretVersion": {
    // secret_version.go: another value is another version.
    replaces: ["secretBinary", "secretId", "secretString", "secretStringWoVersion"],
    create: (inputs) => {
      const versionId = randomUUID();
      const secretId = String(inputs.secretId);
      const own = { versionId, arn: secretId, hasSecretStringWo: inputs.secretStringWo !== undefined };
      return { id: `${secretId}|${versionId}`, properties: { versionStages: ["AWSCURRENT"], ...inputs, ...own } };
    },
  },
  "aws:ssm/parameter:Parameter": {
    validate: (inputs) => oneOf(inputs, "type", ["SecureString", "String", "StringList"]),
    create: (inputs, context) => {
      const name = String(inputs.name);
      const filled = {
        dataType: "text",
        tier: "Standard",
        keyId: inputs.type === "SecureString" ? "alias/aws/ssm" : "",
      };
      const own = { version: 1, hasValueWo: false, arn: arn(context, "ssm", `parameter/${name.replace(/^\//, "")}`) };
      return { id: name, properties: { ...filled, ...inputs, ...own } };
    },
    update: (_state, old) => ({ version: Number(old.version ?? 1) + 1 }),
  },
  "aws:cloudwatch/logGroup:LogGroup": {
    defaults: { retentionInDays: 0, skipDestroy: false },
    replaces: ["logGroupClass"],
    create: (inputs, context) => {
      const name = String(inputs.name);
      const filled = { namePrefix: "", logGroupClass: "STANDARD", deletionProtectionEnabled: false };
      return { id: name, properties: { ...filled, ...inputs, arn: arn(context, "logs", `log-group:${name}`) } };
    },
  },
  "aws:cloudwatch/metricAlarm:MetricAlarm": {
    defaults: { actionsEnabled: true, treatMissingData: "missing" },
    create: (inputs, context) => {
      const name = String(inputs.name);
      const filled = { evaluateLowSampleCountPercentiles: "" };
      return { id: name, properties: { ...filled, ...inputs, arn: arn(context, "cloudwatch", `alarm:${name}`) } };
    },
  },
  "aws:cloudwatch/eventRule:EventRule": {
    autoname: { property: "name", maxLength: 64 },
    defaults: { eventBusName: "default" },
    replaces: ["eventBusName"],
    create: (inputs, context) => {
      const bus = String(inputs.eventBusName);
      const path = bus === "default" ? String(inputs.name) : `${bus}/${String(inputs.name)}`;
      return { id: path, properties: { namePrefix: "", ...inputs, arn: arn(context, "events", `rule/${path}`) } };
    },
  },
  "aws:cloudwatch/eventTarget:EventTarget": {
    autoname: { property: "targetId" },
    defaults: { eventBusName: "default" },
    replaces: ["eventBusName", "rule"],
    create: (inputs) => ({ id: `${String(inputs.rule)}-${String(inputs.targetId)}`, properties: {} }),
  },
  "aws:s3/bucket:Bucket": bucket(),
  "aws:s3/bucketV2:BucketV2": bucket(),
  "aws:s3/bucketObject:BucketObject": object(),
  "aws:s3/bucketObjectv2:BucketObjectv2": object(),
  ...Object.fromEntries(
    [
      "bucketPublicAccessBlock:BucketPublicAccessBlock",
      "bucketPolicy:BucketPolicy",
      "bucketVersioning:BucketVersioning",
    ].map((name): [string, AwsBehaviour] => [
      `aws:s3/${name}`,
      { replaces: ["bucket"], create: (inputs) => ({ id: String(inputs.bucket), properties: {} }) },
    ]),
  ),
  "aws:sns/topic:Topic": named("sns", (name) => name, 256),
  "aws:sqs/queue:Queue": {
    autoname: { property: "name", maxLength: 80 },
    replaces: ["fifoQueue"],
    create: (inputs, context) => {
      const name = String(inputs.name);
      const url = `https://sqs.${context.region}.${dnsSuffix(context.region)}/${context.account}/${name}`;
      return { id: url, properties: { url, arn: arn(context, "sqs", name) } };
    },
  },
  "aws:kms/key:Key": {
    replaces: ["customerMasterKeySpec", "keyUsage", "multiRegion", "customKeyStoreId", "xksKeyId"],
    create: (inputs, context) => {
      const id = randomUUID();
      return { id, properties: { description: "", ...inputs, keyId: id, arn: arn(context, "kms", `key/${id}`) } };
    },
  },
  "aws:kms/alias:Alias": {
    // pulumi-aws resources.go: an automatic alias gets the prefix that AWS demands.
    autoname: {
      property: "name",
      maxLength: 256,
      transform: (name) => (name.startsWith("alias/") ? name : `alias/${name}`),
    },
    create: (inputs, context) => {
      const key = String(inputs.targetKeyId);
      const targetKeyArn = key.startsWith("arn:") ? key : arn(context, "kms", `key/${key}`);
      const name = String(inputs.name);
      return { id: name, properties: { namePrefix: "", ...inputs, targetKeyArn, arn: arn(context, "kms", name) } };
    },
  },
  "aws:appautoscaling/target:Target": {
    autoname: null,
    replaces: ["resourceId", "scalableDimension", "serviceNamespace"],
    create: (inputs, context) => {
      const role = `arn:${context.partition}:iam::${context.account}:role/aws-service-role/ecs.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_ECSService`;
      const target = arn(context, "application-autoscaling", `scalable-target/${hex(32)}`);
      return { id: String(inputs.resourceId), properties: { roleArn: role, ...inputs, arn: target } };
    },
  },
  "aws:appautoscaling/policy:Policy": {
    replaces: ["resourceId", "scalableDimension", "serviceNamespace"],
    create: (inputs, context) => {
      const resource = `resource/${String(inputs.serviceNamespace)}/${String(inputs.resourceId)}:policyName/${String(inputs.name)}`;
      const id = arn(context, "autoscaling", `scalingPolicy:${randomUUID()}:${resource}`);
      return { id: String(inputs.name), properties: { alarmArns: [], ...inputs, arn: id } };
    },
  },
  "aws:lambda/function:Function": {
    autoname: { property: "name", maxLength: 64 },
    replaces: ["packageType"],
    create: (inputs, context) => {
      const own = arn(context, "lambda", `function:${String(inputs.name)}`);
      const api = `arn:${context.partition}:apigateway:${context.region}:lambda:path/2015-03-31/functions/${own}/invocations`;
      const version = { version: "$LATEST", qualifiedArn: `${own}:$LATEST`, lastModified: new Date().toISOString() };
      return { id: String(inputs.name), properties: { ...inputs, arn: own, invokeArn: api, ...version } };
    },
  },
  "aws:cloudfront/distribution:Distribution": {
    create: (_inputs, { partition, account }) => {
      const id = `E${uppercase(13)}`;
      const host = { domainName: `d${lowercase(13)}.cloudfront.net`, hostedZoneId: "Z2FDTNDATAQYW2" };
      const own = { status: "Deployed", etag: `E${uppercase(13)}`, inProgressValidationBatches: 0 };
      return { id, properties: { ...host, ...own, arn: `arn:${partition}:cloudfront::${account}:distribution/${id}` } };
    },
  },
  "aws:apigateway/restApi:RestApi": {
    create: (_inputs, { partition, region, account }) => {
      const id = lowercase(10);
      const executionArn = `arn:${partition}:execute-api:${region}:${account}:${id}`;
      const own = { rootResourceId: lowercase(10), createdDate: new Date().toISOString(), executionArn };
      return { id, properties: { ...own, arn: `arn:${partition}:apigateway:${region}::/restapis/${id}` } };
    },
  },
  "aws:apigatewayv2/api:Api": {
    replaces: ["protocolType"],
    create: (_inputs, { partition, region, account }) => {
      const id = lowercase(10);
      const endpoint = `https://${id}.execute-api.${region}.${dnsSuffix(region)}`;
      const executionArn = `arn:${partition}:execute-api:${region}:${account}:${id}`;
      return {
        id,
        properties: { apiEndpoint: endpoint, executionArn, arn: `arn:${partition}:apigateway:${region}::/apis/${id}` },
      };
    },
  },
};

/** Types whose id is the ARN and whose ARN ends in the name. */
function named(service: string, resource: (name: string) => string, maxLength: number): AwsBehaviour {
  return {
    autoname: { property: "name", maxLength },
    create: (inputs, context) => {
      const id = arn(context, service, resource(String(inputs.name)));
      return { id, properties: { namePrefix: "", ...inputs, arn: id } };
    },
  };
}

function bucket(): AwsBehaviour {
  return {
    autoname: { property: "bucket", maxLength: 63, transform: lower },
    create: (inputs, { region, partition }) => {
      const name = String(inputs.bucket);
      const domains = {
        bucketDomainName: `${name}.s3.${dnsSuffix(region)}`,
        bucketRegionalDomainName: `${name}.s3.${region}.${dnsSuffix(region)}`,
        bucketRegion: region,
      };
      return {
        id: name,
        properties: { bucketPrefix: "", ...inputs, ...domains, arn: `arn:${partition}:s3:::${name}` },
      };
    },
  };
}

function object(): AwsBehaviour {
  return {
    replaces: ["bucket", "key"],
    create: (inputs, { partition }) => {
      const key = String(inputs.key);
      const own = { etag: hex(32), arn: `arn:${partition}:s3:::${String(inputs.bucket)}/${key}` };
      return { id: key, properties: { storageClass: "STANDARD", ...inputs, ...own } };
    },
  };
}
