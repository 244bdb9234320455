import assert from "node:assert/strict";
import { defaultScopes, signOutUrl } from "../../render/oidc-provider";
import { products } from "../support/oidc-products";

const signedOutUrl = "https://prefect.example.com/prefect/signed-out";
const encoded = "https%3A%2F%2Fprefect.example.com%2Fprefect%2Fsigned-out";
const clientId = "prefect";

/** By title: what is asked for, and where signing out leads. Sources in render/oidc-provider.ts and below. */
const expected: Record<string, { scopes: string[]; signOut: string }> = {
  // Without an ID token it asks people whether they mean it; the client's id does for the way back since version 19
  // (Keycloak, "Upgrading Guide", 19.0.2). A refresh token comes without offline_access: with it one that outlives
  // signing out (Keycloak, "Server Administration Guide", offline access).
  Keycloak: {
    scopes: ["openid", "email", "profile"],
    signOut: `https://keycloak.example.com/realms/main/protocol/openid-connect/logout?client_id=prefect&post_logout_redirect_uri=${encoded}`,
  },
  "Okta, the organisation": {
    scopes: ["openid", "email", "profile", "offline_access", "groups"],
    signOut: `https://example.okta.com/login/signout?fromURI=${encoded}`,
  },
  // The session is the organisation's, whoever gave the tokens.
  "Okta, another authorization server": {
    scopes: ["openid", "email", "profile", "offline_access"],
    signOut: `https://example.okta.com/login/signout?fromURI=${encoded}`,
  },
  // The way back must be one of the client's redirect URIs; the client's id is not looked at (Microsoft, "OpenID
  // Connect on the Microsoft identity platform", "Send a sign-out request").
  "Entra ID": {
    scopes: ["openid", "email", "profile", "offline_access"],
    signOut: `https://login.microsoftonline.com/88888888-8888-8888-8888-888888888888/oauth2/v2.0/logout?client_id=prefect&post_logout_redirect_uri=${encoded}`,
  },
  // No end_session_endpoint: Google's own session goes on.
  Google: { scopes: ["openid", "email", "profile"], signOut: signedOutUrl },
  // The way back must be one of the application's Allowed Logout URLs (Auth0, "Authentication API, OIDC Logout").
  Auth0: {
    scopes: ["openid", "email", "profile", "offline_access"],
    signOut: `https://example.eu.auth0.com/oidc/logout?client_id=prefect&post_logout_redirect_uri=${encoded}`,
  },
  "Auth0, a tenant of before November 2023": {
    scopes: ["openid", "email", "profile", "offline_access"],
    signOut: `https://example.auth0.com/v2/logout?client_id=prefect&returnTo=${encoded}`,
  },
};

describe("an issuer's product", () => {
  for (const product of products) {
    const { title, provider, issuer, endSession } = product;

    it(`${title}: is asked for scopes that it knows`, () => {
      const asked = defaultScopes(provider, issuer);
      assert.deepEqual(asked, expected[title]?.scopes);
      assert.deepEqual(
        asked.filter((scope) => !product.scopes.includes(scope)),
        [],
      );
    });

    it(`${title}: ends its own session when people sign out`, () => {
      const url = signOutUrl({ provider, issuer, clientId, endSession, signedOutUrl });
      assert.equal(url, expected[title]?.signOut);
    });
  }

  it("is known for each preset but the generic one", () => {
    assert.deepEqual([...new Set(products.map(({ provider }) => provider))].sort(), [
      "auth0",
      "entra",
      "google",
      "keycloak",
      "okta",
    ]);
    assert.deepEqual(
      Object.keys(expected),
      products.map(({ title }) => title),
    );
  });
});

describe("the generic issuer", () => {
  const issuer = "https://login.example.com/tenant";
  const signOut = (endSession?: string) =>
    signOutUrl({ provider: "generic", issuer, clientId: "a b&c", endSession, signedOutUrl });

  it("is asked for what every issuer knows", () => {
    assert.deepEqual(defaultScopes("generic", issuer), ["openid", "email", "profile"]);
  });

  it("gets the client's id and the way back, as a query's values", () => {
    assert.equal(
      signOut("https://login.example.com/logout"),
      `https://login.example.com/logout?client_id=a+b%26c&post_logout_redirect_uri=${encoded}`,
    );
  });

  // Azure AD B2C names its policy there (Microsoft, "Web sign in with OpenID Connect in Azure Active Directory B2C").
  it("keeps a query that its sign-out address has already", () => {
    assert.equal(
      signOut("https://tenant.b2clogin.com/x/oauth2/v2.0/logout?p=b2c_1_sign_in"),
      `https://tenant.b2clogin.com/x/oauth2/v2.0/logout?p=b2c_1_sign_in&client_id=a+b%26c&post_logout_redirect_uri=${encoded}`,
    );
  });

  it("is left out where it has no place to sign out", () => {
    assert.equal(signOut(), signedOutUrl);
  });
});
