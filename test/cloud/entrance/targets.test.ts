import assert from "node:assert/strict";
import http from "node:http";
import { connect, createServer } from "node:net";
import { WebSocket, WebSocketServer } from "ws";
import { loadBalancerWorld, toTargets } from "./load-balancer-world";
import { ask, pause, rawAsk, server, until } from "./support";

type World = Awaited<ReturnType<typeof loadBalancerWorld>>;
type TestServer = Awaited<ReturnType<typeof server>>;

describe("a load balancer's targets", () => {
  let world: World;
  let targets: TestServer[];

  const target = async (handler: http.RequestListener, ip?: string) => {
    const made = await server((request, response) => {
      if (request.url === "/health") response.end("ok");
      else handler(request, response);
    }, ip);
    targets.push(made);
    return made;
  };
  const open = async (properties: Record<string, unknown> = {}, attributes: Record<string, unknown> = {}) => {
    world = await loadBalancerWorld(attributes);
    await world.targetGroup(properties);
    await world.listener({ defaultActions: toTargets });
  };
  const get = (path = "/", more: object = {}) => ask({ ip: world.ip, port: 80, path, ...more });

  beforeEach(() => {
    targets = [];
  });
  afterEach(async () => {
    await world.close();
    await Promise.all(targets.map((one) => one.close()));
  });

  it("get requests only after passing a health check, and 503 answers until then", async () => {
    let status = 500;
    const one = await server((request, response) =>
      response.writeHead(request.url === "/health" ? status : 200).end("yes"),
    );
    targets.push(one);
    await open();
    assert.equal((await get()).status, 503);
    world.balancing.registerTarget("tg", one.address);
    assert.equal(world.balancing.targetHealth("tg", one.address), "initial");
    assert.equal((await get()).status, 503);
    status = 200;
    await until(() => world.balancing.targetHealth("tg", one.address) === "healthy");
    assert.equal((await get()).body, "yes");
  });

  it("are checked as declared: method, agent, matcher, thresholds, from the load balancer's address", async () => {
    const seen: string[] = [];
    let status = 204;
    const one = await server((request, response) => {
      seen.push(`${request.method} ${request.url} ${request.headers["user-agent"]} ${request.socket.remoteAddress}`);
      response.writeHead(status).end();
    });
    targets.push(one);
    const healthCheck = {
      path: "/live",
      matcher: "200-204,302",
      interval: 0.02,
      timeout: 1,
      healthyThreshold: 3,
      unhealthyThreshold: 2,
    };
    await open({ healthCheck });
    await world.healthy(one.address);
    assert.equal(seen[0], `GET /live ELB-HealthChecker/2.0 ${world.ownIp}`);
    status = 205;
    const before = seen.length;
    await until(() => world.balancing.targetHealth("tg", one.address) === "unhealthy");
    assert.ok(seen.length - before >= 2);
    status = 302;
    const failed = seen.length;
    await until(() => world.balancing.targetHealth("tg", one.address) === "healthy");
    assert.ok(seen.length - failed >= 3);
  });

  it("are unused while no listener sends to their group", async () => {
    world = await loadBalancerWorld();
    await world.targetGroup();
    const one = await target((_request, response) => response.end());
    world.balancing.registerTarget("tg", one.address);
    await pause(100);
    assert.equal(world.balancing.targetHealth("tg", one.address), "unused");
  });

  it("all get requests when none is healthy: it fails open", async () => {
    const one = await server((request, response) =>
      response.writeHead(request.url === "/health" ? 500 : 200).end("open"),
    );
    targets.push(one);
    await open();
    world.balancing.registerTarget("tg", one.address);
    await until(() => world.balancing.targetHealth("tg", one.address) === "unhealthy");
    assert.equal((await get()).body, "open");
  });

  it("take turns", async () => {
    await open();
    for (const name of ["one", "two"])
      await world.healthy((await target((_request, response) => response.end(name))).address);
    const bodies = [await get(), await get(), await get(), await get()].map(({ body }) => body);
    assert.deepEqual(bodies.slice().sort(), ["one", "one", "two", "two"]);
    assert.notEqual(bodies[0], bodies[1]);
  });

  it("finish what they are answering when deregistered, and get nothing new", async () => {
    let release: () => void = () => undefined;
    const one = await target((_request, response) => {
      response.write("begun ");
      release = () => response.end("and done");
    });
    await open();
    await world.healthy(one.address);
    const slow = get("/slow");
    await until(() => release.length === 0 && world.balancing.targetHealth("tg", one.address) === "healthy");
    await pause(50);
    let drained = false;
    const gone = world.balancing.deregisterTarget("tg", one.address).then(() => {
      drained = true;
    });
    assert.equal(world.balancing.targetHealth("tg", one.address), "draining");
    assert.equal((await get()).status, 503);
    assert.equal(drained, false);
    release();
    assert.equal((await slow).body, "begun and done");
    await gone;
    assert.equal(world.balancing.targetHealth("tg", one.address), "unused");
  });

  it("are cut off when the deregistration delay is over", async () => {
    const one = await target((_request, response) => void response.write("begun"));
    await open({ deregistrationDelay: 0.1 });
    await world.healthy(one.address);
    const slow = get("/slow");
    slow.catch(() => undefined);
    await pause(50);
    await world.balancing.deregisterTarget("tg", one.address);
    await assert.rejects(slow);
  });

  it("that refuse or drop the connection give 502, silent ones 504, a stalled upload 408", async () => {
    const dropper = createServer((socket) => {
      socket.once("data", (data) => {
        if (data.toString().startsWith("GET /health")) socket.end("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        else if (data.toString().startsWith("GET /drop")) socket.destroy();
      });
      socket.on("error", () => undefined);
    });
    await new Promise<void>((resolve) => dropper.listen(0, "127.0.0.1", resolve));
    const address = { ip: "127.0.0.1", port: (dropper.address() as { port: number }).port };
    await open({}, { idleTimeout: 0.3 });
    await world.healthy(address);
    const dropped = await get("/drop");
    assert.deepEqual([dropped.status, dropped.headers.server], [502, "awselb/2.0"]);
    assert.match(dropped.body, /<h1>502 Bad Gateway<\/h1>/);
    assert.equal((await get("/silent")).status, 504);
    const stalled = await rawAsk(
      world.ip,
      80,
      "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\nConnection: close\r\n\r\nabc",
    );
    assert.match(stalled, /^HTTP\/1\.1 408 /);
    dropper.close();
    await world.declare("TargetGroup", "tg", { name: "tg", healthCheck: { enabled: false } });
    await world.balancing.deregisterTarget("tg", address);
    world.balancing.registerTarget("tg", { ip: "127.0.0.1", port: 1 });
    assert.equal((await get()).status, 502);
  });

  it("see who asked: X-Forwarded-*, a trace id, the Host; and no connection headers", async () => {
    const seen: http.IncomingHttpHeaders[] = [];
    const one = await target((request, response) => {
      seen.push(request.headers);
      response.end();
    });
    await open();
    await world.healthy(one.address);
    const headers = {
      host: "a.example",
      "x-forwarded-for": "6.6.6.6",
      "x-forwarded-proto": "https",
      "x-forwarded-port": "443",
      "x-amzn-oidc-identity": "kept",
      connection: "close, x-private",
      "x-private": "1",
    };
    await get("/", { headers, localAddress: "127.9.9.9" });
    const [first] = seen;
    assert.equal(first?.["x-forwarded-for"], "6.6.6.6, 127.9.9.9");
    assert.equal(first?.["x-forwarded-proto"], "http");
    assert.equal(first?.["x-forwarded-port"], "80");
    assert.match(String(first?.["x-amzn-trace-id"]), /^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/);
    assert.equal(first?.host, "a.example");
    assert.equal(first?.["x-amzn-oidc-identity"], "kept");
    assert.equal(first?.["x-private"], undefined);
    await get("/", { headers: { "X-Amzn-Trace-Id": "Root=1-67891233-abcdef012345678912345678;Self=x" } });
    assert.match(
      String(seen[1]?.["x-amzn-trace-id"]),
      /^Self=1-[0-9a-f-]{33};Root=1-67891233-abcdef012345678912345678$/,
    );
  });

  it("get invalid header names unless they are dropped, and X-Forwarded-For by its mode", async () => {
    const seen: http.IncomingHttpHeaders[] = [];
    const one = await target((request, response) => {
      seen.push(request.headers);
      response.end();
    });
    await open();
    await world.healthy(one.address);
    const headers = { x_forwarded_user: "admin", "x-forwarded-for": "6.6.6.6" };
    await get("/", { headers });
    await world.declareLoadBalancer({ dropInvalidHeaderFields: true, xffHeaderProcessingMode: "preserve" });
    await get("/", { headers });
    await world.declareLoadBalancer({ xffHeaderProcessingMode: "remove" });
    await get("/", { headers });
    const shown = seen.map((one) => [
      one.x_forwarded_user,
      String(one["x-forwarded-for"]).replace(/, 127.*/, ", client"),
    ]);
    assert.deepEqual(shown, [
      ["admin", "6.6.6.6, client"],
      [undefined, "6.6.6.6"],
      ["admin", "undefined"],
    ]);
  });

  it("stream both ways without anything being held back", async () => {
    const one = await target((request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream", "set-cookie": ["a=1", "b=2"] });
      request.on("data", (chunk: Buffer) => response.write(`got ${chunk.toString()}`));
      request.on("end", () => response.end());
    });
    await open();
    await world.healthy(one.address);
    const request = http.request({ host: world.ip, port: 80, method: "POST", agent: false });
    request.write("1");
    const response = await new Promise<http.IncomingMessage>((resolve) => request.once("response", resolve));
    assert.deepEqual(response.headers["set-cookie"], ["a=1", "b=2"]);
    const next = () => new Promise<string>((resolve) => response.once("data", (chunk) => resolve(String(chunk))));
    assert.equal(await next(), "got 1");
    request.write("2");
    assert.equal(await next(), "got 2");
    request.end();
    await new Promise((resolve) => response.once("end", resolve).resume());
  });

  it("see the end of a client that goes away", async () => {
    let closed = false;
    const one = await target((_request, response) => {
      response.on("close", () => {
        closed = true;
      });
    });
    await open();
    await world.healthy(one.address);
    const socket = connect(80, world.ip, () => socket.write("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n"));
    await pause(50);
    socket.destroy();
    await until(() => closed);
  });

  it("keep a connection for the next request", async () => {
    const ports = new Set<number | undefined>();
    const one = await target((request, response) => {
      ports.add(request.socket.remotePort);
      response.end();
    });
    await open();
    await world.healthy(one.address);
    for (let count = 0; count < 3; count++) await get();
    assert.equal(ports.size, 1);
  });

  describe("with WebSockets", () => {
    const sockets = (handler: http.RequestListener = (_request, response) => void response.writeHead(401).end("no")) =>
      target(handler).then((one) => {
        const echo = new WebSocketServer({ noServer: true });
        one.http.on("upgrade", (request, socket, head) => {
          if (request.url === "/refused") socket.end("HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno");
          else
            echo.handleUpgrade(request, socket, head, (peer) =>
              peer.on("message", (data: Buffer) => peer.send(`echo ${data.toString()}`)),
            );
        });
        return one;
      });
    const openSocket = async (path = "/ws") => {
      const socket = new WebSocket(`ws://${world.ip}${path}`);
      await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
      return socket;
    };

    it("hand bytes on both ways, and pass a refusal on", async () => {
      await open();
      await world.healthy((await sockets()).address);
      const socket = await openSocket();
      socket.send("hello");
      assert.equal(String(await new Promise((resolve) => socket.once("message", resolve))), "echo hello");
      socket.close();
      await assert.rejects(openSocket("/refused"), /Unexpected server response: 401/);
    });

    it("end a silent one after the idle timeout, and not one that speaks", async () => {
      await open({}, { idleTimeout: 0.3 });
      await world.healthy((await sockets()).address);
      const [silent, speaking] = [await openSocket(), await openSocket()];
      let ended = false;
      silent.once("error", (error) => assert.fail(error));
      silent.once("close", () => {
        ended = true;
      });
      const ticking = setInterval(() => speaking.send("x"), 100);
      await until(() => ended);
      await pause(300);
      assert.equal(speaking.readyState, WebSocket.OPEN);
      clearInterval(ticking);
      speaking.close();
    });

    it("count as under way when draining", async () => {
      await open({ deregistrationDelay: 0.3 });
      const one = await sockets();
      await world.healthy(one.address);
      const socket = await openSocket();
      let ended = false;
      socket.once("close", () => {
        ended = true;
      });
      const gone = world.balancing.deregisterTarget("tg", one.address);
      await pause(100);
      assert.equal(ended, false);
      await gone;
      await until(() => ended);
    });

    it("answer 503 to an upgrade without targets, and ignore an Upgrade to anything else", async () => {
      await open();
      await assert.rejects(openSocket(), /Unexpected server response: 503/);
      const one = await target((request, response) => response.end(`upgrade ${request.headers.upgrade}`));
      await world.healthy(one.address);
      assert.equal((await get("/", { headers: { connection: "upgrade", upgrade: "h2c" } })).body, "upgrade undefined");
    });
  });

  it("end a silent connection at the idle timeout without a word, and half a request with 408", async () => {
    const one = await target((_request, response) => response.end("answered"));
    await open({}, { idleTimeout: 0.2 });
    await world.healthy(one.address);
    assert.equal(await rawAsk(world.ip, 80, ""), "");
    const kept = await rawAsk(world.ip, 80, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    assert.match(kept, /^HTTP\/1\.1 200 OK\r\n[^]*answered$/);
    assert.doesNotMatch(kept, /keep-alive:/i);
    assert.match(await rawAsk(world.ip, 80, "GET / HTTP/1.1\r\nHost"), /^HTTP\/1\.1 408 /);
  });
});
