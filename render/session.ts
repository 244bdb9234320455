/**
 * The gateway's session cookie. `__Host-` makes the browser insist on Secure, Path=/ and no Domain, so that no sibling
 * name of the domain can plant one. oauth2-proxy appends `_0`, `_1`... where a session does not fit one cookie (4,000
 * bytes).
 */
export const sessionCookieName = "__Host-prefect";

/** The load balancer's session cookie, its default name; `-0`, `-1`... are appended. */
export const loadBalancerCookieName = "AWSELBAuthSessionCookie";
/**
 * How many of them there can be: a session of more than 11 kB is refused, encrypted and in base64 that makes 5 cookies of
 * 4 kB at most (Elastic Load Balancing, "Authenticate users using an Application Load Balancer").
 */
export const loadBalancerCookies = 8;
