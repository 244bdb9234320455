import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { CloudContext, CloudPart } from "../context";
import type { AdminCreateUser, CloudResource } from "../contract";
import { Outbound } from "../load-balancer/outbound";
import { clientProblems, type UserPoolClientProperties } from "./cognito-client";
import { issuerHost, regionOf } from "./cognito-endpoints";
import type { ExternalIssuerDeclaration } from "./external-issuer-declaration";
import { ExternalIssuers } from "./external-issuers";
import type { IdentityProviderProperties } from "./federated-login";
import { HttpsHosts } from "./https-hosts";
import { passwordProblems } from "./password-policy";
import { UserPool, type UserPoolProperties } from "./user-pool";

interface UserPoolDomainProperties {
  userPoolId: string;
  domain: string;
  /** Set for a domain of one's own: `domain` is then the whole host name. */
  certificateArn?: string;
}

interface UserProperties {
  userPoolId: string;
  username: string;
  attributes?: Record<string, string>;
  enabled?: boolean;
  password?: string;
}

interface UserInGroupProperties {
  userPoolId: string;
  groupName: string;
  username: string;
}

interface ResourceServerProperties {
  userPoolId: string;
  identifier: string;
  scopes?: { scopeName: string }[];
}

const kinds = [
  ...(["userPool", "userPoolClient", "userPoolDomain", "resourceServer", "identityProvider"] as const),
  ...(["userGroup", "user", "userInGroup"] as const),
];
type Kind = (typeof kinds)[number];

function kindOf(type: string): Kind | undefined {
  const kind = /^aws:cognito\/(\w+):(\w+)$/.exec(type)?.[1];
  return kinds.find((known) => known === kind);
}

/** Amazon Cognito user pools with their hosted login, as `aws:cognito/*` resources declare them. */
export class Identity implements CloudPart {
  readonly #context: CloudContext;
  readonly #hosts: HttpsHosts;
  readonly #pools = new Map<string, UserPool>();
  readonly #externalIssuers: ExternalIssuers;

  /** @param options.port where its hosts listen. Default: 443 */
  constructor(context: CloudContext, options: { port?: number } = {}) {
    this.#context = context;
    this.#hosts = new HttpsHosts(context, "cognito", options.port);
    this.#externalIssuers = new ExternalIssuers(context, this.#hosts);
  }

  handles(type: string): boolean {
    return kindOf(type) !== undefined;
  }

  /** @throws Error in Cognito's words when a resource is refused: nothing has changed then */
  async put({ type, id, properties }: CloudResource): Promise<Record<string, unknown>> {
    switch (kindOf(type)) {
      case "userPool":
        await this.#putPool(id, properties as unknown as UserPoolProperties);
        break;
      case "userPoolClient": {
        const client = properties as unknown as UserPoolClientProperties;
        const pool = this.#pool(client.userPoolId);
        const problems = clientProblems(client, pool.customScopes, [...pool.federation.providers.keys()]);
        if (problems.length > 0) throw new Error(`user pool client ${client.name}: ${problems.join("; ")}`);
        pool.clients.set(id, client);
        break;
      }
      case "resourceServer": {
        const { userPoolId, identifier, scopes = [] } = properties as unknown as ResourceServerProperties;
        const names = scopes.map(({ scopeName }) => `${identifier}/${scopeName}`);
        this.#pool(userPoolId).setResourceServer(identifier, names);
        break;
      }
      case "identityProvider":
        await this.#pool(properties.userPoolId).federation.put(properties as unknown as IdentityProviderProperties);
        break;
      case "userPoolDomain":
        await this.#putDomain(properties as unknown as UserPoolDomainProperties);
        break;
      case "userGroup":
        this.#pool(properties.userPoolId).groups.add(String(properties.name));
        break;
      case "user":
        await this.#putUser(properties as unknown as UserProperties);
        break;
      case "userInGroup": {
        const { userPoolId, username, groupName } = properties as unknown as UserInGroupProperties;
        this.#join(this.#pool(userPoolId), username, groupName);
        break;
      }
      default:
        throw new Error(`identity knows no resources of type ${type}`);
    }
    return {};
  }

