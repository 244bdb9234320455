import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from "jose";
import { paths } from "../../local/paths";
import { oauth2ProxyEnvironment, oauth2ProxySecrets } from "../../render/oauth2-proxy";
import { freePort } from "../support/gateway";

const clientId = "c1";
const clientSecret = "a-secret-of-more-than-thirty-two-bytes";
type Keys = Awaited<ReturnType<typeof generateKeyPair>>;

describe("oauth2-proxy, told by an identity provider who came", function () {
  this.timeout(30_000);
  let issuer = "";
  let proxy = "";
  let keys: Keys;
  let otherKeys: Keys;
  let idp: Server;
  let child: ChildProcess;
  /** What the identity provider hands out next. */
  let idToken = "";

  before(async () => {
    keys = await generateKeyPair("RS256", { extractable: true });
    otherKeys = await generateKeyPair("RS256");
    const jwk = { ...(await exportJWK(keys.publicKey)), kid: "k1", use: "sig", alg: "RS256" };
    idp = createServer((request, response) => {
      const answers: Record<string, unknown> = {
        "/.well-known/openid-configuration": {
          issuer,
          authorization_endpoint: `${issuer}/authorize`,
          token_endpoint: `${issuer}/token`,
          jwks_uri: `${issuer}/jwks`,
          id_token_signing_alg_values_supported: ["RS256"],
        },
        "/jwks": { keys: [jwk] },
        "/token": { access_token: "a", token_type: "Bearer", expires_in: 3600, id_token: idToken },
      };
      const answer = answers[request.url ?? ""];
      response.writeHead(answer ? 200 : 404, { "Content-Type": "application/json" }).end(JSON.stringify(answer ?? {}));
    }).listen(0, "127.0.0.1");
    await once(idp, "listening");
    issuer = `http://127.0.0.1:${(idp.address() as AddressInfo).port}`;

    const port = await freePort();
    proxy = `http://127.0.0.1:${port}`;
    child = spawn(join(paths.toolchain, "bin", "oauth2-proxy"), {
      env: {
        ...oauth2ProxyEnvironment({
          domain: "prefect.example.com",
          path: "/",
          scopes: ["openid", "email"],
          groupsClaim: "groups",
          allowedGroups: ["data"],
          allowedEmailDomains: ["corp.com"],
          allowUnverifiedEmail: false,
          lifetimeHours: 12,
          refreshMinutes: 15,
        }),
        OAUTH2_PROXY_HTTP_ADDRESS: `127.0.0.1:${port}`,
        [oauth2ProxySecrets.issuer]: issuer,
        [oauth2ProxySecrets.clientId]: clientId,
        [oauth2ProxySecrets.clientSecret]: clientSecret,
        [oauth2ProxySecrets.cookieSecret]: "0123456789abcdefghijABCDEFGHIJ01",
      },
      stdio: "ignore",
    });
    for (let attempt = 0; attempt < 100; attempt++) {
      if (await fetch(`${proxy}/ping`).catch(() => undefined)) return;
      await sleep(50);
    }
    throw new Error("oauth2-proxy does not listen");
  });

  after(() => {
    child?.kill();
    idp?.close();
  });

  const claims = (nonce: string): JWTPayload => ({
    iss: issuer,
    aud: clientId,
    sub: "s",
    nonce,
    email: "ada@corp.com",
    email_verified: true,
    groups: ["data"],
    exp: Math.floor(Date.now() / 1000) + 600,
    iat: Math.floor(Date.now() / 1000),
  });
  const signed = (payload: JWTPayload, key: Parameters<SignJWT["sign"]>[0] = keys.privateKey, alg = "RS256") =>
    new SignJWT(payload).setProtectedHeader({ alg, kid: "k1" }).sign(key);

  /** One login to its end. @returns the callback's status and whether the cookies after it open anything */
  async function logIn(token: (nonce: string) => string | Promise<string>): Promise<[number, number]> {
    const options = { redirect: "manual" as const };
    const start = await fetch(`${proxy}/oauth2/start`, options);
    const { searchParams } = new URL(start.headers.get("location") ?? "");
    idToken = await token(searchParams.get("nonce") ?? "");
    const query = new URLSearchParams({ code: "c", state: searchParams.get("state") ?? "" });
    const callback = await fetch(`${proxy}/oauth2/callback?${query.toString()}`, {
      ...options,
      headers: { cookie: cookiesOf(start) },
    });
    const auth = await fetch(`${proxy}/oauth2/auth`, { ...options, headers: { cookie: cookiesOf(callback) } });
    return [callback.status, auth.status];
  }

  it("lets in whom it should", async () => {
    assert.deepEqual(await logIn((nonce) => signed(claims(nonce))), [302, 202]);
  });

  for (const [title, token] of Object.entries<(nonce: string) => string | Promise<string>>({
    "another login's nonce": () => signed(claims("another")),
    "no nonce": (nonce) => signed({ ...claims(nonce), nonce: undefined }),
    "a token for another client": (nonce) => signed({ ...claims(nonce), aud: "c2" }),
    "a token of another issuer": (nonce) => signed({ ...claims(nonce), iss: "https://evil.example.com" }),
    "a token whose time is over": (nonce) => signed({ ...claims(nonce), exp: 1_700_000_000 }),
    "a token that nobody signed": (nonce) => new UnsecuredJWT(claims(nonce)).encode(),
    "a token signed with another key": (nonce) => signed(claims(nonce), otherKeys.privateKey),
    "a token signed with the client's secret": (nonce) =>
      signed(claims(nonce), new TextEncoder().encode(clientSecret), "HS256"),
    "an address that nobody verified": (nonce) => signed({ ...claims(nonce), email_verified: false }),
    "an address at another domain": (nonce) => signed({ ...claims(nonce), email: "ada@evil.example.com" }),
    "an address with two ats": (nonce) => signed({ ...claims(nonce), email: "a@evil.example.com@corp.com" }),
    "an address below the domain": (nonce) => signed({ ...claims(nonce), email: "a@x.corp.com" }),
    "another group": (nonce) => signed({ ...claims(nonce), groups: ["dat", "data2"] }),
    "no group": (nonce) => signed({ ...claims(nonce), groups: undefined }),
  })) {
    it(`refuses ${title}`, async () => {
      const [callback, auth] = await logIn(token);
      assert.ok([403, 500].includes(callback), String(callback));
      assert.equal(auth, 401);
    });
  }
});

function cookiesOf(response: Response): string {
  return response.headers
    .getSetCookie()
    .map((line) => line.replace(/;.*/s, ""))
    .join("; ");
}
