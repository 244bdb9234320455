import type { IncomingMessage, ServerResponse } from "node:http";
import type Provider from "oidc-provider";
import { errorPage, loginPage, sendPage } from "./pages";

export interface HostedLoginOptions {
  provider: Provider;
  /** Whose login it is, as people read it. */
  owner: () => string;
  /** @returns the account's id, or undefined when name or password is wrong */
  authenticate: (username: string, password: string) => Promise<string | undefined>;
  authorizationPath: string;
  sessionCookie: string;
}

const maxForm = 16 * 1024;

/** The login form of an issuer, and the end of its session. */
export class HostedLogin {
  readonly #options: HostedLoginOptions;

  constructor(options: HostedLoginOptions) {
    this.#options = options;
  }

  /**
   * `/login/UID?...` shows the form and takes it; each authorization request has its own, so two tabs do not disturb
   * each other. The query is the authorization request's: when its time is over (or for a bare `/login?...`) the
   * request starts afresh.
   */
  async login(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { provider, owner, authenticate, authorizationPath } = this.#options;
    const { pathname, search } = new URL(request.url ?? "/", "https://host");
    const details = await provider.interactionDetails(request, response).catch(() => undefined);
    if (!details || pathname === "/login") {
      response.writeHead(303, { Location: `${authorizationPath}${search}`, "Cache-Control": "no-store" }).end();
      return;
    }
    if (request.method !== "POST") {
      sendPage(response, 200, loginPage({ owner: owner(), username: String(details.params.login_hint ?? "") }));
      return;
    }
    const form = await readForm(request);
    const [username, password] = [form?.get("username") ?? "", form?.get("password") ?? ""];
    const accountId = await authenticate(username, password);
    if (accountId === undefined) {
      const error = "Incorrect username or password.";
      sendPage(response, 400, loginPage({ owner: owner(), username, error }));
      return;
    }
    await this.#forgetOther(request, response, accountId);
    await provider.interactionFinished(request, response, { login: { accountId } }, { mergeWithLastSubmission: false });
  }

  /** Ends the browser's session and sends it on. */
  async logout(request: IncomingMessage, response: ServerResponse, location: string): Promise<void> {
    const session = await this.#session(request, response);
    if (session.accountId) await session.destroy();
    const gone = `${this.#options.sessionCookie}=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Secure; HttpOnly; SameSite=Lax`;
    response.setHeader("Set-Cookie", [gone, gone.replace("=", ".sig=")]);
    response.writeHead(302, { Location: location, "Cache-Control": "no-store" }).end();
  }

  /** Signing in as somebody else ends the session of before. */
  async #forgetOther(request: IncomingMessage, response: ServerResponse, accountId: string): Promise<void> {
    const session = await this.#session(request, response);
    if (session.accountId && session.accountId !== accountId) await session.destroy();
  }

  #session(request: IncomingMessage, response: ServerResponse) {
    const { provider } = this.#options;
    return provider.Session.get(provider.createContext(request, response));
  }
}

export function refusePage(response: ServerResponse, status: number, error: string, detail: string): void {
  sendPage(response, status, errorPage(error, detail));
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams | undefined> {
  let body = "";
  for await (const chunk of request) {
    body += String(chunk);
    if (body.length > maxForm) return undefined;
  }
  return new URLSearchParams(body);
}
