import { isObject, type Properties, type Value } from "../../grpc/values";
import { arn } from "../context";
import { stableHex } from "../identifiers";
import { pick, selected } from "./lookup";
import type { AwsFunction } from "./index";

/** Accounts of Elastic Load Balancing: docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html. */
const loadBalancerAccounts: Record<string, string> = {
  "us-east-1": "127311923021",
  "us-east-2": "033677994240",
  "us-west-1": "027434742980",
  "us-west-2": "797873946194",
  "eu-west-1": "156460612806",
  "eu-west-2": "652711504416",
  "eu-central-1": "054676820928",
  "ap-southeast-2": "783225319266",
};

/** Look-ups by name in single services. What this control plane did not make is assumed to exist under that name. */
export const services: Record<string, AwsFunction> = {
  "aws:route53/getZone:getZone": (args, context) => {
    const wanted = typeof args.name === "string" ? { ...args, name: args.name.replace(/\.$/, "") } : args;
    const own = context.existing("aws:route53/zone:Zone").find(selected(wanted, { zoneId: "id", name: "name" }));
    if (own)
      return {
        ...pick(own),
        id: own.id,
        zoneId: own.id,
        privateZone: false,
        callerReference: "",
        resourceRecordSetCount: 2,
      };
    if (args.zoneId === undefined && args.name === undefined) throw new Error("no matching Route 53 Hosted Zone found");
    const id = String(args.zoneId ?? `Z${stableHex(20, context.account, String(wanted.name)).toUpperCase()}`);
    const servers = ["com", "net", "org", "co.uk"].map(
      (top, index) => `ns-${index * 512 + 7}.awsdns-${10 + index}.${top}`,
    );
    const assumed = {
      callerReference: "",
      comment: "",
      linkedServiceDescription: "",
      linkedServicePrincipal: "",
      resourceRecordSetCount: 2,
      tags: {},
    };
    const zone = {
      nameServers: servers,
      primaryNameServer: servers[0] ?? "",
      arn: `arn:${context.partition}:route53:::hostedzone/${id}`,
    };
    return { ...assumed, name: "", privateZone: false, ...wanted, ...zone, id, zoneId: id };
  },
  "aws:acm/getCertificate:getCertificate": (args, context) => {
    const own = context.existing("aws:acm/certificate:Certificate").find(selected(args, { domain: "domainName" }));
    if (own)
      return {
        ...pick(own),
        id: own.id,
        domain: own.properties.domainName ?? "",
        certificate: "",
        certificateChain: "",
      };
    const digest = stableHex(32, context.account, String(args.domain));
    const id = arn(context, "acm", `certificate/${digest.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-")}`);
    return {
      domain: "",
      ...args,
      id,
      arn: id,
      status: "ISSUED",
      certificate: "",
      certificateChain: "",
      tags: {},
      region: context.region,
    };
  },
  "aws:ssm/getParameter:getParameter": (args, context) => {
    const name = String(args.name);
    const own = context.existing("aws:ssm/parameter:Parameter").find(({ id }) => id === name);
    if (!own) throw new Error(`reading SSM Parameter (${name}): couldn't find resource`);
    const value = own.properties.value ?? own.properties.insecureValue ?? "";
    const insecureValue = own.properties.type === "SecureString" ? "" : value;
    return { ...pick(own), withDecryption: true, ...args, id: name, name, value, insecureValue };
  },
  "aws:secretsmanager/getSecret:getSecret": (args, context) => {
    const own = context.existing("aws:secretsmanager/secret:Secret").find(selected(args, { arn: "arn", name: "name" }));
    if (!own)
      throw new Error(`reading Secrets Manager Secret (${String(args.arn ?? args.name)}): couldn't find resource`);
    return { ...pick(own), id: own.id };
  },
  "aws:secretsmanager/getSecretVersion:getSecretVersion": (args, context) => {
    const versions = context.existing("aws:secretsmanager/secretVersion:SecretVersion");
    const secrets = context.existing("aws:secretsmanager/secret:Secret");
    const arnOf = secrets.find(({ properties }) => properties.name === args.secretId)?.id ?? args.secretId;
    const own = versions.findLast(({ properties }) => properties.secretId === arnOf);
    if (!own)
      throw new Error(
        `reading Secrets Manager Secret Version (${String(args.secretId)}|AWSCURRENT): couldn't find resource`,
      );
    return {
      secretBinary: "",
      createdDate: new Date(0).toISOString(),
      ...pick(own),
      versionStage: "AWSCURRENT",
      id: own.id,
    };
  },
  "aws:ecs/getTaskDefinition:getTaskDefinition": (args, context) => {
    const [family = "", revision] = String(args.taskDefinition)
      .replace(/^.*task-definition\//, "")
      .split(":");
    const own = context
      .existing("aws:ecs/taskDefinition:TaskDefinition")
      .find(
        ({ properties }) =>
          properties.family === family && (revision === undefined || Number(revision) === properties.revision),
      );
    if (!own) throw new Error(`reading ECS Task Definition (${String(args.taskDefinition)}): couldn't find resource`);
    const id = String(own.properties.arn);
    return { ...pick(own), ...args, id, arn: id, status: "ACTIVE" };
  },
  "aws:ecs/getCluster:getCluster": (args, context) => {
    const name = String(args.clusterName);
    const own = context.existing("aws:ecs/cluster:Cluster").find(({ properties }) => properties.name === name);
    const id = own?.id ?? arn(context, "ecs", `cluster/${name}`);
    const counts = { pendingTasksCount: 0, registeredContainerInstancesCount: 0, runningTasksCount: 0 };
    return {
      settings: [],
      serviceConnectDefaults: [],
      tags: {},
      region: context.region,
      ...(own ? pick(own) : {}),
      ...counts,
      id,
      arn: id,
      clusterName: name,
      status: "ACTIVE",
    };
  },
  "aws:elb/getServiceAccount:getServiceAccount": serviceAccount,
  "aws:index/getElbServiceAccount:getElbServiceAccount": serviceAccount,
  "aws:lb/getLoadBalancer:getLoadBalancer": loadBalancer,
  "aws:alb/getLoadBalancer:getLoadBalancer": loadBalancer,
  "aws:iam/getRole:getRole": (args, context) => {
    const own = context.existing("aws:iam/role:Role").find(({ id }) => id === args.name);
    if (!own) throw new Error(`reading IAM Role (${String(args.name)}): couldn't find resource`);
    return { permissionsBoundary: "", roleLastUseds: [], description: "", ...pick(own), id: own.id };
  },
};

function serviceAccount(args: Properties, context: Parameters<AwsFunction>[1]): Properties {
  const region = String(args.region ?? context.region);
  const account = loadBalancerAccounts[region];
  if (!account) throw new Error(`unknown region (${region})`);
  return { id: account, region, arn: `arn:${context.partition}:iam::${account}:root` };
}

function loadBalancer(args: Properties, context: Parameters<AwsFunction>[1]): Properties {
  const all = ["aws:lb/loadBalancer:LoadBalancer", "aws:alb/loadBalancer:LoadBalancer"].flatMap((type) =>
    context.existing(type),
  );
  const own = all.find(selected(args, { arn: "arn", name: "name" }));
  if (!own) throw new Error("Search returned 0 results, please revise so only one is returned");
  const blocks = ["accessLogs", "connectionLogs"].map((name): [string, Value] => {
    const block = own.properties[name];
    return [name, isObject(block) ? block : { bucket: "", enabled: false, prefix: "" }];
  });
  return { ...pick(own), ...Object.fromEntries(blocks), id: own.id };
}
