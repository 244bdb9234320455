import assert from "node:assert/strict";
import { connect, createServer, type Server, type Socket } from "node:net";
import { loadBalancerWorld, says, toTargets } from "./load-balancer-world";
import { ask, rawAsk, server, until } from "./support";

describe("a network load balancer", () => {
  let world: Awaited<ReturnType<typeof loadBalancerWorld>>;
  let echo: Server;
  let peers: string[];
  const sockets = new Set<Socket>();

  beforeEach(async () => {
    world = await loadBalancerWorld({ loadBalancerType: "network" });
    peers = [];
    echo = createServer((socket) => {
      sockets.add(socket);
      peers.push(String(socket.remoteAddress));
      socket.on("error", () => undefined);
      socket.on("data", (bytes) => socket.end(`got ${bytes.toString()}`));
    });
    await new Promise<void>((resolve) => echo.listen(0, "127.0.0.1", resolve));
    const healthCheck = { protocol: "TCP", interval: 0.05, timeout: 1 };
    await world.targetGroup({
      protocol: "TCP",
      healthCheck,
      loadBalancingAlgorithmType: "",
      preserveClientIp: "false",
    });
  });
  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => echo.close(resolve));
    await world.close();
  });
  const address = () => ({ ip: "127.0.0.1", port: (echo.address() as { port: number }).port });

  it("passes bytes on to healthy targets, from its own address", async () => {
    await world.listener({ port: 4200, protocol: "TCP", defaultActions: toTargets });
    await world.healthy(address());
    assert.equal(await rawAsk(world.ip, 4200, "no HTTP at all"), "got no HTTP at all");
    assert.deepEqual(new Set(peers), new Set([world.ownIp]));
  });

  it("resets connections while there is no target, and when the target refuses", async () => {
    await world.listener({ port: 4200, protocol: "TCP", defaultActions: toTargets });
    await assert.rejects(rawAsk(world.ip, 4200, "x"), /ECONNRESET|EPIPE/);
    await world.healthy(address());
    await world.balancing.deregisterTarget("tg", address());
    await assert.rejects(rawAsk(world.ip, 4200, "x"), /ECONNRESET|EPIPE/);
  });

  it("speaks TLS for its targets with the declared certificate", async () => {
    world.cloud.declare("aws:acm/certificate:Certificate", "cert-a", { arn: "cert-a", domainName: "a.example" });
    const tls = { port: 443, protocol: "TLS", certificateArn: "cert-a" };
    await world.listener({ ...tls, defaultActions: toTargets });
    await world.healthy(address());
    const secure = { servername: "a.example", ca: world.cloud.certificates.ca };
    assert.equal(await rawAsk(world.ip, 443, "x", secure), "got x");
  });

  it("lets connections end within the deregistration delay, then cuts them", async () => {
    await world.targetGroup({
      protocol: "TCP",
      deregistrationDelay: 0.1,
      healthCheck: { protocol: "TCP", interval: 1 },
    });
    await world.listener({ port: 4200, protocol: "TCP", defaultActions: toTargets });
    await world.healthy(address());
    const before = peers.length;
    const client = connect(4200, world.ip);
    client.on("error", () => undefined);
    await until(() => peers.length > before);
    const closed = new Promise((resolve) => client.once("close", resolve));
    await world.balancing.deregisterTarget("tg", address());
    await closed;
  });

  it("is refused what it cannot do, with every reason", async () => {
    const login = [{ type: "jwt-validation", jwtValidation: {} }, ...says("x")];
    await assert.rejects(world.listener({ protocol: "HTTP", defaultActions: login }), (error: Error) => {
      assert.match(error.message, /has one action, of type forward/);
      assert.match(error.message, /protocol must be TCP or TLS; got "HTTP"/);
      return true;
    });
    await assert.rejects(world.listener({ protocol: "TLS", defaultActions: toTargets }), /needs certificateArn/);
    await world.targetGroup();
    await world.declare("TargetGroup", "web", { name: "web", protocol: "HTTP" });
    const toWeb = [{ type: "forward", targetGroupArn: "web" }];
    await assert.rejects(
      world.listener({ protocol: "TCP", defaultActions: toWeb }),
      /HTTP does not go with .* network/,
    );
    await world.listener({
      port: 4200,
      protocol: "TCP",
      defaultActions: toWeb.slice(1).concat({ type: "forward", targetGroupArn: "tcp" }),
    });
    await assert.rejects(
      world.rule(1, [{ pathPattern: { values: ["/"] } }], says("x")),
      /of Application Load Balancers/,
    );
  });
});

