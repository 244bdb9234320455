/** https://docs.aws.amazon.com/cognito/latest/developerguide/managed-login-endpoints.html */
export const routes = {
  authorization: "/oauth2/authorize",
  token: "/oauth2/token",
  userinfo: "/oauth2/userInfo",
  revocation: "/oauth2/revoke",
};

/**
 * Cognito's document; it has no end_session_endpoint.
 *
 * @param domain the host of the hosted login, when there is one
 */
export function discovery(issuer: string, domain: string | undefined): Record<string, unknown> {
  const at = (path: string) => (domain ? `https://${domain}${path}` : undefined);
  return {
    authorization_endpoint: at(routes.authorization),
    id_token_signing_alg_values_supported: ["RS256"],
    issuer,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    response_types_supported: ["code", "token"],
    revocation_endpoint: at(routes.revocation),
    scopes_supported: ["openid", "email", "phone", "profile"],
    subject_types_supported: ["public"],
    token_endpoint: at(routes.token),
    token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post"],
    userinfo_endpoint: at(routes.userinfo),
  };
}

/** The region is the first part of a pool's id. */
export function regionOf(poolId: string): string {
  return poolId.split("_")[0] as string;
}

export function issuerHost(region: string): string {
  return `cognito-idp.${region}.amazonaws.com`;
}

export function issuerOf(poolId: string): string {
  return `https://${issuerHost(regionOf(poolId))}/${poolId}`;
}

/** Cognito's answers to the client carry no `iss` (RFC 9207). */
export function withoutIss(response: { get(name: string): string; set(name: string, value: string): void }): void {
  const location = response.get("location");
  if (!/[?&]iss=/.test(location)) return;
  const url = new URL(location);
  url.searchParams.delete("iss");
  response.set("location", url.href);
}
