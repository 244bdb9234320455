import assert from "node:assert/strict";
import { ask, machine, openSocket, origin } from "./stack";

interface OpenApi {
  paths: Record<string, Record<string, unknown>>;
}

/** Every socket that Prefect 3.8 serves. */
const sockets = [
  "/api/events/in",
  "/api/events/out",
  "/api/logs/out",
  "/api/task_runs/subscriptions/scheduled",
  "/api/work_pools/default/workers/connect",
];

const pages = [
  "/",
  "/v2",
  "/v2/dashboard",
  "/dashboard",
  "/flow-runs?limit=5&page=2",
  "/docs",
  "/redoc",
  "/openapi.json",
  "/ui-settings",
  "/v2/assets/x.js",
];

describe("a stranger", () => {
  it("gets 401 as JSON, and never a redirect, on every path and method of Prefect's API", async () => {
    const { paths } = JSON.parse((await ask("/api/openapi.json", { headers: machine })).body) as OpenApi;
    const calls = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => ({ method: method.toUpperCase(), path })),
    );
    assert.ok(calls.length > 150, `the API has ${calls.length} operations: is that all of it?`);
    const open: string[] = [];
    for (const { method, path } of calls) {
      const concrete = (path.startsWith("/api") ? path : `/api${path}`).replace(
        /\{[^}]*\}/g,
        "00000000-0000-4000-8000-000000000000",
      );
      const { status, headers, body } = await ask(concrete, { method });
      const refused = status === 401 && headers.location === undefined && headers["www-authenticate"] === undefined;
      if (!refused || (method !== "HEAD" && typeof (JSON.parse(body) as { detail?: unknown }).detail !== "string"))
        open.push(`${method} ${concrete}: ${status}`);
    }
    assert.deepEqual(open, []);
  }).timeout(300_000);

  for (const path of pages) {
    it(`is sent to the login from ${path}`, async () => {
      const { status, headers, body } = await ask(path, {
        headers: { accept: "text/html", "sec-fetch-mode": "navigate" },
      });
      assert.equal(status, 302, body.slice(0, 200));
      const target = new URL(headers.location ?? "", origin);
      assert.match(target.pathname, /\/oauth2\/authorize$|\/oauth2\/start$/);
      assert.match(headers["cache-control"] ?? "", /no-store/);
    });
  }

  for (const path of sockets) {
    it(`cannot open ${path}`, async () => {
      assert.equal((await openSocket(path)).status, 401);
    });

    it(`cannot open ${path} with a wrong credential`, async () => {
      const wrong = `Basic ${Buffer.from("admin:wrong").toString("base64")}`;
      assert.equal((await openSocket(path, { authorization: wrong })).status, 401);
    });
  }

  it("does not get in with the right credential in other letter case", async () => {
    const swapped = machine.authorization
      .slice(6)
      .replace(/[a-zA-Z]/g, (letter) =>
        letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase(),
      );
    assert.equal(
      (await ask("/api/flows/count", { method: "POST", headers: { authorization: `Basic ${swapped}` } })).status,
      401,
    );
  });
});

describe("a machine", () => {
  it("gets in with the credential of the worker settings", async () => {
    const { status } = await ask("/api/admin/version", { headers: machine });
    assert.equal(status, 200);
  });

  it("opens the events socket with the credential on the upgrade and in band", async () => {
    const { status, socket } = await openSocket("/api/events/in", machine);
    assert.equal(status, 101);
    socket?.close();
  });
});
