import { importJWK, type JWTPayload, SignJWT } from "jose";
import type { IssuerKeys } from "./issuer-keys";

/**
 * The scope of a token by client_credentials: all that the client may have when it asks for none.
 *
 * @param asked the request's own parameter: what the library makes of it has lost what nobody knows
 * @returns undefined when it asks for more than it may have
 */
export function grantedScope(asked: string | undefined, allowed: readonly string[]): string | undefined {
  const wanted = (asked ?? "").split(" ").filter(Boolean);
  if (wanted.length === 0) return allowed.join(" ");
  return wanted.every((scope) => allowed.includes(scope)) ? wanted.join(" ") : undefined;
}

/** @param lifetime seconds */
export async function signMachineToken(
  issuer: string,
  keys: IssuerKeys,
  lifetime: number,
  claims: JWTPayload,
): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT(claims)
    .setProtectedHeader({ kid: keys.signing.kid, alg: "RS256", typ: "JWT" })
    .setIssuer(issuer)
    .setIssuedAt(now)
    .setExpirationTime(now + lifetime)
    .sign(await importJWK(keys.signing, "RS256"));
}
