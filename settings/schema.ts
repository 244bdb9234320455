import { z } from "zod";
import { identity } from "./identity";
import { hostName, list, name, whole, zoneName } from "./kinds";
import { machineTokens } from "./machine-tokens";
import { internal, network } from "./network";

export type { Meaning } from "./kinds";

/** Memory in MiB that Fargate takes with so many CPU units (Amazon ECS task definition parameters for Fargate). */
export const fargateMemory: Record<number, { min: number; max: number; step: number }> = {
  256: { min: 512, max: 2048, step: 512 },
  512: { min: 1024, max: 4096, step: 1024 },
  1024: { min: 2048, max: 8192, step: 1024 },
  2048: { min: 4096, max: 16384, step: 1024 },
  4096: { min: 8192, max: 30720, step: 1024 },
};
const cpu = z.literal(Object.keys(fargateMemory).map(Number)).meta({
  about: "CPU units; 1024 are one vCPU.",
  allowed: Object.keys(fargateMemory).join(", "),
  example: "1024",
  unit: "CPU units",
});
const memoryMiB = whole(512, 30720, "MiB", "2048", "Memory of the task.");

const retention = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** Every setting but the secret ones. */
export const schema = z.strictObject({
  access: z.enum(["gateway", "alb"]).default("gateway").meta({
    about: "What asks people for the login: a gateway beside Prefect (nginx and oauth2-proxy), or the load balancer.",
    allowed: "gateway or alb",
    example: "alb",
  }),
  domain: name(hostName, {
    about: "The name under which people reach Prefect.",
    allowed: "a host name in lower case with a dot in it, at most 64 characters, without https://",
    example: "prefect.example.com",
  }),
  hostedZone: name(zoneName, {
    about: "The Route 53 zone for the domain's record and for the certificate's validation.",
    allowed: "the name of a public zone that holds the domain",
    example: "example.com",
  }).optional(),
  certificateArn: name(/^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[a-z0-9-]+$/, {
    about: "A certificate of one's own, instead of one made here.",
    allowed: "an ACM certificate's ARN in the stack's region",
    example: "arn:aws:acm:eu-west-1:123456789012:certificate/12345678-1234-1234-1234-123456789012",
  }).optional(),
  path: name(/^(?=.{1,64}$)(\/|(\/[a-z0-9]+(-[a-z0-9]+)*)+)$/, {
    about: "Where Prefect is on the domain: at the root or below a prefix.",
    allowed: "/ or a prefix such as /prefect: up to 64 of a-z, 0-9, - and /",
    example: "/prefect",
  }).default("/"),
  identity,
  allowedGroups: list(
    "Groups of whom one is enough to come in (access gateway only). Empty: everybody in the Cognito pool.",
    "names of letters, digits and _ . : / @ + -",
    "data-team",
    /^[A-Za-z0-9_.:/@+-]{1,128}$/,
  ).default([]),
  workersEndpoint: z.enum(["private", "public"]).default("private").meta({
    about:
      "Where workers call: an internal load balancer in the VPC, or the public domain with the machine credential.",
    allowed: "private or public",
    example: "public",
  }),
  internal,
  machineTokens,
  profile: z
    .enum(["dev"])
    .default("dev")
    .meta({
      about: "How big: one server task and a small database.",
      allowed: "dev",
      example: "dev",
      later: { production: "profile: production is not available yet in this version; use dev" },
    }),
  network,
  database: z
    .strictObject({
      instanceClass: name(/^db\.[a-z0-9]+\.[a-z0-9]+$/, {
        about: "RDS instance class.",
        allowed: "a class such as db.t4g.micro",
        example: "db.t4g.small",
      }).default("db.t4g.micro"),
      // It grows up to four times that, and RDS has no more than 65,536 GB for an instance.
      allocatedStorageGb: whole(
        20,
        16384,
        "GB",
        "50",
        "Disk at first; it grows by itself up to four times that.",
      ).default(20),
      backupRetentionDays: whole(1, 35, "days", "14", "How long automatic backups are kept.").default(7),
    })
    .prefault({})
    .meta({ about: "PostgreSQL on RDS.", allowed: "an object", example: "{}" }),
  server: z
    .strictObject({ cpu: cpu.default(512), memoryMiB: memoryMiB.default(2048) })
    .prefault({})
    .meta({ about: "The server's task.", allowed: "an object", example: "{}" }),
  workers: z
    .strictObject({
      pool: name(/^[A-Za-z0-9][A-Za-z0-9_. -]{0,99}$/, {
        about: "The work pool; made by the first worker.",
        allowed: "1 to 100 letters, digits, blanks and _ . -",
        example: "default",
      }).default("default"),
      count: whole(0, 100, "tasks", "2", "How many workers run.").default(1),
      cpu: cpu.default(512),
      memoryMiB: memoryMiB.default(1024),
    })
    .prefault({})
    .meta({ about: "Workers on Fargate.", allowed: "an object", example: "{}" }),
  session: z
    .strictObject({
      lifetimeHours: whole(1, 168, "hours", "12", "After so long people log in again.").default(12),
      refreshMinutes: whole(
        1,
        60,
        "minutes",
        "15",
        "How often the issuer is asked whether a person may stay. With access alb and an issuer of one's own, the life of its access tokens decides instead.",
      ).default(15),
    })
    .prefault({})
    .meta({ about: "How long a login lasts.", allowed: "an object", example: "{}" }),
  logRetentionDays: z
    .literal(retention)
    .default(30)
    .meta({ about: "How long CloudWatch keeps the logs.", allowed: retention.join(", "), example: "90", unit: "days" }),
  deletionProtection: z.boolean().default(true).meta({
    about:
      "Whether AWS refuses to delete the database, the pool and the load balancer; a deleted database leaves a snapshot.",
    allowed: "true or false",
    example: "false",
  }),
});
