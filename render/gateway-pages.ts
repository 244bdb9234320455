import type { Paths } from "./paths";

/**
 * Pages that nginx or the load balancer answers by itself. No `$`, `'` or `\`: they stand in single-quoted nginx strings.
 * The first two are 1,024 bytes at most, as the load balancer's fixed responses are (FixedResponseActionConfig).
 *
 * @param signOutForm where the sign-out button leads
 */
export function pages({ home, signOut }: Paths, signOutForm: string) {
  return {
    signOut: page(
      "Sign out of Prefect?",
      `<p>This ends your session here and, where it lets itself be asked, at the identity provider.</p><form method="post" action="${signOutForm}"><button>Sign out</button></form><p><a href="${home}">Back to Prefect</a></p>`,
    ),
    signedOut: page("You are signed out", `<p><a href="${home}">Sign in again</a></p>`),
    forbidden: page(
      "You are not allowed to use this Prefect",
      `<p>Your account is known, but not in a group that may come in. Ask whoever runs this Prefect.</p><p><a href="${signOut}">Sign out</a> and come back with another account.</p>`,
    ),
    loginFailed: page(
      "Signing in did not work",
      `<p>It took too long, it was begun in another browser, or your account may not come in here.</p><p><a href="${home}">Try again</a>, or <a href="${signOut}">sign out</a> to come with another account.</p>`,
    ),
    unavailable: page(
      "Prefect is starting",
      `<p>Prefect or its login is not ready yet. This page tries again every five seconds.</p>`,
      `<meta http-equiv="refresh" content="5">`,
    ),
  };
}

/** Answers to programs: Prefect's own shape, which its UI and its client know how to show. */
export const problems = {
  unauthorized: detail(
    "Not signed in, or asked for by another site. Reload the page to sign in; programs send the machine credential.",
  ),
  otherSite: detail("Asked for by another site's page."),
  forbidden: detail("Signed in, but not in a group that may use this Prefect."),
  tooMany: detail("Too many requests with a wrong credential. Wait a few seconds."),
  unavailable: detail("Prefect or its login is not ready. Try again."),
};

function detail(text: string): string {
  return JSON.stringify({ detail: text });
}

function page(title: string, body: string, head = ""): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">${head}<title>${title}</title><style>body{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:20vh auto 0;padding:0 1rem}button{font:inherit;padding:.4rem 1rem}</style></head><body><h1>${title}</h1>${body}</body></html>\n`;
}
