import assert from "node:assert/strict";
import { connect as connectTls } from "node:tls";
import http2 from "node:http2";
import { location } from "../../../local/cloud/load-balancer/actions/redirect";
import { tlsVersions } from "../../../local/cloud/load-balancer/tls";
import { loadBalancerWorld, says, toTargets } from "./load-balancer-world";
import { ask, rawAsk, server } from "./support";

describe("a load balancer's listeners and rules", () => {
  let world: Awaited<ReturnType<typeof loadBalancerWorld>>;
  beforeEach(async () => {
    world = await loadBalancerWorld();
  });
  afterEach(() => world.close());

  it("tries rules by priority, whatever the order of their making, and the default last", async () => {
    await world.listener({ defaultActions: says("default") });
    await world.rule(20, [{ pathPattern: { values: ["/a*"] } }], says("twenty"));
    await world.rule(10, [{ pathPattern: { values: ["/ab*"] } }], says("ten"));
    const body = async (path: string) => (await ask({ ip: world.ip, port: 80, path })).body;
    assert.deepEqual(await Promise.all(["/abc", "/ac", "/b"].map(body)), ["ten", "twenty", "default"]);
  });

  it("takes over changed and removed rules at once", async () => {
    await world.listener({ defaultActions: says("default") });
    const rule = await world.rule(1, [{ pathPattern: { values: ["/*"] } }], says("before"));
    await world.rule(1, [{ pathPattern: { values: ["/*"] } }], says("after"));
    assert.equal((await ask({ ip: world.ip, port: 80 })).body, "after");
    await world.balancing.remove(rule);
    assert.equal((await ask({ ip: world.ip, port: 80 })).body, "default");
  });

  it("normalizes the path before it compares, and sends it on as it came", async () => {
    const target = await server((request, response) => response.end(`admin ${request.url}`));
    await world.targetGroup();
    await world.listener({ defaultActions: says("default") });
    await world.rule(1, [{ pathPattern: { values: ["/admin/*"] } }], toTargets);
    await world.healthy(target.address);
    const get = async (path: string) =>
      (await rawAsk(world.ip, 80, `GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`)).split("\r\n\r\n")[1];
    for (const path of ["/x/../%61dmin/a", "/./admin/..%2fx", "/admin/"])
      assert.equal(await get(path), `admin ${path}`);
    for (const path of ["/admin/../x", "//admin/", "/admin%2fx", "/ADMIN/"]) assert.equal(await get(path), "default");
    await target.close();
  });

  it("takes a header's presence for a condition by *, whatever its value", async () => {
    await world.listener({ defaultActions: says("default") });
    const has = (httpHeaderName: string, ...values: string[]) => [{ httpHeader: { httpHeaderName, values } }];
    await world.rule(1, has("Sec-WebSocket-Key", "*"), says("socket", "403"));
    await world.rule(2, has("Sec-Fetch-Site", "cross-site", "same-site"), says("elsewhere", "403"));
    await world.rule(3, has("Authorization", "Bearer *"), says("bearer"));
    await world.rule(4, has("Authorization", "*"), says("authorized"));
    const body = async (headers: Record<string, string>) => (await ask({ ip: world.ip, port: 80, headers })).body;
    assert.equal(await body({}), "default");
    assert.equal(await body({ "sec-websocket-key": "" }), "socket");
    assert.equal(await body({ "sec-fetch-site": "same-origin" }), "default");
    assert.equal(await body({ "sec-fetch-site": "Cross-Site" }), "elsewhere");
    assert.equal(await body({ authorization: "bearer x" }), "bearer");
    assert.equal(await body({ authorization: "Basic x" }), "authorized");
    const upgrade =
      "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: eA==\r\n";
    const refused = await rawAsk(world.ip, 80, `GET /ws HTTP/1.1\r\nHost: a\r\n${upgrade}\r\n`);
    assert.match(refused, /^HTTP\/1\.1 403 [^]*\r\n\r\nsocket$/);
  });

  it("refuses conditions beyond AWS's limits", async () => {
    await world.listener({ defaultActions: says("default") });
    const path = (...values: string[]) => ({ pathPattern: { values } });
    const header = (...values: string[]) => ({ httpHeader: { httpHeaderName: "x", values } });
    for (const [conditions, reason] of [
      [[path("/a"), path("/b")], /one condition of pathPattern; got 2/],
      [[header("1", "2", "3", "4")], /up to three values; got 4/],
      [[path("/a", "/b"), header("1", "2"), header("3", "4")], /up to five values together; got 6/],
      [[path("/*/*/*", "/?/?/?")], /up to five wildcards together; got 6/],
      [[path(`/${"x".repeat(128)}`)], /may have 128 characters; got 129/],
      [[header()], /needs a value/],
    ] as const)
      await assert.rejects(world.rule(1, [...conditions], says("x")), reason);
    await world.rule(1, [path("/a*", "/b/\\*"), header("1*"), header("2?", "3*")], says("x"));
  });

  it("sets the listener's headers on every answer, its own and a target's", async () => {
    const target = await server((_request, response) => {
      response.setHeader("x-frame-options", "SAMEORIGIN");
      response.setHeader("x-own", "kept");
      response.end("target");
    });
    await world.targetGroup();
    await world.listener({
      defaultActions: toTargets,
      routingHttpResponseServerEnabled: false,
      routingHttpResponseStrictTransportSecurityHeaderValue: "max-age=31536000",
      routingHttpResponseXFrameOptionsHeaderValue: "DENY",
      routingHttpResponseContentSecurityPolicyHeaderValue: "",
    });
    const page = { contentType: "text/html", statusCode: "200", messageBody: "<p>out</p>" };
    await world.rule(1, [{ pathPattern: { values: ["/own"] } }], [{ type: "fixed-response", fixedResponse: page }]);
    await world.healthy(target.address);
    const [own, its] = [await ask({ ip: world.ip, port: 80, path: "/own" }), await ask({ ip: world.ip, port: 80 })];
    assert.deepEqual([own.body, own.headers["content-type"]], ["<p>out</p>", "text/html"]);
    assert.deepEqual([its.body, its.headers["x-own"]], ["target", "kept"]);
    for (const { headers, rawHeaders } of [own, its]) {
      assert.equal(headers["strict-transport-security"], "max-age=31536000");
      assert.deepEqual(
        rawHeaders.filter((_, at) => /^x-frame-options$/i.test(rawHeaders[at - 1] ?? "")),
        ["DENY"],
      );
      assert.equal(headers["content-security-policy"], undefined);
      assert.equal(headers.server, undefined);
    }
    const broken = await rawAsk(world.ip, 80, "nonsense\r\n\r\n");
    assert.match(broken, /^HTTP\/1\.1 400 [^]*\r\nStrict-Transport-Security: max-age=31536000\r\n/);
    assert.doesNotMatch(broken, /awselb/);
    await assert.rejects(
      world.listener({ defaultActions: toTargets, routingHttpResponseXFrameOptionsHeaderValue: "NO" }),
      /X-Frame-Options cannot be "NO"/,
    );
    await target.close();
  });

  it("fills a redirect's templates and always writes the port", () => {
    const visit = { protocol: "http", port: 80, host: "example.com:80", path: "/a/b", query: "c=d&e" } as const;
    const to = (redirect: object) => location(visit, { statusCode: "HTTP_301", ...redirect });
    assert.equal(to({ protocol: "HTTPS", port: "443" }), "https://example.com:443/a/b?c=d&e");
    assert.equal(to({ host: "www.#{host}", path: "/new/#{path}" }), "http://www.example.com:80/new/a/b?c=d&e");
    assert.equal(to({ path: "/", query: "" }), "http://example.com:80/");
    assert.equal(to({ query: "x=#{path}", host: "h" }), "http://h:80/a/b?x=a/b");
  });

  it("redirects with the small page of a load balancer", async () => {
    const redirect = { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" };
    await world.listener({ defaultActions: [{ type: "redirect", redirect }] });
    const { status, headers, body } = await ask({
      ip: world.ip,
      port: 80,
      path: "/x?y",
      headers: { host: "a.example" },
    });
    assert.equal(status, 301);
    assert.equal(headers.location, "https://a.example:443/x?y");
    assert.equal(headers.server, "awselb/2.0");
    assert.match(body, /<center><h1>301 Moved Permanently<\/h1><\/center>/);
  });

  it("refuses actions, protocols and policies that it does not serve, with all the reasons", async () => {
    const authenticate = { type: "authenticate-saml", order: 1 };
    await assert.rejects(world.listener({ protocol: "TLS", defaultActions: [authenticate] }), (error: Error) => {
      assert.match(error.message, /action type "authenticate-saml" is not served here/);
      assert.match(error.message, /protocol must be HTTP or HTTPS; got "TLS"/);
      return true;
    });
    await assert.rejects(ask({ ip: world.ip, port: 80 }), /ECONNREFUSED/);
    assert.throws(() => tlsVersions("ELBSecurityPolicy-Nope"), /SSL policy 'ELBSecurityPolicy-Nope' not found/);
  });

  it("refuses a priority that another rule has", async () => {
    await world.listener({ defaultActions: says("default") });
    await world.rule(1, [{ pathPattern: { values: ["/*"] } }], says("one"));
    const properties = {
      listenerArn: "listener",
      priority: 1,
      conditions: [{ pathPattern: { values: ["/"] } }],
      actions: says("x"),
    };
    await assert.rejects(world.declare("ListenerRule", "another", properties), /PriorityInUse/);
  });

  it("refuses what is no HTTP, smuggles or asks for TRACE", async () => {
    await world.listener({ defaultActions: says("served") });
    const status = async (text: string) => (await rawAsk(world.ip, 80, text)).split(" ")[1];
    assert.equal(
      await status("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
      "400",
    );
    assert.equal(await status("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n"), "501");
    assert.equal(await status("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"), "400");
    assert.equal(await status("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n"), "400");
    assert.equal(await status("GET / HTTP/1.1\r\nConnection: close\r\n\r\n"), "400");
    assert.equal(await status("nonsense\r\n\r\n"), "400");
    assert.equal(await status("TRACE / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"), "405");
    assert.equal(await status(`GET /${"x".repeat(17_000)} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`), "414");
    assert.equal(
      await status(`GET / HTTP/1.1\r\nHost: a\r\nX: ${"x".repeat(17_000)}\r\nConnection: close\r\n\r\n`),
      "400",
    );
    assert.equal(await status(`GET / HTTP/1.1\r\nHost: a\r\n${"X: y\r\n".repeat(20_000)}\r\n`), "400");
    const hops = Array.from({ length: 31 }, (_, at) => `10.0.0.${at}`).join(", ");
    assert.equal(
      await status(`GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: ${hops}\r\nConnection: close\r\n\r\n`),
      "463",
    );
  });

  it("speaks TLS with the certificate of the asked name and the policy's versions", async () => {
    world.cloud.declare("aws:acm/certificate:Certificate", "cert-a", { arn: "cert-a", domainName: "a.example" });
    world.cloud.declare("aws:acm/certificate:Certificate", "cert-b", {
      arn: "cert-b",
      domainName: "b.example",
      subjectAlternativeNames: ["*.b.example"],
    });
    const sslPolicy = "ELBSecurityPolicy-TLS13-1-2-2021-06";
    await world.listener({
      port: 443,
      protocol: "HTTPS",
      sslPolicy,
      certificateArn: "cert-a",
      defaultActions: says("tls"),
    });
    await world.declare("ListenerCertificate", "more", { listenerArn: "listener", certificateArn: "cert-b" });
    const ca = world.cloud.certificates.ca;
    const common = async (servername: string) =>
      new Promise((resolve, reject) => {
        const socket = connectTls({ host: world.ip, port: 443, servername, ca, rejectUnauthorized: false }, () => {
          resolve(socket.getPeerCertificate().subject.CN);
          socket.destroy();
        });
        socket.on("error", reject);
      });
    assert.equal(await common("a.example"), "a.example");
    assert.equal(await common("x.b.example"), "b.example");
    assert.equal(await common("unknown.example"), "a.example");
    const tls = { servername: "a.example", ca };
    assert.equal((await ask({ ip: world.ip, port: 443, tls })).body, "tls");
    await assert.rejects(ask({ ip: world.ip, port: 443, tls: { ...tls, maxVersion: "TLSv1.1" } }));
  });

  it("stands for a certificate of one's own with whatever name is asked", async () => {
    await world.listener({ port: 443, protocol: "HTTPS", certificateArn: "arn:given", defaultActions: says("own") });
    const tls = { servername: "prefect.example", ca: world.cloud.certificates.ca };
    assert.equal((await ask({ ip: world.ip, port: 443, tls })).body, "own");
  });

  it("offers HTTP/2 to clients and speaks HTTP/1.1 to targets", async () => {
    const target = await server((request, response) => {
      request.resume();
      response.end(
        JSON.stringify({ version: request.httpVersion, host: request.headers.host, cookie: request.headers.cookie }),
      );
    });
    await world.targetGroup();
    await world.listener({ port: 443, protocol: "HTTPS", certificateArn: "arn:given", defaultActions: toTargets });
    await world.healthy(target.address);
    const session = http2.connect(`https://${world.ip}`, { servername: "h2.example", ca: world.cloud.certificates.ca });
    const stream = session.request({
      ":path": "/",
      ":authority": "h2.example",
      ":method": "POST",
      cookie: ["a=1", "b=2"],
    });
    stream.end("body");
    let body = "";
    for await (const chunk of stream) body += String(chunk);
    session.close();
    assert.deepEqual(JSON.parse(body), { version: "1.1", host: "h2.example", cookie: "a=1; b=2" });
    await target.close();
  });
});
