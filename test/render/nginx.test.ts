import assert from "node:assert/strict";
import { nginxConf } from "../../render/nginx";
import { pages as pagesOf, problems } from "../../render/gateway-pages";
import { pathsBelow } from "../../render/paths";
import {
  domain,
  likeOauth2Proxy,
  machineAuthorization,
  machine,
  sessionCookie,
  signOutUrl,
  TestGateway,
} from "../support/gateway";
import { assertGolden } from "../support/golden";

const pages = pagesOf(pathsBelow("/"), "/oauth2/sign_out");
const own = `https://${domain}`;
const session = { cookie: sessionCookie };
const basic = { authorization: machineAuthorization };

describe("nginx.conf", () => {
  it("is the golden file, and holds no secret", () => {
    const conf = nginxConf({ domain, path: "/", trustedProxyCidrs: ["10.0.0.0/16"], idleTimeoutSec: 60 });
    assertGolden("nginx.conf", conf);
  });

  const gateway = new TestGateway();
  before(() => gateway.start());
  after(() => gateway.stop());
  beforeEach(() => gateway.reset());

  describe("for a stranger", () => {
    for (const path of [
      "/",
      "/v2/dashboard",
      "/docs",
      "/openapi.json",
      "/ui-settings",
      "/flow-runs/flow-run/1?a=1&b=2",
    ]) {
      it(`sends the page ${path} to the login, to come back to the same address`, async () => {
        const answer = await gateway.ask(path);
        assert.equal(answer.status, 302);
        assert.equal(answer.headers.location, "https://login.example.com/authorize?state=s");
        assert.equal(answer.headers["cache-control"], "no-store");
        assert.equal(gateway.oauth2Proxy.at(-1)?.url, "/oauth2/start");
        assert.equal(gateway.oauth2Proxy.at(-1)?.headers["x-auth-request-redirect"], path);
        assert.equal(gateway.prefect.length, 0);
      });
    }

    for (const [method, path] of [
      ["GET", "/api"],
      ["GET", "/api/flows/count"],
      ["GET", "/api/health"],
      ["GET", "/api/ready"],
      ["GET", "/api/docs"],
      ["POST", "/api/flows/filter"],
      ["OPTIONS", "/api/flows/filter"],
      ["HEAD", "/api/flows/filter"],
      ["PROPFIND", "/api/flows/filter"],
      ["FOO", "/api/flows/filter"],
      ["GET", "//api/flows/count"],
      ["GET", "/./api/flows/count"],
      ["GET", "/%61pi/flows/count"],
      ["GET", "/api/health/../flows/count"],
      ["GET", "/gateway/health/..%2f..%2fapi/flows/count"],
      ["POST", "/"],
    ] as const) {
      it(`answers ${method} ${path} without a redirect, a password box or Prefect`, async () => {
        const answer = await gateway.ask(path, { method });
        if (!path.startsWith("/gateway")) {
          assert.equal(answer.status, 401);
          assert.equal(answer.headers.location, undefined);
          assert.equal(answer.body, method === "HEAD" ? "" : problems.unauthorized);
        }
        assert.equal(answer.headers["www-authenticate"], undefined);
        assert.equal(gateway.prefect.length, 0);
      });
    }

    it("answers a script's or a fetch's request for a page's path with 401, not with the login's HTML", async () => {
      for (const mode of ["cors", "no-cors", "same-origin"]) {
        const answer = await gateway.ask("/ui-settings", { headers: { "sec-fetch-mode": mode } });
        assert.deepEqual([answer.status, answer.body], [401, problems.unauthorized]);
      }
      assert.equal((await gateway.ask("/", { headers: { "sec-fetch-mode": "navigate" } })).status, 302);
    });

    it("opens no socket", async () => {
      for (const path of ["/api/events/in", "/api/events/out", "/api/logs/out", "/", "/ui-settings", "/oauth2/start"]) {
        const answer = await gateway.upgrade(path);
        assert.notEqual(answer.status, 101, path);
      }
      assert.equal(gateway.prefect.length, 0);
    });

    for (const authorization of [
      "Bearer abc",
      "Basic",
      "Basic ",
      `Basic ${Buffer.from("admin:").toString("base64")}`,
      `Basic ${Buffer.from("admin:wrong").toString("base64")}`,
      `Basic ${machine.basic.toLowerCase()}`,
      `Basic ${Buffer.from(`root:${machine.authString.slice(6)}`).toString("base64")}`,
    ]) {
      it(`refuses the credential ${authorization.slice(0, 24)}`, async () => {
        const answer = await gateway.ask("/api/flows/count", { headers: { authorization } });
        assert.equal(answer.status, 401);
        assert.equal(gateway.prefect.length, 0);
      });
    }

    it("slows wrong credentials down without harming the right one from the same address", async () => {
      const wrong = { authorization: "Basic d3Jvbmc6d3Jvbmc=", "x-forwarded-for": "203.0.113.9" };
      const answers = await Promise.all(
        Array.from({ length: 120 }, () => gateway.ask("/api/flows/count", { headers: wrong })),
      );
      const refused = answers.filter(({ status }) => status === 429);
      assert.ok(refused.length >= 40, `${refused.length} of 120 were slowed down`);
      assert.equal(refused[0]?.body, problems.tooMany);
      const right = await gateway.ask("/api/flows/count", { headers: { ...basic, "x-forwarded-for": "203.0.113.9" } });
      assert.equal(right.status, 200);
    });

    it("finds none of oauth2-proxy's other endpoints", async () => {
      for (const path of [
        "/oauth2/auth",
        "/oauth2/userinfo",
        "/oauth2/ping",
        "/oauth2/ready",
        "/oauth2/metrics",
        "/oauth2/sign_in",
        "/oauth2/static/css/all.min.css",
        "/oauth2/",
        "/oauth2/x",
      ]) {
        assert.equal((await gateway.ask(path)).status, 404, path);
      }
      assert.equal(gateway.oauth2Proxy.length, 0);
    });

    it("reaches the pages of the login", async () => {
      assert.equal((await gateway.ask("/oauth2/callback?code=c&state=s")).status, 200);
      assert.equal((await gateway.ask("/oauth2/start?rd=https://evil.example.com")).status, 302);
      assert.deepEqual(
        gateway.oauth2Proxy.map(({ url }) => url),
        ["/oauth2/callback?code=c&state=s", "/oauth2/start"],
      );
      assert.equal(gateway.prefect.length, 0);
    });

    it("is not told by oauth2-proxy why a login failed: its page would hold its version and text from the query", async () => {
      for (const status of [400, 403, 500]) {
        gateway.onOauth2Proxy = (_, response) => response.writeHead(status).end("OAuth2 Proxy v7: <script>");
        const answer = await gateway.ask("/oauth2/callback?error=x");
        assert.deepEqual([answer.status, answer.body], [403, pages.loginFailed]);
        assert.equal(answer.headers["cache-control"], "no-store");
      }
    });

    it("comes back to the front page after the login where the address is too long to carry along", async () => {
      for (const [length, returnTo] of [
        [2048, `/${"a".repeat(2047)}`],
        [2049, "/"],
        [15_000, "/"],
      ] as const) {
        assert.equal((await gateway.ask(`/${"a".repeat(length - 1)}`)).status, 302);
        assert.equal(gateway.oauth2Proxy.at(-1)?.headers["x-auth-request-redirect"], returnTo);
      }
    });

    it("gets nothing under another Host, the health check excepted", async () => {
      for (const path of ["/", "/api/flows/count", "/ui-settings", "/oauth2/start", "/sign-out"]) {
        const answer = await gateway.ask(path, { headers: { host: "evil.example.com", ...basic } });
        assert.equal(answer.status, 404, path);
      }
      assert.equal(gateway.prefect.length, 0);
    });

    it("gets no large body through", async () => {
      const answer = await gateway.ask("/api/logs/", { method: "POST", body: Buffer.alloc(17 * 1024 * 1024) });
      assert.equal(answer.status, 413);
      assert.equal(gateway.prefect.length, 0);
    });
  });

  describe("for a person with a session", () => {
    it("passes on to Prefect with the credential that Prefect asks for", async () => {
      const answer = await gateway.ask("/api/flows/count?x=1%2F2", { headers: session });
      assert.deepEqual([answer.status, answer.body], [200, "prefect"]);
      assert.equal(gateway.prefect[0]?.url, "/api/flows/count?x=1%2F2");
      assert.equal(gateway.prefect[0]?.headers.authorization, machineAuthorization);
    });

    it("replaces a password that the UI once stored, without a password box", async () => {
      const headers = { ...session, authorization: "Basic d3Jvbmc6d3Jvbmc=", "sec-fetch-site": "same-origin" };
      const answer = await gateway.ask("/api/flows/count", { headers });
      assert.equal(answer.status, 200);
      assert.equal(gateway.prefect[0]?.headers.authorization, machineAuthorization);
      const stale = await gateway.ask("/api/flows/count", { headers: { ...headers, cookie: "" } });
      assert.deepEqual([stale.status, stale.headers["www-authenticate"]], [401, undefined]);
    });

    it("answers ui-settings itself, so that the UI asks for no password", async () => {
      for (const encoding of ["identity", "gzip, br"]) {
        const answer = await gateway.ask("/ui-settings", { headers: { ...session, "accept-encoding": encoding } });
        assert.equal(answer.status, 200);
        assert.equal(answer.headers["content-type"], "application/json");
        assert.deepEqual(JSON.parse(answer.body), {
          api_url: "/api",
          csrf_enabled: true,
          auth: null,
          flags: [],
          default_ui: "v2",
          available_uis: ["v1", "v2"],
          v1_base_url: "/",
          v2_base_url: "/v2",
        });
      }
      assert.equal(gateway.prefect.length, 0);
    });

    it("opens no socket with a cookie", async () => {
      for (const upgrade of ["websocket", "h2c"]) {
        const answer = await gateway.upgrade("/api/events/in", { ...session, origin: own, upgrade });
        assert.equal(answer.status, 401, upgrade);
      }
      assert.equal(gateway.prefect.length, 0);
    });

    it("keeps the session from Prefect, and lets the UI's own cookie through", async () => {
      await gateway.ask("/", { headers: { cookie: `a=b; ${sessionCookie}; prefect_ui_version=v1; c=d` } });
      assert.equal(gateway.prefect[0]?.headers.cookie, "prefect_ui_version=v1");
    });

    it("hands on every cookie of a refreshed session", async () => {
      const cookies = ["0=a", "1=b", "2=c"].map(
        (cookie) =>
          `__Host-prefect_${cookie}; Path=/; Expires=Wed, 21 Oct 2026 07:28:00 GMT; HttpOnly; Secure; SameSite=Lax`,
      );
      for (const count of [1, 2, 3]) {
        gateway.onOauth2Proxy = (_, response) => {
          response.setHeader("Set-Cookie", cookies.slice(0, count));
          response.writeHead(202).end();
        };
        const answer = await gateway.ask("/api/flows/count", { headers: session });
        assert.deepEqual(answer.headers["set-cookie"], cookies.slice(0, count));
      }
    });

    it("says no to somebody who is not in a group that may come in", async () => {
      gateway.onOauth2Proxy = (_, response) => response.writeHead(403).end();
      const page = await gateway.ask("/", { headers: session });
      assert.deepEqual([page.status, page.body], [403, pages.forbidden]);
      const call = await gateway.ask("/api/flows/count", { headers: session });
      assert.deepEqual([call.status, call.body], [403, problems.forbidden]);
      assert.equal(gateway.prefect.length, 0);
    });

    for (const [title, headers, status] of [
      ["from the own origin", { origin: own, "sec-fetch-site": "same-origin" }, 200],
      ["from the own origin of a browser without Sec-Fetch-Site", { origin: own }, 200],
      ["that says same-origin", { "sec-fetch-site": "same-origin" }, 200],
      ["from another origin", { origin: "https://evil.example.com" }, 401],
      ["from a sibling name", { origin: "https://evil.example.com", "sec-fetch-site": "same-site" }, 401],
      ["that claims the own origin cross-site", { origin: own, "sec-fetch-site": "cross-site" }, 401],
      ["from a name that ends alike", { origin: `https://evil-${domain}` }, 401],
      ["from a name that begins alike", { origin: `${own}.evil.example.com` }, 401],
      ["from a name where a dot is another letter", { origin: "https://prefectxexample.com" }, 401],
      ["from http", { origin: `http://${domain}` }, 401],
      ["from null", { origin: "null" }, 401],
      ["that says nothing of where it comes from", {}, 401],
    ] as const) {
      it(`answers a change ${title} with ${status}`, async () => {
        const answer = await gateway.ask("/api/flows/", { method: "POST", headers: { ...session, ...headers } });
        assert.equal(answer.status, status);
        assert.equal(gateway.prefect.length, status === 200 ? 1 : 0);
      });
    }
  });

  describe("for a machine", () => {
    it("lets HTTP in without asking oauth2-proxy, changes too", async () => {
      for (const method of ["GET", "POST", "DELETE"]) {
        const answer = await gateway.ask("/api/flows/", { method, headers: basic });
        assert.equal(answer.status, 200);
      }
      assert.equal(gateway.oauth2Proxy.length, 0);
      assert.equal(gateway.prefect.length, 3);
    });

    it("opens sockets", async () => {
      const answer = await gateway.upgrade("/api/events/in", basic);
      assert.equal(answer.status, 101);
      assert.equal(gateway.prefect[0]?.headers.upgrade, "websocket");
      assert.equal(gateway.prefect[0]?.headers["sec-websocket-key"], "dGhlIHNhbXBsZSBub25jZQ==");
    });

    it("upgrades to nothing but WebSockets", async () => {
      const answer = await gateway.upgrade("/api/events/in", { ...basic, upgrade: "h2c" });
      assert.equal(answer.status, 200);
      assert.equal(gateway.prefect[0]?.headers.upgrade, undefined);
    });

    it("takes a batch of 4 MB of logs", async () => {
      const answer = await gateway.ask("/api/logs/", { method: "POST", headers: basic, body: Buffer.alloc(4_000_000) });
      assert.equal(answer.status, 200);
      assert.equal(gateway.prefect[0]?.bytes, 4_000_000);
    });

    it("works while oauth2-proxy is down", async () => {
      gateway.onOauth2Proxy = (request) => request.socket.destroy();
      assert.equal((await gateway.ask("/api/flows/count", { headers: basic })).status, 200);
    });
  });

  it("has browsers keep scripts but no page and no answer: they leave with the session", async () => {
    for (const [type, kept] of [
      ["text/html; charset=utf-8", "no-store"],
      ["application/json", "no-store"],
      ["application/javascript", undefined],
    ] as const) {
      gateway.onPrefect = (_, response) => response.writeHead(200, { "Content-Type": type }).end("x");
      assert.equal((await gateway.ask("/v2/x", { headers: session })).headers["cache-control"], kept, type);
    }
    assert.equal((await gateway.ask("/ui-settings", { headers: session })).headers["cache-control"], "no-store");
    gateway.onPrefect = (_, response) =>
      response.writeHead(200, { "Content-Type": "application/json", "Cache-Control": "private" }).end("x");
    assert.equal((await gateway.ask("/v2/x", { headers: session })).headers["cache-control"], "private");
  });

  it("takes what clients say about themselves from what reaches Prefect and oauth2-proxy", async () => {
    const claims = {
      "x-forwarded-user": "root",
      "x-forwarded-email": "root@example.com",
      "x-forwarded-groups": "admin",
      "x-forwarded-preferred-username": "root",
      "x-forwarded-access-token": "t",
      "x-auth-request-user": "root",
      "x-auth-request-email": "root@example.com",
      "x-auth-request-groups": "admin",
      "x-auth-request-redirect": "https://evil.example.com",
      "x-amzn-oidc-data": "t",
      "x-amzn-oidc-identity": "root",
      "x-amzn-oidc-accesstoken": "t",
      "x-original-url": "/api/health",
      "x-rewrite-url": "/api/health",
      "x-forwarded-uri": "/api/health",
      "x-forwarded-method": "GET",
      "x-forwarded-prefix": "/x",
      forwarded: "for=127.0.0.1;host=evil",
      x_forwarded_user: "root",
      "x-forwarded_user": "root",
    };
    const expected = {
      "x-forwarded-proto": "https",
      "x-forwarded-host": domain,
      "x-forwarded-port": "443",
      "x-forwarded-for": "198.51.100.7",
      "x-real-ip": "198.51.100.7",
      host: domain,
    };
    const headers = {
      ...session,
      ...claims,
      "x-forwarded-host": "evil.example.com",
      "x-forwarded-proto": "http",
      "x-forwarded-for": "127.0.0.1, 198.51.100.7",
      "x-real-ip": "127.0.0.1",
    };
    await gateway.ask("/api/flows/count", { headers });
    await gateway.ask("/oauth2/start", { headers });
    for (const seen of [gateway.prefect[0], gateway.oauth2Proxy[0], gateway.oauth2Proxy[1]]) {
      assert.ok(seen);
      for (const name of Object.keys(claims)) assert.equal(seen.headers[name], undefined, `${seen.url} ${name}`);
      for (const [name, value] of Object.entries(expected))
        assert.equal(seen.headers[name], value, `${seen.url} ${name}`);
    }
  });

  it("cannot be talked into keeping a header by Connection", async () => {
    const headers = { ...session, connection: "close, Authorization, Cookie, X-Forwarded-For" };
    await gateway.ask("/api/flows/count", { headers });
    assert.equal(gateway.prefect[0]?.headers.authorization, machineAuthorization);
    assert.equal(gateway.prefect[0]?.headers.connection, undefined);
  });

  it("answers the load balancer's health checks with Prefect's health and nothing about it", async () => {
    const host = "10.0.1.23:8080";
    const answer = await gateway.ask("/gateway/health", { headers: { host, ...session, ...basic } });
    assert.equal(answer.status, 200);
    assert.equal(gateway.prefect[0]?.url, "/api/health");
    assert.equal(gateway.prefect[0]?.headers.authorization, undefined);
    assert.equal((await gateway.ask("/gateway/health", { method: "POST", headers: { host } })).status, 405);
    assert.equal((await gateway.upgrade("/gateway/health", { host })).status, 200);
    gateway.onPrefect = (_, response) => response.writeHead(503).end();
    assert.equal((await gateway.ask("/gateway/health", { headers: { host } })).status, 503);
    assert.equal((await gateway.ask("/gateway/health")).status, 302, "no health check under the domain");
  });

  it("signs out by a button: here, then at the identity provider", async () => {
    const page = await gateway.ask("/sign-out", { headers: session });
    assert.deepEqual([page.status, page.body], [200, pages.signOut]);
    const link = await gateway.ask("/oauth2/sign_out?rd=https://evil.example.com", { headers: session });
    assert.deepEqual([link.status, link.headers.location], [302, "/sign-out"]);
    const foreign = await gateway.ask("/oauth2/sign_out", {
      method: "POST",
      headers: { ...session, origin: "https://evil.example.com" },
    });
    assert.equal(foreign.status, 401);
    assert.equal(gateway.oauth2Proxy.length, 0);
    const done = await gateway.ask("/oauth2/sign_out?rd=https://evil.example.com", {
      method: "POST",
      headers: { ...session, origin: own, "content-type": "application/x-www-form-urlencoded" },
      body: Buffer.from("rd=https://evil.example.com"),
    });
    assert.deepEqual([done.status, done.headers.location], [302, signOutUrl]);
    assert.deepEqual(done.headers["set-cookie"], ["__Host-prefect=; Max-Age=0"]);
    assert.deepEqual([gateway.oauth2Proxy[0]?.url, gateway.oauth2Proxy[0]?.bytes], ["/oauth2/sign_out", 0]);
    const after = await gateway.ask("/signed-out");
    assert.deepEqual([after.status, after.body], [200, pages.signedOut]);
  });

  it("is closed for people while oauth2-proxy is down, slow or odd", async () => {
    for (const [title, behave] of Object.entries({
      down: (request) => request.socket.destroy(),
      failing: (_, response) => response.writeHead(500).end("boom"),
      redirecting: (_, response) => response.writeHead(302, { Location: "/" }).end(),
    } satisfies Record<string, typeof likeOauth2Proxy>)) {
      gateway.onOauth2Proxy = behave;
      const page = await gateway.ask("/", { headers: session });
      assert.deepEqual([page.status, page.body], [503, pages.unavailable], title);
      const call = await gateway.ask("/api/flows/count", { headers: session });
      assert.deepEqual([call.status, call.body, call.headers["retry-after"]], [503, problems.unavailable, "5"], title);
    }
    assert.equal(gateway.prefect.length, 0);
  });

  it("gives up on an oauth2-proxy that hangs after five seconds", async () => {
    gateway.onOauth2Proxy = () => {};
    const asked = Date.now();
    assert.equal((await gateway.ask("/api/flows/count", { headers: session })).status, 503);
    const waited = Date.now() - asked;
    assert.ok(waited > 4_000 && waited < 8_000, `${waited} ms`);
  }).timeout(10_000);

  it("tells programs in JSON that Prefect is down, and passes Prefect's own errors on", async () => {
    gateway.onPrefect = (request) => request.socket.destroy();
    const down = await gateway.ask("/api/flows/count", { headers: basic });
    assert.deepEqual([down.status, down.body, down.headers["retry-after"]], [503, problems.unavailable, "5"]);
    gateway.onPrefect = (_, response) => response.writeHead(403).end('{"detail":"Missing CSRF token."}');
    const own403 = await gateway.ask("/api/flows/count", { headers: basic });
    assert.deepEqual([own403.status, own403.body], [403, '{"detail":"Missing CSRF token."}']);
    gateway.onPrefect = (_, response) => response.writeHead(401).end('{"exception_message":"Unauthorized"}');
    assert.equal((await gateway.ask("/api/flows/count", { headers: basic })).status, 401);
  });

  it("sends Prefect's own redirects to the public address", async () => {
    gateway.onPrefect = (_, response) => response.writeHead(307, { Location: `http://${domain}/v2/` }).end();
    assert.equal((await gateway.ask("/", { headers: session })).headers.location, `${own}/v2/`);
  });

  it("has browsers keep the UI's analytics in, and other sites from framing it", async () => {
    const { headers } = await gateway.ask("/", { headers: session });
    const policy = String(headers["content-security-policy"]);
    assert.match(policy, /connect-src 'self' data: blob:;/);
    assert.match(policy, /frame-ancestors 'none'/);
    assert.equal(headers["strict-transport-security"], "max-age=31536000");
    assert.equal(headers["x-content-type-options"], "nosniff");
    assert.equal(headers.server, "nginx");
  });

  it("writes an access log without queries and credentials", async () => {
    await gateway.ask("/oauth2/callback?code=SECRETCODE&state=SECRETSTATE", { headers: session });
    await gateway.ask("/api/flows/count", { headers: { ...basic, "user-agent": 'quote " and \\ back' } });
    await gateway.ask("/api/flows/count", { headers: session });
    const log = gateway.accessLog;
    for (const secret of ["SECRET", machine.basic, machine.authString, "__Host-prefect"]) {
      assert.ok(!log.includes(secret), secret);
    }
    const last = log
      .trim()
      .split("\n")
      .slice(-2)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.deepEqual(
      last.map(({ person, machine: name, path, status }) => ({ person, name, path, status })),
      [
        { person: "", name: "admin", path: "/api/flows/count", status: 200 },
        { person: "ada@example.com", name: "", path: "/api/flows/count", status: 200 },
      ],
    );
  });
});
