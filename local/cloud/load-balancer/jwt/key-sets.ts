import { createLocalJWKSet, type JWK } from "jose";
import { jsonObject, type Outbound } from "../outbound";

type KeySet = ReturnType<typeof createLocalJWKSet>;

// "Maximum number of keys: 10 keys": listener-verify-jwt.html, "JWT validation limits". The size limit, 150 KB, is
// that of every outbound answer.
const maxKeys = 10;
// AWS does not say how long it keeps keys.
const lifetimeMs = 5 * 60_000;
/** How often a token with an unknown key may have the set fetched again. */
const patienceMs = 10_000;

interface Fetched {
  at: number;
  set: Promise<KeySet>;
}

/** The key sets of token issuers, fetched by one load balancer and kept for a while. */
export class KeySets {
  readonly #outbound: Outbound;
  readonly #fetched = new Map<string, Fetched>();

  constructor(outbound: Outbound) {
    this.#outbound = outbound;
  }

  /** @throws Error when the endpoint does not answer, or with more than AWS takes */
  async get(url: string): Promise<KeySet> {
    const known = this.#fetched.get(url);
    return known && Date.now() - known.at < lifetimeMs ? known.set : this.#fetch(url);
  }

  /** A newer set than the one that did not have a key; undefined when it has only just been fetched. */
  async renewed(url: string): Promise<KeySet | undefined> {
    const known = this.#fetched.get(url);
    return known && Date.now() - known.at < patienceMs ? undefined : this.#fetch(url);
  }

  #fetch(url: string): Promise<KeySet> {
    const set = this.#ask(url);
    this.#fetched.set(url, { at: Date.now(), set });
    set.catch(() => this.#fetched.get(url)?.set === set && this.#fetched.delete(url));
    return set;
  }

  async #ask(url: string): Promise<KeySet> {
    const { status, body } = await this.#outbound.request(url);
    if (status !== 200) throw new Error(`${url} answered ${status}`);
    const { keys } = jsonObject(body);
    if (!Array.isArray(keys)) throw new Error(`${url} answered no key set`);
    if (keys.length > maxKeys) throw new Error(`${url} has ${keys.length} keys; taken are ${maxKeys}`);
    return createLocalJWKSet({ keys: keys as JWK[] });
  }
}
