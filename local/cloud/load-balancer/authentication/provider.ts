import { decodeJwt } from "jose";
import { jsonObject, type Outbound, OutboundError } from "../outbound";
import type { Session } from "./session";
import type { AuthenticationSettings } from "./login-settings";

/**
 * A login that did not come to an end. The reasons are those of the access log:
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html#error-reason-codes
 */
export class LoginError extends Error {
  /** 401, 500 or 561, as load-balancer-troubleshooting.html says when */
  readonly status: 401 | 500 | 561;

  constructor(status: LoginError["status"], reason: string) {
    super(reason);
    this.status = status;
  }
}

// "greater than 11K bytes in size, the load balancer returns an HTTP 500": listener-authenticate-users.html
const maxClaims = 11 * 1024;

/** Exchanges a code for a session. @throws LoginError */
export async function redeem(
  outbound: Outbound,
  settings: AuthenticationSettings,
  code: string,
  redirectUri: string,
): Promise<Session> {
  const form = { grant_type: "authorization_code", code, redirect_uri: redirectUri };
  const tokens = await askTokens(outbound, settings, form);
  const { sub } = validIdToken(settings, tokens.id_token);
  const session = await sessionFrom(outbound, settings, tokens, Math.floor(Date.now() / 1000));
  // OpenID Connect Core, 5.3.2: the sub claim of both must be the same.
  if (session.claims.sub !== sub) throw new LoginError(401, "AuthInvalidUserinfoResponse");
  return session;
}

/** The session with fresh claims. @throws LoginError when the provider wants the person to sign in again */
export async function refresh(
  outbound: Outbound,
  settings: AuthenticationSettings,
  session: Session,
): Promise<Session> {
  const refreshToken = session.refreshToken ?? "";
  const tokens = await askTokens(outbound, settings, { grant_type: "refresh_token", refresh_token: refreshToken });
  const fresh = await sessionFrom(outbound, settings, { refresh_token: refreshToken, ...tokens }, session.started);
  if (fresh.claims.sub !== session.claims.sub) throw new LoginError(401, "AuthInvalidUserinfoResponse");
  return fresh;
}

async function sessionFrom(
  outbound: Outbound,
  settings: AuthenticationSettings,
  tokens: Record<string, unknown>,
  started: number,
): Promise<Session> {
  const { access_token: accessToken, expires_in: expiresIn, refresh_token: refreshToken } = tokens;
  if (typeof accessToken !== "string" || !accessToken) throw new LoginError(500, "AuthInvalidTokenResponse");
  const claims = await userInfo(outbound, settings, accessToken);
  if (Buffer.byteLength(JSON.stringify(claims)) + Buffer.byteLength(accessToken) > maxClaims) {
    throw new LoginError(500, "AuthUserinfoResponseSizeExceeded");
  }
  return {
    issuer: settings.issuer,
    clientId: settings.clientId,
    claims,
    accessToken,
    // RFC 6749, 5.1: expires_in may be left out; then the session's own end is the only one.
    expires: Math.floor(Date.now() / 1000) + (Number(expiresIn) || settings.sessionTimeout),
    ...(typeof refreshToken === "string" && refreshToken && { refreshToken }),
    started,
  };
}

async function askTokens(outbound: Outbound, settings: AuthenticationSettings, form: Record<string, string>) {
  // RFC 6749, 2.3.1: both parts are form-encoded before they are joined.
  const [id, secret] = [settings.clientId, settings.clientSecret].map(encodeURIComponent);
  const { status, body } = await reached("AuthTokenEpRequestFailed", () =>
    outbound.request(settings.tokenEndpoint, {
      method: "POST",
      headers: {
        "Content-Type": "application/x-www-form-urlencoded",
        Authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}`,
      },
      body: new URLSearchParams(form).toString(),
    }),
  );
  if (status >= 500) throw new LoginError(500, "AuthTokenEpRequestFailed");
  // "HTTP 561: the IdP returned an error code when authenticating the user"
  if (status !== 200) throw new LoginError(561, "AuthInvalidGrantError");
  return parsed(body, "AuthInvalidTokenResponse");
}

async function userInfo(outbound: Outbound, { userInfoEndpoint }: AuthenticationSettings, accessToken: string) {
  const { status, body } = await reached("AuthUserinfoEpRequestFailed", () =>
    outbound.request(userInfoEndpoint, { headers: { Authorization: `Bearer ${accessToken}` } }),
  );
  if (status !== 200) throw new LoginError(status >= 500 ? 500 : 561, "AuthUserinfoEpRequestFailed");
  const claims = parsed(body, "AuthInvalidUserinfoResponse");
  if (typeof claims.sub !== "string") throw new LoginError(500, "AuthInvalidUserinfoResponse");
  return claims;
}

/** "unable to communicate with the IdP token endpoint or the IdP user info endpoint": 500 */
async function reached<T>(reason: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof OutboundError) throw new LoginError(500, `${reason}: ${error.message}`);
    throw error;
  }
}

function parsed(body: string, reason: string): Record<string, unknown> {
  try {
    return jsonObject(body);
  } catch {
    throw new LoginError(500, reason);
  }
}

/**
 * OpenID Connect Core, 3.1.3.7: its signature needs no check as it came straight from the token endpoint by TLS, and
 * the action names no keys to check it with. "HTTP 401: the requested scope doesn't return an ID token"
 */
function validIdToken({ issuer, clientId }: AuthenticationSettings, idToken: unknown): { sub: string } {
  try {
    const { iss, aud, exp, sub } = decodeJwt(String(idToken));
    const fine = iss === issuer && [aud].flat().includes(clientId) && Number(exp) > Date.now() / 1000 && sub;
    if (fine) return { sub };
  } catch {
    // Said below.
  }
  throw new LoginError(401, "AuthInvalidIdToken");
}
