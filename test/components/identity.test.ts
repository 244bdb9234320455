import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { SystemArgs } from "../../components/system";
import { documentOf, products } from "../support/oidc-products";
import { build, type World } from "../support/world";
import { albSystem, issuer, rulesOf, type SystemName, system, worldOf } from "./support/systems";

const clientOf = (world: World) =>
  world.only("aws:cognito/userPoolClient:UserPoolClient", "prefect-people-gateway").inputs;
/** What stands in a secret, by the name of its component. */
function secretOf(world: World, name: string): unknown {
  const { inputs, secrets } = world.only("aws:secretsmanager/secretVersion:SecretVersion", `${name}-version`);
  assert.deepEqual(secrets, ["secretString"]);
  return JSON.parse(inputs.secretString);
}
function proxyEnvironment(world: World): Record<string, string> {
  const { environment } = world.containers("prefect-server-task")["oauth2-proxy"];
  const pairs = environment as { name: string; value: string }[];
  return Object.fromEntries(pairs.map(({ name, value }) => [name.replace("OAUTH2_PROXY_", ""), value]));
}

describe("The pool made here", function () {
  // The AWS SDK is loaded on first use.
  this.timeout(20_000);

  it("lets nobody register and offers a second factor", async () => {
    const world = await worldOf("gateway");
    const { inputs } = world.only("aws:cognito/userPool:UserPool");
    assert.deepEqual(inputs.adminCreateUserConfig, { allowAdminCreateUserOnly: true });
    assert.equal(inputs.mfaConfiguration, "OPTIONAL");
    assert.deepEqual(inputs.softwareTokenMfaConfiguration, { enabled: true });
    assert.equal(inputs.deletionProtection, "ACTIVE");
    assert.equal(world.only("aws:cognito/userGroup:UserGroup").inputs.name, "data-team");
  });

  it("demands a second factor where the settings do", async () => {
    const strict = await build(() => system({ identity: { type: "cognito", mfa: "required" } }));
    assert.equal(strict.only("aws:cognito/userPool:UserPool").inputs.mfaConfiguration, "ON");
  });

  it("has its login page under the domain's name or one of the settings", async () => {
    const prefix = (world: World) => world.only("aws:cognito/userPoolDomain:UserPoolDomain").inputs.domain as string;
    assert.equal(prefix(await worldOf("gateway")), "prefect-example-com");
    const own = await build(() => albSystem({ identity: { type: "cognito", mfa: "optional", domainPrefix: "own" } }));
    assert.equal(prefix(own), "own");
    assert.equal(rulesOf(own).at(-1)?.actions[0].authenticateCognito.userPoolDomain, "own");
  });

  for (const [name, callback, signedOut] of [
    ["gateway", "/oauth2/callback", "/signed-out"],
    ["gateway private", "/oauth2/callback", "/signed-out"],
    ["alb", "/oauth2/idpresponse", "/signed-out"],
    // AWS fixes the load balancer's callback, whatever the prefix.
    ["alb prefix", "/oauth2/idpresponse", "/prefect/signed-out"],
  ] as const) {
    it(`sends people back to ${callback} and ${signedOut} alone: ${name}`, async () => {
      const client = clientOf(await worldOf(name));
      assert.deepEqual(client.callbackUrls, [`https://prefect.example.com${callback}`]);
      assert.deepEqual(client.logoutUrls, [`https://prefect.example.com${signedOut}`]);
      assert.deepEqual(client.allowedOauthFlows, ["code"]);
      assert.deepEqual(client.allowedOauthScopes, ["openid", "email", "profile"]);
      assert.deepEqual(client.supportedIdentityProviders, ["COGNITO"]);
      assert.equal(client.generateSecret, true);
    });
  }

  it("sends people back below the prefix to the gateway", async () => {
    const client = clientOf(await build(() => system({ path: "/prefect" })));
    assert.deepEqual(client.callbackUrls, ["https://prefect.example.com/prefect/oauth2/callback"]);
    assert.deepEqual(client.logoutUrls, ["https://prefect.example.com/prefect/signed-out"]);
  });

  it("gives access tokens that end when the load balancer is to ask again; the gateway asks by itself", async () => {
    const session = { lifetimeHours: 8, refreshMinutes: 20 };
    for (const [program, minutes] of [
      [() => albSystem({ session }), 20],
      [() => system({ session }), 60],
    ] as const) {
      const client = clientOf(await build(program));
      assert.deepEqual(
        [client.accessTokenValidity, client.idTokenValidity, client.refreshTokenValidity, client.tokenValidityUnits],
        [minutes, 60, 8, { accessToken: "minutes", idToken: "minutes", refreshToken: "hours" }],
      );
      assert.deepEqual(client.explicitAuthFlows, ["ALLOW_REFRESH_TOKEN_AUTH"]);
    }
  });

  const signOutUrl =
    "https://prefect-example-com.auth.eu-west-1.amazoncognito.com/logout?client_id=prefect-people-gateway-id&logout_uri=https%3A%2F%2Fprefect.example.com";

  it("hands the gateway its issuer, its client and the way out", async () => {
    const world = await worldOf("gateway");
    assert.deepEqual(secretOf(world, "prefect-gateway-login"), {
      issuer: "https://cognito-idp.eu-west-1.amazonaws.com/prefect-people-pool-id",
      clientId: "prefect-people-gateway-id",
      clientSecret: "made-by-cognito",
      cookieSecret: "p".repeat(32),
      signOutUrl: `${signOutUrl}%2Fsigned-out`,
    });
    const { SCOPE, OIDC_GROUPS_CLAIM, ALLOWED_GROUPS, INSECURE_OIDC_ALLOW_UNVERIFIED_EMAIL } = proxyEnvironment(world);
    assert.deepEqual(
      [SCOPE, OIDC_GROUPS_CLAIM, ALLOWED_GROUPS, INSECURE_OIDC_ALLOW_UNVERIFIED_EMAIL],
      ["openid email profile", "cognito:groups", "data-team", "true"],
    );
  });

  it("hands the gate the way out alone", async () => {
    assert.deepEqual(secretOf(await worldOf("alb"), "prefect-login-out"), { signOutUrl: `${signOutUrl}%2Fsigned-out` });
    assert.deepEqual(secretOf(await worldOf("alb prefix"), "prefect-login-out"), {
      signOutUrl: `${signOutUrl}%2Fprefect%2Fsigned-out`,
    });
  });
});

