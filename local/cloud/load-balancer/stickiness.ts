import { open, seal } from "./authentication/seal";
import { cookiesOf } from "./authentication/session";
import type { Exchange } from "./exchange";

interface Stuck {
  group: string;
  target: string;
  /** Milliseconds since 1970. */
  until: number;
}

/**
 * Duration-based stickiness: the target that the client's cookie names.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/sticky-sessions.html
 */
export function stuckTo(key: Buffer, group: string, exchange: Pick<Exchange, "headers">): string | undefined {
  const cookies = cookiesOf(exchange);
  const sealed = cookies.get("AWSALB") ?? cookies.get("AWSALBCORS");
  const stuck = sealed ? open<Stuck>(key, "stickiness", sealed) : undefined;
  return stuck?.group === group && stuck.until > Date.now() ? stuck.target : undefined;
}

/** "The Application Load Balancer resets the expiry of the cookies it generates after every request." */
export function stickyCookies(key: Buffer, group: string, target: string, seconds: number): string[] {
  const until = Date.now() + seconds * 1000;
  const value = seal(key, "stickiness", { group, target, until } satisfies Stuck);
  const plain = `=${value}; Expires=${new Date(until).toUTCString()}; Path=/`;
  // "a second stickiness cookie, which includes the same information plus the SameSite attribute"
  return [`AWSALB${plain}`, `AWSALBCORS${plain}; SameSite=None; Secure`];
}
