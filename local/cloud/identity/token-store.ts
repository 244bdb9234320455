import type { Adapter, AdapterPayload } from "oidc-provider";
import { readJson, writeJson } from "../json-file";

interface Stored {
  payload: AdapterPayload;
  /** Milliseconds since 1970; absent: never. */
  expires?: number;
}

/** Sessions, codes and tokens of one issuer: in memory, and in a file to survive a restart. */
export class TokenStore {
  readonly #file: string;
  readonly #entries: Map<string, Stored>;
  #timer: NodeJS.Timeout | undefined;

  constructor(file: string) {
    this.#file = file;
    this.#entries = new Map(Object.entries(readJson<Record<string, Stored>>(file) ?? {}));
  }

  /** For oidc-provider; `client` answers for registered clients, which are not kept here. */
  adapter(kind: string, client: (id: string) => AdapterPayload | undefined): Adapter {
    const key = (id: string) => `${kind}:${id}`;
    const find = async (id: string) => (kind === "Client" ? client(id) : this.#live(key(id)));
    return {
      find,
      findByUserCode: async () => undefined,
      findByUid: async (uid) => this.#values(`${kind}:`).find(({ payload }) => payload.uid === uid)?.payload,
      upsert: async (id, payload, expiresIn) => {
        this.#entries.set(key(id), { payload, ...(expiresIn && { expires: Date.now() + expiresIn * 1000 }) });
        this.#changed();
      },
      consume: async (id) => {
        const entry = this.#entries.get(key(id));
        if (entry) entry.payload.consumed = Math.floor(Date.now() / 1000);
        this.#changed();
      },
      destroy: async (id) => {
        this.#entries.delete(key(id));
        this.#changed();
      },
      revokeByGrantId: async (grantId) => {
        for (const [name, { payload }] of this.#entries) if (payload.grantId === grantId) this.#entries.delete(name);
        this.#changed();
      },
    };
  }

  /** Writes what is not yet written: changes are gathered for a moment. */
  flush(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const key of this.#entries.keys()) if (!this.#live(key)) this.#entries.delete(key);
    writeJson(this.#file, Object.fromEntries(this.#entries));
  }

  #live(key: string): AdapterPayload | undefined {
    const entry = this.#entries.get(key);
    return entry && (entry.expires ?? Number.POSITIVE_INFINITY) > Date.now() ? entry.payload : undefined;
  }

  #values(prefix: string): Stored[] {
    return [...this.#entries].filter(([key]) => key.startsWith(prefix) && this.#live(key)).map(([, entry]) => entry);
  }

  #changed(): void {
    this.#timer ??= setTimeout(() => this.flush(), 200).unref();
  }
}
