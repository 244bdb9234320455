import type { IncomingMessage, ServerResponse } from "node:http";
import type Provider from "oidc-provider";
import { type FederatedLogin, FederationError } from "./federated-login";
import { errorPage, loginPage, sendPage } from "./pages";

export interface HostedLoginOptions {
  provider: Provider;
  /** Whose login it is, as people read it. */
  owner: () => string;
  /** @returns the account's id, or undefined when name or password is wrong */
  authenticate: (username: string, password: string) => Promise<string | undefined>;
  /** Signing in by other identity providers. Default: there are none */
  federation?: {
    login: FederatedLogin;
    /** What a client offers: passwords of its own, and which providers. */
    offers: (clientId: string) => { passwords: boolean; providers: readonly string[] };
  };
  authorizationPath: string;
  sessionCookie: string;
}

const maxForm = 16 * 1024;
const onlyPasswords = { passwords: true, providers: [] as string[] };

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
    const { provider, owner, authenticate, authorizationPath, federation } = this.#options;
    const { pathname, search, searchParams } = new URL(request.url ?? "/", "https://host");
    const details = await provider.interactionDetails(request, response).catch(() => undefined);
    if (!details || pathname === "/login") {
      response.writeHead(303, { Location: `${authorizationPath}${search}`, "Cache-Control": "no-store" }).end();
      return;
    }
    const { passwords, providers } = federation?.offers(String(details.params.client_id)) ?? onlyPasswords;
    if (federation && searchParams.has("idp_state")) {
      return this.#comeBack(request, response, federation.login, details.uid, searchParams);
    }
    // A client with one provider and no passwords has nothing to ask: authorization-endpoint.html, identity_provider
    const wanted = federation?.login.named(searchParams) ?? (passwords ? undefined : providers.at(0));
    if (federation && wanted && providers.includes(wanted)) {
      const location = await federation.login.begin(wanted, details.uid, search.slice(1));
      response.writeHead(302, { Location: location, "Cache-Control": "no-store" }).end();
      return;
    }
    if (request.method !== "POST" || !passwords) {
      const links = providers.map((name) => ({
        name,
        query: `${search}&${String(new URLSearchParams({ identity_provider: name }))}`,
      }));
      const username = String(details.params.login_hint ?? "");
      sendPage(response, 200, loginPage({ owner: owner(), username, passwords, providers: links }));
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

  /** From another identity provider, signed in or not. */
  async #comeBack(
    request: IncomingMessage,
    response: ServerResponse,
    federation: FederatedLogin,
    uid: string,
    query: URLSearchParams,
  ): Promise<void> {
    const { provider } = this.#options;
    try {
      const { sub: accountId } = await federation.finish(uid, query);
      await this.#forgetOther(request, response, accountId);
      await provider.interactionFinished(
        request,
        response,
        { login: { accountId } },
        { mergeWithLastSubmission: false },
      );
    } catch (error) {
      if (!(error instanceof FederationError)) throw error;
      const refused = { error: "invalid_request", error_description: error.message };
      await provider.interactionFinished(request, response, refused, { mergeWithLastSubmission: false });
    }
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
