import assert from "node:assert/strict";
import { sessionCookieName as sessionName } from "../../render/session";
import { type Answer, ask, origin } from "../e2e/stack";
import { Visitor } from "./session";

/** What the own name is inside, where it has the standard port. */
const publicUrl = `https://${origin.hostname}`;

function opens(cookie: string): Promise<Answer> {
  return ask("/ui-settings", { headers: { cookie, "sec-fetch-mode": "cors" } });
}

function hasSession(visitor: Visitor): boolean {
  return visitor.lines("session").length > 0;
}

/** A callback must not log in: nothing of Prefect, no session, nothing of oauth2-proxy's own words. */
async function assertRefused(visitor: Visitor, callback: URL): Promise<void> {
  const page = await visitor.visit(callback);
  assert.equal(page.status, 403, page.body.slice(0, 200));
  assert.match(page.body, /Signing in did not work/);
  assert.doesNotMatch(page.body, /OAuth2 Proxy|v7\./);
  assert.ok(!hasSession(visitor), "a session was set");
}

describe("a login", () => {
  it("begins with a state, a nonce and a challenge, and names only the own callback", async () => {
    const claims: Record<string, string>[] = [
      {},
      { "x-forwarded-host": "evil.example.com", "x-forwarded-proto": "http", "x-forwarded-uri": "/oauth2/start" },
      { forwarded: "host=evil.example.com;proto=http" },
    ];
    for (const headers of claims) {
      for (const path of ["/", "/oauth2/start"]) {
        const answer = await ask(path, { headers: { ...headers, "sec-fetch-mode": "navigate" } });
        assert.equal(answer.status, 302);
        const { searchParams } = new URL(answer.headers.location ?? "");
        assert.equal(searchParams.get("redirect_uri"), `${publicUrl}/oauth2/callback`);
        assert.equal(searchParams.get("response_type"), "code");
        assert.equal(searchParams.get("code_challenge_method"), "S256");
        for (const name of ["state", "nonce", "code_challenge"])
          assert.ok((searchParams.get(name) ?? "").length >= 20, `${name}: ${searchParams.get(name)}`);
        assert.match(answer.headers["cache-control"] ?? "", /no-store/);
        for (const cookie of answer.headers["set-cookie"] ?? []) assertGuarded(cookie);
      }
    }
  });

  it("is never the same twice", async () => {
    const [one, other] = await Promise.all([ask("/oauth2/start"), ask("/oauth2/start")]);
    for (const name of ["state", "nonce", "code_challenge"]) {
      const [a, b] = [one, other].map(({ headers }) => new URL(headers.location ?? "").searchParams.get(name));
      assert.notEqual(a, b, name);
    }
  });

  it("gives cookies that stay with this name, on TLS, away from scripts and other sites", async () => {
    const person = new Visitor();
    await person.logIn();
    const set = person.lines("session");
    assert.ok(set.length > 0);
    for (const line of set) assertGuarded(line);
  });

  it("of two tabs at once succeeds in both", async () => {
    const person = new Visitor();
    const forms = [await person.openLogin("/v2/flows"), await person.openLogin("/v2/events")];
    const landed: (string | undefined)[] = [];
    for (const form of forms) landed.push((await person.visit(await person.sendPassword(form))).headers.location);
    assert.deepEqual(landed, ["/v2/flows", "/v2/events"]);
    assert.equal((await opens(person.cookie())).status, 200);
  });

  it("is not somebody else's: the address of a callback is worth nothing in another browser", async () => {
    const attacker = new Visitor();
    const callback = await attacker.sendPassword(await attacker.openLogin());
    await assertRefused(new Visitor(), callback);
    const victim = new Visitor();
    await victim.openLogin();
    await assertRefused(victim, callback);
  });

  it("cannot be repeated with a code that was used", async () => {
    const person = new Visitor();
    const callback = await person.sendPassword(await person.openLogin());
    const replayer = new Visitor();
    replayer.cookies.set(origin.hostname, new Map(person.cookies.get(origin.hostname)));
    await person.visit(callback);
    assert.ok(hasSession(person));
    await assertRefused(replayer, callback);
  });

  it("fails without its state, with one that was changed, and with another login's", async () => {
    for (const forge of [
      (callback: URL) => callback.searchParams.delete("state"),
      (callback: URL) => callback.searchParams.set("state", "x:/"),
      (callback: URL) =>
        callback.searchParams.set("state", `${callback.searchParams.get("state")?.slice(0, -8)}AAAAAAAA`),
      (callback: URL, other: URL) => callback.searchParams.set("state", other.searchParams.get("state") ?? ""),
      (callback: URL) => callback.searchParams.delete("code"),
      (callback: URL) => callback.searchParams.set("code", "guessed"),
      (callback: URL, other: URL) => callback.searchParams.set("code", other.searchParams.get("code") ?? ""),
    ]) {
      const person = new Visitor();
      const forms = [await person.openLogin(), await person.openLogin()] as const;
      const callback = await person.sendPassword(forms[0]);
      const other = await person.sendPassword(forms[1]);
      forge(callback, other);
      const page = await person.visit(callback);
      // A state with another ending is another page to return to: never one elsewhere, and never one more person.
      if (page.status === 302) assert.equal(new URL(page.headers.location ?? "", page.url).host, origin.host);
      else assert.ok(page.status === 403 && !hasSession(person), `${page.status} ${page.body.slice(0, 100)}`);
    }
  });

  it("that the identity provider refused shows none of what the address says", async () => {
    const error = "/oauth2/callback?error=Call+0800-EVIL&error_description=%3Cscript%3Ealert(1)%3C/script%3E&state=a:b";
    const { status, body } = await ask(error);
    assert.equal(status, 403);
    assert.doesNotMatch(body, /EVIL|alert/);
  });
});

