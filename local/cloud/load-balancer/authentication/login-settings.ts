import { createHash } from "node:crypto";
import type { World } from "../../context";
import type { ActionProperties, AuthenticateProperties } from "../declarations";

/** What both kinds of authenticate action come down to. */
export interface AuthenticationSettings {
  issuer: string;
  authorizationEndpoint: string;
  tokenEndpoint: string;
  userInfoEndpoint: string;
  clientId: string;
  clientSecret: string;
  scope: string;
  sessionCookieName: string;
  /** Seconds. */
  sessionTimeout: number;
  onUnauthenticatedRequest: "authenticate" | "allow" | "deny";
  extraParams: Record<string, string>;
}

const week = 604_800;
const reactions = ["authenticate", "allow", "deny"];

/**
 * Everything that is wrong with what both kinds have.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_AuthenticateOidcActionConfig.html
 */
export function commonProblems(declared: AuthenticateProperties, at: string): string[] {
  const problems: string[] = [];
  const { onUnauthenticatedRequest: reaction, sessionTimeout: timeout, sessionCookieName: cookie } = declared;
  if (reaction !== undefined && !reactions.includes(reaction)) {
    problems.push(`${at}.onUnauthenticatedRequest must be one of ${reactions.join(", ")}; got "${reaction}"`);
  }
  if (timeout !== undefined && !(Number(timeout) >= 1 && Number(timeout) <= week)) {
    problems.push(`${at}.sessionTimeout must be from 1 to ${week} seconds; got ${timeout}`);
  }
  if (cookie !== undefined && !/^[-\w.]+$/.test(cookie)) {
    problems.push(`${at}.sessionCookieName may have letters, digits, "-", "_" and "."; got "${cookie}"`);
  }
  const extra = Object.keys(declared.authenticationRequestExtraParams ?? {});
  if (extra.length > 10)
    problems.push(`${at}.authenticationRequestExtraParams may have 10 entries; got ${extra.length}`);
  return problems;
}

/** "This must be a full URL, including the HTTPS protocol, the domain, and the path." */
export function urlProblems(url: string | undefined, at: string): string[] {
  const fine = URL.canParse(url ?? "") && url?.startsWith("https://");
  return fine ? [] : [`${at} must be a full URL that begins with https://; got "${url ?? ""}"`];
}

/** The settings of an authenticate action, or undefined for other actions and for a pool or client that is gone. */
export function settingsOf(action: ActionProperties, world: World): AuthenticationSettings | undefined {
  if (action.type === "authenticate-oidc" && action.authenticateOidc) {
    const { issuer, authorizationEndpoint, tokenEndpoint, userInfoEndpoint, clientId, clientSecret } =
      action.authenticateOidc;
    const endpoints = { issuer, authorizationEndpoint, tokenEndpoint, userInfoEndpoint, clientId, clientSecret };
    return { ...endpoints, ...common(action.authenticateOidc) };
  }
  if (action.type !== "authenticate-cognito" || !action.authenticateCognito) return undefined;
  const { userPoolArn, userPoolClientId, userPoolDomain } = action.authenticateCognito;
  const { region, poolId } = poolOf(userPoolArn);
  const client = world.get("aws:cognito/userPoolClient:UserPoolClient", userPoolClientId)?.properties;
  if (!client?.clientSecret || client.userPoolId !== poolId) return undefined;
  // "The domain prefix or fully-qualified domain name of the Amazon Cognito user pool": a prefix has no dot.
  const host = userPoolDomain.includes(".") ? userPoolDomain : `${userPoolDomain}.auth.${region}.amazoncognito.com`;
  return {
    issuer: `https://cognito-idp.${region}.amazonaws.com/${poolId}`,
    authorizationEndpoint: `https://${host}/oauth2/authorize`,
    tokenEndpoint: `https://${host}/oauth2/token`,
    userInfoEndpoint: `https://${host}/oauth2/userInfo`,
    clientId: userPoolClientId,
    clientSecret: String(client.clientSecret),
    ...common(action.authenticateCognito),
  };
}

/** `arn:aws:cognito-idp:REGION:ACCOUNT:userpool/POOL` */
export function poolOf(arn: string): { region: string; poolId: string } {
  const [, region = "", poolId = ""] = /^arn:aws[\w-]*:cognito-idp:([^:]+):\d+:userpool\/(.+)$/.exec(arn) ?? [];
  return { region, poolId };
}

/** Tells the settings of one login from those of another; no secret can be read from it. */
export function settingsId({
  issuer,
  clientId,
  authorizationEndpoint,
  sessionCookieName,
}: AuthenticationSettings): string {
  const parts = JSON.stringify([issuer, clientId, authorizationEndpoint, sessionCookieName]);
  return createHash("sha256").update(parts).digest("base64url").slice(0, 16);
}

function common(declared: AuthenticateProperties) {
  return {
    scope: declared.scope || "openid",
    sessionCookieName: declared.sessionCookieName || "AWSELBAuthSessionCookie",
    sessionTimeout: Number(declared.sessionTimeout ?? week),
    onUnauthenticatedRequest: declared.onUnauthenticatedRequest ?? ("authenticate" as const),
    extraParams: declared.authenticationRequestExtraParams ?? {},
  };
}
