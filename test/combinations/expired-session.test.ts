import assert from "node:assert/strict";
import type { Browser, Page } from "playwright-core";
import { isAtPrefect, launchBrowser, logIn, newPerson } from "../e2e/browser";
import { base, origin, stack } from "../e2e/stack";

describe(`a person whose session ends while ${stack.url} is open`, function () {
  this.timeout(60_000);
  const path = `${base}/v2/deployments`;
  let browser: Browser;
  let page: Page;
  before(async () => {
    browser = await launchBrowser();
    page = await (await newPerson(browser)).newPage();
    await page.goto(`${stack.url}/v2/deployments?limit=10`);
    await logIn(page);
    await page.waitForURL((url) => url.host === origin.host && url.pathname === path);
    await page.getByRole("link", { name: "Work Pools" }).waitFor();
    // The UI reloads by itself when a script of its own does not come, and an answer under way brings a fresh cookie.
    await page.waitForLoadState("networkidle", { timeout: 10_000 }).catch(() => undefined);
  });
  after(() => browser?.close());

  it("gets on though the UI still sends a password that it once stored, under this name, before there was a login", async () => {
    const status = await page.evaluate(async (url) => {
      const headers = { authorization: `Basic ${btoa("admin:old")}` };
      return (await fetch(url, { headers })).status;
    }, `${base}/api/admin/version`);
    assert.equal(status, 200);
  });

  it("has the API's calls answered with 401, which the UI can show, and not with a redirect", async () => {
    // The session alone: whoever logged them in still knows them.
    await page.context().clearCookies({ domain: origin.hostname });
    // A redirect to the identity provider would be a network error here.
    const answer = await page.evaluate(async (url) => {
      const { status, redirected } = await fetch(url, { method: "POST" });
      return { status, redirected };
    }, `${base}/api/flows/count`);
    assert.deepEqual(answer, { status: 401, redirected: false });
    assert.ok(isAtPrefect(page));
  });

  it("is logged in again by a reload, and back at the same page", async () => {
    const before = page.url();
    const call = page.waitForResponse(
      (response) => new URL(response.url()).pathname.startsWith(`${base}/api/`) && response.status() === 200,
    );
    // Once more where the UI was about to do so by itself.
    await page.reload().catch(() => page.reload());
    await call;
    await page.getByRole("link", { name: "Work Pools" }).waitFor();
    assert.equal(page.url(), before);
  });
});
