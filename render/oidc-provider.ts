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
 * Scopes: Okta, Entra ID and Auth0 give a refresh token only for offline_access (and without one nobody is asked again
 * whether a person may stay); Okta puts groups into tokens for a scope of that name; Google knows neither.
 */
const scopes: Record<OidcProvider, string[]> = {
  generic: ["openid", "email", "profile"],
  keycloak: ["openid", "email", "profile"],
  okta: ["openid", "email", "profile", "groups", "offline_access"],
  entra: ["openid", "email", "profile", "offline_access"],
  google: ["openid", "email", "profile"],
  auth0: ["openid", "email", "profile", "offline_access"],
};

export function defaultScopes(provider: OidcProvider): string[] {
  return scopes[provider];
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
    return `${new URL(issuer).origin}/login/signout?${new URLSearchParams({ fromURI: signedOutUrl }).toString()}`;
  }
  if (endSession === undefined) return signedOutUrl;
  const query = new URLSearchParams({ client_id: clientId, post_logout_redirect_uri: signedOutUrl });
  return `${endSession}?${query.toString()}`;
}
