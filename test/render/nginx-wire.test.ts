import assert from "node:assert/strict";
import { connect } from "node:net";
import { nginxConf } from "../../render/nginx";
import { pathsBelow } from "../../render/paths";
import { exchange, head, type RawAnswer } from "../support/wire";
import { domain, machineAuthorization, sessionCookie, TestGateway } from "../support/gateway";

const host = `Host: ${domain}`;
const trusted = `Authorization: ${machineAuthorization}`;
const post = "POST /api/flows/filter HTTP/1.1";
const chunked = "Transfer-Encoding: chunked";
const hidden = head("GET /hidden HTTP/1.1", host, trusted);

describe("nginx, without a load balancer before it that tidies what is sent", () => {
  const gateway = new TestGateway();
  before(() => gateway.start());
  after(() => gateway.stop());
  beforeEach(() => gateway.reset());

  const send = (bytes: string): Promise<RawAnswer[]> => exchange(connect(gateway.port, "127.0.0.1"), bytes, 200);
  const reached = (): string[] => gateway.prefect.map(({ method, url }) => `${method} ${url}`);

  for (const [title, bytes, status] of [
    [
      "two ways to tell its length",
      head(post, host, trusted, "Content-Length: 4", chunked) + `0\r\n\r\n${hidden}`,
      400,
    ],
    ["two lengths", head(post, host, trusted, "Content-Length: 2", "Content-Length: 9") + `{}${hidden}`, 400],
    ["a list of lengths", head(post, host, trusted, "Content-Length: 2, 2") + `{}${hidden}`, 400],
    ["a length with a sign", head(post, host, trusted, "Content-Length: +2") + `{}${hidden}`, 400],
    ["an unknown coding", head(post, host, trusted, "Transfer-Encoding: xchunked") + `0\r\n\r\n${hidden}`, 501],
    ["two codings", head(post, host, trusted, chunked, "Transfer-Encoding: cow") + `0\r\n\r\n${hidden}`, 400],
    ["chunks in HTTP/1.0", head("POST /x HTTP/1.0", host, trusted, chunked) + `0\r\n\r\n${hidden}`, 400],
    ["two hosts", head("GET /x HTTP/1.1", host, "Host: localhost", trusted), 400],
    ["no host", head("GET /x HTTP/1.1", trusted), 400],
    ["two credentials", head("GET /x HTTP/1.1", host, trusted, "Authorization: Basic eA=="), 400],
    ["a zero byte in its path", head("GET /\0x HTTP/1.1", host, trusted), 400],
    ["an encoded zero byte in its path", head("GET /%00x HTTP/1.1", host, trusted), 400],
    ["a path above the root", head("GET /../x HTTP/1.1", host, trusted), 400],
    ["a wish for a tunnel", head("CONNECT 127.0.0.1:4200 HTTP/1.1", host, trusted), 405],
    ["the wish to be repeated", head("TRACE /x HTTP/1.1", host, trusted), 405],
    ["a header of 64 kB", head("GET /x HTTP/1.1", host, trusted, `X-A: ${"a".repeat(65_536)}`), 400],
    ["an address of 64 kB", head(`GET /${"a".repeat(65_536)} HTTP/1.1`, host, trusted), 414],
  ] as const) {
    it(`refuses ${title}, and Prefect sees neither it nor what hides behind it`, async () => {
      const answers = await send(bytes);
      assert.equal(answers[0]?.status, status);
      assert.deepEqual(reached(), []);
    });
  }

  it("refuses a chunk that is none, and what hides behind it", async () => {
    for (const body of ["zz\r\n{}\r\n0\r\n\r\n", "2\r\n{}XX0\r\n\r\n", `${"f".repeat(20)}\r\n{}`]) {
      const [answer] = await send(head(post, host, trusted, chunked) + body + hidden);
      assert.equal(answer?.status, 400, JSON.stringify(body));
      assert.deepEqual(
        reached().filter((seen) => seen.includes("hidden")),
        [],
      );
      gateway.reset();
    }
  });

  it("takes names with an underscore, and those twice, for nothing", async () => {
    const names = ["X_Forwarded_User: root", "X-Forwarded_User: root", "Authorization_: x", "Content_Length: 5"];
    await send(head("GET /x HTTP/1.1", host, trusted, ...names, "Connection: close"));
    const headers = gateway.prefect[0]?.headers ?? {};
    assert.deepEqual(
      Object.keys(headers).filter((name) => name.includes("_")),
      [],
    );
  });

  it("serves the name that the request line gives, not the one in Host", async () => {
    const [health] = await send(
      head(`GET http://${domain}/gateway/health HTTP/1.1`, "Host: 10.0.0.1", "Connection: close"),
    );
    assert.equal(health?.status, 302);
    const [other] = await send(head("GET http://10.0.0.1/x HTTP/1.1", host, trusted, "Connection: close"));
    assert.equal(other?.status, 404);
    assert.deepEqual(reached(), []);
  });

  it("asks again for each request of a connection", async () => {
    const cookie = `Cookie: ${sessionCookie}`;
    const answers = await send(
      head("GET /x HTTP/1.1", host, trusted) +
        head("GET /api HTTP/1.1", host) +
        head("GET /y HTTP/1.1", host, cookie) +
        head("GET /api HTTP/1.1", host, "Connection: close"),
    );
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 401, 200, 401],
    );
    assert.deepEqual(reached(), ["GET /x", "GET /y"]);
  });

  it("says no version of its own, in errors too", async () => {
    for (const bytes of [
      head("GET /x HTTP/1.1"),
      head("GET /oauth2/x HTTP/1.1", host),
      head("GET /x HTTP/1.1", host),
    ]) {
      const [answer] = await send(bytes);
      assert.doesNotMatch((answer?.head ?? "") + (answer?.body ?? ""), /nginx\/\d/);
    }
  });

  it("lets a stranger into no location but the pages about signing out", async () => {
    const conf = nginxConf({ domain, path: "/", trustedProxyCidrs: ["10.0.0.0/16"], idleTimeoutSec: 60 });
    const { signOut, signedOut, oauth2Callback } = pathsBelow("/");
    const paths = [...conf.matchAll(/location (?:= |\^~ |~\*? )?(\/\S*) \{/g)].map(([, path = ""]) => path);
    assert.ok(paths.length >= 9, paths.join(" "));
    const open: string[] = [];
    for (const path of paths) {
      for (const suffix of ["", "x", "/x"]) {
        const answer = await gateway.ask(path + suffix, { headers: { "sec-fetch-mode": "cors" } });
        if (answer.status < 300) open.push(path + suffix);
      }
    }
    // The fake of oauth2-proxy answers the callback with 200: what it would say itself.
    assert.deepEqual(open.sort(), [signOut, signedOut, oauth2Callback].sort());
    assert.deepEqual(reached(), []);
  });
});
