import { open, seal } from "./authentication/seal";
import { cookiesOf } from "./authentication/session";
import { type Exchange, valuesOf } from "./exchange";

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/sticky-sessions.html */
export interface Stickiness {
  /** `source_ip` is for Network Load Balancers. */
  type: "lb_cookie" | "app_cookie" | "source_ip";
  /** Seconds that a client stays with its target. */
  seconds: number;
  /** Of type app_cookie: the cookie that targets set. */
  cookieName: string;
}

interface Stuck {
  /** The target group's ARN. */
  group: string;
  /** `IP:PORT`; none where only the group is meant. */
  target?: string;
  /** Milliseconds since 1970. */
  until: number;
}

type Request = Pick<Exchange, "headers">;

const week = 7 * 86_400;
const targetCookie = "AWSALB";
const groupCookie = "AWSALBTG";
const applicationCookie = "AWSALBAPP";

/** The target that the client's cookies name; undefined: it may be any. */
export function stuckTarget(
  key: Buffer,
  group: string,
  { type, cookieName }: Stickiness,
  request: Request,
): string | undefined {
  // "In subsequent requests, clients have to send back both cookies to maintain stickiness."
  if (type === "app_cookie" && !cookiesOf(request).has(cookieName)) return undefined;
  const stuck = read(key, request, type === "app_cookie" ? applicationCookie : targetCookie);
  return stuck?.group === group ? stuck.target : undefined;
}

/**
 * Set-Cookie lines for an answer of this target: "The Application Load Balancer resets the expiry of the cookies it
 * generates after every request."
 *
 * @param headers of the target's answer
 */
export function stickyCookies(
  key: Buffer,
  stuck: Required<Omit<Stuck, "until">>,
  { type, seconds, cookieName }: Stickiness,
  request: Request,
  headers: readonly string[],
): string[] {
  if (type === "source_ip") return [];
  if (type === "lb_cookie") return written(key, targetCookie, stuck, seconds);
  const set = valuesOf(headers, "set-cookie").some((line) => line.trimStart().startsWith(`${cookieName}=`));
  const known = stuckTarget(key, stuck.group, { type, seconds, cookieName }, request) === stuck.target;
  // "It has its own expiry of 7 days which is non-configurable."
  return set || known ? written(key, applicationCookie, stuck, seconds, week).slice(0, 1) : [];
}

/** The target group that the client's cookie names, of a forward action with several. */
export function stuckGroup(key: Buffer, request: Request): string | undefined {
  return read(key, request, groupCookie)?.group;
}

export function stickyGroupCookies(key: Buffer, group: string, seconds: number): string[] {
  return written(key, groupCookie, { group }, seconds);
}

function read(key: Buffer, request: Request, name: string): Stuck | undefined {
  const cookies = cookiesOf(request);
  const sealed = cookies.get(name) ?? cookies.get(`${name}CORS`);
  const stuck = sealed ? open<Stuck>(key, name, sealed) : undefined;
  return stuck && stuck.until > Date.now() ? stuck : undefined;
}

/** @param expires seconds that a client keeps the cookie. Default: as long as it counts */
function written(
  key: Buffer,
  name: string,
  stuck: Omit<Stuck, "until">,
  seconds: number,
  expires = seconds,
): [string, string] {
  const now = Date.now();
  const value = seal(key, name, { ...stuck, until: now + seconds * 1000 } satisfies Stuck);
  const plain = `=${value}; Expires=${new Date(now + expires * 1000).toUTCString()}; Path=/`;
  // "a second stickiness cookie, which includes the same information plus the SameSite attribute"
  return [`${name}${plain}`, `${name}CORS${plain}; SameSite=None; Secure`];
}