describe("A federation", function () {
  this.timeout(20_000);
  const federated = (federation: object, changes: Partial<SystemArgs> = {}) => {
    const identity = { type: "cognito", mfa: "optional", federation } as SystemArgs["identity"];
    return build(() => albSystem({ identity, ...changes }));
  };
  const provider = "aws:cognito/identityProvider:IdentityProvider";

  it("by SAML is the pool's by its metadata and the attribute that holds the address", async () => {
    const world = await federated({
      type: "saml",
      name: "Okta",
      metadataUrl: "https://example.okta.com/metadata",
      emailAttribute: "mail",
    });
    assert.deepEqual(world.only(provider, "prefect-people-Okta").inputs, {
      userPoolId: "prefect-people-pool-id",
      providerName: "Okta",
      providerType: "SAML",
      providerDetails: { MetadataURL: "https://example.okta.com/metadata", IDPSignout: "true" },
      attributeMapping: { email: "mail" },
    });
    assert.deepEqual(clientOf(world).supportedIdentityProviders, ["COGNITO", "Okta"]);
  });

  it("by OpenID Connect is the pool's by issuer and client, whose secret stays one", async () => {
    const world = await federated(
      {
        type: "oidc",
        name: "Keycloak",
        issuer: "https://login.example.com/realms/main",
        clientId: "pool",
        scopes: ["openid", "email"],
      },
      { federationClientSecret: pulumi.secret("hidden") },
    );
    const { inputs, secrets } = world.only(provider, "prefect-people-Keycloak");
    assert.deepEqual(inputs, {
      userPoolId: "prefect-people-pool-id",
      providerName: "Keycloak",
      providerType: "OIDC",
      providerDetails: {
        oidc_issuer: "https://login.example.com/realms/main",
        client_id: "pool",
        client_secret: "hidden",
        attributes_request_method: "GET",
        authorize_scopes: "openid email",
      },
      attributeMapping: { email: "email", email_verified: "email_verified" },
    });
    assert.deepEqual(secrets, ["providerDetails"]);
    assert.deepEqual(clientOf(world).supportedIdentityProviders, ["COGNITO", "Keycloak"]);
  });

  it("is none where the settings have none", async () => {
    assert.equal((await worldOf("alb")).all(provider).length, 0);
  });
});

