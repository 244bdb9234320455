import { serviceModel } from "../models";
import type { Inputs } from "../translate";
import { elbv2 } from "./elbv2";
import { made, type Rule, type Rules } from "./rule";

const seconds: Record<string, number> = { seconds: 1, minutes: 60, hours: 3_600, days: 86_400 };

/** Developer guide, "Using the refresh token" and "app client settings": how long each token may live. */
const tokenLives = {
  AccessToken: { min: 300, max: 86_400, unit: "hours" },
  IdToken: { min: 300, max: 86_400, unit: "hours" },
  RefreshToken: { min: 3_600, max: 315_360_000, unit: "days" },
};

const createUserPoolClient: Rule = (input) => {
  const {
    AllowedOAuthFlows: flows = [],
    AllowedOAuthFlowsUserPoolClient: isUsed,
    TokenValidityUnits: units = {},
  } = input;
  return [
    ...Object.entries(tokenLives).flatMap(([token, { min, max, unit }]) => {
      const given = input[`${token}Validity`];
      const life = given * (seconds[units[token] ?? unit] ?? 1);
      return given === undefined || (life >= min && life <= max)
        ? []
        : [`${token}Validity: got ${life} seconds, allowed ${min} to ${max}`];
    }),
    // "This parameter must have a value of true before you can configure the following features"
    ...(flows.length > 0 && !isUsed ? ["AllowedOAuthFlowsUserPoolClient: got false, allowed true with flows"] : []),
    // "To create an app client that generates client credentials grants, you must add client_credentials as the only
    // allowed OAuth flow."
    ...(flows.includes("client_credentials") && flows.length > 1
      ? [`AllowedOAuthFlows: got ${flows.join(", ")}, allowed client_credentials alone`]
      : []),
    ...(flows.includes("client_credentials") && !input.GenerateSecret
      ? ["GenerateSecret: got false, allowed true with client_credentials"]
      : []),
  ];
};

/** CreateIdentityProvider, ProviderDetails: the keys of its examples that have no other source. */
const providerDetails: Record<string, string[][]> = {
  OIDC: [["client_id"], ["attributes_request_method"], ["oidc_issuer"], ["authorize_scopes"]],
  SAML: [["MetadataURL", "MetadataFile"]],
};

const createIdentityProvider: Rule = ({ ProviderType: type, ProviderDetails: details = {} }) =>
  (providerDetails[type] ?? []).flatMap((keys) =>
    keys.some((key) => details[key]) ? [] : [`ProviderDetails: got no ${keys.join(" or ")}, and ${type} needs it`],
  );

/**
 * Memory by CPU units that Fargate has, read from the documentation of RegisterTaskDefinition's member memory: "512 (0.5
 * GB), 1024 (1 GB) - Available cpu values: 256", "Between 4096 (4 GB) and 16384 (16 GB) in increments of 1024 (1 GB)".
 */
function fargateMemory(cpu: string): number[] {
  const documentation = serviceModel("ecs").shapes.RegisterTaskDefinitionRequest?.members?.memory?.documentation ?? "";
  const rows = [...documentation.matchAll(/<p>([^<]*) - Available <code>cpu<\/code> values: (\d+)/g)];
  const row = rows.find(([, , units]) => units === cpu)?.[1] ?? "";
  const numbers = (row.replace(/\([^)]*\)/g, "").match(/\d+/g) ?? []).map(Number);
  if (!row.startsWith("Between")) return numbers;
  const [min = 0, max = 0, step = 1] = numbers;
  return Array.from({ length: (max - min) / step + 1 }, (_, index) => min + index * step);
}

const registerTaskDefinition: Rule = (input) => {
  const { cpu, memory, containerDefinitions = [], volumes = [], requiresCompatibilities = [] } = input;
  const names = new Set(containerDefinitions.map(({ name }: Inputs) => name));
  const volumeNames = new Set(volumes.map(({ name }: Inputs) => name));
  const bytes = Buffer.byteLength(JSON.stringify(input));
  const sizes = fargateMemory(cpu);
  return [
    ...(requiresCompatibilities.includes("FARGATE") && !sizes.includes(Number(memory))
      ? [`memory: got ${memory} with cpu ${cpu}, allowed ${sizes.join(", ") || "none"}`]
      : []),
    // Amazon ECS service quotas: "Task definition size: 64 Kilobytes".
    ...(bytes > 65_536 ? [`containerDefinitions: got ${bytes} bytes with all else, allowed up to 65536`] : []),
    ...containerDefinitions.flatMap(({ name, dependsOn = [], mountPoints = [] }: Inputs) => [
      ...dependsOn
        .filter(({ containerName }: Inputs) => !names.has(containerName))
        .map(({ containerName }: Inputs) => `${name}.dependsOn: got ${containerName}, allowed a container of the task`),
      ...mountPoints
        .filter(({ sourceVolume }: Inputs) => !volumeNames.has(sourceVolume))
        .map(({ sourceVolume }: Inputs) => `${name}.mountPoints: got ${sourceVolume}, allowed a volume of the task`),
    ]),
  ];
};

/** LoadBalancer, containerPort: "must correspond to a containerPort in the task definition". */
const createService: Rule = ({ taskDefinition, loadBalancers = [] }, calls) => {
  const task = made(calls, "RegisterTaskDefinition", taskDefinition);
  return loadBalancers.flatMap(({ containerName, containerPort }: Inputs) => {
    const container = task?.containerDefinitions.find(({ name }: Inputs) => name === containerName);
    return !task || container?.portMappings?.some((mapping: Inputs) => mapping.containerPort === containerPort)
      ? []
      : [`loadBalancers: got ${containerName}:${containerPort}, allowed a port of a container of the task`];
  });
};

/** ResourceRecordSet, TTL: "If you're creating or updating an alias resource record set, omit TTL." */
const changeRecords: Rule = ({ ChangeBatch: { Changes: changes } }) =>
  changes.flatMap(({ ResourceRecordSet: { AliasTarget: alias, TTL: ttl, ResourceRecords: records } }: Inputs) =>
    alias
      ? ttl || records
        ? ["TTL: got one of an alias, allowed none"]
        : []
      : ttl && records
        ? []
        : ["TTL: got nothing"],
  );

/** DeleteDBInstance: a last snapshot has a name, and no name is given where there is none. */
const deleteInstance: Rule = ({ SkipFinalSnapshot: isSkipped, FinalDBSnapshotIdentifier: name }) =>
  Boolean(isSkipped) === (name === undefined)
    ? []
    : [`FinalDBSnapshotIdentifier: got ${name ?? "nothing"} with SkipFinalSnapshot ${isSkipped}`];

export const rules: Rules = {
  ...elbv2,
  "cognito-idp:CreateUserPoolClient": createUserPoolClient,
  "cognito-idp:CreateIdentityProvider": createIdentityProvider,
  "ecs:RegisterTaskDefinition": registerTaskDefinition,
  "ecs:CreateService": createService,
  "rds:DeleteDBInstance": deleteInstance,
  "route53:ChangeResourceRecordSets": changeRecords,
};
