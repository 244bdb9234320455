import assert from "node:assert/strict";
import { connect, createServer, type Server, type Socket } from "node:net";
import { loadBalancerWorld, says, toTargets } from "./load-balancer-world";
import { rawAsk, until } from "./support";

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

  it("keeps a client's address with one target, where the group is sticky", async () => {
    const more = await Promise.all(
      ["127.0.0.2", "127.0.0.3"].map(async (host) => {
        const one = createServer((socket) => socket.on("error", () => undefined).end(host));
        await new Promise<void>((resolve) => one.listen(0, host, resolve));
        return one;
      }),
    );
    const stickiness = { enabled: true, type: "source_ip" };
    await world.targetGroup({
      protocol: "TCP",
      healthCheck: { protocol: "TCP", interval: 0.05, timeout: 1 },
      stickiness,
    });
    await world.listener({ port: 4200, protocol: "TCP", defaultActions: toTargets });
    for (const one of more) {
      const { address: ip, port } = one.address() as { address: string; port: number };
      await world.healthy({ ip, port });
    }
    const answers = new Set<string>();
    for (let time = 0; time < 4; time++) answers.add(await rawAsk(world.ip, 4200, ""));
    assert.equal(answers.size, 1);
    for (const one of more) await new Promise((resolve) => one.close(resolve));
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
