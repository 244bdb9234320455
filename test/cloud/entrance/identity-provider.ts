import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";
import { HttpsHosts } from "../../../local/cloud/identity/https-hosts";
import type { TestCloud } from "./support";

const host = "login.example.com";
export const issuer = `https://${host}`;
export const clientSecret = "client-secret-0123456789";

/** Answers of a provider's endpoints that a test may change. */
export interface Behaviour {
  /** JSON of the token endpoint; a number: that status. */
  tokens: (form: URLSearchParams) => Record<string, unknown> | number;
  userInfo: (token: string) => Record<string, unknown> | string | number;
  keys: () => { keys: unknown[] } | number;
}

/** An identity provider whose every answer is the test's; asks nobody for a password. */
export async function identityProvider(cloud: TestCloud) {
  const pair = await generateKeyPair("RS256", { extractable: true });
  const key = { ...(await exportJWK(pair.publicKey)), kid: "key1", alg: "RS256", use: "sig" };
  const sign = (claims: JWTPayload, header: { alg?: string; kid?: string } = {}) =>
    new SignJWT(claims).setProtectedHeader({ alg: "RS256", kid: "key1", ...header }).sign(pair.privateKey);
  const now = () => Math.floor(Date.now() / 1000);
  const idToken = await sign({ iss: issuer, aud: "client1", sub: "ada", exp: now() + 3600, iat: now() });
  const usual: Behaviour = {
    tokens: () => ({ id_token: idToken, access_token: `token-${randomUUID()}`, expires_in: 3600 }),
    userInfo: () => ({ sub: "ada", email: "ada@example.com" }),
    keys: () => ({ keys: [key] }),
  };
  const behaviour = { ...usual };
  const seen: { path: string; authorization: string | undefined; form: URLSearchParams; from: string }[] = [];
  const hosts = new HttpsHosts(cloud, "provider");
  await hosts.set(host, async (request: IncomingMessage, response: ServerResponse) => {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    const { headers, socket } = request;
    const { pathname: path } = new URL(request.url ?? "/", issuer);
    const form = new URLSearchParams(body);
    seen.push({ path, authorization: headers.authorization, form, from: String(socket.remoteAddress) });
    const token = (headers.authorization ?? "").replace(/^Bearer /, "");
    const answers: Record<string, () => object | string | number> = {
      "/token": () => behaviour.tokens(form),
      "/userinfo": () => behaviour.userInfo(token),
      "/keys": () => behaviour.keys(),
    };
    const answer = answers[path]?.() ?? 404;
    response.writeHead(typeof answer === "number" ? answer : 200, { "Content-Type": "application/json" });
    response.end(typeof answer === "object" ? JSON.stringify(answer) : String(answer));
  });
  return {
    key,
    privateKey: pair.privateKey,
    sign,
    behaviour,
    seen,
    asked: (path: string) => seen.filter((one) => one.path === path),
    now,
    close: () => hosts.close(),
  };
}

/** An authenticate-oidc action for it. */
export function authenticateOidc(more: Record<string, unknown> = {}) {
  return {
    type: "authenticate-oidc",
    order: 1,
    authenticateOidc: {
      issuer,
      authorizationEndpoint: `${issuer}/authorize`,
      tokenEndpoint: `${issuer}/token`,
      userInfoEndpoint: `${issuer}/userinfo`,
      clientId: "client1",
      clientSecret,
      ...more,
    },
  };
}
