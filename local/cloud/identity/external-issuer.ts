import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { decodeJwt } from "jose";
import type { ClientMetadata } from "oidc-provider";
import type Provider from "oidc-provider";
import { readJson, writeJson } from "../json-file";
import type { ExternalClient, ExternalIssuerDeclaration } from "./external-issuer-declaration";
import { HostedLogin, refusePage } from "./hosted-login";
import { type IssuerKeys, issuerKeys } from "./issuer-keys";
import { grantedScope, signMachineToken } from "./machine-tokens";
import { createIssuer } from "./oidc-issuer";
import { errorPage, sendPage, signedOutPage } from "./pages";
import { TokenStore } from "./token-store";
import { type User, Users } from "./users";

const routes = {
  authorization: "/authorize",
  token: "/oauth/token",
  userinfo: "/userinfo",
  revocation: "/oauth/revoke",
  // GitHub Actions has its keys here; others have them anywhere and say so in the discovery document.
  jwks: "/.well-known/jwks",
};
const logoutPath = "/logout";
const signedOutPath = "/signed-out";
const sessionCookie = "session";
const standardScopes = ["openid", "profile", "email", "groups", "offline_access"];
const standardClaims = ["email", "email_verified", "name", "preferred_username"];

/** A declaration as it is kept: the people are in a file of their own, with hashed passwords. */
type Kept = Omit<ExternalIssuerDeclaration, "users">;

/** An OpenID Connect provider that is no part of AWS, as an organisation has one: Keycloak, Okta, Entra ID... */
export class ExternalIssuer {
  readonly #declared: Kept;
  readonly #issuer: string;
  readonly #keys: IssuerKeys;
  readonly #users: Users;
  readonly #store: TokenStore;
  readonly #login: HostedLogin;
  readonly #callback: ReturnType<Provider["callback"]>;

  /** @param declared default: what the directory holds */
  static async open(directory: string, declared?: ExternalIssuerDeclaration): Promise<ExternalIssuer> {
    const file = join(directory, "issuer.json");
    const users = new Users(join(directory, "users.json"));
    for (const { email, password, groups } of declared?.users ?? []) {
      const user = users.find(email) ?? users.add({ username: email, attributes: { email } });
      user.groups = [...groups];
      await users.setPassword(user, password);
    }
    if (declared) writeJson(file, { ...declared, users: undefined });
    const kept = readJson<Kept>(file);
    if (!kept) throw new Error(`${directory} holds no issuer`);
    return new ExternalIssuer(kept, users, directory, await issuerKeys(join(directory, "keys.json")));
  }