describe("the page to return to after the login", () => {
  it("is the one first asked for, query and all", async () => {
    const link = "/v2/flows?tab=flows&name=a%26b%3Dc&page=2";
    assert.equal((await new Visitor().logIn(link)).headers.location, link);
  });

  const elsewhere = [
    ...["//evil.example.com/x", "///evil.example.com", "/%5Cevil.example.com", "/%09/evil.example.com"],
    ...["/%2f%2fevil.example.com", "/v2/..//evil.example.com", "/.//evil.example.com", "/@evil.example.com"],
    ...[
      "/oauth2/start?rd=https://evil.example.com",
      "/oauth2/start?rd=//evil.example.com",
      "/%0d%0aLocation:%20//evil",
    ],
  ];
  for (const path of elsewhere) {
    it(`is never elsewhere: ${path}`, async () => {
      const { status, url, headers } = await new Visitor().logIn(`${origin.origin}${path}`);
      assert.equal(status, 302);
      assert.equal(new URL(headers.location ?? "", url).host, origin.host, headers.location);
    });
  }

  it("is not named by the address of the login", async () => {
    assert.equal((await new Visitor().logIn("/oauth2/start?rd=/v2/flows")).headers.location, "/");
  });

  it("is not named by a header", async () => {
    for (const [name, value] of Object.entries({
      "x-auth-request-redirect": "/v2/evil",
      "x-forwarded-uri": "/v2/evil",
      "x-original-url": "/v2/evil",
    })) {
      const { headers } = await ask("/v2/flows", { headers: { [name]: value, "sec-fetch-mode": "navigate" } });
      const state = new URL(headers.location ?? "").searchParams.get("state") ?? "";
      assert.ok(!Buffer.from(state.replace(/^.*:/, ""), "base64url").toString().includes("evil"), name);
      assert.ok(!state.includes("evil"), name);
    }
  });
});

describe("a session", () => {
  it("is gone where its cookie was changed, cut short, renamed or made up", async () => {
    const person = new Visitor();
    await person.logIn();
    const cookie = person.cookie();
    assert.equal((await opens(cookie)).status, 200);
    const middle = Math.floor(cookie.length / 2);
    const flipped = `${cookie.slice(0, middle)}${cookie[middle] === "A" ? "B" : "A"}${cookie.slice(middle + 1)}`;
    const [, value = "", time = "", signature = ""] = /=([^|]+)\|(\d+)\|(.+)$/.exec(cookie) ?? [];
    for (const forged of [
      flipped,
      cookie.slice(0, -4),
      `${sessionName}=${value}|${Number(time) + 3600}|${signature}`,
      `${sessionName}=${value}|${time}|`,
      `${sessionName}=${value}`,
      cookie.replace(sessionName, "__host-prefect"),
      cookie.replace(sessionName, "_oauth2_proxy"),
      `${sessionName}=`,
    ]) {
      assert.equal((await opens(forged)).status, 401, forged.slice(0, 40));
    }
  });

  it("is not what the cookie of a login under way is", async () => {
    const person = new Visitor();
    await person.openLogin();
    const [line = ""] = person.lines("login");
    const value = line.replace(/^[^=]+=/, "").replace(/;.*/s, "");
    assert.ok(value.length > 20);
    assert.equal((await opens(`${sessionName}=${value}`)).status, 401);
  });

  it("ends here and at the identity provider by signing out", async () => {
    const person = new Visitor();
    await person.logIn();
    const before = person.cookie();
    const headers = { origin: origin.origin, "sec-fetch-site": "same-origin" };
    const out = await person.visit(new URL("/oauth2/sign_out?rd=https://evil.example.com", origin), {
      form: {},
      headers,
    });
    assert.equal(out.status, 302);
    assert.ok(!hasSession(person), "the cookie is left");
    const end = await person.follow(new URL(out.headers.location ?? ""));
    assert.deepEqual([end.url.host, end.url.pathname, end.status], [origin.host, "/signed-out", 200]);
    assert.equal((await opens(person.cookie())).status, 401);
    // The form comes again: a session at the identity provider would have let the person in without it.
    await person.openLogin();
    // Known and accepted: the session is in the cookie, so a copy lives on until oauth2-proxy next asks the issuer.
    assert.equal((await opens(before)).status, 200);
  });
});

function assertGuarded(line: string): void {
  assert.match(line, /^__Host-prefect/);
  const attributes = line
    .split(/; ?/)
    .slice(1)
    .map((attribute) => attribute.toLowerCase());
  for (const wanted of ["path=/", "secure", "httponly", "samesite=lax"]) assert.ok(attributes.includes(wanted), line);
  assert.ok(!attributes.some((attribute) => attribute.startsWith("domain")), line);
}
