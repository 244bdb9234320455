import assert from "node:assert/strict";
import { connect } from "node:net";
import { gateConf } from "../../render/gate";
import { exchange, head, type RawAnswer } from "../support/wire";
import { domain, machineAuthorization, TestGateway } from "../support/gateway";

const host = `Host: ${domain}`;
const trusted = `Authorization: ${machineAuthorization}`;
const chunked = "Transfer-Encoding: chunked";
const signOut = "POST /sign-out HTTP/1.1";
const call = "POST /api/flows/filter HTTP/1.1";
const hidden = head("GET /api/hidden HTTP/1.1", host, trusted);
const close = "Connection: close";

describe("the gate, without a load balancer before it that tidies what is sent", () => {
  const gate = new TestGateway({ render: (given) => gateConf({ ...given, machines: true }) });
  before(() => gate.start());
  after(() => gate.stop());
  beforeEach(() => gate.reset());

  const send = (bytes: string): Promise<RawAnswer[]> => exchange(connect(gate.port, "127.0.0.1"), bytes, 200);
  const reached = (): string[] => gate.prefect.map(({ method, url }) => `${method} ${url}`);

  for (const [title, bytes, status] of [
    ["a call with two ways to tell its length", head(call, host, trusted, "Content-Length: 4", chunked) + hidden, 400],
    ["a sign-out with two ways to tell its length", head(signOut, host, "Content-Length: 4", chunked) + hidden, 400],
    ["two lengths", head(call, host, trusted, "Content-Length: 2", "Content-Length: 9") + `{}${hidden}`, 400],
    ["an unknown coding", head(call, host, trusted, "Transfer-Encoding: xchunked") + `0\r\n\r\n${hidden}`, 501],
    ["chunks in HTTP/1.0", head("POST /api/x HTTP/1.0", host, trusted, chunked) + `0\r\n\r\n${hidden}`, 400],
    ["two hosts", head("GET /api/x HTTP/1.1", host, "Host: localhost", trusted), 400],
    ["no host", head("GET /api/x HTTP/1.1", trusted), 400],
    ["two credentials", head("GET /api/x HTTP/1.1", host, "Authorization: Basic eA==", trusted), 400],
    [
      "a credential in a folded line",
      head("GET /api/x HTTP/1.1", host, "Authorization:", ` ${machineAuthorization}`),
      400,
    ],
    ["an encoded zero byte in its path", head("GET /api/%00x HTTP/1.1", host, trusted), 400],
    ["a path above the root", head("GET /api/../../x HTTP/1.1", host, trusted), 400],
    ["a path without a slash", head("GET api/x HTTP/1.1", host, trusted), 400],
    ["a wish for a tunnel", head("CONNECT 127.0.0.1:4200 HTTP/1.1", host, trusted), 405],
    ["the wish to be repeated", head("TRACE /api/x HTTP/1.1", host, trusted), 405],
    ["HTTP/2 without TLS", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400],
    ["a header of 64 kB", head("GET /api/x HTTP/1.1", host, trusted, `X-A: ${"a".repeat(65_536)}`), 400],
    ["an address of 64 kB", head(`GET /api/${"a".repeat(65_536)} HTTP/1.1`, host, trusted), 414],
  ] as const) {
    it(`refuses ${title}, and Prefect sees neither it nor what hides behind it`, async () => {
      const [answer] = await send(bytes);
      assert.equal(answer?.status, status);
      assert.deepEqual(reached(), []);
    });
  }

  it("asks for the credential again for each request of a connection", async () => {
    const answers = await send(
      head("GET /api/x HTTP/1.1", host, trusted) +
        head("GET /api/y HTTP/1.1", host) +
        head("GET /api/z HTTP/1.1", host, trusted) +
        head("GET /api/health HTTP/1.1", host, close),
    );
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 401, 200, 401],
    );
    assert.deepEqual(reached(), ["GET /api/x", "GET /api/z"]);
  });

  it("takes a sign-out's body for a body and not for a request", async () => {
    const body = head("GET /api/hidden HTTP/1.1", host, trusted);
    const answers = await send(
      head(signOut, host, `Content-Length: ${body.length}`) +
        body +
        head("GET /api/seen HTTP/1.1", host, trusted, close),
    );
    assert.deepEqual(
      answers.map(({ status }) => status),
      [303, 200],
    );
    assert.deepEqual(reached(), ["GET /api/seen"]);
  });

  it("takes names with an underscore for nothing, also those that would be a credential", async () => {
    const names = ["Authorization_: Basic x", "X_Forwarded_User: root", "X-Amzn_Oidc-Data: x", "Content_Length: 5"];
    await send(head("GET /api/x HTTP/1.1", host, trusted, ...names, close));
    assert.deepEqual(
      Object.keys(gate.prefect[0]?.headers ?? {}).filter((name) => name.includes("_")),
      [],
    );
  });

  it("serves the name that the request line gives, not the one in Host", async () => {
    const [other] = await send(head("GET http://10.0.0.1/api/x HTTP/1.1", host, trusted, close));
    assert.equal(other?.status, 404);
    const [own] = await send(head(`GET http://${domain}/api/x HTTP/1.1`, "Host: 10.0.0.1", trusted, close));
    assert.equal(own?.status, 200);
    assert.deepEqual(reached(), ["GET /api/x"]);
  });

  it("answers to its own name, with a port or in capitals, and to no other", async () => {
    for (const [name, status] of [
      [`${domain}:443`, 303],
      [domain.toUpperCase(), 303],
      [`${domain}@evil.example.com`, 400],
      [`${domain}/x`, 400],
      ["evil.example.com", 404],
      ["", 400],
    ] as const) {
      const [answer] = await send(head(signOut, `Host: ${name}`, "Content-Length: 0", close));
      assert.equal(answer?.status, status, name);
    }
  });
});
