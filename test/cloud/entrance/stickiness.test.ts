import assert from "node:assert/strict";
import type { TargetAddress } from "../../../local/cloud/load-balancer/declarations";
import { loadBalancerWorld, says, toTargets } from "./load-balancer-world";
import { ask, server, until } from "./support";

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

  /** Two targets "one" and "two" of a group; what they answer may set a cookie of their own. */
  const twoTargets = async (properties: Record<string, unknown>) => {
    const world = await loadBalancerWorld();
    const targets = await Promise.all(
      ["one", "two"].map((name) =>
        server((request, response) => {
          if (request.url === "/session") response.setHeader("Set-Cookie", "session=1; Path=/");
          response.end(name);
        }),
      ),
    );
    await world.targetGroup(properties);
    await world.listener({ defaultActions: toTargets });
    const get = (path = "/", cookie?: string) =>
      ask({ ip: world.ip, port: 80, path, headers: { ...(cookie && { cookie }) } });
    const close = async () => {
      await Promise.all(targets.map((target) => target.close()));
      await world.close();
    };
    return { world, targets, get, close };
  };

  it("follows the application's own cookie, for as long as both are sent", async () => {
    const stickiness = { enabled: true, type: "app_cookie", cookieName: "session", cookieDuration: 60 };
    const { world, targets, get, close } = await twoTargets({ stickiness });
    for (const target of targets) await world.healthy(target.address);
    assert.equal((await get()).headers["set-cookie"], undefined);
    const first = await get("/session");
    const [own, app = ""] = first.headers["set-cookie"] ?? [];
    assert.equal(own, "session=1; Path=/");
    const [, sealed = "", expires = ""] = /^(AWSALBAPP=[\w-]+); Expires=([^;]+); Path=\/$/.exec(app) ?? [];
    assert.ok(Math.abs(Date.parse(expires) - Date.now() - 7 * 86_400_000) < 5000);
    for (let time = 0; time < 4; time++) {
      const again = await get("/", `session=1; ${sealed}`);
      assert.equal(again.body, first.body);
      assert.match(again.headers["set-cookie"]?.[0] ?? "", /^AWSALBAPP=/);
    }
    const alone = new Set<string>();
    for (let time = 0; time < 4; time++) alone.add((await get("/", sealed)).body);
    assert.equal(alone.size, 2);
    await close();
  });

  it("of several groups keeps a client with its group, by a cookie of its own", async () => {
    const { world, targets, get, close } = await twoTargets({});
    await world.declare("TargetGroup", "other", { name: "other", healthCheck: { interval: 0.05, path: "/health" } });
    const targetGroups = [
      { arn: "tg", weight: 1 },
      { arn: "other", weight: 1 },
    ];
    const forward = { targetGroups, stickiness: { enabled: true, duration: 60 } };
    await world.listener({ defaultActions: [{ type: "forward", forward }] });
    const [one, two] = targets.map(({ address }) => address) as [TargetAddress, TargetAddress];
    await world.healthy(one);
    world.balancing.registerTarget("other", two);
    await until(() => world.balancing.targetHealth("other", two) === "healthy");
    const bodies = new Map<string, string>();
    for (let time = 0; time < 40 && bodies.size < 2; time++) {
      const { body, headers } = await get();
      const [plain = "", cors = ""] = headers["set-cookie"] ?? [];
      assert.match(cors, /^AWSALBTGCORS=[^;]+; .*SameSite=None; Secure$/);
      bodies.set(body, (/^AWSALBTG=[\w-]+/.exec(plain) ?? [""])[0]);
    }
    assert.deepEqual([...bodies.keys()].sort(), ["one", "two"]);
    for (const [body, cookie] of bodies) {
      for (let time = 0; time < 5; time++) assert.equal((await get("/", cookie)).body, body);
    }
    const wrong = { ...forward, stickiness: { enabled: true, duration: 604_801 } };
    await assert.rejects(
      world.listener({ defaultActions: [{ type: "forward", forward: wrong }] }),
      /duration must be from 1 to 604800 seconds; got 604801/,
    );
    await close();
  });

  it("and slow start gives a new target ever more of its turns", async () => {
    const { world, targets, get, close } = await twoTargets({ slowStart: 30 });
    const [one, two] = targets.map(({ address }) => address) as [TargetAddress, TargetAddress];
    await world.healthy(one);
    const realNow = Date.now;
    await world.healthy(two);
    const began = realNow();
    const shareAfter = async (seconds: number) => {
      Date.now = () => began + seconds * 1000;
      let count = 0;
      for (let time = 0; time < 200; time++) if ((await get()).body === "two") count += 1;
      return count / 200;
    };
    try {
      assert.ok((await shareAfter(0)) < 0.05);
      // Half of the turns that it is asked at: a third of all requests.
      const half = await shareAfter(15);
      assert.ok(half > 0.2 && half < 0.45, String(half));
      assert.equal(await shareAfter(31), 0.5);
    } finally {
      Date.now = realNow;
    }
    await close();
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
