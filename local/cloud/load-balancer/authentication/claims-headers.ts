import { sign } from "node:crypto";
import type { LoadBalancerKeys } from "./keys";
import type { Session } from "./session";

/** The headers that only an authenticate action may set. */
export const claimsHeaderNames = ["x-amzn-oidc-accesstoken", "x-amzn-oidc-identity", "x-amzn-oidc-data"];

// Targets are to verify soon: the token is made anew for every request.
const lifetime = 120;

/** listener-authenticate-users.html, "User claims encoding and signature verification" */
export function claimsHeaders(keys: LoadBalancerKeys, signer: string, session: Session): [string, string][] {
  return [
    ["x-amzn-oidc-accesstoken", session.accessToken],
    ["x-amzn-oidc-identity", String(session.claims.sub)],
    ["x-amzn-oidc-data", signedClaims(keys, signer, session)],
  ];
}

/**
 * A JWT by ECDSA, P-256 and SHA-256. "Standard libraries are not compatible with the padding that is included in the
 * Application Load Balancer authentication token in JWT format": the parts are base64url with padding.
 */
function signedClaims(keys: LoadBalancerKeys, signer: string, { issuer, clientId, claims }: Session): string {
  const exp = Math.floor(Date.now() / 1000) + lifetime;
  const header = { typ: "JWT", kid: keys.kid, alg: "ES256", iss: issuer, client: clientId, signer, exp };
  const content = [header, { ...claims, exp, iss: issuer }].map((part) => padded(Buffer.from(JSON.stringify(part))));
  const signature = sign("sha256", Buffer.from(content.join(".")), { key: keys.signing, dsaEncoding: "ieee-p1363" });
  return [...content, padded(signature)].join(".");
}

function padded(bytes: Buffer): string {
  return bytes.toString("base64").replaceAll("+", "-").replaceAll("/", "_");
}
