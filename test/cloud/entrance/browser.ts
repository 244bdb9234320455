import { createHash, randomBytes } from "node:crypto";
import { ask, type Reply, type TestCloud } from "./support";

/** As much of a browser as a login needs: cookies by host, no redirects followed by itself. */
export class Browser {
  readonly #cloud: TestCloud;
  readonly #cookies = new Map<string, { value: string; path: string }>();

  constructor(cloud: TestCloud) {
    this.#cloud = cloud;
  }

  get cookieNames(): string[] {
    return [...this.#cookies.keys()].map((key) => key.split(" ")[1] as string);
  }

  /** Changes the value of a cookie of that name; undefined: forgets it. */
  changeCookie(name: string, change: (value: string) => string | undefined): void {
    for (const [key, { value, path }] of this.#cookies) {
      if (key.split(" ")[1] !== name) continue;
      const changed = change(value);
      if (changed === undefined) this.#cookies.delete(key);
      else this.#cookies.set(key, { value: changed, path });
    }
  }

  async get(url: string): Promise<Reply> {
    return this.#send(url, "GET", {});
  }

  async post(url: string, form: Record<string, string>, headers: Record<string, string> = {}): Promise<Reply> {
    const body = new URLSearchParams(form).toString();
    return this.#send(url, "POST", { "content-type": "application/x-www-form-urlencoded", ...headers }, body);
  }

  async send(url: string, headers: Record<string, string>): Promise<Reply> {
    return this.#send(url, "GET", headers);
  }

  async #send(url: string, method: string, headers: Record<string, string>, body?: string): Promise<Reply> {
    const { hostname, pathname, search, protocol } = new URL(url);
    const ip = this.#cloud.names.lookup(hostname)[0];
    if (!ip || protocol !== "https:") throw new Error(`no such host: ${url}`);
    const cookies = [...this.#cookies].filter(
      ([key, { path }]) => key.startsWith(`${hostname} `) && (path === "/" || `${pathname}/`.startsWith(`${path}/`)),
    );
    const cookie = cookies.map(([key, { value }]) => `${key.split(" ")[1]}=${value}`).join("; ");
    const reply = await ask({
      ip,
      port: 443,
      method,
      path: `${pathname}${search}`,
      headers: {
        host: hostname,
        ...headers,
        ...(cookie && { cookie }),
        ...(body !== undefined && { "content-length": Buffer.byteLength(body) }),
      },
      ...(body !== undefined && { body }),
      tls: { servername: hostname, ca: this.#cloud.certificates.ca },
    });
    for (const line of reply.headers["set-cookie"] ?? []) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      const path = /; ?path=([^;]+)/i.exec(line)?.[1] ?? "/";
      const gone = /expires=Thu, 01 Jan 1970/i.test(line);
      if (gone) this.#cookies.delete(`${hostname} ${name} ${path}`);
      else this.#cookies.set(`${hostname} ${name} ${path}`, { value, path });
    }
    return reply;
  }
}

/** The Location of an answer, absolute. */
export function locationOf(url: string, reply: Reply): string {
  return new URL(reply.headers.location ?? "", url).href;
}

export function pkce(): { verifier: string; challenge: string } {
  const verifier = randomBytes(32).toString("base64url");
  return { verifier, challenge: createHash("sha256").update(verifier).digest("base64url") };
}
