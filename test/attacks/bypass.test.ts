import assert from "node:assert/strict";
import { ask, machine, origin } from "../e2e/stack";
import { head } from "../support/wire";
import { raw } from "./wire";

const host = `Host: ${origin.hostname}`;
const close = "Connection: close";

describe("getting past the login", () => {
  for (const method of ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "PROPFIND", "QUERY", "TRACE"]) {
    it(`fails with ${method}`, async () => {
      const { status, body, headers } = await ask("/api/flows/filter", { method });
      assert.equal(status, method === "TRACE" ? 405 : 401);
      assert.doesNotMatch(body, /"id"/);
      assert.deepEqual([headers.location, headers["www-authenticate"]], [undefined, undefined]);
    });
  }

  it("fails with a method that does not exist", async () => {
    const { status } = await raw(head("FOO /api/flows/filter HTTP/1.1", host, close));
    assert.ok([400, 401, 405, 501].includes(status), String(status));
  });

  // A JSON Web Token of nobody: {"alg":"none"}.
  const unsigned = `${Buffer.from('{"alg":"none"}').toString("base64url")}.${Buffer.from('{"sub":"a","email":"person@example.com"}').toString("base64url")}.`;
  for (const [title, authorization] of Object.entries({
    "a bearer token": "Bearer abc",
    "an unsigned token": `Bearer ${unsigned}`,
    "a token as the name of a Basic credential": `Basic ${Buffer.from(`${unsigned}:x`).toString("base64")}`,
    "the machine credential as a bearer token": machine.authorization.replace("Basic", "Bearer"),
    "the machine credential without its scheme": machine.authorization.slice(6),
    "half of the machine credential": machine.authorization.slice(0, 40),
    "an empty password": `Basic ${Buffer.from("admin:").toString("base64")}`,
    "bytes that are no text": "Basic \xff\xfe",
  })) {
    it(`fails with ${title}`, async () => {
      const { status, headers } = await ask("/api/admin/version", { headers: { authorization } });
      assert.equal(status, 401);
      assert.equal(headers.location, undefined);
    });
  }

  it("fails with two credentials of which one is right", async () => {
    const right = `Authorization: ${machine.authorization}`;
    for (const both of [
      [right, "Authorization: Basic eA=="],
      ["Authorization: Basic eA==", right],
    ]) {
      const { status } = await raw(head("GET /api/admin/version HTTP/1.1", host, ...both, close));
      assert.ok([400, 401].includes(status), String(status));
    }
  });

  it("fails with the machine credential from a browser, which would add it for any site", async () => {
    for (const headers of [
      { ...machine, "sec-fetch-site": "cross-site" },
      { ...machine, "sec-fetch-site": "none" },
      { ...machine, origin: "https://evil.example.com" },
    ]) {
      assert.equal((await ask("/api/admin/version", { headers })).status, 401, JSON.stringify(Object.keys(headers)));
    }
  });

  it("fails at the endpoints of oauth2-proxy that are not part of the login", async () => {
    for (const path of [
      ...["auth", "auth/", "userinfo", "ping", "ready", "metrics", "sign_in", "static/", "start/x", "x", ""],
      ...["static/..%2fauth", "static/%252e%252e/userinfo", "static/..;/auth", "start;x", "callback/../userinfo"],
    ]) {
      const { status, body } = await ask(`/oauth2/${path}`);
      assert.equal(status, 404, path);
      assert.doesNotMatch(body, /oauth2/i, path);
    }
  });

  it("fails under names that only look like the login's paths", async () => {
    for (const path of [
      "/OAuth2/auth",
      "/oauth2%2fauth",
      "/oauth2",
      "/oauth2auth",
      "/%6fauth2/x",
      "/ping",
      "/metrics",
    ]) {
      const { status } = await ask(path, { headers: { "sec-fetch-mode": "cors" } });
      assert.ok([401, 404].includes(status), `${path}: ${status}`);
    }
  });
});

