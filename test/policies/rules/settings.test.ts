import assert from "node:assert/strict";
import type { PolicyConfigJSONSchema } from "@pulumi/policy/schema";
import { configSchema, configured } from "../../../policies/configuration";
import { rules } from "../../../policies/pack";
import { prefectApiRequiresAuth } from "../../../policies/rules/prefect-api-requires-auth";
import { taskDefinitionHoldsNoSecret } from "../../../policies/rules/task-definition-holds-no-secret";
import { exemptionsSchema } from "../../../policies/support/exemptions";
import { fits } from "../support/schema";
import { ruleCases } from "./cases/rule-cases";
import { found } from "./support/found";
import { changed, soundAlb, soundGateway } from "./support/sound";

const all = [...rules, prefectApiRequiresAuth, taskDefinitionHoldsNoSecret];

describe("the rules' names and levels", () => {
  it("are those of their cases", () => {
    assert.deepEqual(
      all.map(({ name }) => name).sort(),
      [...Object.keys(ruleCases), "prefect-api-requires-auth"].sort(),
    );
  });

  it("follow from how bad it is", () => {
    for (const { name, enforcementLevel, severity } of all) {
      const isWeak = ["low", "medium"].includes(severity ?? "") || name === "no-pass-role-on-everything";
      assert.ok(["low", "medium", "high", "critical"].includes(severity ?? ""), name);
      assert.equal(enforcementLevel, isWeak ? "advisory" : "mandatory", name);
    }
  });
});

const exemption = {
  ...{ project: "flows", stack: "prod", resource: "https" },
  ...{ owner: "data team", reason: "old clients", expires: "2027-01-31" },
};
const without = (name: string): object => Object.fromEntries(Object.entries(exemption).filter(([key]) => key !== name));

/** What a setting may be besides its default, and what it may not. */
const values: Readonly<Record<string, readonly [takes: readonly unknown[], refuses: readonly unknown[]]>> = {
  "database-is-backed-up minimumDays": [
    [1, 35],
    [0, 36, 1.5, "7"],
  ],
  "images-are-fixed requireDigest": [[true], ["true", 1]],
  "login-sessions-end maximumHours": [
    [0.5, 168],
    [0, -1, "24"],
  ],
  "login-sessions-end maximumRefreshMinutes": [
    [0.5, 90],
    [0, -1, "60"],
  ],
  "oauth2-proxy-is-hardened minimum": [
    ["7.15.2", "10.0.0"],
    ["7.15", "v7.15.3", "7.15.3-alpine", "", 7],
  ],
  "prefect-version-is-recent minimum": [
    ["3.9.0", "3.10.11"],
    ["3.9", "v3.9.0", "3.9.0rc1", "", 3],
  ],
  "production-database-is-kept productionStacks": [["^main$"], [true]],
  "tls-has-a-floor minimum": [
    ["1.2", "1.3"],
    ["1.1", "", 1.2],
  ],
  "prefect-api-requires-auth cannotTell": [
    ["mandatory", "advisory", "disabled"],
    ["", "remediate", true],
  ],
  "prefect-api-requires-auth trusted": [
    [["sg-0123"], ["arn:aws:elasticloadbalancing:*:listener/app/shared-login/*", "abc"], ["*abc*"]],
    ["sg-0123", ["*"], ["ab"], ["a*b*c"], [" ab"], [""], [1]],
  ],
  "task-definition-holds-no-secret exemptions": [
    [[exemption]],
    [
      exemption,
      [{ ...exemption, expires: "31.01.2027" }],
      [{ ...exemption, expires: "2027-01-31T00:00:00Z" }],
      [{ ...exemption, expires: "from 2027-01-31" }],
      [{ ...exemption, until: "2027-01-31" }],
      ["https"],
      ...Object.keys(exemption).flatMap((name) => [
        [without(name)],
        [{ ...exemption, [name]: "" }],
        [{ ...exemption, [name]: 1 }],
      ]),
    ],
  ],
};

const settings: readonly (readonly [name: string, schema: PolicyConfigJSONSchema])[] = [
  ...rules.flatMap(({ name, settings = {} }) =>
    Object.entries<PolicyConfigJSONSchema>({ ...settings }).map(
      ([setting, schema]) => [`${name} ${setting}`, schema] as const,
    ),
  ),
  ...[prefectApiRequiresAuth, taskDefinitionHoldsNoSecret].flatMap(({ name, configSchema: schemas }) =>
    Object.entries(schemas?.properties ?? {}).map(([setting, schema]) => [`${name} ${setting}`, schema] as const),
  ),
];

