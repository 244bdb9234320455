import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { ask, machine, origin } from "../e2e/stack";
import { exchange, head } from "../support/wire";
import { Visitor } from "./session";
import { connection, raw } from "./wire";

const host = `Host: ${origin.hostname}`;
const trusted = `Authorization: ${machine.authorization}`;
const megabyte = 1_000_000;

describe("too much", () => {
  afterEach("Prefect still answers", async () => {
    assert.equal((await ask("/api/health", { headers: machine })).status, 200);
  });

  it("is not a batch of 4 MB of logs", async () => {
    const { body } = await ask("/api/csrf-token?client=attacks", { headers: machine });
    const { token } = JSON.parse(body) as { token: string };
    const log = { name: "attacks", level: 20, timestamp: "2026-01-01T00:00:00Z", message: "x".repeat(999_000) };
    const headers = {
      ...{ ...machine, "content-type": "application/json" },
      ...{ "prefect-csrf-token": token, "prefect-csrf-client": "attacks" },
    };
    const batch = JSON.stringify([log, log, log, log]);
    assert.ok(batch.length > 3.9 * megabyte && batch.length < 4 * megabyte);
    const answer = await ask("/api/logs/", { method: "POST", headers, body: batch });
    assert.equal(answer.status, 201, answer.body.slice(0, 200));
  });

  for (const [who, lines, statuses] of [
    ["a stranger", [], [401, 413]],
    ["a machine", [trusted], [413]],
  ] as const) {
    it(`is refused to ${who} before it is sent: 100 MB`, async () => {
      const started = performance.now();
      const { status } = await raw(head("POST /api/logs/ HTTP/1.1", host, ...lines, "Content-Length: 100000000") + "x");
      assert.ok((statuses as readonly number[]).includes(status), String(status));
      assert.ok(performance.now() - started < 5_000);
    });
  }

  it("is refused to a machine that does not say how much it sends", async () => {
    const chunk = `${megabyte.toString(16)}\r\n${"x".repeat(megabyte)}\r\n`;
    const bytes = head("POST /api/logs/ HTTP/1.1", host, trusted, "Transfer-Encoding: chunked") + chunk.repeat(18);
    assert.equal((await raw(bytes, 3_000)).status, 413);
  });

  it("is refused to a stranger who sends slowly: the answer does not wait for the body", async () => {
    const started = performance.now();
    const bytes = head("POST /api/logs/ HTTP/1.1", host, "Content-Length: 1000000") + "{";
    assert.equal((await raw(bytes)).status, 401);
    assert.ok(performance.now() - started < 5_000);
  });

  for (const [title, bytes] of Object.entries({
    "an address of 64 kB": head(`GET /${"a".repeat(65_536)} HTTP/1.1`, host),
    "a query of 64 kB": head(`GET /api/flows/count?${"a".repeat(65_536)} HTTP/1.1`, host, trusted),
    "2,000 headers": head(
      "GET /api/flows/count HTTP/1.1",
      host,
      ...Array.from({ length: 2000 }, (_, i) => `X-${i}: ${"y".repeat(40)}`),
    ),
    "a header of 64 kB": head("GET /api/flows/count HTTP/1.1", host, `X-A: ${"a".repeat(65_536)}`),
    "a cookie of 64 kB": head("GET /api/flows/count HTTP/1.1", host, `Cookie: __Host-prefect=${"a".repeat(65_536)}`),
  })) {
    it(`is refused: ${title}`, async () => {
      const { status } = await raw(bytes);
      // 0: a connection that is closed on what was not read may lose the answer on its way (RFC 9112, 9.6).
      assert.ok([400, 414, 431, 0].includes(status), String(status));
    });
  }

  it("is not a session in several cookies, nor a long link that leads to the login", async () => {
    const pieces = [0, 1, 2].map((index) => `__Host-prefect_${index}=${"a".repeat(3_900)}`).join("; ");
    assert.equal((await ask("/api/flows/count", { headers: { cookie: pieces } })).status, 401);
    const long = await ask(`/v2/flows?${"a".repeat(10_000)}`, { headers: { "sec-fetch-mode": "navigate" } });
    assert.equal(long.status, 302);
    assert.ok((long.headers.location ?? "").length < 4_000, "what identity providers take");
  });

  it("is asking for 40 things at once: each answer is right", async () => {
    const person = new Visitor();
    await person.logIn();
    const cookie = person.cookie();
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, i) =>
        ask("/ui-settings", { headers: i % 2 ? { cookie } : { "sec-fetch-mode": "cors" } }),
      ),
    );
    assert.deepEqual(
      answers.map(({ status }) => status),
      answers.map((_, i) => (i % 2 ? 200 : 401)),
    );
  });
});

describe("guessing the machine credential", () => {
  // The bucket of wrong guesses empties at 10 a second: the next tests' wrong credentials shall meet their own answers.
  after(() => sleep(6_500));

  it("is slowed down without harm to those at the same address who know it", async () => {
    const guess = (password: number) =>
      head(
        "GET /api/admin/version HTTP/1.1",
        host,
        `Authorization: Basic ${Buffer.from(`admin:${password}`).toString("base64")}`,
        ...(password === 149 ? ["Connection: close"] : []),
      );
    const answers = await exchange(await connection(), Array.from({ length: 150 }, (_, i) => guess(i)).join(""), 5_000);
    const count = (wanted: number) => answers.filter(({ status }) => status === wanted).length;
    assert.equal(count(401) + count(429), 150);
    assert.ok(count(429) >= 40, `${count(429)} of 150 were slowed down`);
    const friend = await ask("/api/admin/version", { headers: machine });
    assert.equal(friend.status, 200);
  });

  it("is slowed down under other addresses that it makes up too", async () => {
    const guess = (i: number) =>
      head(
        "GET /api/admin/version HTTP/1.1",
        host,
        "Authorization: Basic eDp5",
        `X-Forwarded-For: 198.51.100.${i}`,
        `X-Real-IP: 198.51.100.${i}`,
        ...(i === 149 ? ["Connection: close"] : []),
      );
    const answers = await exchange(await connection(), Array.from({ length: 150 }, (_, i) => guess(i)).join(""), 5_000);
    assert.ok(answers.filter(({ status }) => status === 429).length >= 40);
  });
});
