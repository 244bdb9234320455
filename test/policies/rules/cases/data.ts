import { containers, prefect } from "../../support/pieces";
import { built, declare, type Declared, ref } from "../../support/stack";
import type { Cases } from "../support/cases";
import { changed, soundAlb } from "../support/sound";

const database = (inputs: Record<string, unknown>): Declared[] => changed(soundAlb(), "database", inputs);
/** Without what is not given: undefined is no value that Pulumi hands on. */
const cluster = (inputs: Record<string, unknown>, instance: Record<string, unknown> = {}): Declared[] => [
  ...soundAlb(),
  declare("aws:rds/cluster:Cluster", "cluster", {
    engine: "aurora-postgresql",
    storageEncrypted: true,
    ...inputs,
  }),
  declare("aws:rds/clusterInstance:ClusterInstance", "member", {
    engine: "aurora-postgresql",
    clusterIdentifier: ref("cluster", "id"),
    ...instance,
  }),
];
const mysql = { engine: "mysql", publiclyAccessible: true, storageEncrypted: false, backupRetentionPeriod: 0 };
const besides = (inputs: Record<string, unknown>): Declared[] => [
  ...soundAlb(),
  declare("aws:rds/instance:Instance", "shop", inputs),
];
const withoutPrefect = (inputs: Record<string, unknown>): Declared[] => [
  declare("aws:rds/instance:Instance", "shop", { engine: "postgres", ...inputs }),
];

const prefectAlone = containers(
  prefect({
    environment: { PREFECT_SERVER_API_KEEPALIVE_TIMEOUT: "75" },
    secrets: ["PREFECT_SERVER_DATABASE_HOST", "PREFECT_SERVER_DATABASE_PASSWORD"],
  }),
);

export const dataCases = {
  "database-is-private": {
    bad: {
      "a public address": {
        stack: database({ publiclyAccessible: true }),
        says: ["publiclyAccessible is true: only a security group"],
        of: "database",
      },
      "a public address as text": {
        stack: database({ publiclyAccessible: "true" }),
        says: ["publiclyAccessible is true"],
      },
      "a public member of a cluster": {
        stack: cluster({ backupRetentionPeriod: 7 }, { publiclyAccessible: true }),
        says: ["publiclyAccessible is true"],
      },
      "a public replica, whose engine is its source's": {
        stack: besides({ replicateSourceDb: ref("database", "id"), publiclyAccessible: true }),
        says: ["publiclyAccessible is true"],
      },
    },
    good: { "a private one": soundAlb(), "AWS's default": database({ publiclyAccessible: undefined }) },
    lookAlikes: {
      "another application's MySQL": besides({ ...mysql, engine: "mysql" }),
      "a public one in a stack without Prefect": withoutPrefect({ publiclyAccessible: true }),
    },
    unknown: {
      "what runs on Prefect's port": {
        stack: changed(
          changed(database({ publiclyAccessible: true }), "service", { loadBalancers: undefined }),
          "task",
          { containerDefinitions: built(["secret"], prefectAlone) },
        ),
        preview: ["publiclyAccessible is true"],
        finished: ["publiclyAccessible is true"],
      },
      "whether it is public": {
        stack: database({ publiclyAccessible: built(["secret"], "false") }),
        preview: ["publiclyAccessible is not known"],
      },
    },
  },
  "database-is-encrypted": {
    bad: {
      "AWS's default": { stack: database({ storageEncrypted: undefined }), says: ["storageEncrypted is not true"] },
      "switched off": { stack: database({ storageEncrypted: false }), says: ["storageEncrypted is not true"] },
      "a cluster": {
        stack: changed(cluster({ backupRetentionPeriod: 7 }), "cluster", { storageEncrypted: undefined }),
        says: ["storageEncrypted is not true"],
      },
    },
    good: { "an encrypted one": soundAlb(), "an encrypted cluster": cluster({ backupRetentionPeriod: 7 }) },
    lookAlikes: {
      "a replica, which is as its source": besides({
        replicateSourceDb: ref("database", "id"),
        backupRetentionPeriod: 7,
      }),
      "a serverless cluster, which always is": changed(cluster({ backupRetentionPeriod: 7 }), "cluster", {
        storageEncrypted: undefined,
        engineMode: "serverless",
      }),
      "another application's MySQL": besides({ ...mysql, publiclyAccessible: false }),
    },
    unknown: { "whether it is": { stack: database({ storageEncrypted: built(["secret"], "true") }) } },
  },
  "database-is-backed-up": {
    bad: {
      "the provider's default of none": {
        stack: database({ backupRetentionPeriod: undefined }),
        says: ["backupRetentionPeriod is not set, which is 0: write 7 or more."],
        of: "database",
      },
      none: { stack: database({ backupRetentionPeriod: 0 }), says: ["backupRetentionPeriod is 0: write 7"] },
      "three days": { stack: database({ backupRetentionPeriod: 3 }), says: ["is 3"] },
      "a cluster's default of one day": { stack: cluster({}), says: ["is not set, which is 1"] },
    },
    good: { "a week": soundAlb(), "a month": database({ backupRetentionPeriod: 30 }) },
    lookAlikes: {
      "a replica": besides({ engine: "postgres", replicateSourceDb: ref("database", "id"), storageEncrypted: true }),
    },
    unknown: {
      "how long": { stack: database({ backupRetentionPeriod: built(["secret"], "1") }), finished: ["is 1"] },
    },
  },
  "production-database-is-kept": {
    stackName: "europe-prod",
    bad: {
      "no protection and no last snapshot": {
        stack: database({ skipFinalSnapshot: true }),
        says: ["In this stack, which is production, deletionProtection is not true and skipFinalSnapshot is true."],
        of: "database",
      },
      "no protection": { stack: database({ skipFinalSnapshot: false }), says: ["deletionProtection is not true"] },
    },
    good: { "a protected one": database({ deletionProtection: true, skipFinalSnapshot: false }) },
    lookAlikes: {
      "a protected cluster, whose members have no protection of their own": [
        ...database({ deletionProtection: true, skipFinalSnapshot: false }),
        ...cluster({ backupRetentionPeriod: 7, deletionProtection: true }).slice(-2),
      ],
      "a protected replica without a last snapshot": [
        ...database({ deletionProtection: true, skipFinalSnapshot: false }),
        declare("aws:rds/instance:Instance", "replica", {
          replicateSourceDb: ref("database", "id"),
          deletionProtection: true,
          skipFinalSnapshot: true,
        }),
      ],
    },
    unknown: {
      "whether it is protected": {
        stack: database({ deletionProtection: built(["secret"], "true"), skipFinalSnapshot: false }),
      },
    },
  },
} satisfies Readonly<Record<string, Cases>>;
