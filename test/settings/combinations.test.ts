import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { readSettings } from "../../settings";
import { configure, project, refusal } from "./support/configure";

const valid = { domain: "prefect.example.com", hostedZone: "example.com" };
const issuer = {
  ...valid,
  identity: { type: "oidc", issuer: "https://login.example.com/realms/main", clientId: "prefect" },
  oidcClientSecret: "s3cret",
};
const secrets = ["oidcClientSecret"];
const everybody = { ...issuer, identity: { ...issuer.identity, admitEverybody: true } };
const ofProvider = (provider: string, issuerUrl: string) => ({
  ...issuer,
  allowedGroups: ["data-team"],
  identity: { ...issuer.identity, provider, issuer: issuerUrl },
});
const tenant = "0a1b2c3d-0000-4000-8000-0123456789ab";

describe("combinations of settings", () => {
  before(async () => {
    await pulumi.runtime.setMocks(
      { call: ({ token }) => assert.fail(token), newResource: ({ type }) => assert.fail(type) },
      project,
      "test",
    );
  });

  for (const [title, values, key, reason] of [
    [
      "the load balancer and groups",
      { ...valid, access: "alb", allowedGroups: ["data-team"] },
      "allowedGroups",
      /cannot look at groups/,
    ],
    [
      "the load balancer and mail domains",
      { ...everybody, access: "alb", identity: { ...everybody.identity, allowedEmailDomains: ["example.com"] } },
      "identity.allowedEmailDomains",
      /cannot look at addresses/,
    ],
    [
      "the load balancer and an issuer whose people are not said to be the right ones",
      { ...issuer, access: "alb" },
      "identity.admitEverybody",
      /looks at nothing else/,
    ],
    [
      "the gateway and an issuer without any restriction",
      issuer,
      "allowedGroups",
      /everybody whom the issuer knows could come in/,
    ],
    [
      "the load balancer and Google",
      { ...everybody, access: "alb", identity: { ...everybody.identity, issuer: "https://accounts.google.com" } },
      "identity.issuer",
      /knows everybody in the world/,
    ],
    [
      "the gateway and every tenant of Entra ID",
      {
        ...everybody,
        identity: { ...everybody.identity, issuer: "https://login.microsoftonline.com/organizations/v2.0" },
      },
      "identity.issuer",
      /knows everybody in the world/,
    ],
    [
      "an issuer that is no realm, of Keycloak",
      ofProvider("keycloak", "https://login.example.com/"),
      "identity.issuer",
      /realms/,
    ],
    [
      "a tenant's name, of Entra ID",
      ofProvider("entra", "https://login.microsoftonline.com/example.com/v2.0"),
      "identity.issuer",
      /the tenant's id/,
    ],
    [
      "the load balancer and a question to Cognito more often than its tokens end",
      { ...valid, access: "alb", session: { refreshMinutes: 1 } },
      "session.refreshMinutes",
      /5 to 60/,
    ],
    [
      "the load balancer and a prefix on its own callback",
      { ...valid, access: "alb", path: "/oauth2/prefect" },
      "path",
      /callback/,
    ],
    [
      "a private name that would hide the domain",
      { ...valid, internal: { domain: "example.com" } },
      "internal.domain",
      /would hide the domain/,
    ],
    [
      "the gateway and machine tokens",
      { ...valid, machineTokens: { type: "github", repository: "example/flows" } },
      "machineTokens",
      /nothing with access gateway/,
    ],
    [
      "tokens of Cognito without a pool",
      { ...everybody, access: "alb", machineTokens: { type: "cognito" } },
      "machineTokens",
      /there is no pool/,
    ],
    [
      "a federation by OpenID Connect without its secret",
      {
        ...valid,
        identity: {
          type: "cognito",
          federation: {
            type: "oidc",
            name: "Corp",
            issuer: "https://login.example.com",
            clientId: "cognito",
            admitEverybody: true,
          },
        },
      },
      "federationClientSecret",
      /stored with --secret/,
    ],
  ] as const) {
    it(`refuse ${title}, and say why`, () => {
      const message = refusal(values, secrets);
      assert.match(message, /^1 of the settings/, message);
      assert.ok(message.includes(`  ${project}:${key}\n`), message);
      assert.match(message, reason);
    });
  }

  for (const [title, values] of [
    ["the load balancer and Cognito", { ...valid, access: "alb" }],
    ["the load balancer and an issuer of one's own", { ...everybody, access: "alb" }],
    ["the gateway and everybody of an issuer", everybody],
    [
      "a private name beside the domain",
      { ...valid, internal: { domain: "prefect.internal", allowedCidrs: ["10.1.0.0/16"] } },
    ],
    [
      "the load balancer and tokens of GitHub",
      { ...valid, access: "alb", machineTokens: { type: "github", repository: "example/flows" } },
    ],
    ["the load balancer and tokens of the pool", { ...valid, access: "alb", machineTokens: { type: "cognito" } }],
    ["Keycloak", ofProvider("keycloak", "https://login.example.com/realms/main")],
    ["Okta", ofProvider("okta", "https://example.okta.com/oauth2/default")],
    ["Entra ID", ofProvider("entra", `https://login.microsoftonline.com/${tenant}/v2.0`)],
    ["Google with groups", ofProvider("google", "https://accounts.google.com")],
    ["Auth0", ofProvider("auth0", "https://example.eu.auth0.com/")],
    [
      "a federation by SAML",
      {
        ...valid,
        identity: {
          type: "cognito",
          federation: {
            type: "saml",
            name: "Okta",
            metadataUrl: "https://example.okta.com/app/abc/sso/saml/metadata",
            admitEverybody: true,
          },
        },
      },
    ],
  ] as const) {
    it(`take ${title}`, () => {
      configure(values, secrets);
      assert.doesNotThrow(readSettings);
    });
  }

  it("are judged beside settings that are wrong by themselves, and not by those", () => {
    const message = refusal({
      domain: "not a name",
      access: "alb",
      allowedGroups: ["data-team"],
      session: { refreshMinutes: 0 },
      server: { cpu: 1024, memoryMiB: 1 },
      typo: 1,
    });
    const keys = [...message.matchAll(/^ {2}prefect-on-fargate:(\S+)$/gm)].map(([, key]) => key);
    const expected = ["domain", "session.refreshMinutes", "typo", "hostedZone", "allowedGroups", "server.memoryMiB"];
    assert.deepEqual(keys.sort(), expected.sort(), message);
  });

  it("leave a setting that is wrong by itself out of every rule", () => {
    const message = refusal({ ...valid, access: "both", allowedGroups: ["data-team"], path: "/oauth2/prefect" });
    assert.match(message, /^1 of the settings/, message);
  });
});
