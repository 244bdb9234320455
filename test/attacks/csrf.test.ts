import assert from "node:assert/strict";
import { ask, machine, origin } from "../e2e/stack";
import { Visitor } from "./session";

const evil = "https://evil.example.com";

describe("another site, in the browser of somebody who is signed in", () => {
  const person = new Visitor();
  before(() => person.logIn());

  /** A change of which nothing is left behind: it counts flows. */
  const change = (headers: Record<string, string>, path = "/api/flows/count") =>
    ask(path, {
      method: "POST",
      headers: { "content-type": "application/json", cookie: person.cookie(), ...headers },
      body: "{}",
    });

  const token = async (): Promise<{ "prefect-csrf-token": string; "prefect-csrf-client": string }> => {
    const { body } = await ask("/api/csrf-token?client=attacks", { headers: { cookie: person.cookie() } });
    return { "prefect-csrf-token": (JSON.parse(body) as { token: string }).token, "prefect-csrf-client": "attacks" };
  };

  it("is the only one refused: the own pages may change things", async () => {
    const answer = await change({ ...(await token()), origin: origin.origin, "sec-fetch-site": "same-origin" });
    assert.equal(answer.status, 200, answer.body);
  });

  for (const [title, headers] of Object.entries<Record<string, string>>({
    "another site": { origin: evil, "sec-fetch-site": "cross-site" },
    "another site, in a browser without Sec-Fetch-Site": { origin: evil },
    "a sibling name": { origin: `https://x.${origin.hostname}`, "sec-fetch-site": "same-site" },
    "a file or a sandboxed frame": { origin: "null", "sec-fetch-site": "cross-site" },
    "another port of the same name": { origin: `https://${origin.hostname}:1`, "sec-fetch-site": "same-site" },
    "the same name without TLS": { origin: `http://${origin.host}`, "sec-fetch-site": "cross-site" },
    "somewhere that it does not say": {},
  })) {
    it(`changes nothing from ${title}, not even with Prefect's token`, async () => {
      assert.equal((await change({ ...(await token()), ...headers })).status, 401);
    });
  }

  it("changes nothing with a form, whatever type that says", async () => {
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]) {
      const headers = { "content-type": type, origin: evil, "sec-fetch-site": "cross-site" };
      assert.equal((await change(headers, "/api/admin/settings")).status, 401, type);
    }
  });

  it("changes nothing by GET with another method's name in a header", async () => {
    for (const name of ["x-http-method-override", "x-http-method", "x-method-override"]) {
      const { status } = await ask("/api/flows/count", { headers: { cookie: person.cookie(), [name]: "POST" } });
      assert.equal(status, 405, name);
    }
  });

  it("gets no leave to ask on somebody's behalf", async () => {
    const headers = { origin: evil, "access-control-request-method": "POST" };
    const everybody: Record<string, string>[] = [{}, { cookie: person.cookie() }, machine];
    for (const who of everybody) {
      for (const method of ["OPTIONS", "GET"]) {
        const answer = await ask("/api/flows/filter", { method, headers: { ...headers, ...who } });
        assert.equal(answer.headers["access-control-allow-credentials"], undefined);
        assert.notEqual(answer.headers["access-control-allow-origin"], evil);
      }
    }
  });

  it("cannot sign a person out, by picture or by form", async () => {
    const picture = await ask("/oauth2/sign_out?rd=https://evil.example.com", { headers: { cookie: person.cookie() } });
    assert.deepEqual([picture.status, picture.headers.location], [302, "/sign-out"]);
    const form = await change({ origin: evil }, "/oauth2/sign_out");
    assert.deepEqual([form.status, form.headers["set-cookie"]], [401, undefined]);
    assert.equal((await ask("/ui-settings", { headers: { cookie: person.cookie() } })).status, 200);
  });

  it("cannot show these pages in a frame of its own", async () => {
    for (const path of ["/v2/dashboard", "/ui-settings", "/sign-out", "/signed-out", "/oauth2/start"]) {
      const { headers } = await ask(path, { headers: { cookie: person.cookie(), accept: "text/html" } });
      assert.match(headers["content-security-policy"] as string, /frame-ancestors 'none'/, path);
      assert.equal(headers["x-frame-options"], "DENY", path);
    }
  });

  it("would meet Prefect's own token where the gateway's check failed", async () => {
    const own = { origin: origin.origin, "sec-fetch-site": "same-origin" };
    const missing = await change(own);
    assert.deepEqual([missing.status, missing.body], [403, '{"detail":"Missing CSRF token."}']);
    const wrong = await change({ ...own, ...(await token()), "prefect-csrf-token": "0".repeat(64) });
    assert.equal(wrong.status, 403);
    const machines = await ask("/api/flows/count", { method: "POST", headers: machine, body: "{}" });
    assert.equal(machines.status, 403, "a machine has to ask for a token too");
  });
});

describe("a stranger's change", () => {
  for (const [title, headers] of Object.entries<Record<string, string>>({
    "with nothing": {},
    "with a made-up cookie": { cookie: "__Host-prefect=forged" },
    "with a made-up cookie and the own origin": { cookie: "__Host-prefect=forged", origin: origin.origin },
    "with a made-up cookie from another site": { cookie: "__Host-prefect=forged", origin: evil },
  })) {
    it(`is answered with 401 and nothing else: ${title}`, async () => {
      const { status, body } = await ask("/api/flows/count", { method: "POST", headers });
      assert.equal(status, 401);
      assert.equal(typeof (JSON.parse(body) as { detail?: unknown }).detail, "string");
    });
  }
});
