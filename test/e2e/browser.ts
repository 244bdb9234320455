import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { programs } from "../../local/toolchain/programs";
import { origin, stack } from "./stack";

/** One headless Chromium for a suite, a new person (nothing remembered) for every context. */
export async function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: programs().chromium,
    args: [
      ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
      ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
    ],
  });
}

export async function newPerson(browser: Browser): Promise<BrowserContext> {
  // The local authority is in no browser's trust store: a person accepts it once, by hand.
  return browser.newContext({ ignoreHTTPSErrors: true, viewport: { width: 1280, height: 800 } });
}

/** Fills in the login page that is open, as the first seeded person. */
export async function logIn(page: Page, user = stack.users[0]): Promise<void> {
  if (!user) throw new Error("npm start seeded nobody");
  await page.getByLabel("Email").fill(user.email);
  await page.getByLabel("Password", { exact: true }).fill(user.password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** True when the page belongs to the stack's own domain, not to the identity provider. */
export function isAtPrefect(page: Page): boolean {
  return new URL(page.url()).host === origin.host;
}
