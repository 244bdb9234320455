import * as pulumi from "@pulumi/pulumi";
import { System, type SystemArgs } from "../../../components/system";
import { build, type World } from "../../support/world";

/** Every setting's default, and access gateway with workers from the internet. */
export const args: SystemArgs = {
  access: "gateway",
  path: "/",
  workersEndpoint: "public",
  internal: { domain: "prefect.internal", loadBalancer: "application", allowedCidrs: [] },
  domain: "prefect.example.com",
  hostedZone: "example.com",
  identity: { type: "cognito", mfa: "optional" },
  allowedGroups: ["data-team"],
  session: { lifetimeHours: 12, refreshMinutes: 15 },
  deletionProtection: true,
  network: { type: "new", cidr: "10.0.0.0/16", availabilityZones: 2, natGateways: "single" },
  database: { instanceClass: "db.t4g.micro", allocatedStorageGb: 20, backupRetentionDays: 7 },
  server: { cpu: 512, memoryMiB: 2048 },
  workers: { pool: "default", count: 2, cpu: 512, memoryMiB: 1024 },
  logRetentionDays: 30,
};

const networkBalancer = { ...args.internal, loadBalancer: "network" as const };

/** An issuer of one's own, with endpoints that need no discovery. */
export const issuer = {
  identity: {
    type: "oidc",
    provider: "generic",
    issuer: "https://login.example.com",
    clientId: "prefect",
    scopes: ["openid", "email"],
    groupsClaim: "groups",
    allowedEmailDomains: [],
    endpoints: {
      authorization: "https://login.example.com/authorize",
      token: "https://login.example.com/token",
      userInfo: "https://login.example.com/userinfo",
      endSession: "https://login.example.com/logout",
    },
  },
  oidcClientSecret: pulumi.secret("given"),
} satisfies Partial<SystemArgs>;

const alb = { access: "alb", workersEndpoint: "private", allowedGroups: [] } satisfies Partial<SystemArgs>;

/** The systems that most tests look at, by what differs from `args`. */
const systems = {
  gateway: {},
  "gateway private": { workersEndpoint: "private" },
  "gateway private by network": { workersEndpoint: "private", internal: networkBalancer },
  "gateway issuer": issuer,
  alb,
  "alb public": { ...alb, workersEndpoint: "public" },
  "alb private by network": { ...alb, internal: networkBalancer },
  "alb prefix": { ...alb, path: "/prefect" },
  "alb issuer": { ...alb, ...issuer },
  "alb public issuer prefix": { ...alb, ...issuer, workersEndpoint: "public", path: "/prefect" },
} satisfies Record<string, Partial<SystemArgs>>;
export type SystemName = keyof typeof systems;

export function system(changes: Partial<SystemArgs> = {}): System {
  return new System("prefect", { ...args, ...changes });
}

/** What the load balancer's login is with other settings than those below. */
export function albSystem(changes: Partial<SystemArgs> = {}): System {
  return system({ ...alb, ...changes });
}

const built = new Map<SystemName, Promise<World>>();

/** A system's resources, built once for all tests: they only look. */
export function worldOf(name: SystemName): Promise<World> {
  const known = built.get(name);
  if (known) return known;
  const world = build(() => system(systems[name]));
  built.set(name, world);
  return world;
}

/** The listener's rules in the order in which the load balancer asks them. */
export function rulesOf(world: World, listener = "prefect-lb-https") {
  const arn = `arn:aws:lb:eu-west-1:123456789012:${listener}`;
  return world
    .all("aws:lb/listenerRule:ListenerRule")
    .filter(({ inputs }) => inputs.listenerArn === arn)
    .sort((a, b) => a.inputs.priority - b.inputs.priority)
    .map(({ name, inputs: { priority, conditions, actions } }) => ({ name, priority, conditions, actions }));
}
