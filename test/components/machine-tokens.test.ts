import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { System, SystemArgs } from "../../components/system";
import { build, valueOf, type World } from "../support/world";
import { albSystem, rulesOf } from "./support/systems";

type Tokens = NonNullable<SystemArgs["machineTokens"]>;

/** A system with that setting: its resources, the first rule's check of the token, and what programs are told. */
async function withTokens(machineTokens: Tokens, changes: Partial<SystemArgs> = {}) {
  const systems: System[] = [];
  const world = await build(() => systems.push(albSystem({ ...changes, machineTokens })));
  const access = systems[0]?.tokenAccess;
  assert.ok(access);
  const [rule] = rulesOf(world);
  return { world, rule, check: rule?.actions[0].jwtValidation, access };
}

const poolIssuer = "https://cognito-idp.eu-west-1.amazonaws.com/prefect-people-pool-id";
const one = (name: string, value: string) => ({ name, format: "single-string", values: [value] });

describe("Machine tokens", function () {
  // The AWS SDK is loaded on first use.
  this.timeout(20_000);

  it("let programs to the API before anything else is asked, after the load balancer's check and not without it", async () => {
    for (const [path, base] of [
      ["/", ""],
      ["/prefect", "/prefect"],
    ] as const) {
      const { rule, check } = await withTokens({ type: "cognito" }, { path, workersEndpoint: "public" });
      assert.deepEqual(rule, {
        name: "prefect-login-tokens",
        priority: 10,
        conditions: [
          { hostHeader: { values: ["prefect.example.com"] } },
          { pathPattern: { values: [`${base}/api`, `${base}/api/*`] } },
          { httpHeader: { httpHeaderName: "Authorization", values: ["Bearer *"] } },
        ],
        actions: [
          { type: "jwt-validation", jwtValidation: check },
          { type: "forward", targetGroupArn: "arn:aws:lb:eu-west-1:123456789012:prefect-login-prefect" },
        ],
      });
    }
  });

  it("of GitHub must be for this domain, of the one repository and of the one branch", async () => {
    const { check, access, world } = await withTokens({
      type: "github",
      repository: "example/flows",
      ref: "refs/heads/main",
    });
    assert.deepEqual(check, {
      issuer: "https://token.actions.githubusercontent.com",
      jwksEndpoint: "https://token.actions.githubusercontent.com/.well-known/jwks",
      additionalClaims: [
        one("aud", "https://prefect.example.com"),
        one("repository", "example/flows"),
        one("ref", "refs/heads/main"),
      ],
    });
    assert.deepEqual(await valueOf(access), {
      apiUrl: "https://prefect.example.com/api",
      issuer: "https://token.actions.githubusercontent.com",
      audience: "https://prefect.example.com",
    });
    assert.equal(world.all("aws:cognito/resourceServer:ResourceServer").length, 0);
  });

  it("of GitHub may be for an audience of the settings", async () => {
    const { check, access } = await withTokens({
      type: "github",
      repository: "example/flows",
      ref: "refs/tags/v1",
      audience: "prefect",
    });
    assert.deepEqual(check.additionalClaims[0], one("aud", "prefect"));
    assert.equal((await valueOf(access)).audience, "prefect");
  });

  it("of another issuer must be for the audience and say what the settings ask", async () => {
    const claims = [
      { name: "scope", format: "space-separated-values" as const, values: ["prefect", "flows"] },
      { name: "groups", format: "string-array" as const, values: ["ci"] },
    ];
    const { check, access } = await withTokens({
      type: "jwt",
      issuer: "https://login.example.com/realms/main",
      jwksUrl: "https://login.example.com/realms/main/certs",
      audience: "prefect",
      audienceFormat: "string-array",
      claims,
    });
    assert.deepEqual(check, {
      issuer: "https://login.example.com/realms/main",
      jwksEndpoint: "https://login.example.com/realms/main/certs",
      additionalClaims: [{ name: "aud", format: "string-array", values: ["prefect"] }, ...claims],
    });
    assert.deepEqual(await valueOf(access), {
      apiUrl: "https://prefect.example.com/api",
      issuer: "https://login.example.com/realms/main",
      audience: "prefect",
    });
  });

  describe("of the pool made here", () => {
    let world: World;
    let check: unknown;
    let access: pulumi.Output<Record<string, string>>;
    before(async () => {
      ({ world, check, access } = await withTokens({ type: "cognito" }, { path: "/prefect" }));
    });

    it("must be access tokens of the one client, with the scope that is the API's", () => {
      assert.deepEqual(check, {
        issuer: poolIssuer,
        jwksEndpoint: `${poolIssuer}/.well-known/jwks.json`,
        additionalClaims: [
          one("client_id", "prefect-tokens-client-id"),
          one("token_use", "access"),
          { name: "scope", format: "space-separated-values", values: ["https://prefect.example.com/api"] },
        ],
      });
    });

    it("are had by a client for programs, which gets the one scope and no other", () => {
      assert.deepEqual(world.only("aws:cognito/resourceServer:ResourceServer").inputs, {
        userPoolId: "prefect-people-pool-id",
        identifier: "https://prefect.example.com",
        name: "Prefect",
        scopes: [{ scopeName: "api", scopeDescription: "Call Prefect's API" }],
      });
      assert.deepEqual(world.only("aws:cognito/userPoolClient:UserPoolClient", "prefect-tokens-client").inputs, {
        userPoolId: "prefect-people-pool-id",
        generateSecret: true,
        allowedOauthFlowsUserPoolClient: true,
        allowedOauthFlows: ["client_credentials"],
        allowedOauthScopes: ["https://prefect.example.com/api"],
        accessTokenValidity: 1,
        tokenValidityUnits: { accessToken: "hours" },
        enableTokenRevocation: true,
      });
    });

    it("are told how to be had as a secret, for the client's own is in it", async () => {
      assert.equal(await pulumi.isSecret(access), true);
      assert.deepEqual(await valueOf(access), {
        apiUrl: "https://prefect.example.com/prefect/api",
        issuer: poolIssuer,
        tokenUrl: "https://prefect-example-com.auth.eu-west-1.amazoncognito.com/oauth2/token",
        clientId: "prefect-tokens-client-id",
        clientSecret: "made-by-cognito",
        scope: "https://prefect.example.com/api",
      });
    });
  });

  it("of a pool that is not there are refused before anything is registered for them", async () => {
    const identity = { type: "oidc" as const, provider: "generic" as const, issuer: "https://login.example.com" };
    const endpoints = { authorization: "https://a.b/c", token: "https://a.b/c", userInfo: "https://a.b/c" };
    await assert.rejects(
      withTokens({ type: "cognito" }, { identity: { ...identity, clientId: "c", allowedEmailDomains: [], endpoints } }),
      /machineTokens of type cognito need a pool made here/,
    );
  });
});
