import { z } from "zod";

/** What a person may write for a setting, and one value that would do; `later` are values that a coming version takes. */
export interface Meaning {
  about: string;
  allowed: string;
  example: string;
  later?: Record<string, string>;
}

const name = (pattern: RegExp, meaning: Meaning) =>
  z
    .string()
    .regex(pattern)
    .meta({ ...meaning });
const whole = (min: number, max: number, unit: string, example: string, about: string) =>
  z
    .int()
    .min(min)
    .max(max)
    .meta({ about, allowed: `a whole number of ${unit} from ${min} to ${max}`, example });
const list = (about: string, allowed: string, example: string, pattern: RegExp) =>
  z.array(name(pattern, { about, allowed, example })).meta({ about, allowed: `a list: ${allowed}`, example });

const hostName = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;
const zoneName = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;
/** Such addresses end up in nginx's configuration, hence no quote, `;`, `$` or blank. */
const httpsUrl = /^https:\/\/[A-Za-z0-9.-]+(:[0-9]+)?(\/[A-Za-z0-9._~/%+-]*)?$/;
const subnets = (about: string) =>
  list(about, "ids such as subnet-0a1b2c3d", "subnet-0a1b2c3d", /^subnet-[0-9a-f]+$/).min(2);

const identityType = { about: "Who logs people in.", allowed: "cognito or oidc", example: "cognito" };
const cognito = z.strictObject({
  type: z.literal("cognito").meta(identityType),
  domainPrefix: name(/^(?!.*(aws|amazon|cognito))[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, {
    about: "First label of the login page's address, unique in the region. Default: the domain with - for dots.",
    allowed: "1 to 63 of a-z, 0-9 and -, without the words aws, amazon or cognito",
    example: "prefect-example-com",
  }).optional(),
  mfa: z
    .enum(["optional", "required"])
    .default("optional")
    .meta({ about: "A second factor by authenticator app.", allowed: "optional or required", example: "required" }),
});
const oidc = z.strictObject({
  type: z.literal("oidc").meta(identityType),
  issuer: name(httpsUrl, {
    about: "The issuer; its discovery document is at /.well-known/openid-configuration below it.",
    allowed: "an https address",
    example: "https://login.example.com/realms/main",
  }),
  clientId: name(/^[A-Za-z0-9._~:/@+-]+$/, {
    about: "The client that the issuer knows for this Prefect.",
    allowed: "letters, digits and . _ ~ : / @ + -",
    example: "prefect",
  }),
  scopes: list(
    "What to ask the issuer for.",
    "scopes, openid among them",
    "openid",
    /^[\x21\x23-\x5b\x5d-\x7e]+$/,
  ).default(["openid", "email", "profile"]),
  groupsClaim: name(/^[A-Za-z0-9._:/-]+$/, {
    about: "The claim that holds a person's groups.",
    allowed: "a claim's name",
    example: "groups",
  }).default("groups"),
  allowedEmailDomains: list("Domains whose addresses may come in.", "host names", "example.com", hostName).default([]),
  endSessionUrl: name(httpsUrl, {
    about: "The issuer's end_session_endpoint, so that signing out here signs out there.",
    allowed: "an https address without a query",
    example: "https://login.example.com/realms/main/protocol/openid-connect/logout",
  }).optional(),
});

const networkType = { about: "A VPC of its own, or one that exists.", allowed: "new or existing", example: "new" };
const newNetwork = z.strictObject({
  type: z.literal("new").meta(networkType),
  cidr: name(/^(\d{1,3}\.){3}0\/(1[6-9]|2[0-2])$/, {
    about: "The VPC's address range.",
    allowed: "an IPv4 range from /16 to /22",
    example: "10.20.0.0/16",
  }).default("10.0.0.0/16"),
  availabilityZones: whole(2, 3, "zones", "2", "Availability zones in use.").default(2),
  natGateways: z.enum(["single", "one-per-zone"]).default("single").meta({
    about: "Ways out to the internet: single costs a third of three, one-per-zone survives the loss of a zone.",
    allowed: "single or one-per-zone",
    example: "one-per-zone",
  }),
});
const existingNetwork = z.strictObject({
  type: z.literal("existing").meta(networkType),
  vpcId: name(/^vpc-[0-9a-f]+$/, { about: "The VPC.", allowed: "an id such as vpc-0a1b2c3d", example: "vpc-0a1b2c3d" }),
  publicSubnetIds: subnets("Two or more subnets in different zones with a route to an internet gateway."),
  privateSubnetIds: subnets("Two or more subnets in different zones with a way out by NAT."),
});

/** Memory in MiB that Fargate takes with so many CPU units (Amazon ECS task definition parameters for Fargate). */
export const fargateMemory: Record<number, { min: number; max: number; step: number }> = {
  256: { min: 512, max: 2048, step: 512 },
  512: { min: 1024, max: 4096, step: 1024 },
  1024: { min: 2048, max: 8192, step: 1024 },
  2048: { min: 4096, max: 16384, step: 1024 },
  4096: { min: 8192, max: 30720, step: 1024 },
};
const cpu = z
  .literal(Object.keys(fargateMemory).map(Number))
  .meta({ about: "CPU units; 1024 are one vCPU.", allowed: Object.keys(fargateMemory).join(", "), example: "1024" });
const memoryMiB = whole(512, 30720, "MiB", "2048", "Memory of the task.");

const retention = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** Every setting but the secret one. */
export const schema = z.strictObject({
  access: z
    .enum(["gateway"])
    .default("gateway")
    .meta({
      about: "What asks for the login: a gateway beside Prefect.",
      allowed: "gateway",
      example: "gateway",
      later: { alb: "access: alb is not available yet in this version; use gateway" },
    }),
  domain: name(hostName, {
    about: "The name under which people and workers reach Prefect.",
    allowed: "a host name in lower case, without https://",
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
  identity: z
    .discriminatedUnion("type", [cognito, oidc])
    .prefault({ type: "cognito" })
    .meta({ about: "Who logs people in.", allowed: "an object with type cognito or oidc", example: "cognito" }),
  allowedGroups: list(
    "Groups of whom one is enough to come in. Empty: everybody in the Cognito pool.",
    "names of letters, digits and _ . : / @ + -",
    "data-team",
    /^[A-Za-z0-9_.:/@+-]{1,128}$/,
  ).default([]),
  workersEndpoint: z
    .enum(["public"])
    .default("public")
    .meta({
      about: "Where workers call: the public entrance, with the machine credential.",
      allowed: "public",
      example: "public",
      later: { private: "workersEndpoint: private is not available yet in this version; use public" },
    }),
  path: name(/^\/$/, { about: "Where Prefect is on the domain.", allowed: "/", example: "/" }).default("/"),
  profile: z
    .enum(["dev"])
    .default("dev")
    .meta({
      about: "How big: one server task and a small database.",
      allowed: "dev",
      example: "dev",
      later: { production: "profile: production is not available yet in this version; use dev" },
    }),
  network: z
    .discriminatedUnion("type", [newNetwork, existingNetwork])
    .prefault({ type: "new" })
    .meta({ about: "Where everything runs.", allowed: "an object with type new or existing", example: "new" }),
  database: z
    .strictObject({
      instanceClass: name(/^db\.[a-z0-9]+\.[a-z0-9]+$/, {
        about: "RDS instance class.",
        allowed: "a class such as db.t4g.micro",
        example: "db.t4g.small",
      }).default("db.t4g.micro"),
      allocatedStorageGb: whole(20, 65536, "GB", "50", "Disk.").default(20),
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
      refreshMinutes: whole(1, 60, "minutes", "15", "How often the issuer is asked whether a person may stay.").default(
        15,
      ),
    })
    .prefault({})
    .meta({ about: "How long a login lasts.", allowed: "an object", example: "{}" }),
  logRetentionDays: z
    .literal(retention)
    .default(30)
    .meta({ about: "How long CloudWatch keeps the logs.", allowed: retention.join(", "), example: "90" }),
  deletionProtection: z.boolean().default(true).meta({
    about:
      "Whether AWS refuses to delete the database, the pool and the load balancer; a deleted database leaves a snapshot.",
    allowed: "true or false",
    example: "false",
  }),
});
