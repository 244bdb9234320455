/**
 * The session cookie. `__Host-` makes the browser insist on Secure, Path=/ and no Domain, so that no sibling name of
 * the domain can plant one. oauth2-proxy appends `_0`, `_1`... where a session does not fit one cookie (4,000 bytes).
 */
export const sessionCookieName = "__Host-prefect";

/** oauth2-proxy's own paths. */
export const proxyPrefix = "/oauth2";
export const callbackPath = `${proxyPrefix}/callback`;
/** Takes the session away; only by POST from the own pages. */
export const signOutPath = `${proxyPrefix}/sign_out`;
/** The page with the sign-out button. */
export const signOutPagePath = "/sign-out";
/** Where the identity provider sends people after it ended its own session; needs no session. */
export const signedOutPath = "/signed-out";
