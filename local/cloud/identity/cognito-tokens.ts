import { randomUUID } from "node:crypto";
import { importJWK, jwtVerify, SignJWT } from "jose";
import type { IssuerKeys } from "./issuer-keys";
import { signMachineToken } from "./machine-tokens";
import type { User } from "./users";

/** Attributes that a user may have. https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-attributes.html */
const profile = [
  ..."name family_name given_name middle_name nickname preferred_username profile picture website".split(" "),
  ..."gender birthdate zoneinfo locale updated_at address".split(" "),
];
const byScope: Record<string, string[]> = {
  email: ["email", "email_verified"],
  phone: ["phone_number", "phone_number_verified"],
  profile,
};

/** Every claim that may be in a Cognito ID token or userInfo answer. */
export const claimNames = [
  ...Object.values(byScope).flat(),
  ...["identities", "cognito:username", "cognito:groups", "username", "token_use", "event_id", "origin_jti", "jti"],
];

/** "openid alone: all user attributes that are readable by the client" (authorization-endpoint.html). */
function attributesOf(user: User, scope: string): Record<string, string> {
  const asked = scope.split(" ").flatMap((name) => byScope[name] ?? []);
  const wanted = asked.length > 0 ? asked : Object.values(byScope).flat();
  return Object.fromEntries(Object.entries(user.attributes).filter(([name]) => wanted.includes(name)));
}

function groupsOf({ groups }: User): { "cognito:groups"?: string[] } {
  return groups.length > 0 ? { "cognito:groups": groups } : {};
}

/** https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-id-token.html */
export function idTokenClaims(user: User, scope: string): Record<string, unknown> {
  const attributes: Record<string, unknown> = attributesOf(user, scope);
  for (const name of ["email_verified", "phone_number_verified"]) {
    if (name in attributes) attributes[name] = attributes[name] === "true";
  }
  const { identity } = user;
  const identities = identity && [
    { ...identity, dateCreated: String(identity.dateCreated), providerType: "OIDC", issuer: null, primary: "true" },
  ];
  const ids = { event_id: randomUUID(), origin_jti: randomUUID(), jti: randomUUID() };
  return {
    ...attributes,
    ...(identities && { identities }),
    ...groupsOf(user),
    "cognito:username": user.username,
    token_use: "id",
    ...ids,
  };
}

/** Here the booleans are strings: https://docs.aws.amazon.com/cognito/latest/developerguide/userinfo-endpoint.html */
export function userInfoClaims(user: User, scope: string): Record<string, unknown> {
  return { ...attributesOf(user, scope), username: user.username };
}

export interface IssuedAccessToken {
  id: string;
  clientId: string;
  scope: string;
  authTime: number;
  /** Seconds since 1970. */
  expires: number;
}

/**
 * Cognito's access token is a JWT without `aud`, which userInfo takes as well.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html
 */
export async function signAccessToken(
  issuer: string,
  keys: IssuerKeys,
  user: User,
  token: IssuedAccessToken,
): Promise<string> {
  const claims = {
    ...groupsOf(user),
    version: 2,
    client_id: token.clientId,
    origin_jti: randomUUID(),
    event_id: randomUUID(),
    token_use: "access",
    scope: token.scope,
    auth_time: token.authTime,
    username: user.username,
  };
  return new SignJWT(claims)
    .setProtectedHeader({ kid: keys.signing.kid, alg: "RS256" })
    .setSubject(user.sub)
    .setIssuer(issuer)
    .setIssuedAt()
    .setExpirationTime(token.expires)
    .setJti(token.id)
    .sign(await importJWK(keys.signing, "RS256"));
}

/**
 * By client_credentials: no user, and `sub` is the client.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html
 */
export function signClientToken(
  issuer: string,
  keys: IssuerKeys,
  { id, clientId, scope, authTime, expires }: IssuedAccessToken,
): Promise<string> {
  return signMachineToken(issuer, keys, expires - authTime, {
    sub: clientId,
    token_use: "access",
    scope,
    auth_time: authTime,
    version: 2,
    jti: id,
    client_id: clientId,
  });
}

/** The id of a valid access token of this issuer. */
export async function accessTokenId(issuer: string, keys: IssuerKeys, token: string): Promise<string | undefined> {
  const { alg, e, kty, n } = keys.signing;
  try {
    const key = await importJWK({ alg, e, kty, n }, "RS256");
    const { payload } = await jwtVerify(token, key, { issuer, algorithms: ["RS256"] });
    return payload.token_use === "access" ? payload.jti : undefined;
  } catch {
    return undefined;
  }
}