  private constructor(declared: Kept, users: Users, directory: string, keys: IssuerKeys) {
    this.#declared = declared;
    this.#issuer = `https://${declared.host}`;
    this.#keys = keys;
    this.#users = users;
    this.#store = new TokenStore(join(directory, "tokens.json"));
    const provider = this.#createProvider();
    this.#callback = provider.callback();
    this.#login = new HostedLogin({
      provider,
      owner: () => this.#name,
      authenticate: async (username, password) => (await users.authenticate(username, password))?.sub,
      authorizationPath: routes.authorization,
      sessionCookie,
    });
  }

  flush(): void {
    this.#store.flush();
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? "/", "https://host");
    if (pathname === "/login" || pathname.startsWith("/login/")) return this.#login.login(request, response);
    if (pathname === signedOutPath) return sendPage(response, 200, signedOutPage(this.#name));
    if (pathname === logoutPath) return this.#logout(request, response, searchParams);
    await this.#callback(request, response);
  }

  /** https://openid.net/specs/openid-connect-rpinitiated-1_0.html, without asking the person first. */
  async #logout(request: IncomingMessage, response: ServerResponse, query: URLSearchParams): Promise<void> {
    const hint = query.get("id_token_hint");
    const client = this.#client(query.get("client_id") ?? (hint && audienceOf(hint)) ?? "");
    const target = query.get("post_logout_redirect_uri");
    if (target === null) return this.#login.logout(request, response, signedOutPath);
    if (!client?.postLogoutRedirectUris?.includes(target)) {
      return refusePage(response, 400, "invalid_request", "post_logout_redirect_uri is not registered for the client.");
    }
    const url = new URL(target);
    const state = query.get("state");
    if (state !== null) url.searchParams.set("state", state);
    return this.#login.logout(request, response, url.href);
  }

  #client(id: string): ExternalClient | undefined {
    return this.#declared.clients.find(({ clientId }) => clientId === id);
  }

  #createProvider(): Provider {
    const { tokenLifetime = 3600, clients } = this.#declared;
    const custom = clients.flatMap(({ scopes = [] }) => scopes);
    const provider = createIssuer({
      issuer: this.#issuer,
      keys: this.#keys,
      store: this.#store,
      routes,
      sessionCookie,
      scopes: [...new Set([...standardScopes, ...custom])],
      claims: [...standardClaims, this.#groupsClaim],
      discovery: { end_session_endpoint: `${this.#issuer}${logoutPath}` },
      client: (id) => {
        const client = this.#client(id);
        return client && metadata(client);
      },
      account: (sub) => {
        const user = this.#users.bySub(sub);
        return user?.enabled
          ? { accountId: sub, claims: async (_use, scope) => ({ sub, ...this.#claimsOf(user, scope) }) }
          : undefined;
      },
      lifetimes: () => ({
        accessToken: tokenLifetime,
        idToken: tokenLifetime,
        refreshToken: 86_400,
        code: 60,
        session: 86_400,
      }),
      rotateRefreshToken: () => true,
      loginUrl: (uid, query) => `/login/${uid}?${query}`,
      errorPage,
    });
    provider.use(async (ctx, next) => {
      await next();
      const { oidc } = ctx as unknown as TokenContext;
      const token = ctx.path === routes.token ? oidc?.entities.ClientCredentials : undefined;
      if (token && ctx.body) await this.#giveMachineToken(ctx, token, oidc?.body?.scope);
    });
    return provider;
  }

  get #name(): string {
    return this.#declared.name ?? this.#declared.host;
  }

  get #groupsClaim(): string {
    return this.#declared.groupsClaim ?? "groups";
  }

  #claimsOf(user: User, scope: string): Record<string, unknown> {
    const asked = scope.split(" ");
    const { email = user.username } = user.attributes;
    return {
      ...(asked.includes("email") && { email, email_verified: true }),
      ...(asked.includes("profile") && { name: email.split("@")[0], preferred_username: email }),
      [this.#groupsClaim]: user.groups,
    };
  }

  async #giveMachineToken(
    ctx: { status: number; body: unknown },
    token: MachineToken,
    asked: string | undefined,
  ): Promise<void> {
    const client = this.#client(String(token.clientId));
    const scope = client && grantedScope(asked, client.scopes ?? []);
    if (!client || scope === undefined) {
      ctx.status = 400;
      ctx.body = { error: "invalid_scope" };
      return;
    }
    const { clientId: sub, audience = this.#issuer, claims = {} } = client;
    const access_token = await signMachineToken(this.#issuer, this.#keys, token.expiration, {
      jti: randomUUID(),
      sub,
      aud: audience,
      client_id: sub,
      scope,
      ...claims,
    });
    ctx.body = { access_token, token_type: "Bearer", expires_in: token.expiration, scope };
  }
}

interface MachineToken {
  clientId?: string;
  expiration: number;
}

/** What the library keeps of a request to the token endpoint. */
interface TokenContext {
  oidc?: { entities: { ClientCredentials?: MachineToken }; body?: { scope?: string } };
}

function metadata(client: ExternalClient): ClientMetadata {
  const machine = client.redirectUris.length === 0;
  return {
    client_id: client.clientId,
    client_secret: client.clientSecret,
    redirect_uris: client.redirectUris,
    response_types: machine ? [] : ["code"],
    grant_types: machine ? ["client_credentials"] : ["authorization_code", "refresh_token"],
    token_endpoint_auth_method: "client_secret_basic",
  };
}

/** Only tells whose redirect addresses count, so its signature does not matter. */
function audienceOf(idToken: string): string | undefined {
  try {
    return [decodeJwt(idToken).aud].flat()[0];
  } catch {
    return undefined;
  }
}
