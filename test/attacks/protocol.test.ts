import assert from "node:assert/strict";
import { machine, origin } from "../e2e/stack";
import { exchange, head } from "../support/wire";
import { connection, raw } from "./wire";

const host = `Host: ${origin.hostname}`;
const post = "POST /api/flows/filter HTTP/1.1";
const chunked = "Transfer-Encoding: chunked";
const trusted = `Authorization: ${machine.authorization}`;
/** What a smuggled request would bring back. */
const hidden = head("GET /api/admin/version HTTP/1.1", host, trusted);

describe("a malformed request", () => {
  for (const [title, bytes, statuses] of [
    [
      "two ways to tell its length",
      head(post, host, trusted, "Content-Length: 4", chunked) + `0\r\n\r\n${hidden}`,
      [400],
    ],
    ["two lengths", head(post, host, trusted, "Content-Length: 2", "Content-Length: 9") + `{}${hidden}`, [400]],
    ["a list of lengths", head(post, host, trusted, "Content-Length: 2, 2") + `{}${hidden}`, [400]],
    ["a negative length", head(post, host, trusted, "Content-Length: -1") + hidden, [400]],
    ["a length with a sign", head(post, host, trusted, "Content-Length: +2") + `{}${hidden}`, [400]],
    ["an unknown coding", head(post, host, trusted, "Transfer-Encoding: xchunked") + `0\r\n\r\n${hidden}`, [400, 501]],
    ["two codings", head(post, host, trusted, chunked, "Transfer-Encoding: cow") + `0\r\n\r\n${hidden}`, [400, 501]],
    [
      "a coding after a tab and a letter",
      head(post, host, trusted, "Transfer-Encoding:\x0bchunked") + hidden,
      [400, 501],
    ],
    ["a chunk that ends in a bare LF", head(post, host, trusted, chunked) + `2\n{}\n0\n\n${hidden}`, [400]],
    ["a chunk whose length is no number", head(post, host, trusted, chunked) + `zz\r\n{}\r\n0\r\n\r\n${hidden}`, [400]],
    ["a chunk longer than any number", head(post, host, trusted, chunked) + `${"f".repeat(17)}\r\n{}`, [400, 413]],
    ["a folded header", `${post}\r\n${host}\r\nX-A: b\r\n ${trusted}\r\n\r\n`, [400]],
    ["a space before a colon", head(post, host, `Authorization : ${machine.authorization}`), [400]],
    ["a header without a colon", head(post, host, "Authorization"), [400]],
    ["a zero byte in its path", head("GET /\0api HTTP/1.1", host), [400]],
    ["a control character in its path", head("GET /\x01api HTTP/1.1", host), [400]],
    ["a space in its path", head("GET /api flows HTTP/1.1", host), [400]],
    ["no path", head("OPTIONS * HTTP/1.1", host), [400]],
    ["a name for a path", head("GET localhost:4200 HTTP/1.1", host), [400]],
    ["a version that does not exist", head("GET / HTTP/9.9", host), [400, 505]],
    ["no version", "GET /gateway/health\r\n\r\n", [400, 404]],
    ["the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", [400, 505]],
    ["a wish for a tunnel", head("CONNECT 127.0.0.1:4200 HTTP/1.1", "Host: 127.0.0.1:4200"), [400, 404, 405]],
  ] as const) {
    it(`is refused and takes no second one in with it: ${title}`, async () => {
      const answers = await exchange(await connection(), bytes);
      const accepted = answers.filter((answer) => answer.status < 400);
      assert.deepEqual(accepted, [], "the hidden request was answered");
      const status = answers[0]?.status ?? 400;
      assert.ok((statuses as readonly number[]).includes(status), `${status} ${answers[0]?.body.slice(0, 100)}`);
    });
  }

  it("of HTTP/1.0 with chunks is one request, not two", async () => {
    const bytes = `${head("POST /api/flows/count HTTP/1.0", host, chunked)}0\r\n\r\n${hidden}`;
    const answers = await exchange(await connection(), bytes);
    assert.deepEqual(
      answers.filter(({ status }) => status < 400),
      [],
      "the hidden request was answered",
    );
  });

  it("leaves nothing behind for the next one on the same connection", async () => {
    const stranger = head("POST /api/flows/count HTTP/1.1", host, `Content-Length: ${hidden.length}`) + hidden;
    const next = head("GET /api/flows/count HTTP/1.1", host, "Connection: close");
    const answers = await exchange(await connection(), stranger + next, 3_000);
    assert.deepEqual(
      answers.map(({ status }) => status),
      [401, 401],
    );
  });

  it("gets the same answer with another request right behind it", async () => {
    const trustedFirst = head("GET /api/admin/version HTTP/1.1", host, trusted);
    const strangerNext = head("GET /api/admin/version HTTP/1.1", host, "Connection: close");
    const answers = await exchange(await connection(), trustedFirst + strangerNext, 3_000);
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 401],
      "a credential holds for its own request only",
    );
  });
});

describe("an upgrade", () => {
  const handshake = ["Connection: Upgrade", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="];
  for (const path of [
    "/",
    "/api/health",
    "/ui-settings",
    "/oauth2/start",
    "/oauth2/callback",
    "/sign-out",
    "/gateway/health",
  ]) {
    it(`is none at ${path}`, async () => {
      const { status } = await raw(head(`GET ${path} HTTP/1.1`, host, "Upgrade: websocket", ...handshake));
      assert.ok(status >= 200, `the connection was switched or closed: ${status}`);
    });
  }

  it("is none to HTTP/2 in clear text, with the machine credential too", async () => {
    for (const lines of [[], [trusted]]) {
      const upgrade = ["Upgrade: h2c", "Connection: Upgrade, HTTP2-Settings", "HTTP2-Settings: AAMAAABkAAQAAP__"];
      const { status } = await raw(head("GET /api/admin/version HTTP/1.1", host, ...lines, ...upgrade));
      assert.equal(status, lines.length > 0 ? 200 : 401);
    }
  });
});
