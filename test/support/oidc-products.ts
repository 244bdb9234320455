import type { OidcProvider } from "../../render/oidc-provider";

export interface Product {
  title: string;
  provider: OidcProvider;
  /** What its discovery document says, of which the last are the scopes that it lists as supported. */
  issuer: string;
  authorization: string;
  token: string;
  userInfo: string;
  endSession?: string;
  scopes: string[];
}

/**
 * The products' discovery documents, as far as they matter here: the values and the shape of the addresses as each
 * product serves them, under names of examples.
 *
 * The documents of Keycloak 20, Okta's organisation, Google and Auth0 (a tenant of before 2023) were recorded on
 * 2022-11-12 in the fixtures of the library DockYard/openid_connect; of Okta's other authorization servers in
 * okta/okta-oidc-android#190; of Entra ID in its documentation, "OpenID Connect on the Microsoft identity platform".
 */
export const products: Product[] = [
  {
    title: "Keycloak",
    provider: "keycloak",
    issuer: "https://keycloak.example.com/realms/main",
    authorization: "https://keycloak.example.com/realms/main/protocol/openid-connect/auth",
    token: "https://keycloak.example.com/realms/main/protocol/openid-connect/token",
    userInfo: "https://keycloak.example.com/realms/main/protocol/openid-connect/userinfo",
    endSession: "https://keycloak.example.com/realms/main/protocol/openid-connect/logout",
    scopes: ["openid", "phone", "acr", "microprofile-jwt", "email", "profile", "offline_access", "address", "roles"],
  },
  {
    title: "Okta, the organisation",
    provider: "okta",
    issuer: "https://example.okta.com",
    authorization: "https://example.okta.com/oauth2/v1/authorize",
    token: "https://example.okta.com/oauth2/v1/token",
    userInfo: "https://example.okta.com/oauth2/v1/userinfo",
    endSession: "https://example.okta.com/oauth2/v1/logout",
    scopes: ["openid", "email", "profile", "address", "phone", "offline_access", "groups"],
  },
  {
    title: "Okta, another authorization server",
    provider: "okta",
    issuer: "https://example.okta.com/oauth2/default",
    authorization: "https://example.okta.com/oauth2/default/v1/authorize",
    token: "https://example.okta.com/oauth2/default/v1/token",
    userInfo: "https://example.okta.com/oauth2/default/v1/userinfo",
    endSession: "https://example.okta.com/oauth2/default/v1/logout",
    scopes: ["openid", "profile", "email", "address", "phone", "offline_access"],
  },
  {
    title: "Entra ID",
    provider: "entra",
    issuer: "https://login.microsoftonline.com/88888888-8888-8888-8888-888888888888/v2.0",
    authorization: "https://login.microsoftonline.com/88888888-8888-8888-8888-888888888888/oauth2/v2.0/authorize",
    token: "https://login.microsoftonline.com/88888888-8888-8888-8888-888888888888/oauth2/v2.0/token",
    userInfo: "https://graph.microsoft.com/oidc/userinfo",
    endSession: "https://login.microsoftonline.com/88888888-8888-8888-8888-888888888888/oauth2/v2.0/logout",
    scopes: ["openid", "profile", "email", "offline_access"],
  },
  {
    title: "Google",
    provider: "google",
    issuer: "https://accounts.google.com",
    authorization: "https://accounts.google.com/o/oauth2/v2/auth",
    token: "https://oauth2.googleapis.com/token",
    userInfo: "https://openidconnect.googleapis.com/v1/userinfo",
    scopes: ["openid", "email", "profile"],
  },
  {
    title: "Auth0",
    provider: "auth0",
    issuer: "https://example.eu.auth0.com/",
    authorization: "https://example.eu.auth0.com/authorize",
    token: "https://example.eu.auth0.com/oauth/token",
    userInfo: "https://example.eu.auth0.com/userinfo",
    endSession: "https://example.eu.auth0.com/oidc/logout",
    scopes: ["openid", "profile", "offline_access", "name", "email", "email_verified", "picture", "phone", "address"],
  },
  {
    title: "Auth0, a tenant of before November 2023",
    provider: "auth0",
    issuer: "https://example.auth0.com/",
    authorization: "https://example.auth0.com/authorize",
    token: "https://example.auth0.com/oauth/token",
    userInfo: "https://example.auth0.com/userinfo",
    scopes: ["openid", "profile", "offline_access", "name", "email", "email_verified", "picture", "phone", "address"],
  },
];

/** The discovery document, with the names that OpenID Connect Discovery 1.0 has for its parts (section 3). */
export function documentOf({ issuer, authorization, token, userInfo, endSession, scopes }: Product) {
  return {
    issuer,
    authorization_endpoint: authorization,
    token_endpoint: token,
    userinfo_endpoint: userInfo,
    jwks_uri: `${issuer}/keys`,
    ...(endSession !== undefined && { end_session_endpoint: endSession }),
    scopes_supported: scopes,
    response_types_supported: ["code"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["RS256"],
  };
}