describe("a path in disguise", () => {
  const api = [
    ...["/api", "/api/", "/api/flows/count", "//api/flows/count", "/./api/flows/count", "/%61pi/flows/count"],
    ...["/api/../api/flows/count", "/api/%2e%2e/api/flows/count", "/v2/..%2fapi/flows/count", "/v2/../api/flows/count"],
    ...["/api/health", "/api/ready", "/api/health/", "/api/health/../flows/count", "/api/variables/name/x-health"],
    ...["/api/work_pools/ready", "/gateway/../api/flows/count", "/api/docs", "/api/openapi.json", "/api%2fflows"],
  ];
  const lookalikes = [
    ...["/API/flows/count", "/api;x/flows/count", "/api%00/flows", "/apix", "/v2/..;/api/flows/count", "/%2e%2e/api"],
    ...["/%5c..%5capi/flows", "/gateway/health", "/gateway/health/..%2f..%2fapi/flows", "/ui-settings/..%2fapi/flows"],
    ...[
      "/v2;/",
      "/.env",
      "/.git/config",
      "/nginx_status",
      "/openapi.json",
      "/docs",
      "/redoc",
      "/ui-settings?auth=none",
    ],
  ];

  for (const path of [...api, ...lookalikes]) {
    it(`opens nothing: ${path}`, async () => {
      const get = await ask(path, { headers: { "sec-fetch-mode": "cors" } });
      assert.ok([400, 401, 404].includes(get.status), `GET ${get.status}: ${get.body.slice(0, 100)}`);
      const post = await ask(path, { method: "POST", headers: { "content-type": "application/json" }, body: "{}" });
      assert.ok([400, 401, 404].includes(post.status), `POST ${post.status}: ${post.body.slice(0, 100)}`);
      if (api.includes(path)) assert.deepEqual([get.status, post.status], [401, 401]);
    });
  }
});

describe("another name", () => {
  for (const [title, lines, statuses] of [
    ["of somebody else", ["GET /api/admin/version HTTP/1.1", "Host: evil.example.com"], [404]],
    ["of the task's address, as health checks use it", ["GET /gateway/health HTTP/1.1", "Host: 10.0.32.4:8080"], [404]],
    ["with a dot at the end", ["GET /api/admin/version HTTP/1.1", `${host}.`], [401, 404]],
    ["with the port 443", ["GET /api/admin/version HTTP/1.1", `${host}:443`], [401]],
    ["with another port", ["GET /api/admin/version HTTP/1.1", `${host}:4200`], [401, 404]],
    ["in capitals", ["GET /api/admin/version HTTP/1.1", host.toUpperCase()], [401]],
    ["in the request line", ["GET https://evil.example.com/gateway/health HTTP/1.1", host], [400, 404]],
    ["in Host and the own one in the request line", ["GET https://NAME/api/flows HTTP/1.1", "Host: evil"], [400, 401]],
    ["beside the own one", ["GET /api/admin/version HTTP/1.1", host, "Host: localhost"], [400]],
    ["that is empty", ["GET /gateway/health HTTP/1.1", "Host:"], [400, 404]],
    ["that is missing", ["GET /gateway/health HTTP/1.1"], [400]],
    ["that is missing in HTTP/1.0", ["GET /gateway/health HTTP/1.0"], [400, 404]],
    ["in X-Forwarded-Host", ["GET /api/admin/version HTTP/1.1", host, "X-Forwarded-Host: 127.0.0.1"], [401]],
  ] as const) {
    it(`opens nothing: one ${title}`, async () => {
      const sent = lines.map((line) => line.replace("NAME", origin.hostname));
      const { status, body } = await raw(head(...sent, close));
      assert.ok((statuses as readonly number[]).includes(status), `${status} ${body.slice(0, 200)}`);
    });
  }

  it("opens nothing even to the machine credential", async () => {
    const lines = [
      "GET /api/admin/version HTTP/1.1",
      "Host: evil.example.com",
      `Authorization: ${machine.authorization}`,
    ];
    assert.equal((await raw(head(...lines, close))).status, 404);
  });
});
