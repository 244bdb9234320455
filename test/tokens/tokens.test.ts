import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createPublicKey, type JsonWebKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type CryptoKey, generateKeyPair, importJWK, type JWTPayload, SignJWT, UnsecuredJWT } from "jose";
import { paths, root } from "../../local/paths";
import { programs } from "../../local/toolchain/programs";
import { ask, base, openSocket, origin, stack } from "../e2e/stack";

const issuer = "https://token.actions.githubusercontent.com";
const python = join(programs().prefectVenv, "bin", "python");
/** What a program outside has: the way into the local cloud, and no secret of the stack. */
const outside = {
  PATH: process.env.PATH,
  HTTPS_PROXY: `http://127.0.0.1:${origin.port}`,
  SSL_CERT_FILE: paths.ca,
  PREFECT_HOME: join(paths.run, "outside"),
  PREFECT_LOGGING_LEVEL: "ERROR",
};

/** The issuer's own key, as only the issuer has it: for tokens that it would not give. */
const { signing } = JSON.parse(
  readFileSync(join(paths.state, "cloud/identity/issuers", new URL(issuer).host, "keys.json"), "utf8"),
) as { signing: JsonWebKey & { kid: string } };

const now = () => Math.floor(Date.now() / 1000);
const right = (): JWTPayload => ({
  iss: issuer,
  aud: "https://prefect.localhost",
  sub: "repo:example/flows:ref:refs/heads/main",
  repository: "example/flows",
  ref: "refs/heads/main",
  iat: now(),
  nbf: now(),
  exp: now() + 300,
});
const sign = async (claims: JWTPayload, key?: CryptoKey | Uint8Array, alg = "RS256") =>
  new SignJWT(claims).setProtectedHeader({ alg, kid: signing.kid }).sign(key ?? (await importJWK(signing, "RS256")));
const call = (token: string) =>
  ask(`${base}/api/admin/version`, { headers: { authorization: `Bearer ${token}` } }).then(({ status }) => status);

/** As the runner of a workflow asks GitHub for one. */
function tokenOfTheIssuer(): string {
  const program = `import httpx
print(httpx.post("${issuer}/oauth/token", auth=("workflow", "stands-for-the-runner"), data={"grant_type": "client_credentials"}).json()["access_token"])`;
  const { status, stdout, stderr } = spawnSync(python, ["-c", program], { env: outside, encoding: "utf8" });
  assert.equal(status, 0, stderr);
  return stdout.trim();
}

describe(`a program outside, with a token and no secret, at ${stack.url}`, function () {
  this.timeout(120_000);

  it("deploys a flow and has it run to its end", () => {
    const { status, stdout, stderr } = spawnSync(python, [join(root, "examples", "flows", "deploy.py")], {
      env: {
        ...outside,
        PREFECT_API_URL: `https://${origin.hostname}${base}/api`,
        PREFECT_CLIENT_CUSTOM_HEADERS: JSON.stringify({ Authorization: `Bearer ${tokenOfTheIssuer()}` }),
      },
      encoding: "utf8",
    });
    assert.equal(status, 0, stderr);
    assert.equal((JSON.parse(stdout) as { state: string }).state, "Completed");
  });

  it("opens the events socket with it", async () => {
    const { status, socket } = await openSocket(`${base}/api/events/in`, {
      authorization: `Bearer ${await sign(right())}`,
    });
    assert.equal(status, 101);
    socket?.close();
  });

  it("is let in by a token that differs in nothing", async () => {
    assert.equal(await call(await sign(right())), 200);
  });

  for (const [title, change] of [
    ["another issuer", { iss: "https://elsewhere.example" }],
    ["another audience", { aud: "https://github.com/example" }],
    ["no audience", { aud: undefined }],
    ["another repository", { repository: "evil/flows" }],
    ["the repository in capital letters", { repository: "EXAMPLE/FLOWS" }],
    ["another branch", { ref: "refs/heads/feature" }],
    ["a pull request", { ref: "refs/pull/7/merge" }],
    ["a time that is over", { exp: 1_700_000_000 }],
    ["no end", { exp: undefined }],
    ["a time that has not come", { nbf: 4_000_000_000 }],
  ] as const) {
    it(`is refused with a token of ${title}`, async () => {
      const claims = Object.fromEntries(
        Object.entries({ ...right(), ...change }).filter(([, value]) => value !== undefined),
      );
      assert.equal(await call(await sign(claims)), 401);
    });
  }

  it("is refused with a token that nobody signed", async () => {
    assert.equal(await call(new UnsecuredJWT(right()).encode()), 401);
  });

  it("is refused with a token signed with the public key as if that were a secret", async () => {
    const pem = createPublicKey({ key: signing, format: "jwk" }).export({ type: "spki", format: "pem" });
    assert.equal(await call(await sign(right(), Buffer.from(pem), "HS256")), 401);
  });

  it("is refused with a token of the right name and another key", async () => {
    const { privateKey } = await generateKeyPair("RS256");
    assert.equal(await call(await sign(right(), privateKey)), 401);
  });

  it("gets no page with it, but the login", async () => {
    const { status } = await ask(`${base}/v2/dashboard`, {
      headers: { authorization: `Bearer ${await sign(right())}`, accept: "text/html" },
    });
    assert.equal(status, 302);
  });
});
