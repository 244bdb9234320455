import assert from "node:assert/strict";
import { createHash, createPublicKey, verify } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { WebSocket } from "ws";
import { Browser } from "./browser";
import { authenticateOidc, clientSecret, identityProvider, issuer } from "./identity-provider";
import { loadBalancerWorld, says, toTargets } from "./load-balancer-world";
import { ask, rawAsk, type Reply, server } from "./support";

const origin = "https://prefect.localhost";

describe("an authenticate-oidc action", () => {
  let world: Awaited<ReturnType<typeof loadBalancerWorld>>;
  let provider: Awaited<ReturnType<typeof identityProvider>>;
  let target: Awaited<ReturnType<typeof server>>;
  let browser: Browser;
  const realNow = Date.now;
  // As random as tokens: what does not compress.
  const note = createHash("shake256", { outputLength: 6700 }).update("note").digest("base64url");

  beforeEach(async () => {
    world = await loadBalancerWorld();
    provider = await identityProvider(world.cloud);
    browser = new Browser(world.cloud);
    target = await server((request, response) => {
      if (request.url === "/own-cookie") response.setHeader("Set-Cookie", "own=1");
      response.end(JSON.stringify({ url: request.url, headers: request.headers }));
    });
    await world.targetGroup();
  });
  afterEach(async () => {
    Date.now = realNow;
    await provider.close();
    await world.close();
    await target.close();
  });

  const open = async (settings: Record<string, unknown> = {}) => {
    await world.secureListener({ defaultActions: [authenticateOidc(settings), { ...toTargets[0], order: 2 }] });
    await world.healthy(target.address);
  };
  /** Where the provider sends the person back to. */
  const back = (reply: Reply, params: Record<string, string> = { code: "c1" }) => {
    const state = new URL(reply.headers.location ?? "").searchParams.get("state") ?? "";
    return `${origin}/oauth2/idpresponse?${new URLSearchParams({ state, ...params }).toString()}`;
  };
  const signIn = async (path = "/") => browser.get(back(await browser.get(`${origin}${path}`)));
  const seen = async (path = "/", headers: Record<string, string> = {}) => {
    const reply = await browser.send(`${origin}${path}`, headers);
    assert.equal(reply.status, 200, reply.body);
    return JSON.parse(reply.body) as { url: string; headers: Record<string, string> };
  };
  const later = (seconds: number) => {
    Date.now = () => realNow() + seconds * 1000;
  };
  const shards = () => browser.cookieNames.filter((name) => name.startsWith("AWSELBAuthSessionCookie-"));

  it("sends a stranger to the provider, with a state, a nonce cookie and the callback of the host", async () => {
    await open({ scope: "openid email", authenticationRequestExtraParams: { prompt: "login", client_id: "other" } });
    const reply = await browser.get(`${origin}/flows?a=1&b=2`);
    assert.equal(reply.status, 302);
    const { searchParams, origin: where, pathname } = new URL(reply.headers.location ?? "");
    assert.equal(`${where}${pathname}`, `${issuer}/authorize`);
    const { state, ...params } = Object.fromEntries(searchParams);
    assert.deepEqual(params, {
      prompt: "login",
      client_id: "client1",
      redirect_uri: `${origin}/oauth2/idpresponse`,
      response_type: "code",
      scope: "openid email",
    });
    assert.doesNotMatch(Buffer.from(state ?? "", "base64url").toString("latin1"), /flows|prefect/);
    assert.match(String(reply.headers["set-cookie"]), /^AWSALBAuthNonce=[\w-]{16}; Path=\/; Secure; HttpOnly$/);
    assert.equal(provider.seen.length, 0);
  });

  it("exchanges the code with the client's secret, asks for the claims and restores the address", async () => {
    await open();
    const reply = await signIn("/flows?a=1&b=%2F#x");
    assert.deepEqual([reply.status, reply.headers.location], [302, `${origin}/flows?a=1&b=%2F`]);
    const [token] = provider.asked("/token");
    assert.equal(token?.authorization, `Basic ${Buffer.from(`client1:${clientSecret}`).toString("base64")}`);
    assert.deepEqual(Object.fromEntries(token?.form ?? []), {
      grant_type: "authorization_code",
      code: "c1",
      redirect_uri: `${origin}/oauth2/idpresponse`,
    });
    assert.equal(token?.from, world.ownIp);
    assert.match(provider.asked("/userinfo")[0]?.authorization ?? "", /^Bearer token-/);
    const cookie = (reply.headers["set-cookie"] ?? [])[0] ?? "";
    assert.match(cookie, /^AWSELBAuthSessionCookie-0=[\w-]+; Expires=[^;]+; Path=\/; Secure; HttpOnly; SameSite=None$/);
    const expires = Date.parse(/Expires=([^;]+)/.exec(cookie)?.[1] ?? "");
    assert.ok(Math.abs(expires - Date.now() - 604_800_000) < 5000, "a week");
    assert.equal((await seen("/flows")).url, "/flows");
  });

  it("gives the target claims that the published key verifies, and none that the client has sent", async () => {
    await open();
    await signIn();
    const forged = {
      "x-amzn-oidc-data": "forged",
      "X-Amzn-Oidc-Identity": "root",
      "x-amzn-oidc-accesstoken": "forged",
    };
    const { headers } = await seen("/", forged);
    assert.equal(headers["x-amzn-oidc-identity"], "ada");
    assert.match(headers["x-amzn-oidc-accesstoken"] ?? "", /^token-/);
    const [header = "", payload = "", signature = ""] = (headers["x-amzn-oidc-data"] ?? "").split(".");
    assert.equal(header.length % 4, 0, "padded");
    const parse = (part: string) => JSON.parse(Buffer.from(part, "base64url").toString());
    const { kid, exp, ...rest } = parse(header);
    assert.deepEqual(rest, { typ: "JWT", alg: "ES256", iss: issuer, client: "client1", signer: world.arn });
    assert.ok(exp > provider.now() && exp <= provider.now() + 121);
    assert.deepEqual(parse(payload), { sub: "ada", email: "ada@example.com", exp, iss: issuer });
    const published = await browser.get(`https://public-keys.auth.elb.eu-west-1.amazonaws.com/${kid}`);
    const key = { key: createPublicKey(published.body), dsaEncoding: "ieee-p1363" } as const;
    const check = (text: string) => verify("sha256", Buffer.from(text), key, Buffer.from(signature, "base64url"));
    assert.ok(check(`${header}.${payload}`));
    assert.ok(!check(`${header}.${payload}x`));
    const other = await browser.get(`https://public-keys.auth.elb.eu-west-1.amazonaws.com/${world.arn}`);
    assert.equal(other.status, 404);
  });

  it("does as onUnauthenticatedRequest says: 401, or on without claims", async () => {
    await open({ onUnauthenticatedRequest: "deny" });
    const denied = await browser.get(`${origin}/api/x`);
    assert.deepEqual([denied.status, denied.headers.location], [401, undefined]);
    assert.match(denied.body, /401 Authorization Required/);
    await open({ onUnauthenticatedRequest: "allow" });
    const { headers } = await seen("/", { "x-amzn-oidc-identity": "root", "x-amzn-oidc-data": "forged" });
    assert.deepEqual(
      Object.keys(headers).filter((name) => name.startsWith("x-amzn-oidc")),
      [],
    );
  });

  it("shares the session between rules of the same cookie, and keeps other cookie names apart", async () => {
    await open();
    const rule = (priority: number, path: string, settings: object) =>
      world.rule(priority, [{ pathPattern: { values: [path] } }], [authenticateOidc({ ...settings }), ...toTargets]);
    await rule(1, "/api/*", { onUnauthenticatedRequest: "deny" });
    await rule(2, "/other/*", { onUnauthenticatedRequest: "deny", sessionCookieName: "other" });
    assert.equal((await browser.get(`${origin}/api/x`)).status, 401);
    await signIn();
    assert.equal((await seen("/api/x")).headers["x-amzn-oidc-identity"], "ada");
    assert.equal((await browser.get(`${origin}/other/x`)).status, 401);
  });

  it("takes the callback on its fixed path, whatever the rules say", async () => {
    await open();
    await world.rule(1, [{ pathPattern: { values: ["/oauth2/*", "/oauth2/idpresponse"] } }], says("mine", "404"));
    assert.equal((await signIn("/x")).headers.location, `${origin}/x`);
  });

  it("refuses a callback with a wrong, missing or foreign state, nonce or code: 401 and no cookie", async () => {
    await open();
    const first = await browser.get(`${origin}/`);
    const url = back(first);
    const refused = async (address: string, who = browser) => {
      const reply = await who.get(address);
      assert.equal(reply.status, 401, address);
      assert.equal(reply.headers["set-cookie"], undefined);
      assert.equal(reply.headers.location, undefined);
    };
    await refused(`${origin}/oauth2/idpresponse`);
    await refused(`${origin}/oauth2/idpresponse?code=c1&state=x`);
    await refused(url.replace(/state=(..........)/, "state=$1A"));
    await refused(back(first, {}));
    // Somebody else's login, in this browser or in another.
    await refused(url, new Browser(world.cloud));
    const other = new Browser(world.cloud);
    const theirs = back(await other.get(`${origin}/`));
    await refused(theirs);
    assert.equal(provider.asked("/token").length, 0);
    assert.equal((await browser.get(url)).status, 302);
  });

  it("gives a login fifteen minutes", async () => {
    await open();
    const url = back(await browser.get(`${origin}/`));
    later(15 * 60 + 2);
    assert.equal((await browser.get(url)).status, 401);
    later(15 * 60 - 2);
    assert.equal((await browser.get(url)).status, 302);
  });

  it("tells the provider's errors apart: 401, 500 and 561", async () => {
    await open();
    const status = async (change: Partial<typeof provider.behaviour>, params?: Record<string, string>) => {
      const usual = { ...provider.behaviour };
      Object.assign(provider.behaviour, change);
      const reply = await browser.get(back(await browser.get(`${origin}/`), params));
      Object.assign(provider.behaviour, usual);
      assert.ok(reply.status >= 400);
      assert.equal(reply.headers["set-cookie"], undefined);
      return reply.status;
    };
    const tokens = (claims: object) => async () =>
      provider.sign({ iss: issuer, aud: "client1", sub: "ada", exp: provider.now() + 60, ...claims });
    const withIdToken = async (claims: object) => {
      const id_token = await tokens(claims)();
      return { tokens: () => ({ id_token, access_token: "t", expires_in: 60 }) };
    };
    assert.equal(await status({}, { error: "access_denied" }), 401);
    assert.equal(await status({}, { error: "temporarily_unavailable\n2026 forged" }), 561);
    assert.equal(await status({ tokens: () => 400 }), 561);
    assert.equal(await status({ tokens: () => 503 }), 500);
    assert.equal(await status({ tokens: () => ({ id_token: 1, access_token: "t" }) }), 401);
    assert.equal(await status({ tokens: () => ({ access_token: "t" }) }), 401);
    assert.equal(await status(await withIdToken({ iss: "https://evil.example" })), 401);
    assert.equal(await status(await withIdToken({ aud: "client2" })), 401);
    assert.equal(await status(await withIdToken({ exp: provider.now() - 1 })), 401);
    assert.equal(await status(await withIdToken({ sub: "eve" })), 401);
    assert.equal(await status({ userInfo: () => 403 }), 561);
    assert.equal(await status({ userInfo: () => 500 }), 500);
    assert.equal(await status({ userInfo: () => "no json" }), 500);
    assert.equal(await status({ userInfo: () => ({ email: "x" }) }), 500);
    assert.equal(await status({ userInfo: () => ({ sub: "ada", note: "x".repeat(11 * 1024) }) }), 500);
    assert.ok(world.cloud.lines.every((line) => !line.includes("\n") && !line.includes(clientSecret)));
  });

  it("answers 500 when the provider cannot be reached, and never waits for ever", async () => {
    await open({ tokenEndpoint: "https://nowhere.example/token" });
    assert.equal((await signIn()).status, 500);
    assert.match(world.cloud.lines.join("\n"), /500 AuthTokenEpRequestFailed: nowhere\.example does not resolve/);
  });

  it("cuts a session over 4K into cookies that a browser keeps, and removes those of a longer one", async () => {
    await open();
    provider.behaviour.userInfo = () => ({ sub: "ada", note });
    const reply = await signIn();
    const lines = reply.headers["set-cookie"] ?? [];
    assert.ok(lines.length >= 2, String(lines.length));
    for (const line of lines) assert.ok(line.length <= 4096);
    const claims = async () => {
      const [, payload = ""] = ((await seen()).headers["x-amzn-oidc-data"] ?? "").split(".");
      return JSON.parse(Buffer.from(payload, "base64url").toString());
    };
    assert.equal((await claims()).note, note);
    provider.behaviour.userInfo = () => ({ sub: "ada" });
    browser.changeCookie("AWSELBAuthSessionCookie-0", (value) => `A${value}`);
    await signIn();
    assert.deepEqual(shards(), ["AWSELBAuthSessionCookie-0"]);
    assert.equal((await claims()).note, undefined);
  });

  it("asks for a new login when shards are changed, missing, swapped or from elsewhere; never 500", async () => {
    await open();
    provider.behaviour.userInfo = () => ({ sub: "ada", note });
    await signIn();
    const kept = new Map<string, string>();
    for (const name of shards()) browser.changeCookie(name, (value) => (kept.set(name, value), value));
    const [zero, one] = ["AWSELBAuthSessionCookie-0", "AWSELBAuthSessionCookie-1"];
    const value = (name: string) => kept.get(name) ?? "";
    const all = [...kept].map(([name, text]) => `${name}=${text}`).join("; ");
    const status = async (cookie: string) => (await new Browser(world.cloud).send(`${origin}/`, { cookie })).status;
    assert.equal(await status(all), 200);
    for (const cookie of [
      `${zero}=${value(zero)}`,
      all.replace(`${zero}=`, "gone="),
      all.replace(
        value(one),
        value(one).replace(/^./, (letter) => (letter === "A" ? "B" : "A")),
      ),
      all.replace(value(zero), value(one)),
      `${zero}=; ${one}=`,
      `${zero}=%00%ff; ${one}=x`,
      `${zero}=${"x".repeat(3000)}`,
      all.replaceAll("AWSELBAuthSessionCookie", "other"),
    ]) {
      assert.equal(await status(cookie), 302, cookie.slice(0, 60));
    }
    // A state of the same key is no session.
    const location = (await new Browser(world.cloud).get(`${origin}/`)).headers.location ?? "";
    assert.equal(await status(`${zero}=${new URL(location).searchParams.get("state")}`), 302);
  });

  it("ends the session at its timeout, also for a client that keeps the cookie", async () => {
    await open({ sessionTimeout: 60 });
    await signIn();
    later(58);
    await seen();
    later(61);
    assert.equal((await browser.get(`${origin}/`)).status, 302);
  });

  it("renews the claims by refresh token when the access token is over, once for requests that come together", async () => {
    await open({ sessionTimeout: 10_000 });
    const usual = provider.behaviour.tokens;
    let turn = 0;
    provider.behaviour.tokens = (form) => ({ ...(usual(form) as object), refresh_token: `refresh-${++turn}` });
    await signIn();
    provider.behaviour.userInfo = () => ({ sub: "ada", email: "new@example.com" });
    later(3599 - 2);
    assert.equal((await seen()).headers["x-amzn-oidc-identity"], "ada");
    assert.equal(turn, 1);
    later(3601);
    const replies = await Promise.all([browser.get(`${origin}/own-cookie`), browser.get(`${origin}/`)]);
    assert.deepEqual(
      replies.map(({ status }) => status),
      [200, 200],
    );
    assert.equal(turn, 2);
    assert.equal(provider.asked("/token").at(-1)?.form.get("refresh_token"), "refresh-1");
    const cookies = replies[0]?.headers["set-cookie"] ?? [];
    assert.equal(cookies[0], "own=1");
    assert.match(cookies[1] ?? "", /^AWSELBAuthSessionCookie-0=/);
    const [, payload = ""] = ((await seen()).headers["x-amzn-oidc-data"] ?? "").split(".");
    assert.match(Buffer.from(payload, "base64url").toString(), /new@example\.com/);
    later(7300);
    await seen();
    assert.equal(provider.asked("/token").at(-1)?.form.get("refresh_token"), "refresh-2");
    // The session's time runs from the login, whatever was renewed since.
    later(10_001);
    assert.equal((await browser.get(`${origin}/`)).status, 302);
  });

  it("asks for a new login when the provider refuses to renew, and keeps a session that has no refresh token", async () => {
    await open();
    await signIn();
    later(4000);
    await seen();
    later(0);
    const usual = provider.behaviour.tokens;
    provider.behaviour.tokens = (form) => ({ ...(usual(form) as object), refresh_token: "refresh" });
    browser.changeCookie("AWSELBAuthSessionCookie-0", () => undefined);
    await signIn();
    later(4000);
    for (const tokens of [() => 400, () => 503]) {
      provider.behaviour.tokens = tokens;
      assert.equal((await browser.get(`${origin}/`)).status, 302);
    }
    provider.behaviour.tokens = usual;
    provider.behaviour.userInfo = () => ({ sub: "eve" });
    assert.equal((await browser.get(`${origin}/`)).status, 302);
  });

  it("decides about WebSockets at the upgrade", async () => {
    await open();
    const upgraded = await server(() => undefined);
    upgraded.http.on("upgrade", (request, socket) => {
      socket.end(`HTTP/1.1 403 ${String(request.headers["x-amzn-oidc-identity"])}\r\nContent-Length: 0\r\n\r\n`);
    });
    const status = (headers: Record<string, string>) =>
      new Promise<number>((resolve) => {
        const tls = { servername: "prefect.localhost", ca: world.cloud.certificates.ca };
        const all = { host: "prefect.localhost", ...headers };
        const socket = new WebSocket(`wss://${world.ip}/ws`, { ...tls, headers: all });
        socket.on("error", () => undefined);
        socket.on("unexpected-response", (_request, response) => resolve(response.statusCode ?? 0));
      });
    assert.equal(await status({}), 302);
    await signIn();
    let cookie = "";
    browser.changeCookie("AWSELBAuthSessionCookie-0", (value) => (cookie = value));
    await world.balancing.deregisterTarget("tg", target.address);
    upgraded.http.on("request", (_request, response) => response.end());
    await world.healthy(upgraded.address);
    assert.equal(await status({ cookie: `AWSELBAuthSessionCookie-0=${cookie}` }), 403);
    await upgraded.close();
  });

  it("knows sessions after a restart, and keeps its keys to this user", async () => {
    await open();
    await signIn();
    const again = new (world.balancing.constructor as new (cloud: typeof world.cloud) => typeof world.balancing)(
      world.cloud,
    );
    await world.balancing.close();
    for (const type of [
      "aws:lb/loadBalancer:LoadBalancer",
      "aws:lb/targetGroup:TargetGroup",
      "aws:lb/listener:Listener",
    ])
      for (const resource of world.cloud.world.all(type)) await again.put(resource);
    assert.equal((await browser.get(`${origin}/`)).status, 503);
    const directory = join(world.cloud.stateDir, "load-balancer");
    const [file = "", ...others] = readdirSync(directory);
    assert.deepEqual(others, []);
    assert.equal(statSync(join(directory, file)).mode & 0o077, 0);
    assert.match(readFileSync(join(directory, file), "utf8"), /PRIVATE KEY/);
    for (const resource of world.cloud.world.all("aws:lb/loadBalancer:LoadBalancer")) await again.remove(resource);
    assert.deepEqual(readdirSync(directory), []);
    await again.close();
  });

  it("is refused with every reason: on HTTP, last, twice, or with settings that AWS has not", async () => {
    const both = [authenticateOidc(), ...toTargets];
    await assert.rejects(world.listener({ defaultActions: both }), /"authenticate-oidc" needs an HTTPS listener/);
    await assert.rejects(
      world.secureListener({ defaultActions: [authenticateOidc()] }),
      /the last action must be one of/,
    );
    await assert.rejects(
      world.secureListener({ defaultActions: [authenticateOidc(), ...both] }),
      /one action that authenticates; got 2/,
    );
    const wrong = authenticateOidc({
      issuer: "http://login.example.com",
      clientSecret: "",
      onUnauthenticatedRequest: "Deny",
      sessionTimeout: 604_801,
      sessionCookieName: "a b",
      authenticationRequestExtraParams: Object.fromEntries(Array.from({ length: 11 }, (_, at) => [`p${at}`, "x"])),
    });
    await assert.rejects(world.secureListener({ defaultActions: [wrong, ...toTargets] }), (error: Error) => {
      for (const reason of [
        /authenticateOidc\.issuer must be a full URL/,
        /clientSecret must not be empty/,
        /must be one of authenticate, allow, deny; got "Deny"/,
        /sessionTimeout must be from 1 to 604800 seconds; got 604801/,
        /sessionCookieName may have/,
        /may have 10 entries; got 11/,
      ])
        assert.match(error.message, reason);
      return true;
    });
    await world.secureListener({ defaultActions: says("default") });
    await world.rule(1, [{ pathPattern: { values: ["/a"] } }], both);
    await assert.rejects(
      world.listener({ defaultActions: says("default") }),
      /"authenticate-oidc" needs an HTTPS listener/,
    );
  });

  it("answers HTTP/1.0 without a host 401: there is no address to come back to", async () => {
    await open();
    const answer = await rawAsk(world.ip, 443, "GET / HTTP/1.0\r\n\r\n", {
      servername: "prefect.localhost",
      ca: world.cloud.certificates.ca,
    });
    assert.match(answer, /^HTTP\/1\.1 401 /);
  });

  it("leaves client-sent claims to rules without authentication, as AWS does", async () => {
    await open();
    await world.rule(1, [{ pathPattern: { values: ["/open"] } }], toTargets);
    assert.equal((await seen("/open", { "x-amzn-oidc-identity": "anyone" })).headers["x-amzn-oidc-identity"], "anyone");
    const reply = await ask({ ip: world.ip, port: 443, tls: { servername: "x", ca: world.cloud.certificates.ca } });
    assert.equal(reply.status, 302);
  });
});
