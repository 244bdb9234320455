import Provider, {
  type Account,
  type ClientMetadata,
  type Configuration,
  errors,
  interactionPolicy,
} from "oidc-provider";
import type { IssuerKeys } from "./issuer-keys";
import { pageHeaders } from "./pages";
import type { TokenStore } from "./token-store";

/** Seconds. */
export interface Lifetimes {
  accessToken: number;
  idToken: number;
  refreshToken: number;
  code: number;
  session: number;
}

export interface IssuerOptions {
  /** The `iss` of its tokens. */
  issuer: string;
  keys: IssuerKeys;
  store: TokenStore;
  routes: NonNullable<Configuration["routes"]>;
  sessionCookie: string;
  /** Every scope there is; others are refused, not ignored. */
  scopes: readonly string[];
  /** Every claim that accounts may have, besides `sub`. */
  claims: readonly string[];
  /** Further members of the discovery document. */
  discovery?: Record<string, unknown>;
  client(id: string): ClientMetadata | undefined;
  account(id: string): Account | undefined;
  lifetimes(clientId: string | undefined): Lifetimes;
  rotateRefreshToken(clientId: string): boolean;
  /** Where the login page of an authorization request is: a path, the query is the request's. */
  loginUrl(uid: string, query: string): string;
  errorPage(title: string, detail: string): string;
}

/**
 * An OpenID provider for the authorization code flow with login by form and no question of consent, and for
 * client_credentials, on the certified oidc-provider. It drops unknown scopes of client_credentials: the caller is
 * to judge what was asked for. What a real issuer's dialect adds is for the caller, around `callback()`.
 */
export function createIssuer(options: IssuerOptions): Provider {
  const policy = interactionPolicy.base();
  policy.remove("consent");
  const { Check } = interactionPolicy;
  policy.get("login")?.checks.add(
    new Check("unknown_scope", "unknown scopes are refused", (ctx) => {
      // The query as well: the library quietly drops offline_access where it has no use for it.
      const asked = [...ctx.oidc.requestParamScopes, ...String(ctx.query.scope ?? "").split(" ")];
      const unknown = asked.filter((scope) => scope !== "" && !options.scopes.includes(scope));
      if (unknown.length > 0) throw new errors.InvalidScope("requested scope is not allowed", unknown.join(" "));
      return Check.NO_NEED_TO_PROMPT;
    }),
    0,
  );
  const ttl = (kind: keyof Lifetimes) => (_ctx: unknown, token: { clientId?: string }, client?: { clientId: string }) =>
    options.lifetimes(client?.clientId ?? token.clientId)[kind];

  const provider = new Provider(options.issuer, {
    adapter: (kind: string) => options.store.adapter(kind, (id) => options.client(id)),
    jwks: { keys: [options.keys.signing] },
    cookies: { keys: [options.keys.cookies], names: { session: options.sessionCookie } },
    routes: options.routes,
    scopes: [...options.scopes],
    claims: { openid: ["sub", "auth_time", ...options.claims] },
    // The account decides by scope which claims there are, in the ID token too.
    conformIdTokenClaims: false,
    discovery: options.discovery ?? {},
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      revocation: { enabled: true, allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId },
    },
    interactions: {
      policy,
      url: (ctx, { uid }) =>
        options.loginUrl(uid, ctx.querystring || new URLSearchParams(plain(ctx.oidc.params)).toString()),
    },
    pkce: { required: () => false },
    clientBasedCORS: (_ctx, origin, client) =>
      (client.redirectUris ?? []).some((uri) => new URL(uri).origin === origin),
    findAccount: (_ctx, id) => options.account(id),
    loadExistingGrant: async (ctx) => {
      const { client, session, params, result } = ctx.oidc;
      if (!client || !session?.accountId) return undefined;
      const known = result?.consent?.grantId ?? session.grantIdFor(client.clientId);
      const grant =
        (known && (await provider.Grant.find(known))) ||
        new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
      grant.addOIDCScope(String(params?.scope ?? ""));
      await grant.save();
      return grant;
    },
    issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed("refresh_token"),
    rotateRefreshToken: (ctx) => options.rotateRefreshToken(ctx.oidc.client?.clientId ?? ""),
    // Tokens outlive the login page's session.
    expiresWithSession: async () => false,
    ttl: {
      AccessToken: ttl("accessToken"),
      ClientCredentials: ttl("accessToken"),
      IdToken: ttl("idToken"),
      RefreshToken: ttl("refreshToken"),
      AuthorizationCode: ttl("code"),
      Session: ttl("session"),
      Grant: ttl("refreshToken"),
      Interaction: ttl("session"),
    },
    renderError: (ctx, out) => {
      ctx.set(pageHeaders);
      ctx.body = options.errorPage(String(out.error), String(out.error_description ?? ""));
    },
  } as Configuration);
  return provider;
}

function plain(params: Record<string, unknown> = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(params).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}
