import assert from "node:assert/strict";
import type { Browser, Page } from "playwright-core";
import { isAtPrefect, launchBrowser, logIn, newPerson } from "../e2e/browser";
import { base, origin, stack } from "../e2e/stack";

describe(`a person whose session ends while ${stack.url} is open`, function () {
  this.timeout(60_000);
  let browser: Browser;
  let page: Page;
  before(async () => {
    browser = await launchBrowser();
    page = await (await newPerson(browser)).newPage();
    await page.goto(`${stack.url}/v2/deployments?limit=10`);
    await logIn(page);
    await page.waitForURL((url) => url.host === origin.host && url.pathname === `${base}/v2/deployments`);
    await page.getByRole("link", { name: "Work Pools" }).waitFor();
  });
  after(() => browser?.close());

  it("has the API's calls answered with 401, which the UI can show, and not with a redirect", async () => {
    const isCall = (url: string) => new URL(url).pathname.startsWith(`${base}/api/`);
    const redirected: string[] = [];
    page.on("response", (response) => {
      if (isCall(response.url()) && ![200, 201, 204, 401].includes(response.status())) redirected.push(response.url());
    });
    const refused = page.waitForResponse((response) => isCall(response.url()) && response.status() === 401);
    // The session alone: whoever logged them in still knows them. Offline, or an answer under way brings a fresh cookie.
    await page.context().setOffline(true);
    await page.context().clearCookies({ domain: origin.hostname });
    await page.context().setOffline(false);
    await page.getByRole("link", { name: "Work Pools" }).click();
    await refused;
    assert.deepEqual(redirected, []);
    await page.waitForURL((url) => url.pathname === `${base}/v2/work-pools`);
    assert.ok(isAtPrefect(page));
  });

  it("is logged in again by a reload, and back at the same page", async () => {
    const before = page.url();
    const answer = page.waitForResponse(
      (response) => new URL(response.url()).pathname.startsWith(`${base}/api/`) && response.status() === 200,
    );
    // The UI reloads by itself after some 401s, and then this one is reported as aborted.
    await page.reload().catch(() => undefined);
    await answer;
    await page.getByRole("link", { name: "Work Pools" }).waitFor();
    assert.equal(page.url(), before);
  });
});
