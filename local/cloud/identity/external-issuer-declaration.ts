/** An identity provider outside AWS, for the local cloud to play. */
export interface ExternalIssuerDeclaration {
  /** Its issuer is `https://HOST`, with the discovery document under it. Example: login.example.com */
  host: string;
  /** As the login page shows it. Default: the host */
  name?: string;
  /** The claim that holds a person's groups, in ID token and user info. Default: groups */
  groupsClaim?: string;
  /** Life of access and ID tokens. Seconds, 1 to 86400. Default: 3600 */
  tokenLifetime?: number;
  clients: ExternalClient[];
  users: ExternalUser[];
}

/** One with redirectUris signs people in; one without gets machine tokens by client_credentials. */
export interface ExternalClient {
  clientId: string;
  clientSecret: string;
  redirectUris: string[];
  postLogoutRedirectUris?: string[];
  /** Scopes of its own that a machine token may have; all of them when it asks for none. */
  scopes?: string[];
  /** `aud` of its machine tokens. Default: the issuer */
  audience?: string | string[];
  /** Further claims of its machine tokens. Example: {"repository": "octo/flows", "ref": "refs/heads/main"} */
  claims?: Record<string, string | string[]>;
}

export interface ExternalUser {
  email: string;
  password: string;
  groups: string[];
}

/** Everything that is wrong with it, in full sentences and without a secret. */
export function externalIssuerProblems(declared: ExternalIssuerDeclaration): string[] {
  const { host, clients = [], users = [], tokenLifetime = 3600 } = declared;
  const problems: string[] = [];
  if (!/^(?=.{1,253}$)([a-z\d]([a-z\d-]*[a-z\d])?\.)+[a-z][a-z\d-]*$/.test(host ?? "")) {
    problems.push(`host must be a host name in lower case, login.example.com for example; got "${host}"`);
  }
  if (!(tokenLifetime >= 1 && tokenLifetime <= 86_400)) {
    problems.push(`tokenLifetime must be from 1 to 86400 seconds; got ${tokenLifetime}`);
  }
  for (const [at, { clientId, clientSecret, redirectUris, postLogoutRedirectUris = [] }] of clients.entries()) {
    const where = `clients[${at}]`;
    if (!clientId) problems.push(`${where}.clientId must not be empty`);
    if (!clientSecret) problems.push(`${where}.clientSecret must not be empty`);
    if (clients.findIndex((other) => other.clientId === clientId) !== at) {
      problems.push(`${where}.clientId "${clientId}" is there twice`);
    }
    for (const uri of [...(redirectUris ?? []), ...postLogoutRedirectUris]) {
      const fine = URL.canParse(uri) && /^https:/.test(uri) && !uri.includes("#");
      if (!fine) problems.push(`${where}: "${uri}" must be a URL that begins with https:// and has no fragment`);
    }
  }
  for (const [at, { email, password }] of users.entries()) {
    if (!/^\S+@\S+$/.test(email ?? "")) problems.push(`users[${at}].email must be an address; got "${email}"`);
    if (!password) problems.push(`users[${at}].password must not be empty`);
  }
  return problems;
}
