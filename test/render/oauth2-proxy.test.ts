import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { paths } from "../../local/paths";
import { type Oauth2ProxyOptions, oauth2ProxyEnvironment, oauth2ProxyStart } from "../../render/oauth2-proxy";

const options: Oauth2ProxyOptions = {
  domain: "prefect.example.com",
  path: "/",
  scopes: ["openid", "email"],
  groupsClaim: "cognito:groups",
  allowedGroups: ["data", "ops"],
  allowedEmailDomains: [],
  allowUnverifiedEmail: false,
  lifetimeHours: 12,
  refreshMinutes: 15,
};
const binary = join(paths.toolchain, "bin", "oauth2-proxy");

describe("oauth2-proxy's environment", () => {
  it("is what oauth2-proxy itself takes for a valid configuration", () => {
    const environment = {
      ...oauth2ProxyEnvironment(options),
      OAUTH2_PROXY_OIDC_ISSUER_URL: "https://login.example.com",
      OAUTH2_PROXY_CLIENT_ID: "prefect",
      OAUTH2_PROXY_CLIENT_SECRET: "s",
      OAUTH2_PROXY_COOKIE_SECRET: "p".repeat(32),
    };
    const checked = spawnSync(binary, ["--config-test"], { env: environment, encoding: "utf8" });
    assert.equal(checked.status, 0, checked.stdout + checked.stderr);
  });

  it("asks for a fresh look at the issuer, PKCE, a nonce and cookies of one host", () => {
    const environment = oauth2ProxyEnvironment(options);
    const expected = {
      REDIRECT_URL: "https://prefect.example.com/oauth2/callback",
      CODE_CHALLENGE_METHOD: "S256",
      INSECURE_OIDC_SKIP_NONCE: "false",
      INSECURE_OIDC_ALLOW_UNVERIFIED_EMAIL: "false",
      TRUSTED_PROXY_IPS: "127.0.0.1/32,::1/128",
      HTTP_ADDRESS: "127.0.0.1:4180",
      ALLOWED_GROUPS: "data,ops",
      EMAIL_DOMAINS: "*",
      SCOPE: "openid email",
      COOKIE_NAME: "__Host-prefect",
      COOKIE_SECURE: "true",
      COOKIE_HTTPONLY: "true",
      COOKIE_SAMESITE: "lax",
      COOKIE_EXPIRE: "12h",
      COOKIE_REFRESH: "15m",
      REQUEST_LOGGING: "false",
      FOOTER: "-",
    };
    for (const [name, value] of Object.entries(expected))
      assert.equal(environment[`OAUTH2_PROXY_${name}`], value, name);
  });

  it("moves below a prefix with all of its own addresses, and leaves its cookie where browsers insist on it", () => {
    const changed = Object.entries(oauth2ProxyEnvironment({ ...options, path: "/prefect" })).filter(
      ([name, value]) => value !== oauth2ProxyEnvironment(options)[name],
    );
    assert.deepEqual(Object.fromEntries(changed), {
      OAUTH2_PROXY_PROXY_PREFIX: "/prefect/oauth2",
      OAUTH2_PROXY_REDIRECT_URL: "https://prefect.example.com/prefect/oauth2/callback",
    });
    assert.equal(oauth2ProxyEnvironment(options).OAUTH2_PROXY_COOKIE_PATH, "/");
  });

  it("has none of the settings that let people in without a session", () => {
    const banned =
      /SKIP_AUTH|TRUSTED_IPS|PING_USER_AGENT|GCP_HEALTHCHECKS|SKIP_ISSUER|WHITELIST|SKIP_JWT|API_ROUTES|HTPASSWD/;
    assert.deepEqual(
      Object.keys(oauth2ProxyEnvironment(options)).filter((name) => banned.test(name)),
      [],
    );
  });

  it("names e-mail domains where the settings do, and groups only where they do", () => {
    const environment = oauth2ProxyEnvironment({
      ...options,
      allowedGroups: [],
      allowedEmailDomains: ["a.com", "b.com"],
    });
    assert.equal(environment.OAUTH2_PROXY_EMAIL_DOMAINS, "a.com,b.com");
    assert.ok(!("OAUTH2_PROXY_ALLOWED_GROUPS" in environment));
  });
});

describe("oauth2-proxy's start", () => {
  it("starts it again when it ends, and passes the end of the task on", async () => {
    const dir = mkdtempSync(join(tmpdir(), "oauth2-proxy-"));
    const log = join(dir, "log");
    writeFileSync(log, "");
    writeFileSync(
      join(dir, "oauth2-proxy"),
      `#!/bin/sh
echo start >> ${log}
[ "$(grep -c start ${log})" -gt 1 ] || exit 3
trap 'echo term >> ${log}; kill "$!"; exit 0' TERM
sleep 60 &
wait
`,
    );
    chmodSync(join(dir, "oauth2-proxy"), 0o755);
    const child = spawn("/bin/sh", ["-ec", oauth2ProxyStart], {
      env: { PATH: `${dir}:${process.env.PATH}` },
      stdio: "ignore",
    });
    while (readFileSync(log, "utf8") !== "start\nstart\n") await sleep(50);
    await sleep(200);
    child.kill("SIGTERM");
    const [code] = (await once(child, "exit")) as [number | null];
    assert.equal(code, 0);
    assert.equal(readFileSync(log, "utf8"), "start\nstart\nterm\n");
    rmSync(dir, { recursive: true });
  }).timeout(15_000);
});
