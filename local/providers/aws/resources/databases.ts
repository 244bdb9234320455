import { isObject, type Properties, type Value } from "../../grpc/values";
import { type AwsContext, arn } from "../context";
import { lowercase, terraformName, uppercase } from "../identifiers";
import type { AwsBehaviours } from "./behaviours";
import { defaultSecurityGroup, vpcOfSubnets } from "./shared";
import { defaultVpcId } from "./vpc";

const lower = (name: string) => name.toLowerCase();
const MANAGED = "Managed by Pulumi";

const ports: Record<string, number> = { mariadb: 3306, mysql: 3306, oracle: 1521, postgres: 5432, sqlserver: 1433 };

/** internal/service/rds, internal/service/elasticache (hashicorp/terraform-provider-aws). */
export const databases: AwsBehaviours = {
  "aws:rds/instance:Instance": {
    autoname: null,
    defaults: { autoMinorVersionUpgrade: true, deleteAutomatedBackups: true, monitoringInterval: 0 },
    replaces: [
      ...["availabilityZone", "backupTarget", "characterSetName", "customIamInstanceProfile", "dbName", "engine"],
      ...["kmsKeyId", "ncharCharacterSetName", "restoreToPointInTime", "s3Import", "snapshotIdentifier"],
      ...["storageEncrypted", "timezone", "username", "identifierPrefix"],
    ],
    create: instance,
  },
  "aws:rds/subnetGroup:SubnetGroup": {
    autoname: { property: "name", transform: lower },
    defaults: { description: MANAGED },
    validate: ({ name }) =>
      typeof name !== "string" || /^[.0-9A-Za-z_ -]+$/.test(name)
        ? []
        : [
            {
              path: "name",
              reason: `only alphanumeric characters, hyphens, underscores, periods, and spaces allowed in "name"`,
            },
          ],
    create: (inputs, context) => {
      const name = String(inputs.name).toLowerCase();
      const vpcId = vpcOfSubnets(inputs.subnetIds as Value[], context);
      const own = { name, vpcId, supportedNetworkTypes: ["IPV4"], arn: arn(context, "rds", `subgrp:${name}`) };
      return { id: name, properties: { namePrefix: "", ...inputs, ...own } };
    },
  },
  "aws:rds/parameterGroup:ParameterGroup": {
    autoname: { property: "name", transform: lower },
    defaults: { description: MANAGED, "parameters.applyMethod": "immediate" },
    replaces: ["description", "family"],
    create: (inputs, context) => {
      const name = String(inputs.name).toLowerCase();
      return { id: name, properties: { namePrefix: "", ...inputs, name, arn: arn(context, "rds", `pg:${name}`) } };
    },
  },
  "aws:elasticache/subnetGroup:SubnetGroup": {
    autoname: { property: "name", transform: lower },
    defaults: { description: MANAGED },
    create: (inputs, context) => {
      const name = String(inputs.name).toLowerCase();
      const vpcId = vpcOfSubnets(inputs.subnetIds as Value[], context);
      return { id: name, properties: { name, vpcId, arn: arn(context, "elasticache", `subnetgroup:${name}`) } };
    },
  },
  "aws:elasticache/replicationGroup:ReplicationGroup": {
    autoname: { property: "replicationGroupId", maxLength: 40, transform: lower },
    defaults: { engine: "redis" },
    replaces: [
      "atRestEncryptionEnabled",
      "kmsKeyId",
      "port",
      "snapshotArns",
      "snapshotName",
      "subnetGroupName",
      "dataTieringEnabled",
    ],
    create: replicationGroup,
  },
  "aws:elasticache/cluster:Cluster": {
    autoname: { property: "clusterId", maxLength: 50, transform: lower },
    replaces: ["availabilityZone", "azMode", "engine", "port", "replicationGroupId", "subnetGroupName", "snapshotArns"],
    create: (inputs, context) => {
      const id = String(inputs.clusterId);
      const port = Number(inputs.port ?? (inputs.engine === "memcached" ? 11_211 : 6379));
      const address = `${id}.${lowercase(6)}.0001.${regionCode(context.region)}.cache.amazonaws.com`;
      const cacheNodes = [{ id: "0001", address, port, availabilityZone: `${context.region}a`, outpostArn: "" }];
      const own = { port, cacheNodes, clusterAddress: address, arn: arn(context, "elasticache", `cluster:${id}`) };
      return { id, properties: { numCacheNodes: 1, ...inputs, ...own } };
    },
  },
};