  async remove({ type, id, properties }: CloudResource): Promise<void> {
    const pool = this.#pools.get(kindOf(type) === "userPool" ? id : String(properties.userPoolId));
    if (!pool) return;
    const user = pool.users.find(String(properties.username ?? ""));
    switch (kindOf(type)) {
      case "userPool":
        pool.flush();
        if (pool.domain) this.#hosts.remove(pool.domain);
        this.#pools.delete(id);
        if (![...this.#pools.keys()].some((other) => regionOf(other) === regionOf(id))) {
          this.#hosts.remove(issuerHost(regionOf(id)));
        }
        await rm(this.#directory(id), { recursive: true, force: true });
        break;
      case "userPoolClient":
        pool.clients.delete(id);
        break;
      case "userPoolDomain":
        if (pool.domain) this.#hosts.remove(pool.domain);
        pool.domain = undefined;
        break;
      case "resourceServer":
        pool.setResourceServer(String(properties.identifier), undefined);
        break;
      case "identityProvider":
        pool.federation.providers.delete(String(properties.providerName));
        break;
      case "userGroup":
        pool.groups.delete(String(properties.name));
        break;
      case "user":
        if (user) pool.users.remove(user);
        break;
      case "userInGroup":
        if (user) user.groups = user.groups.filter((group) => group !== properties.groupName);
        pool.users.save();
        break;
    }
  }

  /**
   * AdminCreateUser, AdminSetUserPassword (permanent) and AdminAddUserToGroup in one: the user is confirmed. For a
   * user there already is, the password is set and the groups are added.
   *
   * @throws Error with every reason, in Cognito's words
   */
  async createUser({ userPoolId, email, password, groups }: AdminCreateUser): Promise<void> {
    const pool = this.#pool(userPoolId);
    const problems = passwordProblems(password, pool.properties.passwordPolicy).map(
      (problem) => `InvalidPasswordException: Password did not conform with policy: ${problem}`,
    );
    for (const group of groups) if (!pool.groups.has(group)) problems.push(noGroup(pool, group));
    if (problems.length > 0) throw new Error(problems.join("; "));
    const user = pool.users.find(email) ?? this.#addUser(pool, email, { email, email_verified: "true" });
    await pool.users.setPassword(user, password);
    user.groups = [...new Set([...user.groups, ...groups])];
    pool.users.save();
  }

  /** Brings up the external issuers of before. */
  start(): Promise<void> {
    return this.#externalIssuers.start();
  }

  /**
   * Declares an identity provider outside AWS, or changes it: clients and settings are replaced, people are added or
   * get the new password and groups.
   *
   * @throws Error with every reason
   */
  createIssuer(declared: ExternalIssuerDeclaration): Promise<void> {
    return this.#externalIssuers.create(declared);
  }

  async close(): Promise<void> {
    await this.#hosts.close();
    for (const pool of this.#pools.values()) pool.flush();
    this.#externalIssuers.flush();
  }

  async #putPool(id: string, properties: UserPoolProperties): Promise<void> {
    const known = this.#pools.get(id);
    if (known) {
      known.properties = properties;
      return;
    }
    const outbound = () => new Outbound(this.#context, this.#hosts.address);
    this.#pools.set(id, await UserPool.open(id, properties, this.#directory(id), outbound));
    await this.#hosts.set(issuerHost(regionOf(id)), (request, response) => {
      const [, poolId = "", path = ""] = /^\/([^/?]+)(\/[^?]*)/.exec(request.url ?? "") ?? [];
      const pool = this.#pools.get(poolId);
      if (pool && request.method === "GET") return pool.serveIssuer(path, response);
      response.writeHead(400, { "Content-Type": "application/json" });
      response.end(
        JSON.stringify({ __type: "ResourceNotFoundException", message: `User pool ${poolId} does not exist.` }),
      );
    });
  }

  async #putDomain({ userPoolId, domain, certificateArn }: UserPoolDomainProperties): Promise<void> {
    const pool = this.#pool(userPoolId);
    const host = certificateArn ? domain : `${domain}.auth.${regionOf(userPoolId)}.amazoncognito.com`;
    if ([...this.#pools.values()].some((other) => other !== pool && other.domain === host)) {
      throw new Error("InvalidParameterException: Domain already associated with another user pool.");
    }
    if (pool.domain && pool.domain !== host) this.#hosts.remove(pool.domain);
    await this.#hosts.set(host, (request, response) => pool.serveDomain(request, response));
    pool.domain = host;
  }

  async #putUser({ userPoolId, username, attributes = {}, enabled = true, password }: UserProperties): Promise<void> {
    const pool = this.#pool(userPoolId);
    const problems = password === undefined ? [] : passwordProblems(password, pool.properties.passwordPolicy);
    if (problems.length > 0) throw new Error(`InvalidPasswordException: ${problems.join("; ")}`);
    const user = pool.users.find(username) ?? this.#addUser(pool, username, attributes);
    user.attributes = attributes;
    user.enabled = enabled;
    pool.users.save();
    if (password !== undefined) await pool.users.setPassword(user, password);
  }

  /** "If the email address is the user name, Cognito sets the user name to the sub": user-pool-settings-attributes.html */
  #addUser(pool: UserPool, username: string, attributes: Record<string, string>) {
    const byEmail = pool.properties.usernameAttributes?.includes("email");
    return pool.users.add(byEmail ? { attributes: { email: username, ...attributes } } : { username, attributes });
  }

  #join(pool: UserPool, username: string, group: string): void {
    const user = pool.users.find(username);
    if (!user) throw new Error("UserNotFoundException: User does not exist.");
    if (!pool.groups.has(group)) throw new Error(noGroup(pool, group));
    user.groups = [...new Set([...user.groups, group])];
    pool.users.save();
  }

  #pool(id: unknown): UserPool {
    const pool = this.#pools.get(String(id));
    if (!pool) throw new Error(`ResourceNotFoundException: User pool ${String(id)} does not exist.`);
    return pool;
  }

  #directory(poolId: string): string {
    return join(this.#context.stateDir, "identity", poolId);
  }
}

function noGroup(pool: UserPool, group: string): string {
  const known = [...pool.groups].join(", ") || "none";
  return `ResourceNotFoundException: Group "${group}" not found; groups of the pool: ${known}`;
}
