import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import type { RequestListener } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import * as pulumi from "@pulumi/pulumi";
import { discover } from "../../components/support/discovery";
import { CertificateAuthority } from "../../local/cloud/certificates";
import { documentOf, products } from "../support/oidc-products";
import { freePort } from "../support/gateway";

const wellKnown = "/.well-known/openid-configuration";
const fix =
  "either correct identity.issuer, or give identity.endpoints (authorization, token, userInfo), and nothing is asked for";

/** The whole message of the RunError that reading the issuer's document ends with. */
async function refusal(issuer: string): Promise<string> {
  try {
    await discover(issuer);
  } catch (error) {
    assert.ok(pulumi.RunError.isInstance(error), String(error));
    return error.message;
  }
  throw new assert.AssertionError({ message: "the document was taken" });
}

describe("The discovery of an issuer's endpoints", () => {
  const directory = mkdtempSync(join(tmpdir(), "discovery-"));
  const trusted = getCACertificates();
  let server: Server;
  let origin = "";
  let answer: RequestListener = () => undefined;
  const asked: string[] = [];

  before(async () => {
    const authority = await CertificateAuthority.open(directory, "discovery test");
    setDefaultCACertificates([...trusted, authority.ca]);
    server = createServer(await authority.issue(["localhost"]), (request, response) => {
      asked.push(`${request.method} ${request.url}`);
      answer(request, response);
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    origin = `https://localhost:${(server.address() as AddressInfo).port}`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
    setDefaultCACertificates(trusted);
    rmSync(directory, { recursive: true });
  });
  beforeEach(() => {
    asked.length = 0;
  });

  const serve = (body: unknown, status = 200, headers: Record<string, string> = {}) => {
    answer = (_, response) =>
      response.writeHead(status, headers).end(typeof body === "string" ? body : JSON.stringify(body));
  };
  const document = (changes: Record<string, unknown> = {}) => ({
    issuer: origin,
    authorization_endpoint: "https://login.example.com/authorize",
    token_endpoint: "https://login.example.com/token",
    userinfo_endpoint: "https://login.example.com/userinfo",
    ...changes,
  });
  const message = (what: string, issuer = origin) =>
    `identity.issuer ${issuer}: its discovery document ${what}\n  asked for ${issuer}${wellKnown}\n  ${fix}`;

  it("asks once, below the issuer, with a slash at its end or without", async () => {
    for (const issuer of [origin, `${origin}/`, `${origin}/realms/main`, `${origin}/realms/main/`]) {
      serve(document({ issuer, end_session_endpoint: "https://login.example.com/logout" }));
      assert.deepEqual(await discover(issuer), {
        authorization: "https://login.example.com/authorize",
        token: "https://login.example.com/token",
        userInfo: "https://login.example.com/userinfo",
        endSession: "https://login.example.com/logout",
      });
    }
    assert.deepEqual(asked, [
      `GET ${wellKnown}`,
      `GET ${wellKnown}`,
      `GET /realms/main${wellKnown}`,
      `GET /realms/main${wellKnown}`,
    ]);
  });

  it("takes an issuer without a place to sign out", async () => {
    serve(document());
    assert.equal((await discover(origin)).endSession, undefined);
  });

  it("fails on an address where nobody listens", async () => {
    const port = await freePort();
    const tried = await refusal(`https://localhost:${port}`);
    assert.match(tried, new RegExp(`cannot be fetched: connect ECONNREFUSED \\S*:${port}`));
    assert.ok(tried.endsWith(fix), tried);
  });

  it("fails on a name that nobody has", async () => {
    assert.match(await refusal("https://issuer.invalid"), /cannot be fetched: getaddrinfo \w+ issuer\.invalid\n/);
  });

  it("fails on a certificate of an authority that this machine does not trust", async () => {
    const elsewhere = await CertificateAuthority.open(join(directory, "elsewhere"), "another authority");
    const stranger = createServer(await elsewhere.issue(["localhost"])).listen(0, "127.0.0.1");
    await once(stranger, "listening");
    const issuer = `https://localhost:${(stranger.address() as AddressInfo).port}`;
    assert.equal(
      await refusal(issuer),
      message("cannot be fetched: self-signed certificate in certificate chain", issuer),
    );
    stranger.close();
  });

  for (const status of [404, 403, 500]) {
    it(`fails on status ${status}`, async () => {
      serve(document(), status);
      assert.equal(await refusal(origin), message(`cannot be fetched: status ${status}`));
    });
  }

  it("follows no redirect: it could lead to another issuer's document", async () => {
    serve("", 301, { location: `${origin}/elsewhere` });
    const expected = message(`cannot be fetched: status 301, which leads to ${origin}/elsewhere`);
    assert.equal(await refusal(origin), expected);
    assert.deepEqual(asked, [`GET ${wellKnown}`]);
  });

  it("fails on what is not JSON, and says what it is", async () => {
    serve("<html>Sign in</html>", 200, { "content-type": "text/html" });
    assert.equal(await refusal(origin), message("is no JSON object: it is 20 characters of text/html"));
    serve('"text"', 200, { "content-type": "application/json" });
    assert.equal(await refusal(origin), message("is no JSON object: it is 6 characters of application/json"));
  });

  for (const name of ["issuer", "authorization_endpoint", "token_endpoint", "userinfo_endpoint"]) {
    it(`fails without ${name}`, async () => {
      serve(document({ [name]: undefined }));
      assert.equal(await refusal(origin), message(`cannot be used: ${name} is missing`));
    });
  }

  for (const [name, value] of [
    ["authorization_endpoint", "http://login.example.com/authorize"],
    ["token_endpoint", "/token"],
    ["userinfo_endpoint", 7],
    ["end_session_endpoint", "http://login.example.com/logout"],
    ["end_session_endpoint", 'https://login.example.com/"; }'],
    ["end_session_endpoint", "https://login.example.com/$host"],
  ] as const) {
    it(`fails on ${name} ${JSON.stringify(value)}`, async () => {
      serve(document({ [name]: value }));
      const expected = `cannot be used: ${name} is not an https address of ordinary characters but ${JSON.stringify(value)}`;
      assert.equal(await refusal(origin), message(expected));
    });
  }

  it("says everything that is wrong at once", async () => {
    serve({ issuer: origin, token_endpoint: "https://login.example.com/token" });
    const missing = "authorization_endpoint is missing, userinfo_endpoint is missing";
    assert.equal(await refusal(origin), message(`cannot be used: ${missing}`));
  });

  it("fails on the document of another issuer, also where it differs by a slash alone", async () => {
    for (const issuer of ["https://login.example.com", `${origin}/`, `${origin}/realms/other`]) {
      serve(document({ issuer }));
      assert.equal(await refusal(origin), message(`is of another issuer, ${issuer}`));
    }
  });

  it("waits ten seconds for an answer and for its end, and no longer", async () => {
    const timeout = AbortSignal.timeout.bind(AbortSignal);
    const waits: number[] = [];
    AbortSignal.timeout = (ms) => {
      waits.push(ms);
      return timeout(100);
    };
    try {
      for (const slow of [
        () => undefined,
        (_, response) => response.writeHead(200).write('{"issuer":'),
      ] satisfies RequestListener[]) {
        answer = slow;
        assert.equal(await refusal(origin), message("cannot be fetched: no answer within 10 seconds"));
      }
    } finally {
      AbortSignal.timeout = timeout;
    }
    assert.deepEqual(waits, [10_000, 10_000]);
  });

  it("says of each of a name's addresses why it failed", async () => {
    const errors = ["::1", "127.0.0.1"].map((address) => new Error(`connect ECONNREFUSED ${address}:443`));
    const cause = new AggregateError(errors);
    const failed = () => Promise.reject(new TypeError("fetch failed", { cause }));
    const expected = "cannot be fetched: connect ECONNREFUSED ::1:443, connect ECONNREFUSED 127.0.0.1:443";
    await withFetch(failed, async () => {
      assert.equal(await refusal("https://login.example.com"), message(expected, "https://login.example.com"));
    });
  });

  it("says why a proxy did not let it through", async () => {
    // As Node.js 24 reports it.
    const refused = new DOMException("Proxy response (403) !== 200 when HTTP Tunneling", "AbortError");
    const cause = new Error("Request was cancelled.", { cause: refused });
    await withFetch(
      () => Promise.reject(new TypeError("fetch failed", { cause })),
      async () => {
        const expected = message(`cannot be fetched: ${refused.message}`, "https://login.example.com");
        assert.equal(await refusal("https://login.example.com"), expected);
      },
    );
  });

  for (const product of products) {
    it(`reads the document of ${product.title}`, async () => {
      const { issuer, authorization, token, userInfo, endSession } = product;
      const urls: unknown[] = [];
      const served: typeof fetch = (url) => {
        urls.push(url);
        return Promise.resolve(Response.json(documentOf(product)));
      };
      await withFetch(served, async () => {
        assert.deepEqual(await discover(issuer), { authorization, token, userInfo, endSession });
      });
      assert.deepEqual(urls, [`${issuer.replace(/\/$/, "")}${wellKnown}`]);
    });
  }
});

/** Runs with another fetch than Node's. */
async function withFetch(fake: typeof fetch, run: () => Promise<void>): Promise<void> {
  const { fetch } = globalThis;
  globalThis.fetch = fake;
  try {
    await run();
  } finally {
    globalThis.fetch = fetch;
  }
}
