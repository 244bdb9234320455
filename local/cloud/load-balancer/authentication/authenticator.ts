import { randomBytes, timingSafeEqual } from "node:crypto";
import type { Visit } from "../actions/action";
import { answer } from "../answer";
import type { Outbound } from "../outbound";
import { claimsHeaderNames, claimsHeaders } from "./claims-headers";
import type { LoadBalancerKeys } from "./keys";
import { LoginError, redeem, refresh } from "./provider";
import { open, seal } from "./seal";
import { cookiesOf, type Session, sessionCookies, sessionOf } from "./session";
import { type AuthenticationSettings, settingsId } from "./login-settings";

/** Where providers send people back to, on every host name of a load balancer. */
export const callbackPath = "/oauth2/idpresponse";

// Named by the access log's reasons AuthInvalidAWSALBAuthNonce and AuthMissingAWSALBAuthNonce.
const nonceCookie = "AWSALBAuthNonce";
// "A client must initiate and complete the login process within 15 minutes": "Client login timeout"
const loginTimeout = 15 * 60;

/** What goes to the provider and back, encrypted. */
interface LoginState {
  nonce: string;
  /** Where the person wanted to go. */
  url: string;
  /** Seconds since 1970. */
  begun: number;
  /** `settingsId` of the action that asked for it. */
  settings: string;
}

export interface AuthenticatorOptions {
  /** The load balancer's ARN. */
  signer: string;
  keys: LoadBalancerKeys;
  outbound: Outbound;
  /** Never given a secret. */
  log(line: string): void;
}

/**
 * The login of one load balancer.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-authenticate-users.html
 */
export class Authenticator {
  readonly #options: AuthenticatorOptions;
  /** Refreshes under way: a page's requests come together, and a rotated refresh token is good for one of them. */
  readonly #refreshing = new Map<string, Promise<Session>>();

  constructor(options: AuthenticatorOptions) {
    this.#options = options;
  }

  /** Runs an authenticate action. */
  async authenticate(visit: Visit, settings: AuthenticationSettings): Promise<"answered" | "next"> {
    const session = await this.#session(visit, settings);
    for (const name of claimsHeaderNames) visit.added.set(name, undefined);
    if (session) {
      const { keys, signer } = this.#options;
      for (const [name, value] of claimsHeaders(keys, signer, session)) visit.added.set(name, value);
      return "next";
    }
    if (settings.onUnauthenticatedRequest === "allow") return "next";
    if (settings.onUnauthenticatedRequest === "deny") this.#refuse(visit, 401);
    else this.#redirect(visit, settings);
    return "answered";
  }

