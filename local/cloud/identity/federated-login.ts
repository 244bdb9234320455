import { createHash, randomBytes } from "node:crypto";
import { jwtVerify } from "jose";
import { open, seal } from "../load-balancer/authentication/seal";
import { KeySets } from "../load-balancer/jwt/key-sets";
import { jsonObject, type Outbound } from "../load-balancer/outbound";
import type { User, Users } from "./users";

/** The properties read of aws:cognito/identityProvider:IdentityProvider. */
export interface IdentityProviderProperties {
  userPoolId: string;
  providerName: string;
  providerType: string;
  /** Of type OIDC: client_id, client_secret, authorize_scopes, oidc_issuer. */
  providerDetails: Record<string, string>;
  /** The pool's attribute by the provider's claim. */
  attributeMapping?: Record<string, string>;
  idpIdentifiers?: string[];
}

/** The other side did not let the person in, or said something that cannot be. */
export class FederationError extends Error {}

interface FederatedLoginOptions {
  poolId: string;
  /** The pool's own secret: seals what goes to the provider and back. */
  secret: string;
  users: Users;
  outbound: () => Outbound;
  /** The host of the hosted login. */
  domain: () => string | undefined;
}

/** What goes to the provider and back. */
interface State {
  provider: string;
  /** The authorization request at the pool that it is for, and its query. */
  uid: string;
  query: string;
  nonce: string;
  /** Milliseconds since 1970. */
  begun: number;
}

interface Endpoints {
  authorization_endpoint: string;
  token_endpoint: string;
  userinfo_endpoint: string;
  jwks_uri: string;
}

// "Requests that are not completed within 5 minutes will be cancelled": cognito-user-pools-oidc-flow.html
const patienceMs = 5 * 60_000;

/**
 * Sign-in to a user pool by another OpenID Connect provider.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-oidc-flow.html
 */
export class FederatedLogin {
  readonly providers = new Map<string, IdentityProviderProperties>();
  readonly #options: FederatedLoginOptions;
  readonly #key: Buffer;

  constructor(options: FederatedLoginOptions) {
    this.#options = options;
    this.#key = createHash("sha256").update(`federation ${options.secret}`).digest();
  }

