import type { ClientMetadata } from "oidc-provider";
import type { Lifetimes } from "./oidc-issuer";

/** The properties read of aws:cognito/userPoolClient:UserPoolClient. */
export interface UserPoolClientProperties {
  userPoolId: string;
  name: string;
  clientSecret?: string;
  generateSecret?: boolean;
  callbackUrls?: string[];
  logoutUrls?: string[];
  allowedOauthFlows?: string[];
  allowedOauthFlowsUserPoolClient?: boolean;
  allowedOauthScopes?: string[];
  supportedIdentityProviders?: string[];
  accessTokenValidity?: number;
  idTokenValidity?: number;
  refreshTokenValidity?: number;
  tokenValidityUnits?: { accessToken?: string; idToken?: string; refreshToken?: string };
  refreshTokenRotation?: { feature?: string };
}

/** https://docs.aws.amazon.com/cognito/latest/developerguide/authorization-endpoint.html */
export const scopes = ["openid", "email", "phone", "profile", "aws.cognito.signin.user.admin"];

/**
 * What is declared and not served here, or what Cognito itself refuses.
 *
 * @param custom the scopes of the pool's resource servers
 * @param providers the names of the pool's other identity providers
 */
export function clientProblems(
  client: UserPoolClientProperties,
  custom: readonly string[],
  providers: readonly string[],
): string[] {
  const problems: string[] = [];
  const other = (values: string[] | undefined, served: readonly string[]) =>
    (values ?? []).filter((value) => !served.includes(value));
  for (const flow of other(client.allowedOauthFlows, ["code", "client_credentials"])) {
    problems.push(`OAuth flow "${flow}" is not served here; served are: code, client_credentials`);
  }
  const allowed = isMachine(client) ? custom : [...scopes, ...custom];
  for (const scope of other(client.allowedOauthScopes, allowed)) {
    problems.push(`invalid_scope: scope "${scope}" does not exist; allowed are: ${allowed.join(", ") || "none"}`);
  }
  // "You must generate a client secret to use client credentials", which goes with no other flow:
  // https://docs.aws.amazon.com/cognito/latest/developerguide/federation-endpoints-oauth-grants.html
  if (isMachine(client) && client.allowedOauthFlows?.length !== 1) {
    problems.push("client_credentials flow can not be selected along with code flow or implicit flow");
  }
  if (isMachine(client) && !client.clientSecret) {
    problems.push("client_credentials flow can not be selected if client does not have a client secret");
  }
  for (const provider of other(client.supportedIdentityProviders, ["COGNITO", ...providers])) {
    problems.push(`The provider ${provider} does not exist for User Pool ${client.userPoolId}.`);
  }
  for (const url of [...(client.callbackUrls ?? []), ...(client.logoutUrls ?? [])]) {
    // "Amazon Cognito requires HTTPS over HTTP except for http://localhost for testing purposes only."
    if (!/^https:\/\//.test(url) && !/^http:\/\/localhost(?=[:/]|$)/.test(url)) {
      problems.push(`URL "${url}" must begin with https:// (or http://localhost)`);
    }
    if (url.includes("#")) problems.push(`URL "${url}" must not have a fragment`);
  }
  return problems;
}

/** As an OAuth client; undefined when it may not use the hosted login at all. */
export function clientMetadata(id: string, client: UserPoolClientProperties): ClientMetadata | undefined {
  if (!client.allowedOauthFlowsUserPoolClient || !client.allowedOauthFlows?.length) return undefined;
  const machine = isMachine(client);
  return {
    client_id: id,
    client_name: client.name,
    ...(client.clientSecret && { client_secret: client.clientSecret }),
    token_endpoint_auth_method: client.clientSecret ? "client_secret_basic" : "none",
    redirect_uris: machine ? [] : (client.callbackUrls ?? []),
    response_types: machine ? [] : ["code"],
    grant_types: machine ? ["client_credentials"] : ["authorization_code", "refresh_token"],
    scope: (client.allowedOauthScopes ?? []).join(" "),
  };
}

function isMachine({ allowedOauthFlows }: UserPoolClientProperties): boolean {
  return allowedOauthFlows?.includes("client_credentials") ?? false;
}

const units: Record<string, number> = { seconds: 1, minutes: 60, hours: 3600, days: 86400 };

/**
 * https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html: access
 * and ID tokens count in hours, 1 by default; refresh tokens in days, 30 by default. A code lives for 5 minutes, the
 * session of the hosted login for an hour (cognito-user-pools-managed-login.html).
 */
export function lifetimesOf(client: Partial<UserPoolClientProperties> = {}): Lifetimes {
  const { tokenValidityUnits: unit = {} } = client;
  const seconds = (value: number | undefined, standard: number, name: string) =>
    (value || standard) * (units[name] ?? 3600);
  return {
    accessToken: seconds(client.accessTokenValidity, 1, unit.accessToken ?? "hours"),
    idToken: seconds(client.idTokenValidity, 1, unit.idToken ?? "hours"),
    refreshToken: seconds(client.refreshTokenValidity, 30, unit.refreshToken ?? "days"),
    code: 300,
    session: 3600,
  };
}