  /** Takes a person back from the provider. @param all the settings of the listener's authenticate actions */
  async callback(visit: Visit, all: readonly AuthenticationSettings[]): Promise<void> {
    const query = new URLSearchParams(visit.query);
    try {
      const { state, settings } = this.#stateOf(visit, query, all);
      const error = query.get("error");
      // "HTTP 401: ...or the IdP denied access"; "HTTP 561: the IdP returned an error code when authenticating the user"
      if (error !== null)
        throw new LoginError(error === "access_denied" ? 401 : 561, `provider error ${JSON.stringify(error)}`);
      const code = query.get("code");
      if (!code) throw new LoginError(401, "AuthMissingCodeParam");
      const session = await redeem(this.#options.outbound, settings, code, redirectUri(visit.host));
      answer(visit.exchange, {
        status: 302,
        headers: { Location: state.url },
        cookies: this.#cookies(visit, settings, session),
        server: visit.server,
      });
    } catch (error) {
      if (!(error instanceof LoginError)) throw error;
      this.#options.log(`login on ${visit.host}: ${error.status} ${error.message}`);
      this.#refuse(visit, error.status);
    }
  }

  #stateOf(visit: Visit, query: URLSearchParams, all: readonly AuthenticationSettings[]) {
    const sealed = query.get("state");
    if (!sealed) throw new LoginError(401, "AuthMissingStateParam");
    const state = open<LoginState>(this.#options.keys.session, "login", sealed);
    const settings = all.find((one) => settingsId(one) === state?.settings);
    if (!state || !settings) throw new LoginError(401, "AuthInvalidStateParam");
    const nonce = cookiesOf(visit.exchange).get(nonceCookie);
    if (!nonce) throw new LoginError(401, "AuthMissingAWSALBAuthNonce");
    if (!same(nonce, state.nonce)) throw new LoginError(401, "AuthInvalidAWSALBAuthNonce");
    if (Date.now() / 1000 > state.begun + loginTimeout) throw new LoginError(401, "login took longer than 15 minutes");
    return { state, settings };
  }

  /** The request's session, renewed when its access token is over; undefined: the person has to sign in. */
  async #session(visit: Visit, settings: AuthenticationSettings): Promise<Session | undefined> {
    const session = sessionOf(this.#options.keys.session, settings.sessionCookieName, visit.exchange);
    const now = Date.now() / 1000;
    if (!session || now >= session.started + settings.sessionTimeout) return undefined;
    // "If the IdP does not support refresh tokens, the load balancer keeps the authentication session until it times out"
    if (now < session.expires || !session.refreshToken) return session;
    // A unique cookie name is what keeps applications with other clients apart; their tokens are not ours to renew.
    if (session.issuer !== settings.issuer || session.clientId !== settings.clientId) return undefined;
    try {
      const fresh = await this.#refreshed(settings, session, session.refreshToken);
      visit.cookies.push(...this.#cookies(visit, settings, fresh));
      return fresh;
    } catch (error) {
      // "...until the session times out or the IdP refresh fails": then it is a login again.
      if (!(error instanceof LoginError)) throw error;
      this.#options.log(`refresh on ${visit.host}: ${error.message}`);
      return undefined;
    }
  }

  #refreshed(settings: AuthenticationSettings, session: Session, refreshToken: string): Promise<Session> {
    const running = this.#refreshing.get(refreshToken);
    if (running) return running;
    const begun = refresh(this.#options.outbound, settings, session);
    this.#refreshing.set(refreshToken, begun);
    const forget = () => this.#refreshing.delete(refreshToken);
    begun.then(forget, forget);
    return begun;
  }

  #cookies(visit: Visit, settings: AuthenticationSettings, session: Session): string[] {
    const { sessionCookieName: name, sessionTimeout: seconds } = settings;
    return sessionCookies(this.#options.keys.session, name, session, { seconds }, visit.exchange);
  }

  #redirect(visit: Visit, settings: AuthenticationSettings): void {
    // "HTTP 401: a client submitted an HTTP/1.0 request without a host header, and the load balancer was unable to
    // generate a redirect URL"
    if (!visit.host) return this.#refuse(visit, 401);
    const nonce = randomBytes(12).toString("base64url");
    const url = `https://${hostOf(visit.host)}${visit.exchange.target}`;
    const begun = Math.floor(Date.now() / 1000);
    const state: LoginState = { nonce, url, begun, settings: settingsId(settings) };
    const location = new URL(settings.authorizationEndpoint);
    const params = {
      ...settings.extraParams,
      client_id: settings.clientId,
      redirect_uri: redirectUri(visit.host),
      response_type: "code",
      scope: settings.scope,
      state: seal(this.#options.keys.session, "login", state),
    };
    for (const [name, value] of Object.entries(params)) location.searchParams.set(name, value);
    answer(visit.exchange, {
      status: 302,
      headers: { Location: location.href },
      // Sent along when the provider redirects back: that is a top-level GET.
      cookies: [`${nonceCookie}=${nonce}; Path=/; Secure; HttpOnly`],
      server: visit.server,
    });
  }

  #refuse(visit: Visit, status: number): void {
    answer(visit.exchange, { status, server: visit.server });
  }
}

/** As the browser has it in its address bar: without the port that HTTPS has anyway. */
function hostOf(host: string): string {
  return host.replace(/:443$/, "");
}

function redirectUri(host: string): string {
  return `https://${hostOf(host)}${callbackPath}`;
}

function same(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
