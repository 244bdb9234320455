import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { CloudClient } from "./cloud/client";
import type {
  ExternalClient,
  ExternalIssuerDeclaration,
  ExternalUser,
} from "./cloud/identity/external-issuer-declaration";
import { readJson, writeJson } from "./cloud/json-file";
import { paths } from "./paths";
import { newPassword, type SeededUser } from "./users";

/**
 * What `npm start -- --issuer FILE` reads: an identity provider outside AWS, and how the stack is told of it. Passwords
 * and client secrets that it leaves out are made up here, once.
 */
export interface IssuerFile extends Omit<ExternalIssuerDeclaration, "clients" | "users"> {
  clients: (Omit<ExternalClient, "clientSecret"> & Partial<Pick<ExternalClient, "clientSecret">>)[];
  users: (Omit<ExternalUser, "password"> & Partial<Pick<ExternalUser, "password">>)[];
  /** Settings that go with it, as in Pulumi.STACK.yaml without the project's name. `--set` goes before them. */
  settings?: Record<string, unknown>;
  /** Secret settings, each with the client whose secret it is. Example: {"oidcClientSecret": "prefect"} */
  secretSettings?: Record<string, string>;
}

/** What has been made up for an issuer: the same at the next start. */
interface MadeUp {
  clientSecrets: Record<string, string>;
  passwords: Record<string, string>;
}

/** @throws Error with everything that is wrong with the file */
export function readIssuerFile(file: string): IssuerFile {
  if (!existsSync(file)) throw new Error(`--issuer ${file}: there is no such file; examples/issuer.json is one`);
  let read: Partial<IssuerFile>;
  try {
    read = JSON.parse(readFileSync(file, "utf8")) as Partial<IssuerFile>;
  } catch (error) {
    throw new Error(`--issuer ${file}: not JSON: ${(error as Error).message}`, { cause: error });
  }
  const problems: string[] = [];
  const known = ["host", "name", "groupsClaim", "tokenLifetime", "clients", "users", "settings", "secretSettings"];
  for (const key of Object.keys(read)) {
    if (!known.includes(key)) problems.push(`${key}: no such member; there are ${known.join(", ")}`);
  }
  for (const key of ["clients", "users"] as const) {
    if (!Array.isArray(read[key])) problems.push(`${key}: must be a list`);
  }
  const clients = Array.isArray(read.clients) ? read.clients.map(({ clientId }) => clientId) : [];
  for (const [setting, client] of Object.entries(read.secretSettings ?? {})) {
    if (!clients.includes(client)) {
      problems.push(
        `secretSettings.${setting}: names the client "${client}"; there are ${clients.join(", ") || "none"}`,
      );
    }
  }
  if (problems.length > 0) throw new Error(`--issuer ${file}:\n  ${problems.join("\n  ")}`);
  return { clients: [], users: [], ...read } as IssuerFile;
}

/** Brings the issuer up in the local cloud, where it stays. */
export async function createIssuer(
  cloud: Pick<CloudClient, "createIssuer">,
  file: IssuerFile,
): Promise<ExternalIssuerDeclaration> {
  const declared = completed(file);
  await cloud.createIssuer(declared);
  return declared;
}

export function peopleOf({ users }: ExternalIssuerDeclaration): SeededUser[] {
  return users.map(({ email, password, groups }) => ({ email, password, groups }));
}

/** The secret settings with their values. */
export function secretsOf({ secretSettings = {} }: IssuerFile, { clients }: ExternalIssuerDeclaration) {
  return Object.entries(secretSettings).map(([key, client]) => ({
    key,
    value: clients.find(({ clientId }) => clientId === client)?.clientSecret ?? "",
  }));
}

/** `identity.type=oidc`, `identity.scopes[0]=openid`: as `pulumi up --config-path` takes settings. */
export function settingsOf({ settings = {} }: IssuerFile): string[] {
  return Object.entries(settings).flatMap(([key, value]) => flat(key, value));
}

function flat(key: string, value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => flat(`${key}[${index}]`, item));
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).flatMap(([name, item]) => flat(`${key}.${name}`, item));
  }
  return [`${key}=${String(value)}`];
}

/** With a random value for every secret that the file leaves out, kept for the next start. */
function completed({ settings: _1, secretSettings: _2, ...file }: IssuerFile): ExternalIssuerDeclaration {
  const stored = join(paths.state, "issuer-secrets.json");
  const all = readJson<Record<string, MadeUp>>(stored) ?? {};
  const known = all[file.host] ?? { clientSecrets: {}, passwords: {} };
  const madeUp: MadeUp = { clientSecrets: { ...known.clientSecrets }, passwords: { ...known.passwords } };
  const clients = file.clients.map((client) => ({
    ...client,
    clientSecret: client.clientSecret ?? (madeUp.clientSecrets[client.clientId] ??= newPassword()),
  }));
  const users = file.users.map((user) => ({
    ...user,
    password: user.password ?? (madeUp.passwords[user.email] ??= newPassword()),
  }));
  if (!isDeepStrictEqual(known, madeUp)) writeJson(stored, { ...all, [file.host]: madeUp });
  return { ...file, clients, users };
}
