import { type Exchange, valuesOf } from "../exchange";
import { open, seal } from "./seal";

/** What the client's cookie holds, encrypted: the load balancer itself remembers nothing. */
export interface Session {
  issuer: string;
  clientId: string;
  /** Of the user info endpoint. */
  claims: Record<string, unknown>;
  accessToken: string;
  /** When the access token ends. Seconds since 1970 */
  expires: number;
  refreshToken?: string;
  /** When the person signed in. Seconds since 1970 */
  started: number;
}

// "Because most browsers limit a cookie to 4K in size": listener-authenticate-users.html. Name and attributes count too.
const maxCookie = 4096;
/** "up to 16K in 4 shards" is what browsers are left with by 11K of claims; more are not looked at. */
const maxShards = 8;

/** Set-Cookie lines for a session: NAME-0, NAME-1... */
export function sessionCookies(
  key: Buffer,
  name: string,
  session: Session,
  lifetime: { seconds: number },
  exchange: Pick<Exchange, "headers">,
): string[] {
  const sealed = seal(key, purposeOf(name), session);
  const expires = new Date((session.started + lifetime.seconds) * 1000).toUTCString();
  const line = (shard: number, value: string, until: string) =>
    `${name}-${shard}=${value}; Expires=${until}; Path=/; Secure; HttpOnly; SameSite=None`;
  const size = maxCookie - line(0, "", expires).length - 1;
  const lines = (sealed.match(new RegExp(`.{1,${size}}`, "g")) ?? []).map((value, shard) =>
    line(shard, value, expires),
  );
  // What a longer session has left behind would make this one unreadable.
  const sent = cookiesOf(exchange);
  for (let shard = lines.length; sent.has(`${name}-${shard}`); shard++) {
    lines.push(line(shard, "", new Date(0).toUTCString()));
  }
  return lines;
}

/** The session that a request brings; undefined when shards are missing, changed or not ours. */
export function sessionOf(key: Buffer, name: string, exchange: Pick<Exchange, "headers">): Session | undefined {
  const cookies = cookiesOf(exchange);
  let sealed = "";
  for (let shard = 0; shard < maxShards; shard++) {
    const value = cookies.get(`${name}-${shard}`);
    if (!value) break;
    sealed += value;
  }
  return open<Session>(key, purposeOf(name), sealed);
}

function purposeOf(name: string): string {
  return `session ${name}`;
}

/** By name; of several with the same name the first, which is that of the longest path (RFC 6265, 5.4). */
export function cookiesOf({ headers }: Pick<Exchange, "headers">): Map<string, string> {
  const cookies = new Map<string, string>();
  for (const pair of valuesOf(headers, "cookie").flatMap((value) => value.split(";"))) {
    const at = pair.indexOf("=");
    const name = pair.slice(0, at).trim();
    if (at > 0 && !cookies.has(name)) cookies.set(name, pair.slice(at + 1).trim());
  }
  return cookies;
}
