import { readFileSync } from "node:fs";
import type { IncomingHttpHeaders } from "node:http";
import { request } from "node:https";
import { paths } from "../../local/paths";
import { sessionCookieName } from "../../render/session";
import { origin, stack } from "../e2e/stack";

const ca = readFileSync(paths.ca);

export interface Page {
  url: URL;
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface Visit {
  method?: string;
  headers?: Record<string, string>;
  form?: Record<string, string>;
}

/** What a browser does for a login, without one: keeps cookies per host, follows redirects by hand, posts forms. */
export class Visitor {
  /** By host name, then by name and path: the Set-Cookie line. */
  readonly cookies = new Map<string, Map<string, string>>();
  /** The Cookie header for a page, one of the stack's own unless named. */
  cookie(url = origin): string {
    return [...(this.cookies.get(url.hostname)?.values() ?? [])]
      .filter((line) => url.pathname.startsWith(pathOf(line)))
      .map((line) => line.replace(/;.*/s, ""))
      .join("; ");
  }

  /** Set-Cookie lines of the stack's own host: of the session, or of logins under way. */
  lines(kind: "session" | "login"): string[] {
    return [...(this.cookies.get(origin.hostname)?.values() ?? [])].filter(
      (line) => line.startsWith(sessionCookieName) && /^[^=]+_csrf=/.test(line) === (kind === "login"),
    );
  }

  /** One request, with the cookies, no redirect followed. */
  visit(url: URL, { method = "GET", headers = {}, form }: Visit = {}): Promise<Page> {
    const body = form && new URLSearchParams(form).toString();
    const cookie = this.cookie(url);
    return new Promise((resolve, reject) => {
      const call = request(
        {
          ...{ host: "127.0.0.1", port: url.port, servername: url.hostname, ca, agent: false },
          path: url.pathname + url.search,
          method: form ? "POST" : method,
          headers: {
            host: url.host,
            "sec-fetch-mode": "navigate",
            ...(cookie && { cookie }),
            ...(body && {
              "content-type": "application/x-www-form-urlencoded",
              "content-length": Buffer.byteLength(body),
            }),
            ...headers,
          },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.on("error", reject);
          response.on("end", () => {
            this.keep(url.hostname, response.headers["set-cookie"] ?? []);
            const { statusCode: status = 0, headers: answered } = response;
            resolve({ url, status, headers: answered, body: Buffer.concat(chunks).toString("utf8") });
          });
        },
      );
      call.on("error", reject);
      call.setTimeout(20_000, () => call.destroy(new Error(`no answer from ${url.href} within 20 s`)));
      call.end(body);
    });
  }

  /** Follows redirects until a page comes, or until `stop` says that the next address is not to be asked for. */
  async follow(start: URL, stop: (next: URL) => boolean = () => false): Promise<Page> {
    let page = await this.visit(start);
    for (let hop = 0; hop < 12 && page.headers.location; hop++) {
      const next = new URL(page.headers.location, page.url);
      if (stop(next)) return page;
      page = await this.visit(next);
    }
    return page;
  }

  /** From a page of Prefect to the identity provider's form. */
  async openLogin(path = "/"): Promise<Page> {
    const page = await this.follow(new URL(path, origin));
    if (!page.body.includes('type="password"')) throw new Error(`no login form at ${page.url.href}: ${page.status}`);
    return page;
  }

  /** Sends the form as the first seeded person; stops before the callback. @returns the callback's address */
  async sendPassword(form: Page): Promise<URL> {
    const user = stack.users[0];
    if (!user) throw new Error("npm start seeded nobody");
    const sent = await this.visit(form.url, { form: { username: user.email, password: user.password } });
    if (!sent.headers.location) throw new Error(`the login was refused: ${sent.status} ${sent.body.slice(0, 200)}`);
    const isCallback = (next: URL) => next.pathname === "/oauth2/callback";
    const next = new URL(sent.headers.location, sent.url);
    const last = isCallback(next) ? sent : await this.follow(next, isCallback);
    return new URL(last.headers.location ?? "", last.url);
  }

  /** The whole login. @returns the page that the callback sends to */
  async logIn(path = "/"): Promise<Page> {
    return this.visit(await this.sendPassword(await this.openLogin(path)));
  }

  private keep(hostname: string, lines: string[]): void {
    const jar = this.cookies.get(hostname) ?? new Map<string, string>();
    this.cookies.set(hostname, jar);
    for (const line of lines) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      const key = `${name} ${pathOf(line)}`;
      const gone = value === "" || /expires=Thu, 01 Jan 1970|max-age=(0|-\d+)/i.test(line);
      if (gone) jar.delete(key);
      else jar.set(key, line);
    }
  }
}

function pathOf(line: string): string {
  return /; *path=([^;]*)/i.exec(line)?.[1] ?? "/";
}
