import assert from "node:assert/strict";
import { gateConf } from "../../render/gate";
import { problems } from "../../render/gateway-pages";
import { nginxConf } from "../../render/nginx";
import { domain, machine, machineAuthorization, sessionCookie, TestGateway } from "../support/gateway";

const internalDomain = "prefect.internal";
const basic = { authorization: machineAuthorization };

for (const { title, host, gateway } of [
  {
    title: "the gate, for machines from the internet",
    host: domain,
    gateway: new TestGateway({ render: (given) => gateConf({ ...given, machines: true }) }),
  },
  {
    title: "the gateway's internal name, for machines in the VPC",
    host: internalDomain,
    gateway: new TestGateway({ render: (given) => nginxConf({ ...given, internalDomain }) }),
  },
]) {
  describe(title, () => {
    before(() => gateway.start());
    after(() => gateway.stop());
    beforeEach(() => gateway.reset());
    const ask: TestGateway["ask"] = (path, options = {}) =>
      gateway.ask(path, { ...options, headers: { host, ...options.headers } });
    const upgrade: TestGateway["upgrade"] = (path, headers) => gateway.upgrade(path, { host, ...headers });

    it("lets HTTP through to Prefect, changes too, under the public name", async () => {
      for (const method of ["GET", "POST", "DELETE"]) {
        const answer = await ask("/api/flows/?x=1%2F2", { method, headers: basic });
        assert.deepEqual([answer.status, answer.body], [200, "prefect"]);
      }
      assert.deepEqual(
        gateway.prefect.map(({ method, url }) => `${method} ${url}`),
        ["GET /api/flows/?x=1%2F2", "POST /api/flows/?x=1%2F2", "DELETE /api/flows/?x=1%2F2"],
      );
      assert.equal(gateway.prefect[0]?.headers.host, domain);
      assert.equal(gateway.oauth2Proxy.length, 0);
    });

    it("lets sockets through", async () => {
      assert.equal((await upgrade("/api/events/in", basic)).status, 101);
      const { headers } = gateway.prefect[0] ?? {};
      assert.deepEqual(
        [headers?.upgrade, headers?.connection, headers?.["sec-websocket-key"]],
        ["websocket", "upgrade", "dGhlIHNhbXBsZSBub25jZQ=="],
      );
    });

    it("upgrades to nothing but WebSockets", async () => {
      assert.equal((await upgrade("/api/events/in", { ...basic, upgrade: "h2c" })).status, 200);
      assert.equal(gateway.prefect[0]?.headers.upgrade, undefined);
    });

    for (const [about, headers] of [
      ["no credential", {}],
      ["a session's cookie", { cookie: `${sessionCookie}; AWSELBAuthSessionCookie-0=a` }],
      ["a token", { authorization: "Bearer abc" }],
      ["the scheme alone", { authorization: "Basic" }],
      ["an empty password", { authorization: `Basic ${Buffer.from("admin:").toString("base64")}` }],
      ["a wrong password", { authorization: `Basic ${Buffer.from("admin:wrong").toString("base64")}` }],
      ["the credential in small letters", { authorization: `Basic ${machine.basic.toLowerCase()}` }],
      ["another user", { authorization: `Basic ${Buffer.from(`root:${"a".repeat(40)}`).toString("base64")}` }],
      ["the line of the password file", { authorization: `Basic ${Buffer.from(machine.htpasswd).toString("base64")}` }],
      ["the credential under a name with an underscore", { authorization_: machineAuthorization }],
      ["the credential in the query alone", { "x-query": machine.basic }],
      ["the load balancer's word for a person", { "x-amzn-oidc-identity": "ada", "x-amzn-oidc-data": "e30.e30.x" }],
      ["another proxy's word for a person", { "x-forwarded-user": "root", "x-auth-request-user": "root" }],
      ["an address of the task itself", { "x-forwarded-for": "127.0.0.1", "x-real-ip": "127.0.0.1" }],
    ] as const) {
      it(`refuses ${about}, by HTTP and on a socket's upgrade`, async () => {
        const query = `?authorization=${encodeURIComponent(machineAuthorization)}`;
        for (const method of ["GET", "POST", "OPTIONS"]) {
          const answer = await ask(`/api/flows/count${query}`, { method, headers });
          assert.deepEqual([answer.status, answer.body], [401, problems.unauthorized]);
        }
        assert.equal((await upgrade(`/api/events/in${query}`, headers)).status, 401);
        assert.equal((await ask("/api/health", { headers })).status, 401);
        assert.equal(gateway.prefect.length, 0);
      });
    }

    it("refuses browsers even with the credential, and opens no password box in them", async () => {
      for (const site of ["same-origin", "same-site", "cross-site", "none"]) {
        for (const headers of [{}, basic]) {
          const answer = await ask("/api/flows/count", { headers: { ...headers, "sec-fetch-site": site } });
          assert.deepEqual([answer.status, answer.headers["www-authenticate"]], [401, undefined], site);
        }
      }
      assert.equal((await upgrade("/api/events/in", { ...basic, "sec-fetch-site": "cross-site" })).status, 401);
      assert.equal(gateway.prefect.length, 0);
    });

    it("slows wrong credentials down without harming the right one from the same address", async () => {
      const from = { "x-forwarded-for": "203.0.113.9" };
      const wrong = { ...from, authorization: "Basic d3Jvbmc6d3Jvbmc=" };
      const answers = await Promise.all(Array.from({ length: 120 }, () => ask("/api/flows/count", { headers: wrong })));
      const slowed = answers.filter(({ status }) => status === 429);
      assert.ok(slowed.length >= 40, `${slowed.length} of 120 were slowed down`);
      assert.equal(slowed[0]?.body, problems.tooMany);
      const right = await Promise.all(
        Array.from({ length: 120 }, () => ask("/api/flows/count", { headers: { ...from, ...basic } })),
      );
      assert.deepEqual([...new Set(right.map(({ status }) => status))], [200]);
    });

    for (const path of [
      "/",
      "/apiX",
      "/apiX/flows",
      "/api.json",
      "/api;x/flows",
      "/api%2fflows",
      "/API/flows",
      "//api/flows",
      "/./api/flows",
      "/%61pi/flows",
      "/docs/../api/flows",
      "/docs/..%2fapi/flows",
      "/docs/%2e%2e/api/flows",
      "/api/..",
      "/api/../docs",
      "/api/..%2fdocs",
      "/api/%2e%2e/docs",
      "/api/x/..%2f..%2fdocs",
      "/docs?/api/flows",
      "/openapi.json",
      "/ui-settings",
      "/v2/dashboard",
      "/oauth2/auth",
      "/oauth2/start",
      "/gateway/health",
      "/@unauthorized",
      "/htpasswd",
    ]) {
      it(`does not find ${path}: the API alone, written as Prefect reads it`, async () => {
        for (const method of ["GET", "POST"]) {
          assert.equal((await ask(path, { method, headers: basic })).status, 404, method);
        }
        assert.equal((await upgrade(path, basic)).status, 404);
        assert.equal(gateway.prefect.length, 0);
        assert.equal(gateway.oauth2Proxy.length, 0);
      });
    }

    it("passes names of flows and variables on as they were written", async () => {
      for (const path of [
        "/api",
        "/api?x",
        "/api/variables/name/a%2Fb",
        "/api/flows/name/%2e%2e",
        "/api//flows",
        "/api/x;y",
      ]) {
        assert.equal((await ask(path, { headers: basic })).status, 200, path);
        assert.equal(gateway.prefect.at(-1)?.url, path);
      }
    });

    it("takes a batch of 4 MB of logs, and none of 17 MB", async () => {
      const options = { method: "POST", headers: basic };
      assert.equal((await ask("/api/logs/", { ...options, body: Buffer.alloc(4_000_000) })).status, 200);
      assert.equal(gateway.prefect[0]?.bytes, 4_000_000);
      assert.equal((await ask("/api/logs/", { ...options, body: Buffer.alloc(17 * 1024 * 1024) })).status, 413);
      assert.equal(gateway.prefect.length, 1);
    });

    it("tells Prefect who asks by its own word alone", async () => {
      const claims = {
        "x-forwarded-user": "root",
        "x-forwarded-email": "root@example.com",
        "x-forwarded-groups": "admin",
        "x-auth-request-email": "root@example.com",
        "x-amzn-oidc-data": "t",
        "x-amzn-oidc-identity": "root",
        "x-amzn-oidc-accesstoken": "t",
        "x-original-url": "/api/health",
        "x-forwarded-prefix": "/x",
        forwarded: "for=127.0.0.1;host=evil",
        x_forwarded_user: "root",
      };
      const headers = {
        ...basic,
        ...claims,
        connection: "close, Authorization, X-Forwarded-For",
        cookie: `${sessionCookie}; AWSELBAuthSessionCookie-0=a; prefect_ui_version=v1`,
        "x-forwarded-host": "evil.example.com",
        "x-forwarded-proto": "http",
        "x-forwarded-for": "127.0.0.1, 198.51.100.7",
      };
      await ask("/api/flows/count", { headers });
      const seen = gateway.prefect[0]?.headers ?? {};
      for (const name of Object.keys(claims)) assert.equal(seen[name], undefined, name);
      const expected = {
        host: domain,
        authorization: machineAuthorization,
        cookie: "prefect_ui_version=v1",
        "x-forwarded-host": domain,
        "x-forwarded-proto": "https",
        "x-forwarded-port": "443",
        "x-forwarded-for": "198.51.100.7",
        "x-real-ip": "198.51.100.7",
      };
      for (const [name, value] of Object.entries(expected)) assert.equal(seen[name], value, name);
    });

    it("tells programs in JSON that Prefect is down, and passes Prefect's own errors on", async () => {
      gateway.onPrefect = (request) => request.socket.destroy();
      const down = await ask("/api/flows/count", { headers: basic });
      assert.deepEqual([down.status, down.body, down.headers["retry-after"]], [503, problems.unavailable, "5"]);
      gateway.onPrefect = (_, response) => response.writeHead(403).end('{"detail":"Missing CSRF token."}');
      const own = await ask("/api/flows/count", { headers: basic });
      assert.deepEqual([own.status, own.body], [403, '{"detail":"Missing CSRF token."}']);
    });
  });
}
