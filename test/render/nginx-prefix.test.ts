import assert from "node:assert/strict";
import { pages as pagesOf, problems } from "../../render/gateway-pages";
import { pathsBelow } from "../../render/paths";
import { uiSettings } from "../../render/ui-settings";
import { domain, machineAuthorization, sessionCookie, signOutUrl, TestGateway } from "../support/gateway";

const path = "/prefect";
const paths = pathsBelow(path);
const pages = pagesOf(paths, paths.oauth2SignOut);
const own = `https://${domain}`;
const session = { cookie: sessionCookie };
const basic = { authorization: machineAuthorization };

describe("nginx.conf below a prefix", () => {
  const gateway = new TestGateway({ path });
  before(() => gateway.start());
  after(() => gateway.stop());
  beforeEach(() => gateway.reset());

  it("passes everything below it on with the prefix, as Prefect expects it", async () => {
    for (const asked of ["/prefect/", "/prefect/v2/dashboard?a=1&b=2", "/prefect/api/flows/count"]) {
      const answer = await gateway.ask(asked, { headers: session });
      assert.deepEqual([answer.status, answer.body], [200, "prefect"]);
      assert.equal(gateway.prefect.at(-1)?.url, asked);
      assert.equal(gateway.prefect.at(-1)?.headers.authorization, machineAuthorization);
    }
  });

  it("lets machines in below it, by HTTP and by sockets", async () => {
    assert.equal((await gateway.ask("/prefect/api/flows/count", { headers: basic })).status, 200);
    assert.equal((await gateway.upgrade("/prefect/api/events/in", basic)).status, 101);
    assert.equal((await gateway.upgrade("/prefect/api/events/in", session)).status, 401);
  });

  it("leads its name without the slash to it", async () => {
    const answer = await gateway.ask("/prefect", { headers: session });
    assert.deepEqual([answer.status, answer.headers.location], [308, "/prefect/"]);
    assert.equal(gateway.prefect.length, 0);
  });

  for (const beside of [
    "/",
    "/api",
    "/api/flows/count",
    "/api/health",
    "/docs",
    "/openapi.json",
    "/ui-settings",
    "/v2/dashboard",
    "/sign-out",
    "/signed-out",
    "/oauth2/start",
    "/oauth2/callback?code=c",
    "/oauth2/auth",
    "/prefectX",
    "/prefectX/api/flows",
    "/prefect.json",
    "/PREFECT/api/flows",
    "/prefect/../api/flows",
    "/prefect/..%2fapi/flows",
    "/prefect/%2e%2e/docs",
    "/prefect/api/../../docs",
    "/gateway/health",
  ]) {
    it(`answers nothing beside it: ${beside}`, async () => {
      for (const headers of [{}, session, basic]) {
        for (const method of ["GET", "POST"]) {
          const { status } = await gateway.ask(beside, { method, headers });
          assert.equal(status, 404, `${method} ${JSON.stringify(headers)}`);
        }
        assert.equal((await gateway.upgrade(beside, headers)).status, 404);
      }
      assert.deepEqual([gateway.prefect.length, gateway.oauth2Proxy.length], [0, 0]);
    });
  }

  it("asks strangers for the login below it: pages by a redirect that comes back, calls by a plain 401", async () => {
    const page = await gateway.ask("/prefect/flow-runs?a=1&b=2");
    assert.equal(page.status, 302);
    const { url, headers } = gateway.oauth2Proxy.at(-1) ?? {};
    assert.deepEqual(
      [url, headers?.["x-auth-request-redirect"]],
      ["/prefect/oauth2/start", "/prefect/flow-runs?a=1&b=2"],
    );
    for (const asked of ["/prefect/api", "/prefect/api/flows/count", "//prefect/api/flows", "/prefect/%61pi/flows"]) {
      const call = await gateway.ask(asked);
      assert.deepEqual([call.status, call.body, call.headers.location], [401, problems.unauthorized, undefined], asked);
    }
    assert.equal(gateway.prefect.length, 0);
  });

  it("has the login's own pages below it, and no others of oauth2-proxy", async () => {
    assert.equal((await gateway.ask("/prefect/oauth2/callback?code=c&state=s")).status, 200);
    assert.equal(gateway.oauth2Proxy.at(-1)?.url, "/prefect/oauth2/callback?code=c&state=s");
    for (const name of ["auth", "userinfo", "sign_in", "ready", "metrics", "", "x"]) {
      assert.equal((await gateway.ask(`/prefect/oauth2/${name}`, { headers: session })).status, 404, name);
    }
    assert.equal(gateway.oauth2Proxy.length, 1);
  });

  it("tells the UI where it is", async () => {
    const answer = await gateway.ask("/prefect/ui-settings", { headers: session });
    assert.deepEqual([answer.status, answer.body], [200, uiSettings(paths)]);
    const stranger = await gateway.ask("/prefect/ui-settings", { headers: { "sec-fetch-mode": "cors" } });
    assert.equal(stranger.status, 401);
    assert.equal(gateway.prefect.length, 0);
  });

  it("signs out below it, then at the identity provider", async () => {
    const page = await gateway.ask("/prefect/sign-out", { headers: session });
    assert.deepEqual([page.status, page.body], [200, pages.signOut]);
    assert.match(page.body, /<form method="post" action="\/prefect\/oauth2\/sign_out">.*<a href="\/prefect\/">/);
    const link = await gateway.ask("/prefect/oauth2/sign_out", { headers: session });
    assert.deepEqual([link.status, link.headers.location], [302, "/prefect/sign-out"]);
    const done = await gateway.ask("/prefect/oauth2/sign_out", {
      method: "POST",
      headers: { ...session, origin: own },
    });
    assert.deepEqual([done.status, done.headers.location], [302, signOutUrl]);
    const after = await gateway.ask("/prefect/signed-out");
    assert.deepEqual([after.status, after.body], [200, pages.signedOut]);
  });

  it("sends Prefect's own redirects to the public address", async () => {
    gateway.onPrefect = (_, response) => response.writeHead(307, { Location: `http://${domain}/prefect/v2/` }).end();
    const { headers } = await gateway.ask("/prefect/v2", { headers: session });
    assert.equal(headers.location, `${own}/prefect/v2/`);
  });

  it("asks for Prefect's health below it, at the same address as without", async () => {
    const answer = await gateway.ask("/gateway/health", { headers: { host: "10.0.1.23:8080" } });
    assert.deepEqual([answer.status, gateway.prefect[0]?.url], [200, "/prefect/api/health"]);
  });
});