describe("a target group's stickiness", () => {
  it("keeps a client with its target while that is healthy, and cannot be made up", async () => {
    const world = await loadBalancerWorld();
    const targets = await Promise.all(
      ["one", "two", "three"].map((name) =>
        server((request, response) => {
          if (request.url === "/own") response.setHeader("Set-Cookie", "own=1");
          response.end(name);
        }),
      ),
    );
    await world.targetGroup({ stickiness: { enabled: true, type: "lb_cookie", cookieDuration: 60 } });
    await world.listener({ defaultActions: toTargets });
    for (const target of targets) await world.healthy(target.address);
    const get = (cookie?: string, path = "/") =>
      ask({ ip: world.ip, port: 80, path, headers: { ...(cookie && { cookie }) } });
    const first = await get();
    const [plain = "", cors = ""] = first.headers["set-cookie"] ?? [];
    assert.match(plain, /^AWSALB=[\w-]+; Expires=[^;]+; Path=\/$/);
    assert.match(cors, /^AWSALBCORS=[\w-]+; Expires=[^;]+; Path=\/; SameSite=None; Secure$/);
    const cookie = plain.split(";")[0] as string;
    for (let time = 0; time < 5; time++) assert.equal((await get(cookie)).body, first.body);
    assert.equal((await get(cookie, "/own")).headers["set-cookie"]?.length, 3);
    const broken = new Set<string>();
    for (let time = 0; time < 6; time++) broken.add((await get(`${cookie}x`.replace("=", "=A"))).body);
    assert.equal(broken.size, 3);
    const stuck = targets[["one", "two", "three"].indexOf(first.body)];
    assert.ok(stuck);
    await world.balancing.deregisterTarget("tg", stuck.address);
    assert.notEqual((await get(cookie)).body, first.body);
    const realNow = Date.now;
    await world.healthy(stuck.address);
    try {
      Date.now = () => realNow() + 61_000;
      const bodies = new Set<string>();
      for (let time = 0; time < 6; time++) bodies.add((await get(cookie)).body);
      assert.equal(bodies.size, 3);
    } finally {
      Date.now = realNow;
    }
    await Promise.all(targets.map((target) => target.close()));
    await world.close();
  });

  it("and whatever else is not served is refused, with all the reasons", async () => {
    const world = await loadBalancerWorld();
    const wrong = {
      protocol: "UDP",
      slowStart: 10,
      stickiness: { enabled: true, type: "source_ip" },
      loadBalancingAlgorithmType: "best",
      proxyProtocolV2: true,
    };
    await assert.rejects(world.targetGroup(wrong), (error: Error) => {
      for (const reason of [/"UDP"/, /slowStart/, /"source_ip"/, /"best"/, /proxyProtocolV2/])
        assert.match(error.message, reason);
      return true;
    });
    const reserved = { enabled: true, type: "app_cookie", cookieName: "AWSALBTG" };
    await assert.rejects(world.targetGroup({ stickiness: reserved }), /needs a cookieName that is not reserved/);
    const slow = { slowStart: 30, loadBalancingAlgorithmType: "least_outstanding_requests" };
    await assert.rejects(world.targetGroup(slow), /slowStart does not go with/);
    const https = { port: 443, protocol: "HTTPS", certificateArn: "arn:given", defaultActions: says("x") };
    await assert.rejects(
      world.listener({ ...https, mutualAuthentication: { mode: "verify" } }),
      /"verify" is not served/,
    );
    await world.close();
  });
});
