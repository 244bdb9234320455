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
const policy = (...statements: Record<string, unknown>[]): Declared[] =>
  changed(soundAlb(), "start", { policy: JSON.stringify({ Version: "2012-10-17", Statement: statements }) });
const allow = (more: Record<string, unknown>): Record<string, unknown> => ({ Effect: "Allow", ...more });
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
  "no-pass-role-on-everything": {
    bad: {
      "every role": {
        stack: policy(allow({ Action: "iam:PassRole", Resource: "*" })),
        says: ["A statement allows iam:PassRole on every role. Name the roles in its Resource."],
        of: "start",
      },
      "every role beside a named one, among other actions": {
        stack: policy(
          allow({ Action: ["ecs:RunTask", "iam:PassRole"], Resource: ["arn:aws:iam::123456789012:role/flows", "*"] }),
        ),
        says: ["iam:PassRole"],
      },
      "every role of accounts whose numbers begin alike": {
        stack: policy(allow({ Action: "iam:PassRole", Resource: "arn:aws:iam::99*:role/*" })),
        says: ["iam:PassRole"],
      },
      "every resource of IAM": {
        stack: policy(allow({ Action: "iam:PassRole", Resource: "arn:aws:iam:*" })),
        says: ["iam:PassRole"],
      },
      "everything but a user": {
        stack: policy(allow({ Action: "iam:PassRole", NotResource: "arn:aws:iam::123456789012:user/x" })),
        says: ["iam:PassRole"],
      },
      "every role by its path": {
        stack: policy(allow({ Action: ["iam:PassRole"], Resource: ["arn:aws:iam::*:role/*"] })),
        says: ["iam:PassRole"],
      },
      "every role of the account, to ECS only": {
        stack: policy(
          allow({
            Action: "iam:PassRole",
            Resource: "arn:aws:iam::123456789012:role/*",
            Condition: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
          }),
        ),
        says: ["iam:PassRole"],
      },
      "a wildcard action in another case": {
        stack: policy(allow({ Action: "IAM:pass*", Resource: "*" })),
        says: ["iam:PassRole"],
      },
      everything: { stack: policy(allow({ Action: "*", Resource: "*" })), says: ["iam:PassRole"] },
      "everything but something else": {
        stack: policy(allow({ NotAction: "s3:*", Resource: "*" })),
        says: ["iam:PassRole"],
      },
      "every resource but a bucket": {
        stack: policy(allow({ Action: "iam:*", NotResource: "arn:aws:s3:::x" })),
        says: ["iam:PassRole"],
      },
      "every role by a wildcard before the slash": {
        stack: policy(allow({ Action: "iam:PassRole", Resource: "arn:aws:iam::123456789012:role*" })),
        says: ["iam:PassRole"],
      },
      "every role of another partition": {
        stack: policy(allow({ Action: "iam:PassRole", Resource: "arn:aws-cn:iam::*:role/**" })),
        says: ["iam:PassRole"],
      },
      "an inline policy of a role": {
        stack: [
          ...soundAlb(),
          declare("aws:iam/role:Role", "worker", {
            inlinePolicies: [
              { name: "x", policy: JSON.stringify({ Statement: allow({ Action: "iam:PassRole", Resource: "*" }) }) },
            ],
          }),
        ],
        says: ["iam:PassRole"],
      },
      "AWS's policy for administrators": {
        stack: [
          ...soundAlb(),
          declare("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "admin", {
            role: "x",
            policyArn: "arn:aws:iam::aws:policy/AdministratorAccess",
          }),
        ],
        says: ["AWS's policy AdministratorAccess allows iam:PassRole on every role. Write one that names roles."],
        of: "admin",
      },
      "AWS's policies for IAM and for ECS, by a role": {
        stack: [
          ...soundAlb(),
          declare("aws:iam/role:Role", "worker", {
            managedPolicyArns: [
              "arn:aws:iam::aws:policy/IAMFullAccess",
              "arn:aws-cn:iam::aws:policy/AmazonECS_FullAccess",
            ],
          }),
        ],
        says: ["FullAccess allows iam:PassRole on every role"],
        count: 2,
        of: "worker",
      },
      "AWS's policy for administrators, by an attachment to several": {
        stack: [
          ...soundAlb(),
          declare("aws:iam/policyAttachment:PolicyAttachment", "admin", {
            roles: ["x"],
            policyArn: "arn:aws:iam::aws:policy/AdministratorAccess",
          }),
        ],
        says: ["AdministratorAccess"],
      },
      ...Object.fromEntries(
        ["policy:Policy", "userPolicy:UserPolicy", "groupPolicy:GroupPolicy"].map((type) => [
          `every role by aws:iam/${type}`,
          {
            stack: [
              ...soundAlb(),
              declare(`aws:iam/${type}`, "wide", {
                policy: { Statement: [allow({ Action: "iam:PassRole", Resource: "*" })] },
              }),
            ],
            says: ["iam:PassRole"],
            of: "wide",
          },
        ]),
      ),
    },
    good: { "roles by name": soundAlb() },
    lookAlikes: {
      "a refusal": policy({ Effect: "Deny", Action: "iam:PassRole", Resource: "*" }),
      "roles under a path": policy(allow({ Action: "iam:PassRole", Resource: "arn:aws:iam::*:role/flows/*" })),
      "roles under any path": policy(allow({ Action: "iam:PassRole", Resource: "arn:aws:iam::*:role/*/*" })),
      "roles whose names begin alike": policy(allow({ Action: "iam:PassRole", Resource: "arn:aws:iam::*:role/q*" })),
      "AWS's policy for administrators of something else": [
        ...soundAlb(),
        declare("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "amplify", {
          role: "x",
          policyArn: "arn:aws:iam::aws:policy/AdministratorAccess-Amplify",
        }),
      ],
      "a policy of one's own called like AWS's": [
        ...soundAlb(),
        declare("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "own", {
          role: "x",
          policyArn: "arn:aws:iam::123456789012:policy/AdministratorAccess",
        }),
      ],
      "other actions of IAM": policy(allow({ Action: ["iam:GetRole", "iam:List*"], Resource: "*" })),
      "everything but this": policy(allow({ NotAction: ["iam:*"], Resource: "*" })),
      "everything but roles": policy(allow({ Action: "*", NotResource: "arn:aws:iam::*:role/*" })),
      "a text that is no JSON": changed(soundAlb(), "start", { policy: "iam:PassRole *" }),
    },
    unknown: {
      "a policy that is attached": {
        stack: [
          ...soundAlb(),
          declare("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "attached", {
            role: "x",
            policyArn: built(["start"], "arn:aws:iam::aws:policy/IAMFullAccess"),
          }),
        ],
        finished: ["AWS's policy IAMFullAccess"],
      },
      "the policy": {
        stack: changed(soundAlb(), "start", {
          policy: built(["secret"], JSON.stringify({ Statement: allow({ Action: "iam:PassRole", Resource: "*" }) })),
        }),
        finished: ["iam:PassRole"],
      },
    },
  },
} satisfies Readonly<Record<string, Cases>>;
