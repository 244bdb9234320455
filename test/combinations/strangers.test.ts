import assert from "node:assert/strict";
import { base, ask, openSocket, origin, stack } from "../e2e/stack";

const wrong = `Basic ${Buffer.from("admin:wrong").toString("base64")}`;
const navigation = { accept: "text/html", "sec-fetch-mode": "navigate", "sec-fetch-site": "none" };

const sockets = [
  "/events/in",
  "/events/out",
  "/logs/out",
  "/task_runs/subscriptions/scheduled",
  "/work_pools/default/workers/connect",
].map((path) => `${base}/api${path}`);

/** What leads to Prefect, written plainly and in ways that a proxy and Prefect might read differently. */
const api = [
  "/api/flows/count",
  "/api/health",
  "/api/ready",
  "/api/admin/version",
  "/api/docs",
  "/api/openapi.json",
  "/api/health/../flows/count",
  "/./api/flows/count",
  "/%61pi/flows/count",
  "//api/flows/count",
  "/api%2fflows%2fcount",
  "/api;x/flows/count",
].map((path) => `${base}${path}`);

const pages = ["/", "/v2", "/v2/dashboard", "/dashboard", "/docs", "/redoc", "/openapi.json", "/v2/assets/x.js"].map(
  (path) => `${base}${path}`,
);

describe(`a stranger at ${stack.url}, access ${stack.access}`, () => {
  for (const path of api) {
    it(`is refused ${path}, whatever the method and the header`, async () => {
      for (const [method, headers] of [
        ["GET", {}],
        ["POST", {}],
        ["OPTIONS", { origin: "https://elsewhere.example", "access-control-request-method": "POST" }],
        ["GET", { authorization: wrong }],
        ["GET", { authorization: "Bearer eyJhbGciOiJub25lIn0.e30." }],
        ["POST", { "x-amzn-oidc-identity": "somebody", "x-amzn-oidc-data": "e30.e30.x" }],
        ["POST", { "x-forwarded-email": "somebody@example.com", "x-auth-request-user": "somebody" }],
      ] as const) {
        const { status, headers: answered } = await ask(path, { method, headers });
        const toLogin = status === 302 && isLogin(answered.location);
        assert.ok(
          toLogin || [400, 401, 403, 404, 405].includes(status),
          `${method} ${JSON.stringify(headers)}: ${status}`,
        );
      }
    });
  }

  it("gets 401 and no redirect from the API itself, so that the UI's calls fail with a reason", async () => {
    const { status, headers } = await ask(`${base}/api/flows/count`, { method: "POST" });
    assert.deepEqual([status, headers.location], [401, undefined]);
  });

  for (const path of pages) {
    it(`is sent to the login from ${path}`, async () => {
      const { status, headers, body } = await ask(path, { headers: navigation });
      assert.equal(status, 302, body.slice(0, 200));
      assert.ok(isLogin(headers.location), headers.location);
    });
  }

  it("is refused by the API though he says that a page of Prefect's own calls", async () => {
    for (const authorization of [wrong, "Basic x"]) {
      const headers = { authorization, "sec-fetch-site": "same-origin", origin: origin.origin };
      for (const method of ["GET", "POST"]) {
        const answer = await ask(`${base}/api/admin/version`, { method, headers });
        assert.deepEqual([answer.status, answer.headers["www-authenticate"]], [401, undefined], method);
      }
      const socket = await openSocket(`${base}/api/events/in`, { authorization, "sec-fetch-site": "same-origin" });
      assert.equal(socket.status, 401);
    }
  });

  it("signs nobody out by an address that two servers read differently", async () => {
    for (const path of ["/api/..%2fsign-out", "/api/%2e%2e%2fsign-out"].map((path) => base + path)) {
      const { headers } = await ask(path, { method: "POST", headers: { authorization: wrong } });
      assert.deepEqual([headers["set-cookie"], headers.location], [undefined, undefined], path);
    }
  });

  for (const path of sockets) {
    it(`cannot open ${path}`, async () => {
      assert.ok([401, 403].includes((await openSocket(path)).status));
      assert.ok([401, 403].includes((await openSocket(path, { authorization: wrong })).status));
    });
  }

  it("finds nothing beside the prefix", async function () {
    if (base === "") this.skip();
    for (const path of ["/", "/api/health", "/v2/dashboard", "/docs", `${base}x/api/health`, base.toUpperCase()]) {
      const { status } = await ask(path, { headers: navigation });
      assert.equal(status, 404, path);
    }
  });

  it("does not find the private entrance", async function () {
    const host = new URL(stack.workerEnv.PREFECT_API_URL ?? "").hostname;
    if (host === origin.hostname) this.skip();
    const { status } = await ask(`${base}/api/flows/count`, {
      method: "POST",
      headers: { host: `${host}:${origin.port}` },
    });
    assert.ok([404, 421].includes(status), String(status));
  });
});

/** The identity provider, under another name, or the gateway's own start of a login. */
function isLogin(location: string | undefined): boolean {
  const target = new URL(location ?? "", origin);
  return target.host !== origin.host
    ? /\/authorize$/.test(target.pathname)
    : target.pathname === `${base}/oauth2/start`;
}
