import assert from "node:assert/strict";
import { gateConf } from "../../render/gate";
import { domain, machine, machineAuthorization, sessionCookie, signOutUrl, TestGateway } from "../support/gateway";
import { assertGolden } from "../support/golden";

const options = { domain, trustedProxyCidrs: ["10.0.0.0/16"], idleTimeoutSec: 60 };
const basic = { authorization: machineAuthorization };
const shards = ["0", "1", "2", "3", "4", "5", "6", "7"];

describe("the gate's nginx.conf", () => {
  it("is the golden file where machines come in elsewhere", () => {
    assertGolden("nginx-gate.conf", gateConf({ ...options, path: "/", machines: false }));
  });

  it("is the golden file where machines come in there, below a prefix", () => {
    assertGolden("nginx-gate-machines.conf", gateConf({ ...options, path: "/prefect", machines: true }));
  });
});

for (const { title, path, machines } of [
  { title: "the gate without machines", path: "/", machines: false },
  { title: "the gate with machines, below a prefix", path: "/prefect", machines: true },
]) {
  describe(title, () => {
    const gate = new TestGateway({ render: (given) => gateConf({ ...given, machines }), path, machines });
    const signOut = `${path === "/" ? "" : path}/sign-out`;
    before(() => gate.start());
    after(() => gate.stop());
    beforeEach(() => gate.reset());

    it("signs out: takes every shard of the load balancer's session away and leads to the identity provider", async () => {
      const answer = await gate.ask(signOut, {
        method: "POST",
        headers: { cookie: "AWSELBAuthSessionCookie-0=a; AWSELBAuthSessionCookie-1=b" },
        body: Buffer.from("rd=https://evil.example.com"),
      });
      assert.deepEqual([answer.status, answer.headers.location], [303, signOutUrl]);
      assert.equal(answer.headers["cache-control"], "no-store");
      assert.deepEqual(
        answer.headers["set-cookie"],
        shards.map(
          (shard) =>
            `AWSELBAuthSessionCookie-${shard}=; Path=/; Max-Age=-1; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Secure; HttpOnly; SameSite=None`,
        ),
      );
    });

    it("signs out whoever the load balancer let through, with no look at a query, a session or a credential", async () => {
      for (const [query, headers] of [
        ["?rd=https://evil.example.com", {}],
        ["", { cookie: sessionCookie }],
        ["", { authorization: "Basic d3Jvbmc6d3Jvbmc=" }],
        ["", { "sec-fetch-site": "same-origin", origin: `https://${domain}` }],
      ] as const) {
        const answer = await gate.ask(signOut + query, { method: "POST", headers });
        assert.deepEqual([answer.status, answer.headers.location], [303, signOutUrl]);
      }
      assert.equal(gate.prefect.length, 0);
    });

    for (const method of ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "FOO"]) {
      it(`signs nobody out by ${method}: no cookie goes, nobody is led away`, async () => {
        const { status, headers } = await gate.ask(signOut, { method });
        assert.deepEqual([status, headers.allow], [405, "POST"]);
        assert.deepEqual([headers["set-cookie"], headers.location], [undefined, undefined]);
      });
    }

    it("signs nobody out at an address that only nginx takes for that of signing out", async () => {
      const base = signOut.replace("/sign-out", "");
      for (const asked of [`${base}/api/..%2fsign-out`, `${base}/api/%2e%2e%2fsign-out`, `${base}/%73ign-out`]) {
        const { status, headers } = await gate.ask(asked, { method: "POST", headers: { authorization: "Basic eA==" } });
        assert.deepEqual([status, headers["set-cookie"], headers.location], [404, undefined, undefined], asked);
      }
    });

    it("answers the load balancer's health checks by itself, and nobody else's", async () => {
      const host = "10.0.1.23:8080";
      const health = "/gateway/health";
      const answer = await gate.ask(health, { headers: { host, ...basic } });
      assert.deepEqual([answer.status, answer.body], [200, "ok"]);
      assert.equal((await gate.ask(health, { method: "POST", headers: { host } })).status, 405);
      assert.equal((await gate.upgrade(health, { host })).status, 200);
      assert.equal((await gate.ask(health, { headers: basic })).status, 404, "no health check under the domain");
      assert.equal(gate.prefect.length, 0);
    });

    it("answers nothing else, not even to machines", async () => {
      const beside = machines ? ["/api/flows/count", "/sign-out", "/prefect"] : ["/api/flows/count", "/api"];
      for (const asked of [
        ...beside,
        "/",
        `${signOut}/`,
        `${signOut}x`,
        "/docs",
        "/openapi.json",
        "/ui-settings",
        "/oauth2/idpresponse",
        "/oauth2/auth",
        "/signed-out",
        `${path}/v2/dashboard`,
        `${path}/docs`,
        "/credentials.conf",
        "/htpasswd",
      ]) {
        for (const method of ["GET", "POST"]) {
          const answer = await gate.ask(asked, { method, headers: basic });
          assert.deepEqual([answer.status, answer.headers["set-cookie"]], [404, undefined], `${method} ${asked}`);
        }
      }
      assert.equal(gate.prefect.length, 0);
    });

    it("answers nothing under another Host", async () => {
      for (const host of ["evil.example.com", `x.${domain}`, `${domain}.evil.example.com`, "127.0.0.1", "localhost"]) {
        for (const asked of [signOut, `${path}/api/flows/count`.replace("//", "/")]) {
          const answer = await gate.ask(asked, { method: "POST", headers: { host, ...basic } });
          assert.deepEqual([answer.status, answer.headers.location], [404, undefined], `${host} ${asked}`);
        }
      }
      assert.equal(gate.prefect.length, 0);
    });

    it("keeps what is secret to itself: files of its own user's, no version, no line of the log", async () => {
      const own = { "credentials.conf": 0o600, "nginx.conf": 0o600 };
      assert.deepEqual(gate.modes(), machines ? { htpasswd: 0o600, ...own } : own);
      const { headers, body } = await gate.ask("/nothing?code=SECRETCODE", { headers: basic });
      assert.equal(headers.server, "nginx");
      assert.doesNotMatch(body, /nginx\/\d/);
      const log = gate.accessLog + gate.log;
      for (const secret of ["SECRETCODE", machine.basic, machine.authString]) assert.ok(!log.includes(secret), secret);
      assert.match(log, /"path":"\/nothing","status":404/);
    });
  });
}