function instance(inputs: Properties, context: AwsContext) {
  const identifier = String(
    inputs.identifier ?? terraformName(String(inputs.identifierPrefix ?? "terraform-")),
  ).toLowerCase();
  const engine = String(inputs.engine ?? "postgres");
  const port = Number(inputs.port ?? ports[engine.split("-")[0] ?? ""] ?? 3306);
  const address = `${identifier}.${lowercase(12)}.${context.region}.rds.amazonaws.com`;
  const group = context.existing("aws:rds/subnetGroup:SubnetGroup").find(({ id }) => id === inputs.dbSubnetGroupName);
  const vpcId = String(group?.properties.vpcId ?? defaultVpcId(context.account, context.region));
  const resourceId = `db-${uppercase(26)}`;
  const version = String(inputs.engineVersion ?? "");
  const major = version.split(".")[0] ?? "";
  const secret = arn(context, "secretsmanager", `secret:rds!${resourceId.toLowerCase()}-${lowercase(6)}`);
  const managed = { secretArn: secret, secretStatus: "active", kmsKeyId: "alias/aws/secretsmanager" };
  const filled: Properties = {
    ...{ availabilityZone: `${context.region}a`, backupRetentionPeriod: 0, backupTarget: "region" },
    ...{ backupWindow: "02:00-02:30", maintenanceWindow: "sun:04:00-sun:04:30", caCertIdentifier: "rds-ca-rsa2048-g1" },
    ...{ dbSubnetGroupName: "default", databaseInsightsMode: "standard", domainFqdn: "", characterSetName: "" },
    ...{ engineLifecycleSupport: "open-source-rds-extended-support", identifierPrefix: "", iops: 0, kmsKeyId: "" },
    ...{ licenseModel: engine === "postgres" ? "postgresql-license" : "general-public-license", multiAz: false },
    ...{ monitoringRoleArn: "", ncharCharacterSetName: "", networkType: "IPV4", snapshotIdentifier: "", timezone: "" },
    ...{ optionGroupName: `default:${engine}-${major}`, parameterGroupName: `default.${engine}${major}` },
    ...{ performanceInsightsKmsKeyId: "", performanceInsightsRetentionPeriod: 0, replicaMode: "", replicas: [] },
    ...{ storageThroughput: 0, storageType: inputs.iops === undefined ? "gp2" : "io1", dbName: "" },
    vpcSecurityGroupIds: [defaultSecurityGroup(vpcId)],
  };
  const own: Properties = {
    ...{ identifier, address, port, endpoint: `${address}:${port}`, resourceId, status: "available" },
    ...{ engine, engineVersionActual: version, hostedZoneId: "Z29XKXDKYMONMX", listenerEndpoints: [] },
    masterUserSecrets: inputs.manageMasterUserPassword === true ? [managed] : [],
    arn: arn(context, "rds", `db:${identifier}`),
  };
  return { id: resourceId, properties: { ...filled, ...inputs, ...own } };
}

function replicationGroup(inputs: Properties, context: AwsContext) {
  const id = String(inputs.replicationGroupId);
  const port = Number(inputs.port ?? 6379);
  const secure = inputs.transitEncryptionEnabled === true;
  const clustered = isObject(inputs.clusterMode) || Number(inputs.numNodeGroups ?? 1) > 1;
  const zone = `${lowercase(6)}.${regionCode(context.region)}.cache.amazonaws.com`;
  const host = (part: string) => (secure ? `${part}.${id}.${zone}` : `${id}.${zone.replace(".", `.${part}.`)}`);
  const count = Number(inputs.numCacheClusters ?? 1);
  const endpoints: Properties = clustered
    ? { configurationEndpointAddress: host("clustercfg") }
    : {
        primaryEndpointAddress: host(secure ? "master" : "ng.0001"),
        readerEndpointAddress: host(secure ? "replica" : "ro"),
      };
  const filled = {
    autoMinorVersionUpgrade: true,
    clusterEnabled: clustered,
    numCacheClusters: count,
    numNodeGroups: 1,
  };
  const members = Array.from({ length: count }, (_, index) => `${id}-${String(index + 1).padStart(3, "0")}`);
  const own = { port, memberClusters: members, arn: arn(context, "elasticache", `replicationgroup:${id}`) };
  return { id, properties: { ...filled, ...inputs, ...endpoints, ...own } };
}

/** `eu-west-1` is `euw1` in ElastiCache's host names. */
function regionCode(region: string): string {
  const [area = "", side = "", number = ""] = region.split("-");
  return `${area}${side[0] ?? ""}${number}`;
}
