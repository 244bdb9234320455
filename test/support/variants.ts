import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import type { SystemArgs } from "../../components/system";
import { combinationProblems } from "../../settings/combinations/combinations";
import { schema } from "../../settings/schema";
import { secretSettings } from "../../settings/secrets";

type Values = Record<string, unknown>;
/** A choice's values, as a user writes them, by names for people. */
type Choice = Record<string, Values>;

const certificateArn = "arn:aws:acm:eu-west-1:123456789012:certificate/12345678-1234-1234-1234-123456789012";
const issuer = "https://login.example.com/realms/main";
const oidc = { type: "oidc", issuer, clientId: "prefect", admitEverybody: true };
const endpoints = {
  authorization: `${issuer}/protocol/openid-connect/auth`,
  token: `${issuer}/protocol/openid-connect/token`,
  userInfo: `${issuer}/protocol/openid-connect/userinfo`,
};

/** What changes most: every combination of these is a variant. */
const crossed = {
  access: { gateway: { access: "gateway" }, alb: { access: "alb" } },
  identity: { cognito: { identity: { type: "cognito" } }, issuer: { identity: { ...oidc, endpoints } } },
  workers: {
    private: { workersEndpoint: "private", internal: { allowedCidrs: ["10.20.0.0/16", "10.30.0.0/16"] } },
    "private by network": {
      workersEndpoint: "private",
      internal: { loadBalancer: "network" },
    },
    public: { workersEndpoint: "public" },
  },
  path: { root: { path: "/" }, prefix: { path: "/prefect" } },
} satisfies Record<string, Choice>;

/** Each value of these is in a variant or more: in those where the settings allow it. */
const spread = {
  pool: {
    "its own people": {},
    "second factor": { identity: { domainPrefix: "own-prefix", mfa: "required" } },
    SAML: {
      identity: {
        federation: {
          type: "saml",
          name: "Okta",
          metadataUrl: "https://example.okta.com/metadata",
          admitEverybody: true,
        },
      },
    },
    federated: {
      identity: { federation: { type: "oidc", name: "Keycloak", issuer, clientId: "cognito", admitEverybody: true } },
    },
  },
  tokens: {
    "no tokens": {},
    GitHub: {
      machineTokens: { type: "github", repository: "example/flows" },
    },
    "pool's tokens": { machineTokens: { type: "cognito" } },
    "issuer's tokens": {
      machineTokens: {
        type: "jwt",
        issuer,
        jwksUrl: `${issuer}/protocol/openid-connect/certs`,
        audience: "prefect",
        claims: [{ name: "scope", format: "space-separated-values", values: ["prefect", "flows"] }],
      },
    },
  },
  groups: { everybody: {}, groups: { allowedGroups: ["data-team", "a".repeat(128), "b_c.d:e/f@g+h-i"] } },
  certificate: {
    made: { hostedZone: "example.com" },
    given: { hostedZone: undefined, certificateArn },
    "given, with a zone": { hostedZone: "example.com", certificateArn },
  },
  network: {
    new: {},
    existing: {
      network: {
        type: "existing",
        vpcId: "vpc-0a1b2c3d",
        publicSubnetIds: ["subnet-0a", "subnet-0b"],
        privateSubnetIds: ["subnet-0c", "subnet-0d"],
      },
    },
  },
  size: {
    usual: { domain: "prefect.example.com" },
    smallest: {
      domain: "p.example.com",
      session: { lifetimeHours: 1, refreshMinutes: 5 },
      database: { allocatedStorageGb: 20, backupRetentionDays: 1 },
      server: { cpu: 256, memoryMiB: 512 },
      workers: { pool: "p", count: 0, cpu: 256, memoryMiB: 512 },
      logRetentionDays: 1,
      deletionProtection: false,
    },
    largest: {
      domain: `${"p".repeat(50)}.example.com`,
      session: { lifetimeHours: 168, refreshMinutes: 60 },
      database: { instanceClass: "db.r8g.16xlarge", allocatedStorageGb: 16_384, backupRetentionDays: 35 },
      server: { cpu: 4096, memoryMiB: 30_720 },
      workers: { pool: "p".repeat(100), count: 100, cpu: 4096, memoryMiB: 30_720 },
      logRetentionDays: 3653,
    },
  },
} satisfies Record<string, Choice>;

export interface Variant {
  /** The values' names: `alb, cognito, private, root; SAML, no tokens, ...` */
  name: string;
  args: SystemArgs;
}

/** Names of all values: each is in the name of a variant. */
export const values = [...Object.values<Choice>(crossed), ...Object.values<Choice>(spread)].flatMap((choice) =>
  Object.keys(choice),
);

/** What a user can deploy: every combination of the choices that change most, and every value of all others. */
export const variants: Variant[] = spreadOver(product(Object.values(crossed)));

interface Row {
  names: string[];
  given: Values;
}

function product(choices: Choice[]): Row[] {
  return choices.reduce<Row[]>(
    (rows, choice) =>
      rows.flatMap(({ names, given }) =>
        Object.entries(choice).map(([name, value]) => ({ names: [...names, name], given: merged(given, value) })),
      ),
    [{ names: [], given: { domain: "prefect.example.com", hostedZone: "example.com" } }],
  );
}

/** Adds to each row, of every other choice, the value that is possible there and in the fewest rows so far. */
function spreadOver(rows: Row[]): Variant[] {
  const uses = new Map<string, number>();
  return rows.map((row) => {
    const names: string[] = [];
    let { given } = row;
    for (const choice of Object.values<Choice>(spread)) {
      const before = given;
      const possible = Object.entries(choice)
        .map(([name, value]) => ({ name, settings: merged(before, value) }))
        .filter(({ settings }) => read(settings) !== undefined);
      const [chosen] = possible.sort((a, b) => (uses.get(a.name) ?? 0) - (uses.get(b.name) ?? 0));
      if (!chosen)
        throw new Error(`${row.names.join(", ")}: no value of ${Object.keys(choice).join(", ")} is possible`);
      uses.set(chosen.name, (uses.get(chosen.name) ?? 0) + 1);
      names.push(chosen.name);
      given = chosen.settings;
    }
    const settings = read(given);
    if (!settings) throw new Error(`${row.names.join(", ")} is not possible`);
    return { name: `${row.names.join(", ")}; ${names.join(", ")}`, args: { ...settings, ...secrets(given) } };
  });
}

/** The settings with their defaults; undefined where a user is refused. */
function read(given: Values): z.output<typeof schema> | undefined {
  const parsed = schema.safeParse(given);
  return parsed.success && combinationProblems(parsed.data).length === 0 ? parsed.data : undefined;
}

function secrets(given: Values): Partial<SystemArgs> {
  const needed = Object.entries(secretSettings).filter(([, { isNeeded }]) => isNeeded(given));
  return Object.fromEntries(needed.map(([key]) => [key, pulumi.secret("given")]));
}

function merged(base: Values, changes: Values): Values {
  const isGroup = (value: unknown): value is Values =>
    typeof value === "object" && value !== null && !Array.isArray(value);
  const entries = Object.entries(changes).map(([key, value]) => {
    const old = base[key];
    return [key, isGroup(value) && isGroup(old) ? merged(old, value) : value];
  });
  return { ...base, ...Object.fromEntries(entries) };
}
