import { createHash } from "node:crypto";
import type { ServerResponse } from "node:http";

const style = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { display: grid; min-height: 100vh; margin: 0; place-items: center; background: #f2f3f3; color: #16191f; }
main { box-sizing: border-box; width: min(24rem, calc(100vw - 2rem)); padding: 2rem; border: 1px solid #d5dbdb; border-radius: .75rem; background: #fff; }
h1 { margin: 0; font-size: 1.5rem; }
.pool { margin: 0 0 1.5rem; color: #545b64; overflow-wrap: anywhere; }
label { display: block; margin-top: 1rem; font-weight: 600; }
input { box-sizing: border-box; width: 100%; padding: .6rem .75rem; border: 1px solid #687078; border-radius: .4rem; font: inherit; background: #fff; color: inherit; }
.provider { display: block; margin-top: 1rem; padding: .7rem; border: 1px solid #687078; border-radius: .4rem; text-align: center; font-weight: 600; color: inherit; text-decoration: none; }
button { width: 100%; margin-top: 1.5rem; padding: .7rem; border: 0; border-radius: .4rem; font: inherit; font-weight: 600; color: #fff; background: #0b5cad; cursor: pointer; }
:focus-visible { outline: 3px solid #539fe5; outline-offset: 2px; }
.error { margin: 1rem 0 0; padding: .6rem .75rem; border-left: 4px solid #d13212; background: #fdf3f1; color: #16191f; }
@media (prefers-color-scheme: dark) { body { background: #0f1b2a; color: #e9ebed; } main, input { background: #192534; } main { border-color: #414d5c; } .pool { color: #b6bec9; } }
`;

const escapes: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => escapes[character] ?? character);
}

function document(title: string, content: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
${content}
</main>
</body>
</html>
`;
}

export interface LoginForm {
  /** Whose login it is: the pool's or issuer's name. */
  owner: string;
  username?: string;
  error?: string;
  /** Whether to ask for a password. Default: true */
  passwords?: boolean;
  /** Other identity providers to sign in by, each with the query that leads there. */
  providers?: readonly { name: string; query: string }[];
}

/** The form posts to its own address, so it works under any host name. */
export function loginPage({ owner, username = "", error, passwords = true, providers = [] }: LoginForm): string {
  const focus = (wanted: boolean) => (wanted ? " autofocus" : "");
  const described = error ? ' aria-describedby="error"' : "";
  const links = providers.map(
    ({ name, query }) => `<a class="provider" href="${escape(query)}">Continue with ${escape(name)}</a>`,
  );
  const form = `<form method="post">
<label for="username">Email</label>
<input id="username" name="username" type="text" inputmode="email" autocomplete="username" autocapitalize="none" spellcheck="false" required value="${escape(username)}"${described}${focus(!username)}>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required${described}${focus(Boolean(username))}>
<button type="submit">Sign in</button>
</form>`;
  return document(
    `Sign in - ${owner}`,
    `<h1>Sign in</h1>
<p class="pool">${escape(owner)}</p>
${error ? `<p class="error" id="error" role="alert">${escape(error)}</p>` : ""}
${[...links, ...(passwords ? [form] : [])].join("\n")}`,
  );
}

export function errorPage(title: string, detail: string): string {
  return document(
    title,
    `<h1>An error was encountered</h1>\n<p class="error" role="alert"><strong>${escape(title)}</strong> ${escape(detail)}</p>`,
  );
}

export function signedOutPage(owner: string): string {
  return document(`Signed out - ${owner}`, `<h1>Signed out</h1>\n<p class="pool">${escape(owner)}</p>`);
}

const styleHash = createHash("sha256").update(style).digest("base64");

/** form-action is left out on purpose: it would stop the redirects after the form. */
export const pageHeaders = {
  "Cache-Control": "no-store",
  "Content-Security-Policy": `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; frame-ancestors 'none'`,
  "Content-Type": "text/html; charset=utf-8",
  "Referrer-Policy": "same-origin",
  "X-Content-Type-Options": "nosniff",
};

export function sendPage(response: ServerResponse, status: number, html: string): void {
  response.writeHead(status, pageHeaders).end(html);
}
