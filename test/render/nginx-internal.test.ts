import assert from "node:assert/strict";
import { problems } from "../../render/gateway-pages";
import { nginxConf } from "../../render/nginx";
import { domain, machineAuthorization, sessionCookie, TestGateway } from "../support/gateway";
import { assertGolden } from "../support/golden";

const internalDomain = "prefect.internal";
const basic = { authorization: machineAuthorization };
const session = { cookie: sessionCookie };
const own = { origin: `https://${domain}`, "sec-fetch-site": "same-origin" };

describe("nginx.conf with a name for machines", () => {
  it("is the golden file, below a prefix too", () => {
    const options = { domain, path: "/prefect", trustedProxyCidrs: ["10.0.0.0/16"], idleTimeoutSec: 60 };
    assertGolden("nginx-internal.conf", nginxConf({ ...options, internalDomain }));
  });

  const gateway = new TestGateway({ render: (given) => nginxConf({ ...given, internalDomain }) });
  before(() => gateway.start());
  after(() => gateway.stop());
  beforeEach(() => gateway.reset());

  describe("under the public name", () => {
    it("takes no machine credential, by HTTP or on a socket's upgrade, and does not ask for it", async () => {
      for (const path of ["/api/flows/count", "/api/health", "/ui-settings", "/"]) {
        const headers = { ...basic, "sec-fetch-mode": "cors" };
        const answer = await gateway.ask(path, { headers });
        assert.deepEqual(
          [answer.status, answer.body, answer.headers["www-authenticate"]],
          [401, problems.unauthorized, undefined],
          path,
        );
      }
      for (const headers of [basic, { ...basic, ...session }, { ...basic, ...session, ...own }]) {
        assert.equal((await gateway.upgrade("/api/events/in", headers)).status, 401);
      }
      assert.equal(gateway.prefect.length, 0);
    });

    it("sends a machine's page to the login like anybody's", async () => {
      const answer = await gateway.ask("/flow-runs", { headers: basic });
      assert.deepEqual([answer.status, gateway.oauth2Proxy.at(-1)?.url], [302, "/oauth2/start"]);
    });

    it("lets people in, with the credential that Prefect asks for", async () => {
      const answer = await gateway.ask("/api/flows/", { method: "POST", headers: { ...session, ...own } });
      assert.deepEqual([answer.status, answer.body], [200, "prefect"]);
      assert.equal(gateway.prefect[0]?.headers.authorization, machineAuthorization);
    });

    it("counts a session for no change that another site asks for", async () => {
      const answer = await gateway.ask("/api/flows/", {
        method: "POST",
        headers: { ...session, ...basic, origin: "https://evil.example.com" },
      });
      assert.equal(answer.status, 401);
      assert.equal(gateway.prefect.length, 0);
    });

    it("slows wrong credentials down here as well", async () => {
      const headers = { authorization: "Basic d3Jvbmc6d3Jvbmc=", "x-forwarded-for": "203.0.113.9" };
      const answers = await Promise.all(
        Array.from({ length: 120 }, () => gateway.ask("/api/flows/count", { headers })),
      );
      const slowed = answers.filter(({ status }) => status === 429);
      assert.ok(slowed.length >= 40, `${slowed.length} of 120 were slowed down`);
    });
  });

  describe("under the internal name", () => {
    const host = internalDomain;

    it("knows no session: a cookie opens nothing, and oauth2-proxy is not asked", async () => {
      for (const path of ["/api/flows/count", "/", "/ui-settings", "/v2/dashboard"]) {
        const answer = await gateway.ask(path, { headers: { host, ...session, ...own } });
        assert.equal(answer.status, path.startsWith("/api") ? 401 : 404, path);
        assert.equal(answer.headers.location, undefined);
      }
      assert.equal((await gateway.upgrade("/api/events/in", { host, ...session })).status, 401);
      assert.deepEqual([gateway.prefect.length, gateway.oauth2Proxy.length], [0, 0]);
    });

    it("has no page of the login and no sign-out", async () => {
      for (const path of ["/oauth2/start", "/oauth2/callback?code=c&state=s", "/oauth2/sign_out", "/sign-out"]) {
        for (const method of ["GET", "POST"]) {
          assert.equal((await gateway.ask(path, { method, headers: { host, ...basic } })).status, 404, path);
        }
      }
      assert.equal(gateway.oauth2Proxy.length, 0);
    });

    it("works while oauth2-proxy is down", async () => {
      gateway.onOauth2Proxy = (request) => request.socket.destroy();
      assert.equal((await gateway.ask("/api/flows/count", { headers: { host, ...basic } })).status, 200);
    });
  });

  it("takes names in any spelling that means the same, and no others", async () => {
    const spelled = async (host: string) => (await gateway.ask("/api/flows", { headers: { host, ...basic } })).status;
    for (const host of [internalDomain, `${internalDomain}:80`, "PREFECT.Internal", `${internalDomain}.`]) {
      assert.equal(await spelled(host), 200, host);
    }
    for (const host of [`x.${internalDomain}`, `${internalDomain}.example.com`, "prefectxinternal", "internal"]) {
      assert.equal(await spelled(host), 404, host);
    }
  });
});
