import { mkdirSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import type Provider from "oidc-provider";
import type { Outbound } from "../load-balancer/outbound";
import { discovery, issuerOf, routes, withoutIss } from "./cognito-endpoints";
import { clientMetadata, lifetimesOf, scopes, type UserPoolClientProperties } from "./cognito-client";
import {
  accessTokenId,
  claimNames,
  idTokenClaims,
  signAccessToken,
  signClientToken,
  userInfoClaims,
} from "./cognito-tokens";
import { FederatedLogin } from "./federated-login";
import { HostedLogin, refusePage } from "./hosted-login";
import { type IssuerKeys, issuerKeys, publicKeys } from "./issuer-keys";
import { grantedScope } from "./machine-tokens";
import { createIssuer } from "./oidc-issuer";
import { errorPage } from "./pages";
import type { PasswordPolicy } from "./password-policy";
import { TokenStore } from "./token-store";
import { Users } from "./users";

/** The properties read of aws:cognito/userPool:UserPool. */
export interface UserPoolProperties {
  name: string;
  usernameAttributes?: string[];
  passwordPolicy?: PasswordPolicy;
}

// "A browser session cookie, valid for one hour": cognito-user-pools-managed-login.html
const sessionCookie = "cognito";

/** One user pool: its users, its clients, its issuer and its hosted login. */
export class UserPool {
  properties: UserPoolProperties;
  /** The host of its hosted login, when it has a domain. */
  domain: string | undefined;
  readonly clients = new Map<string, UserPoolClientProperties>();
  readonly groups = new Set<string>();
  readonly users: Users;
  readonly #issuer: string;
  readonly #keys: IssuerKeys;
  readonly #store: TokenStore;
  #login!: HostedLogin;
  #callback!: ReturnType<Provider["callback"]>;
  /** The scopes of each resource server, by its identifier. */
  readonly #customScopes = new Map<string, string[]>();

  /** Signing in by other identity providers. */
  readonly federation: FederatedLogin;

  /** @param outbound from Cognito's own address */
  static async open(
    id: string,
    properties: UserPoolProperties,
    directory: string,
    outbound: () => Outbound,
  ): Promise<UserPool> {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    return new UserPool(id, properties, directory, await issuerKeys(join(directory, "keys.json")), outbound);
  }

  private constructor(
    id: string,
    properties: UserPoolProperties,
    directory: string,
    keys: IssuerKeys,
    outbound: () => Outbound,
  ) {
    this.properties = properties;
    this.users = new Users(join(directory, "users.json"));
    this.#issuer = issuerOf(id);
    this.#keys = keys;
    this.#store = new TokenStore(join(directory, "tokens.json"));
    const { users } = this;
    const domain = () => this.domain;
    this.federation = new FederatedLogin({ poolId: id, secret: keys.cookies, users, outbound, domain });
    this.#start();
  }

  /** Again when the scopes there are have changed: everything else is in the store. */
  #start(): void {
    const provider = this.#createProvider();
    this.#callback = provider.callback();
    this.#login = new HostedLogin({
      provider,
      owner: () => this.properties.name,
      authenticate: async (username, password) => (await this.users.authenticate(username, password))?.sub,
      federation: { login: this.federation, offers: (clientId) => this.#offers(clientId) },
      authorizationPath: routes.authorization,
      sessionCookie,
    });
  }

  #offers(clientId: string): { passwords: boolean; providers: string[] } {
    const { supportedIdentityProviders: supported = [] } = this.clients.get(clientId) ?? {};
    const providers = supported.filter((name) => this.federation.providers.has(name));
    return { passwords: providers.length === 0 || supported.includes("COGNITO"), providers };
  }

  get customScopes(): string[] {
    return [...this.#customScopes.values()].flat();
  }

  /** @param scopes IDENTIFIER/NAME; undefined: there is no such resource server any more */
  setResourceServer(identifier: string, scopes: string[] | undefined): void {
    if (scopes) this.#customScopes.set(identifier, scopes);
    else this.#customScopes.delete(identifier);
    this.#start();
  }

  flush(): void {
    this.#store.flush();
  }

  /** `https://cognito-idp.REGION.amazonaws.com/POOL/...`, the path without the pool. */
  serveIssuer(path: string, response: ServerResponse): void {
    const documents: Record<string, unknown> = {
      "/.well-known/openid-configuration": discovery(this.#issuer, this.domain),
      "/.well-known/jwks.json": publicKeys(this.#keys),
    };
    const found = documents[path];
    response.writeHead(found ? 200 : 404, {
      "Content-Type": "application/json",
      "Cache-Control": "public, max-age=86400",
    });
    response.end(found ? JSON.stringify(found) : '{"message":"Not Found"}');
  }

  /** The hosted login's endpoints: https://docs.aws.amazon.com/cognito/latest/developerguide/managed-login-endpoints.html */
  async serveDomain(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? "/", "https://host");
    if (pathname === "/login" || pathname.startsWith("/login/")) return this.#login.login(request, response);
    if (pathname === "/oauth2/idpresponse") {
      const location = this.federation.back(searchParams);
      if (!location) return refusePage(response, 400, "invalid_request", "The answer is to nothing that was asked.");
      response.writeHead(302, { Location: location, "Cache-Control": "no-store" }).end();
      return;
    }
    if (pathname === "/logout") return this.#logout(request, response, searchParams);
    const known = Object.values(routes).includes(pathname) || pathname.startsWith(`${routes.authorization}/`);
    if (!known) return refusePage(response, 404, "Not found", "There is no such page.");
    if (pathname === routes.userinfo && !(await this.#acceptJwt(request))) {
      const error = { error: "invalid_token", error_description: "Access token is expired, disabled, or deleted." };
      response.writeHead(401, {
        "Content-Type": "application/json",
        "WWW-Authenticate": 'Bearer error="invalid_token"',
      });
      response.end(JSON.stringify(error));
      return;
    }
    await this.#callback(request, response);
  }

  /**
   * Never asks; ends the session of the hosted login, then sends on to an address that the client has registered.
   * https://docs.aws.amazon.com/cognito/latest/developerguide/logout-endpoint.html
   */
  async #logout(request: IncomingMessage, response: ServerResponse, query: URLSearchParams): Promise<void> {
    const client = this.clients.get(query.get("client_id") ?? "");
    if (!client) return refusePage(response, 400, "invalid_request", "The client does not exist.");
    const logoutUri = query.get("logout_uri");
    if (logoutUri !== null) {
      if (client.logoutUrls?.includes(logoutUri)) return this.#login.logout(request, response, logoutUri);
      return refusePage(response, 400, "redirect_mismatch", "logout_uri is not an allowed sign-out URL of the client.");
    }
    const redirectUri = query.get("redirect_uri") ?? "";
    if (query.has("response_type") && client.callbackUrls?.includes(redirectUri)) {
      return this.#login.logout(request, response, `/login?${query.toString()}`);
    }
    refusePage(response, 400, "invalid_request", "Give logout_uri, or redirect_uri with response_type, as registered.");
  }

  #createProvider(): Provider {
    const provider = createIssuer({
      issuer: this.#issuer,
      keys: this.#keys,
      store: this.#store,
      routes,
      sessionCookie,
      scopes: [...scopes, ...this.customScopes],
      claims: claimNames,
      client: (id) => {
        const client = this.clients.get(id);
        return client && clientMetadata(id, client);
      },
      account: (sub) => {
        const user = this.users.bySub(sub);
        if (!user?.enabled) return undefined;
        const claims = (use: string, scope: string) =>
          use === "id_token" ? idTokenClaims(user, scope) : userInfoClaims(user, scope);
        return { accountId: sub, claims: async (use, scope) => ({ sub, ...claims(use, scope) }) };
      },
      lifetimes: (clientId) => lifetimesOf(this.clients.get(clientId ?? "")),
      rotateRefreshToken: (clientId) => this.#rotates(clientId),
      loginUrl: (uid, query) => `/login/${uid}?${query}`,
      errorPage: (error, detail) =>
        // https://docs.aws.amazon.com/cognito/latest/developerguide/authorization-endpoint.html, "redirect_mismatch"
        errorPage(error === "invalid_redirect_uri" ? "redirect_mismatch" : error, detail),
    });
    provider.use(async (ctx, next) => {
      // "If you do not specify any scope, all scopes of the client are used": authorization-endpoint.html
      const client = this.clients.get(String(ctx.query.client_id));
      if (ctx.path === routes.authorization && !ctx.query.scope && client) {
        ctx.query = { ...ctx.query, scope: (client.allowedOauthScopes ?? []).join(" ") };
      }
      await next();
      if (ctx.path === routes.token) await this.#speakCognito(ctx as never);
      if (ctx.path.startsWith(routes.authorization)) withoutIss(ctx.response);
    });
    return provider;
  }

  #rotates(clientId: string): boolean {
    return this.clients.get(clientId)?.refreshTokenRotation?.feature === "ENABLED";
  }

  /** https://docs.aws.amazon.com/cognito/latest/developerguide/token-endpoint.html */
  async #speakCognito(ctx: {
    status: number;
    body: Record<string, unknown> | undefined;
    oidc: {
      entities: Record<string, Record<string, unknown> | undefined>;
      params?: Record<string, unknown>;
      body?: Record<string, unknown>;
    };
  }): Promise<void> {
    if (ctx.body?.error) {
      // "unauthorized_client: Client isn't allowed for code grant flow or for refreshing tokens"
      const notAllowed = /grant type is not allowed/.test(String(ctx.body.error_description));
      const error = notAllowed ? "unauthorized_client" : ctx.body.error;
      if (ctx.status < 500) ctx.status = 400;
      ctx.body = { error };
      return;
    }
    const {
      AccessToken: token,
      AuthorizationCode: code,
      RefreshToken: refresh,
      ClientCredentials: machine,
    } = ctx.oidc.entities;
    if (ctx.body && machine) return this.#giveMachineToken(ctx, machine, ctx.oidc.body?.scope as string | undefined);
    const user = this.users.bySub(String(token?.accountId));
    if (!ctx.body || !token || !user) return;
    ctx.body.access_token = await signAccessToken(this.#issuer, this.#keys, user, {
      id: String(token.jti),
      clientId: String(token.clientId),
      scope: String(token.scope ?? ""),
      authTime: Number(code?.authTime ?? refresh?.authTime),
      expires: Math.floor(Date.now() / 1000) + Number(token.expiration),
    });
    ctx.body.scope = undefined;
    // "Refresh token rotation is off: the response has no new refresh token."
    if (ctx.oidc.params?.grant_type === "refresh_token" && !this.#rotates(String(token.clientId))) {
      ctx.body.refresh_token = undefined;
    }
  }

  async #giveMachineToken(
    ctx: { status: number; body: Record<string, unknown> | undefined },
    token: Record<string, unknown>,
    asked: string | undefined,
  ): Promise<void> {
    const [clientId, expires] = [String(token.clientId), Number(token.expiration)];
    const allowed = this.clients.get(clientId)?.allowedOauthScopes ?? [];
    const scope = grantedScope(asked, allowed);
    const authTime = Math.floor(Date.now() / 1000);
    const issued = { id: String(token.jti), clientId, authTime, expires: authTime + expires };
    ctx.status = scope === undefined ? 400 : 200;
    ctx.body =
      scope === undefined
        ? { error: "invalid_scope" }
        : {
            access_token: await signClientToken(this.#issuer, this.#keys, { ...issued, scope }),
            expires_in: expires,
            token_type: "Bearer",
          };
  }

  /** Puts the token's id in the place of the JWT, which is what the provider knows it by. */
  async #acceptJwt(request: IncomingMessage): Promise<boolean> {
    const [, jwt = ""] = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? "") ?? [];
    const id = await accessTokenId(this.#issuer, this.#keys, jwt);
    request.headers.authorization = `Bearer ${id}`;
    return id !== undefined;
  }
}