describe("the rules' settings", () => {
  it("are these", () => {
    assert.deepEqual(settings.map(([name]) => name).sort(), Object.keys(values).sort());
  });

  for (const [name, schema] of settings)
    it(`take what ${name} may be, and nothing else`, () => {
      const [takes, refuses] = values[name] ?? [[], []];
      for (const value of [schema.default, ...takes]) assert.ok(fits(schema, value), JSON.stringify(value));
      for (const value of refuses) assert.ok(!fits(schema, value), JSON.stringify(value));
    });

  it("are the pack's where nobody says anything", () => {
    assert.deepEqual(configured({}), { cannotTell: "mandatory", trusted: [] });
    assert.deepEqual(configured({ cannotTell: "disabled" }), { cannotTell: "disabled", trusted: [] });
    assert.deepEqual(configured({ trusted: ["sg-0123"] }), { cannotTell: "mandatory", trusted: ["sg-0123"] });
    assert.equal(configSchema.properties["cannotTell"]?.default, "mandatory");
    assert.deepEqual(configSchema.properties["trusted"]?.default, []);
    assert.deepEqual(exemptionsSchema.default, []);
  });
});

const says = (name: string, stack: ReturnType<typeof soundAlb>, given: object): string[] =>
  found(name, stack, { settings: given }).map(({ message }) => message);
const one = (messages: readonly string[], wanted: string): void => {
  assert.equal(messages.length, 1);
  assert.ok(messages[0]?.includes(wanted), messages[0]);
};

describe("a rule that is set otherwise", () => {
  it("asks for digests", () => {
    one(says("images-are-fixed", soundAlb(), { requireDigest: true }), "Name a digest (@sha256:...).");
    const digest = soundAlb({ prefect: { image: `prefecthq/prefect:3.8.8@sha256:${"0".repeat(64)}` } });
    assert.deepEqual(says("images-are-fixed", digest, { requireDigest: true }), []);
  });

  it("asks for TLS 1.3", () => {
    const policy = (sslPolicy: string): ReturnType<typeof soundAlb> => changed(soundAlb(), "https", { sslPolicy });
    one(
      says("tls-has-a-floor", policy("ELBSecurityPolicy-TLS13-1-2-2021-06"), { minimum: "1.3" }),
      "it takes TLS 1.2. Write one whose name says 1-3 or more.",
    );
    assert.deepEqual(says("tls-has-a-floor", policy("ELBSecurityPolicy-TLS13-1-3-2021-06"), { minimum: "1.3" }), []);
  });

  it("asks for more days of backups", () => {
    one(says("database-is-backed-up", soundAlb(), { minimumDays: 8 }), "is 7: write 8 or more.");
    assert.deepEqual(says("database-is-backed-up", soundAlb(), { minimumDays: 7 }), []);
  });

  it("asks for shorter sessions", () => {
    one(says("login-sessions-end", soundAlb(), { maximumHours: 4 }), "is 8 hours. Write 14400 seconds or less.");
    const proxy = says("login-sessions-end", soundGateway(), { maximumHours: 8, maximumRefreshMinutes: 10 });
    one(proxy, "12 hours (cookie-expire; at most 8h)");
    one(proxy, "every 15 minutes only (cookie-refresh; at most 10m)");
  });

  it("asks for newer versions", () => {
    assert.deepEqual(says("prefect-version-is-recent", soundAlb(), { minimum: "3.9.0" }), [
      'Container "prefect" runs Prefect 3.8.8, below 3.9.0. Take 3.9.0 or later.',
    ]);
    assert.deepEqual(says("prefect-version-is-recent", soundAlb(), { minimum: "3.8.8" }), []);
    one(says("oauth2-proxy-is-hardened", soundGateway(), { minimum: "8.0.0" }), "version 7.15.3 is below 8.0.0");
    assert.deepEqual(says("oauth2-proxy-is-hardened", soundGateway(), { minimum: "7.15.3" }), []);
  });

  it("takes other stacks for production", () => {
    const rule = "production-database-is-kept";
    for (const stackName of ["prod", "PROD", "europe-prod", "prod_2", "live", "production.eu"])
      assert.equal(found(rule, soundAlb(), { stackName }).length, 1, stackName);
    for (const stackName of ["dev", "product", "nonprod", "deliver", "olive"])
      assert.equal(found(rule, soundAlb(), { stackName }).length, 0, stackName);
    const given = { productionStacks: "^main$" };
    assert.equal(found(rule, soundAlb(), { stackName: "main", settings: given }).length, 1);
    assert.equal(found(rule, soundAlb(), { stackName: "prod", settings: given }).length, 0);
  });
});
