import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { ask, machine, origin, stack } from "../e2e/stack";
import { head } from "../support/wire";
import { Visitor } from "./session";
import { logs } from "./task";
import { raw } from "./wire";

const host = `Host: ${origin.hostname}`;

describe("what is written down", () => {
  it("holds no credential, cookie, code or state, and no address that a client made up", async () => {
    const person = new Visitor();
    const callback = await person.sendPassword(await person.openLogin("/v2/flows"));
    const underWay = person.cookie();
    await person.visit(callback);
    const session = person.cookie();
    const marker = `leak-${process.pid}-${Date.now()}`;
    const address = `198.18.${100 + randomInt(156)}.${100 + randomInt(156)}`;
    const userAgent = { "user-agent": marker };
    // A used code, a wrong credential, a wrong cookie, a right one, a body too large: what makes programs write errors.
    await ask(callback.pathname + callback.search, { headers: { cookie: underWay, ...userAgent } });
    const password = `guess${marker}`;
    const wrong = `Basic ${Buffer.from(`admin:${password}`).toString("base64")}`;
    await ask(`/api/${marker}`, { headers: { authorization: wrong, ...userAgent } });
    await ask(`/api/${marker}`, { headers: { cookie: `__Host-prefect=${marker}cookie`, ...userAgent } });
    await ask(`/api/${marker}`, {
      headers: { ...machine, ...userAgent, "x-forwarded-for": address, "x-real-ip": address },
    });
    await raw(
      head(
        `POST /api/${marker} HTTP/1.1`,
        host,
        `Authorization: ${machine.authorization}`,
        "Content-Length: 100000000",
      ) + "x",
    );
    const user = stack.users[0];

    const written = await logsWith(new RegExp(`"path":"/api/${marker}","status":413`));
    const secrets: Record<string, string | undefined> = {
      "the machine credential": stack.workerEnv.PREFECT_API_AUTH_STRING,
      "its password": stack.workerEnv.PREFECT_API_AUTH_STRING?.split(":")[1],
      "the machine credential in base64": machine.authorization.slice(6),
      "a wrong password": password,
      "a wrong credential in base64": wrong.slice(6),
      "a made-up cookie": `${marker}cookie`,
      "a login's code": callback.searchParams.get("code") ?? undefined,
      "a login's state": callback.searchParams.get("state")?.split(":")[0],
      "a session": session.replace(/^[^=]+=/, "").slice(0, 60),
      "a login's cookie": underWay.replace(/^[^=]+=/, "").slice(0, 60),
      "a person's password": user?.password,
      "a made-up address": address,
    };
    for (const [name, secret] of Object.entries(secrets)) {
      assert.ok(secret && secret.length >= 8, name);
      for (const [file, text] of written) assert.ok(!text.includes(secret), `${name} is in ${file}`);
    }
    assert.match([...written.values()].join(""), new RegExp(`"agent":"${marker}"`));
  });

  it("has no line that a client made up", async () => {
    const marker = `forged-${process.pid}-${Date.now()}`;
    await ask(`/api/x%0a%7b%22time%22:%22${marker}%22%7d`, { headers: { "user-agent": `"},{"x":"${marker}` } });
    const written = await logsWith(new RegExp(marker));
    const lines = [...written.values()]
      .join("\n")
      .split("\n")
      .filter((line) => line.includes(marker));
    assert.equal(lines.length, 1);
    assert.ok(/^[^{]*(\{.*\})$/.exec(lines[0] ?? ""), "one line of JSON");
    assert.doesNotThrow(() => JSON.parse((lines[0] ?? "").replace(/^[^{]*/, "")) as unknown);
  });
});

describe("what is answered", () => {
  it("says of no program which version it is", async () => {
    const requests = [
      ...[
        "/",
        "/api",
        "/api/x",
        "/oauth2/start",
        "/oauth2/x",
        "/oauth2/callback?code=a&state=b",
        "/sign-out",
        "/gateway/health",
      ],
      ...["/oauth2/callback?error=x&state=a:b", "/%00", "/robots.txt", "/favicon.ico"],
    ];
    for (const path of requests) {
      const { headers, body } = await ask(path);
      const said = JSON.stringify(headers) + body;
      assert.doesNotMatch(
        said,
        /nginx\/\d|uvicorn|OAuth2 Proxy|oauth2-proxy|x-powered-by|awselb\/\d+\.\d+\.\d|\b3\.8\.\d/i,
        path,
      );
    }
  });

  it("repeats no credential and no query in a refusal", async () => {
    const mark = "S3CR3T-MARK";
    for (const [path, headers] of [
      [`/api/flows?x=${mark}`, {}],
      ["/api/flows", { authorization: `Basic ${Buffer.from(`admin:${mark}`).toString("base64")}` }],
      ["/api/flows", { cookie: `__Host-prefect=${mark}` }],
      [`/oauth2/callback?code=${mark}&state=${mark}:x`, {}],
      [`/oauth2/${mark}`, {}],
      ["/api/flows", { "x-forwarded-user": mark, referer: `https://x/${mark}` }],
    ] satisfies [string, Record<string, string>][]) {
      const answer = await ask(path, { headers });
      assert.ok(answer.status >= 400, path);
      assert.ok(!(JSON.stringify(answer.headers) + answer.body).includes(mark), path);
    }
  });

  it("is not kept by browsers, and tells them to keep to TLS and to the declared type", async () => {
    const person = new Visitor();
    await person.logIn();
    const cookie = person.cookie();
    for (const [path, headers] of [
      ["/v2/dashboard", { cookie, accept: "text/html" }],
      ["/ui-settings", { cookie }],
      ["/api/admin/version", { cookie }],
      ["/api/admin/version", {}],
      ["/sign-out", {}],
    ] satisfies [string, Record<string, string>][]) {
      const answer = await ask(path, { headers });
      assert.match(answer.headers["cache-control"] ?? "", /no-store/, path);
      assert.match(answer.headers["strict-transport-security"] ?? "", /max-age=\d{8}/, path);
      assert.equal(answer.headers["x-content-type-options"], "nosniff", path);
    }
  });

  it("has the UI ask for no password, however often and in whatever coding it asks", async () => {
    const person = new Visitor();
    await person.logIn();
    const codings: Record<string, string>[] = [{}, { "accept-encoding": "gzip, br" }, { "if-none-match": '"x"' }];
    for (const headers of codings) {
      const answer = await ask("/ui-settings", { headers: { cookie: person.cookie(), ...headers } });
      assert.equal(answer.status, 200);
      assert.equal((JSON.parse(answer.body) as { auth: unknown }).auth, null);
    }
  });
});

/** The logs, once they hold what was just caused; nginx and the log driver take a moment. */
async function logsWith(expected: RegExp): Promise<Map<string, string>> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const written = logs();
    if (expected.test([...written.values()].join("\n"))) return written;
    await sleep(100);
  }
  throw new Error(`nothing like ${expected.source} in the logs after 5 s`);
}
