/** Products that differ in what a client asks them for; `generic` follows OpenID Connect to the letter. */
export type OidcProvider = "generic" | "keycloak" | "okta" | "entra" | "google" | "auth0";

/** Where an issuer wants to be asked what. */
export interface Endpoints {
  authorization: string;
  token: string;
  userInfo: string;
  endSession?: string;
}

/**
 * Okta, Entra ID and Auth0 give a refresh token only for offline_access. Keycloak gives one anyway, and for offline_access
 * one that outlives signing out; Google has no such scope.
 */
const scopes: Record<OidcProvider, string[]> = {
  generic: ["openid", "email", "profile"],
  keycloak: ["openid", "email", "profile"],
  okta: ["openid", "email", "profile", "offline_access"],
  entra: ["openid", "email", "profile", "offline_access"],
  google: ["openid", "email", "profile"],
  auth0: ["openid", "email", "profile", "offline_access"],
};

/**
 * Okta's organisation (an issuer without a path) puts groups into tokens for a scope of that name. Its other
 * authorization servers refuse the whole login for that scope until somebody adds it to them, and say groups without it
 * where they are told to (Okta developer documentation, "OpenID Connect & OAuth 2.0 API", scopes).
 */
export function defaultScopes(provider: OidcProvider, issuer: string): string[] {
  const isOrganisation = provider === "okta" && new URL(issuer).pathname === "/";
  return isOrganisation ? [...scopes.okta, "groups"] : scopes[provider];
}

export interface SignOut {
  provider: OidcProvider;
  issuer: string;
  clientId: string;
  endSession: string | undefined;
  /** Where the issuer is to send people afterwards: an address that the client has registered. */
  signedOutUrl: string;
}

/**
 * Where a browser goes to end the issuer's own session, without the ID token that nobody here keeps
 * (OpenID Connect RP-Initiated Logout 1.0, section 2). Issuers without such a place: straight to `signedOutUrl`.
 */
export function signOutUrl({ provider, issuer, clientId, endSession, signedOutUrl }: SignOut): string {
  if (provider === "okta") {
    // Okta's end_session_endpoint insists on the ID token; this page of the organisation's does not. It goes on only
    // to trusted origins (Okta developer documentation, "Sign users out").
    return withQuery(new URL("/login/signout", issuer), { fromURI: signedOutUrl });
  }
  if (endSession !== undefined) {
    return withQuery(new URL(endSession), { client_id: clientId, post_logout_redirect_uri: signedOutUrl });
  }
  if (provider === "auth0") {
    // Tenants older than November 2023 name no end_session_endpoint unless told to; this one they all have
    // (Auth0 documentation, "Log Users Out of Auth0 with OIDC Endpoint" and "Authentication API, Auth0 Logout").
    return withQuery(new URL("/v2/logout", issuer), { client_id: clientId, returnTo: signedOutUrl });
  }
  return signedOutUrl;
}

/** An address may have a query already: Azure AD B2C's names the policy there. */
function withQuery(address: URL, values: Record<string, string>): string {
  for (const [name, value] of Object.entries(values)) address.searchParams.append(name, value);
  return address.href;
}
