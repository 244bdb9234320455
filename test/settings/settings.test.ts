import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { readSettings } from "../../settings";
import { configure, project, refusal } from "./support/configure";

const valid = { domain: "prefect.example.com", hostedZone: "example.com" };
const oidc = { type: "oidc", issuer: "https://login.example.com/realms/main", clientId: "prefect" };

function problem(key: string, got: string, allowed: string, fix: string): string {
  return `  ${project}:${key}\n    got      ${got}\n    allowed  ${allowed}\n    fix      ${fix}`;
}

describe("settings", () => {
  before(async () => {
    await pulumi.runtime.setMocks(
      {
        call: ({ token }) => assert.fail(token),
        newResource: ({ type }) => assert.fail(type),
      },
      project,
      "test",
    );
  });

  it("need a domain and a zone, and have a default for everything else", () => {
    configure(valid);
    assert.deepEqual(readSettings(), {
      access: "gateway",
      domain: "prefect.example.com",
      hostedZone: "example.com",
      identity: { type: "cognito", mfa: "optional" },
      allowedGroups: [],
      workersEndpoint: "private",
      internal: { domain: "prefect.internal", loadBalancer: "application", allowedCidrs: [] },
      path: "/",
      profile: "dev",
      network: { type: "new", cidr: "10.0.0.0/16", availabilityZones: 2, natGateways: "single" },
      database: { instanceClass: "db.t4g.micro", allocatedStorageGb: 20, backupRetentionDays: 7 },
      server: { cpu: 512, memoryMiB: 2048 },
      workers: { pool: "default", count: 1, cpu: 512, memoryMiB: 1024 },
      session: { lifetimeHours: 12, refreshMinutes: 15 },
      logRetentionDays: 30,
      deletionProtection: true,
    });
  });

  it("take an issuer with its client, whose secret stays an output", () => {
    configure({ ...valid, identity: oidc, allowedGroups: ["data"], oidcClientSecret: "s3cr'et\"$;" }, [
      "oidcClientSecret",
    ]);
    const { identity, oidcClientSecret } = readSettings();
    assert.deepEqual(identity, {
      ...oidc,
      provider: "generic",
      allowedEmailDomains: [],
      admitEverybody: false,
    });
    assert.ok(pulumi.Output.isInstance(oidcClientSecret));
  });

  it("take an existing network", () => {
    const network = {
      type: "existing",
      vpcId: "vpc-0a1b2c3d",
      publicSubnetIds: ["subnet-0a", "subnet-0b"],
      privateSubnetIds: ["subnet-0c", "subnet-0d"],
    };
    configure({ ...valid, network });
    assert.deepEqual(readSettings().network, network);
  });

  it("report every problem at once, each with what was got, what is allowed and the fix", () => {
    const message = refusal({
      domain: "https://Prefect.example.com/",
      logRetentionDays: 31,
      database: { backupRetentionDays: 99, instanceClas: "db.t4g.small" },
      workers: "none",
      hostedzone: "example.com",
    });
    const expected = [
      problem(
        "domain",
        '"https://Prefect.example.com/"',
        "a host name in lower case with a dot in it, at most 64 characters, without https://",
        "pulumi config set domain prefect.example.com",
      ),
      problem(
        "database.backupRetentionDays",
        "99",
        "a whole number of days from 1 to 35",
        "pulumi config set --path database.backupRetentionDays 14",
      ),
      problem(
        "database.instanceClas",
        "a setting of that name",
        "instanceClass, allocatedStorageGb, backupRetentionDays",
        "did you mean database.instanceClass? pulumi config rm --path database.instanceClas",
      ),
      problem("workers", '"none"', "an object", "pulumi config set workers {}"),
      problem(
        "logRetentionDays",
        "31",
        "1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653",
        "pulumi config set logRetentionDays 90",
      ),
    ];
    for (const block of expected) assert.ok(message.includes(block), `${block}\nis not in\n${message}`);
    assert.match(message, /did you mean hostedZone\? pulumi config rm hostedzone/);
    assert.match(message, /^7 of the settings cannot be used, so nothing was registered:\n/);
  });

  for (const [key, value, reason] of [
    ["profile", "production", "profile: production is not available yet in this version; use dev"],
  ] as const) {
    it(`say that ${key} ${value} comes later`, () => {
      assert.ok(refusal({ ...valid, [key]: value }).includes(`    allowed  ${reason}\n`));
    });
  }

  for (const domain of [
    "",
    "prefect",
    "a b.example.com",
    "x.example.com;",
    'x"y.example.com',
    "$host.example.com",
    "x.example.com\nserver {}",
    "-x.example.com",
    `${"a".repeat(64)}.com`,
  ]) {
    it(`refuse the domain ${JSON.stringify(domain)}`, () => {
      assert.match(refusal({ ...valid, domain }), /:domain\n/);
    });
  }

  for (const [title, values, key] of [
    ["neither zone nor certificate", { domain: "prefect.example.com" }, "hostedZone"],
    ["a domain outside of the zone", { ...valid, hostedZone: "example.org" }, "domain"],
    ["a domain that only ends like the zone", { domain: "myexample.com", hostedZone: "example.com" }, "domain"],
    ["a prefix that ends in a slash", { ...valid, path: "/prefect/" }, "path"],
    ["a prefix with letters that nginx would read", { ...valid, path: "/a b;$host" }, "path"],
    [
      "memory that Fargate has not with so little CPU",
      { ...valid, server: { cpu: 256, memoryMiB: 4096 } },
      "server.memoryMiB",
    ],
    ["CPU that Fargate has not", { ...valid, workers: { cpu: 300 } }, "workers.cpu"],
    [
      "one subnet",
      {
        ...valid,
        network: {
          type: "existing",
          vpcId: "vpc-0a",
          publicSubnetIds: ["subnet-0a"],
          privateSubnetIds: ["subnet-0b", "subnet-0c"],
        },
      },
      "network.publicSubnetIds",
    ],
    [
      "a domain prefix that Cognito forbids",
      { ...valid, identity: { type: "cognito", domainPrefix: "my-aws-prefect" } },
      "identity.domainPrefix",
    ],
    ["an unknown kind of identity", { ...valid, identity: { type: "saml" } }, "identity.type"],
    ["groups that would end an argument", { ...valid, allowedGroups: ["a,b"] }, "allowedGroups.0"],
    ["a truth that is text", { ...valid, deletionProtection: "yes" }, "deletionProtection"],
  ] as const) {
    it(`refuse ${title}`, () => {
      const message = refusal(values);
      assert.ok(message.includes(`  ${project}:${key}\n`), message);
      assert.match(message, /^1 of the settings/);
    });
  }

  describe("with an issuer", () => {
    const base = { ...valid, identity: oidc, allowedGroups: ["data"] };

    it("need the client's secret", () => {
      assert.ok(
        refusal(base).includes(
          problem(
            "oidcClientSecret",
            "nothing",
            "the client's secret as the issuer shows it, stored with --secret",
            "pulumi config set --secret oidcClientSecret",
          ),
        ),
      );
    });

    for (const [title, secret, stored] of [
      ["in plain text", "hunter2hunter2", false],
      ["with a line end", "hunter2\nhunter2", true],
      ["with a blank", "hunter2 hunter2", true],
      ["that is empty", "", true],
    ] as const) {
      it(`refuse a secret ${title} without showing it`, () => {
        const message = refusal({ ...base, oidcClientSecret: secret }, stored ? ["oidcClientSecret"] : []);
        assert.match(message, /:oidcClientSecret\n/);
        assert.ok(!message.includes("hunter2"));
      });
    }

    it("do not show a secret that stands in the wrong place", () => {
      const message = refusal({ ...base, identity: { ...oidc, clientSecret: "hunter2" }, oidcClientSecret: "s" }, [
        "oidcClientSecret",
      ]);
      assert.match(message, /:identity\.clientSecret\n/);
      assert.ok(!message.includes("hunter2"));
    });

    it("refuse to let everybody in whom the issuer knows", () => {
      const message = refusal({ ...base, allowedGroups: [], oidcClientSecret: "s" }, ["oidcClientSecret"]);
      assert.match(message, /got {6}neither allowedGroups nor identity\.allowedEmailDomains\n/);
    });

    for (const [key, value] of [
      ["issuer", "http://login.example.com"],
      ["issuer", "https://login.example.com/?a=b"],
      ["clientId", "a b"],
      ["clientId", 'a";'],
      ["scopes", ["email"]],
    ] as const) {
      it(`refuse the ${key} ${JSON.stringify(value)}`, () => {
        const message = refusal({ ...base, identity: { ...oidc, [key]: value }, oidcClientSecret: "s" }, [
          "oidcClientSecret",
        ]);
        assert.match(message, new RegExp(`:identity\\.${key}\n`));
      });
    }
  });

  for (const [key, value] of [
    ["authorization", "http://login.example.com/authorize"],
    ["endSession", "https://login.example.com/$x"],
    ["endSession", "https://login.example.com/a;b"],
  ] as const) {
    it(`refuse the endpoint ${key} ${value}`, () => {
      const at = "https://login.example.com/";
      const endpoints = {
        authorization: `${at}authorize`,
        token: `${at}token`,
        userInfo: `${at}userinfo`,
        [key]: value,
      };
      const message = refusal(
        { ...valid, identity: { ...oidc, endpoints }, allowedGroups: ["data"], oidcClientSecret: "s" },
        ["oidcClientSecret"],
      );
      assert.match(message, new RegExp(`^1 of the settings[^]*:identity\\.endpoints\\.${key}\n`));
    });
  }

  it("refuse a client's secret without an issuer", () => {
    assert.match(
      refusal({ ...valid, oidcClientSecret: "hunter2" }, ["oidcClientSecret"]),
      /pulumi config rm oidcClientSecret/,
    );
  });
});