  /** @throws Error in Cognito's words when it would refuse the provider */
  async put(properties: IdentityProviderProperties): Promise<void> {
    const { providerName: name, providerType: type, providerDetails: details } = properties;
    if (type !== "OIDC") throw new Error(`identity provider ${name}: type ${type} is not served here; served is: OIDC`);
    const needed = ["client_id", "client_secret", "authorize_scopes", "oidc_issuer", "attributes_request_method"];
    const missing = needed.filter((key) => !details[key]);
    if (missing.length > 0) {
      throw new Error(
        `InvalidParameterException: Missing required details for identity provider: ${missing.join(", ")}`,
      );
    }
    await this.#endpoints(properties).catch((error: Error) => {
      throw new Error(`InvalidParameterException: Unable to contact well-known endpoint (${error.message})`);
    });
    this.providers.set(name, properties);
  }

  /** By `identity_provider` or `idp_identifier` of an authorization request: authorization-endpoint.html */
  named(query: URLSearchParams): string | undefined {
    const identifier = query.get("idp_identifier");
    const byIdentifier = [...this.providers.values()].find(({ idpIdentifiers }) =>
      idpIdentifiers?.includes(identifier ?? ""),
    );
    return query.get("identity_provider") ?? byIdentifier?.providerName;
  }

  /** Where a person goes to sign in. @param query of the authorization request `uid` at the pool */
  async begin(name: string, uid: string, query: string): Promise<string> {
    const provider = this.#provider(name);
    const { authorization_endpoint } = await this.#endpoints(provider);
    const state: State = {
      provider: name,
      uid,
      query,
      nonce: randomBytes(16).toString("base64url"),
      begun: Date.now(),
    };
    const url = new URL(authorization_endpoint);
    for (const [key, value] of Object.entries({
      client_id: provider.providerDetails.client_id ?? "",
      redirect_uri: this.#redirectUri,
      response_type: "code",
      scope: provider.providerDetails.authorize_scopes ?? "",
      nonce: state.nonce,
      state: seal(this.#key, "federation", state),
    }))
      url.searchParams.set(key, value);
    return url.href;
  }

  /**
   * Where `/oauth2/idpresponse` sends on to: the authorization request that it is for, whose cookie is good for that
   * path only, and so tells whether this is the browser that began. Undefined: it is no answer to anything asked here.
   */
  back(answer: URLSearchParams): string | undefined {
    const state = this.#open(answer.get("state"));
    if (!state) return undefined;
    const query = new URLSearchParams(state.query);
    for (const key of ["state", "code", "error"]) {
      const value = answer.get(key);
      if (value !== null) query.set(`idp_${key}`, value);
    }
    return `/login/${state.uid}?${query.toString()}`;
  }

  /**
   * The person who has come back.
   *
   * @param query of the address that `back` gave
   * @throws FederationError when nobody is signed in
   */
  async finish(uid: string, query: URLSearchParams): Promise<User> {
    const state = this.#open(query.get("idp_state"));
    if (!state || state.uid !== uid) throw new FederationError("the answer is not for this sign-in");
    if (Date.now() > state.begun + patienceMs) throw new FederationError("signing in took longer than five minutes");
    const error = query.get("idp_error");
    if (error !== null) throw new FederationError(error);
    const provider = this.#provider(state.provider);
    const claims = await this.#claims(provider, query.get("idp_code") ?? "", state.nonce).catch((reason: Error) => {
      throw new FederationError(reason.message, { cause: reason });
    });
    return this.#user(provider, claims);
  }

  async #claims(
    provider: IdentityProviderProperties,
    code: string,
    nonce: string,
  ): Promise<Record<string, unknown> & { sub: string }> {
    const { client_id = "", client_secret = "", oidc_issuer: issuer } = provider.providerDetails;
    const endpoints = await this.#endpoints(provider);
    const outbound = this.#options.outbound();
    // "Amazon Cognito supports only client_secret_post": cognito-user-pools-oidc-idp.html
    const form = { grant_type: "authorization_code", code, redirect_uri: this.#redirectUri, client_id, client_secret };
    const tokens = await outbound.request(endpoints.token_endpoint, {
      method: "POST",
      headers: { "Content-Type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams(form).toString(),
    });
    if (tokens.status !== 200) throw new Error(`the provider's token endpoint answered ${tokens.status}`);
    const { id_token, access_token } = jsonObject(tokens.body);
    const keys = await new KeySets(outbound).get(endpoints.jwks_uri);
    const { payload } = await jwtVerify(String(id_token), keys, { issuer, audience: client_id, algorithms: ["RS256"] });
    if (payload.nonce !== nonce) throw new Error("the provider's ID token is not for this sign-in");
    const info = await outbound.request(endpoints.userinfo_endpoint, {
      headers: { Authorization: `Bearer ${String(access_token)}` },
    });
    if (info.status !== 200) throw new Error(`the provider's user info endpoint answered ${info.status}`);
    const claims = jsonObject(info.body);
    if (typeof payload.sub !== "string" || claims.sub !== payload.sub) throw new Error("the provider names two people");
    return { ...payload, ...claims, sub: payload.sub };
  }

  /**
   * "Amazon Cognito creates or updates the user account in your user pool": named PROVIDER_SUB, and member of a group
   * that Cognito makes for each provider, POOL_PROVIDER (cognito-user-pools-user-groups.html).
   */
  #user(
    { providerName: name, attributeMapping = {} }: IdentityProviderProperties,
    claims: Record<string, unknown> & { sub: string },
  ): User {
    const { users, poolId } = this.#options;
    const username = `${name}_${claims.sub}`;
    const mapped = Object.entries(attributeMapping).flatMap(([attribute, claim]): [string, string][] =>
      attribute === "username" || claims[claim] === undefined ? [] : [[attribute, String(claims[claim])]],
    );
    const identity = { providerName: name, userId: claims.sub, dateCreated: Date.now() };
    const user = users.named(username) ?? users.add({ username, identity });
    if (!user.enabled) throw new FederationError("User is not enabled");
    user.attributes = { ...user.attributes, ...Object.fromEntries(mapped) };
    user.groups = [...new Set([...user.groups, `${poolId}_${name}`])];
    users.save();
    return user;
  }

  #provider(name: string): IdentityProviderProperties {
    const provider = this.providers.get(name);
    if (!provider) throw new FederationError(`the identity provider ${name} does not exist`);
    return provider;
  }

  get #redirectUri(): string {
    return `https://${this.#options.domain()}/oauth2/idpresponse`;
  }

  #open(sealed: string | null): State | undefined {
    return sealed === null ? undefined : open<State>(this.#key, "federation", sealed);
  }

  /** Those of the discovery document, but for what the details say themselves. */
  async #endpoints({ providerDetails: details }: IdentityProviderProperties): Promise<Endpoints> {
    const url = `${String(details.oidc_issuer).replace(/\/$/, "")}/.well-known/openid-configuration`;
    const { status, body } = await this.#options.outbound().request(url);
    if (status !== 200) throw new Error(`${url} answered ${status}`);
    const found = jsonObject(body) as unknown as Endpoints;
    return {
      authorization_endpoint: details.authorize_url ?? found.authorization_endpoint,
      token_endpoint: details.token_url ?? found.token_endpoint,
      userinfo_endpoint: details.attributes_url ?? found.userinfo_endpoint,
      jwks_uri: details.jwks_uri ?? found.jwks_uri,
    };
  }
}