describe("An issuer of one's own", function () {
  this.timeout(20_000);
  const logout = "https://login.example.com/logout?client_id=prefect&post_logout_redirect_uri=https%3A%2F%2F";
  const signedOut = `${logout}prefect.example.com`;

  it("stands in the pool's place: none is made, and signing out leads there", async () => {
    for (const [name, secret, signOutUrl] of [
      ["gateway issuer", "prefect-gateway-login", `${signedOut}%2Fsigned-out`],
      ["alb issuer", "prefect-login-out", `${signedOut}%2Fsigned-out`],
      ["alb public issuer prefix", "prefect-login-out", `${signedOut}%2Fprefect%2Fsigned-out`],
    ] as [SystemName, string, string][]) {
      const world = await worldOf(name);
      assert.equal(world.all("aws:cognito/userPool:UserPool").length, 0);
      assert.deepEqual(secretOf(world, secret), {
        signOutUrl,
        ...(secret === "prefect-gateway-login" && {
          issuer: "https://login.example.com",
          clientId: "prefect",
          clientSecret: "given",
          cookieSecret: "p".repeat(32),
        }),
      });
    }
  });

  it("lets in at the gateway by the settings' scopes, claim, groups and domains, and by verified addresses alone", async () => {
    const identity = { ...issuer.identity, groupsClaim: "roles", allowedEmailDomains: ["a.com", "b.com"] };
    const world = await build(() => system({ ...issuer, identity, allowedGroups: ["data", "ops"] }));
    const environment = proxyEnvironment(world);
    for (const [name, value] of Object.entries({
      SCOPE: "openid email",
      OIDC_GROUPS_CLAIM: "roles",
      ALLOWED_GROUPS: "data,ops",
      EMAIL_DOMAINS: "a.com,b.com",
      INSECURE_OIDC_ALLOW_UNVERIFIED_EMAIL: "false",
    }))
      assert.equal(environment[name], value, name);
  });

  for (const product of products) {
    it(`is asked for its endpoints, in a preview too, and for what ${product.title} knows`, async () => {
      const { provider, issuer, authorization, token, userInfo } = product;
      const { fetch } = globalThis;
      globalThis.fetch = () => Promise.resolve(Response.json(documentOf(product)));
      try {
        const identity = { type: "oidc" as const, provider, issuer, clientId: "c" };
        const args = { identity: { ...identity, allowedEmailDomains: [] }, oidcClientSecret: pulumi.secret("given") };
        const world = await build(() => albSystem(args), { preview: true });
        const asked = world.only("aws:lb/listenerRule:ListenerRule", "prefect-login-api").inputs.actions[0];
        const { clientSecret, sessionTimeout, scope, ...told } = asked.authenticateOidc;
        assert.deepEqual([clientSecret, sessionTimeout], ["given", 43_200]);
        assert.deepEqual(told, {
          issuer,
          authorizationEndpoint: authorization,
          tokenEndpoint: token,
          userInfoEndpoint: userInfo,
          clientId: "c",
          onUnauthenticatedRequest: "deny",
        });
        assert.deepEqual(
          scope.split(" ").filter((one: string) => !product.scopes.includes(one)),
          [],
        );
      } finally {
        globalThis.fetch = fetch;
      }
    });
  }
});
