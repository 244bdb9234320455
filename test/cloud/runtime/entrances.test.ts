import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { LocalCloud } from "./support/local-cloud";
import { putNetworkAndRole, putService, putTaskDefinition, quickToStop, shell } from "./support/stack";

const serve = "cd /opt; python3 -m http.server 8000 & exec python3 -m http.server 8001";
const dropped = "000";

describe("Load balancers in a VPC", function () {
  this.timeout(60_000);
  const cloud = new LocalCloud();

  before(async () => {
    await cloud.start();
    await putNetworkAndRole(cloud);
    for (const id of ["sg-client", "sg-stranger", "sg-server", "sg-inner", "sg-outer"])
      await cloud.put("aws:ec2/securityGroup:SecurityGroup", id, {
        ...{ vpcId: "vpc-1", egress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }] },
      });
    await Promise.all(["client", "stranger"].map((name) => run(name, "exec sleep 1000", `sg-${name}`)));
  });
  after(() => cloud.remove());

  const run = async (name: string, script: string, group: string, more: Record<string, unknown> = {}) =>
    putService(cloud, name, await putTaskDefinition(cloud, name, [shell(name, script, quickToStop)]), {
      networkConfiguration: { subnets: ["subnet-1"], securityGroups: [group] },
      ...more,
    });
  const allow = (id: string, securityGroupId: string, port: number, peer: Record<string, unknown>) =>
    cloud.put("aws:ec2/securityGroupRule:SecurityGroupRule", id, {
      ...{ type: "ingress", securityGroupId, protocol: "tcp", fromPort: port, toPort: port, ...peer },
    });
  const balancer = (name: string, properties: Record<string, unknown>) =>
    cloud.put("aws:lb/loadBalancer:LoadBalancer", name, {
      ...{ arn: name, name, dnsName: `${name}.elb.amazonaws.com`, subnets: ["subnet-1"], ...properties },
    });
  const listen = (loadBalancerArn: string, port: number, action: Record<string, unknown>, protocol = "HTTP") =>
    cloud.put("aws:lb/listener:Listener", `${loadBalancerArn}-${port}`, {
      ...{ arn: `${loadBalancerArn}-${port}`, loadBalancerArn, port, protocol, defaultActions: [action] },
    });
  const says = (messageBody: string) => ({
    ...{ type: "fixed-response", fixedResponse: { contentType: "text/plain", statusCode: "200", messageBody } },
  });
  const targetGroup = (name: string, port: number, protocol: string, path?: string) =>
    cloud.put("aws:lb/targetGroup:TargetGroup", name, {
      ...{ arn: name, name, port, protocol, vpcId: "vpc-1", targetType: "ip", deregistrationDelay: 0 },
      healthCheck: { interval: 0.2, timeout: 0.3, protocol, path },
    });

  const write = ["-s", "-m", "1", "-o", "-", "-w", "%{http_code}"];
  /** What a task gets: the answer and its status, 000 where there was none. */
  const ask = async (from: string, url: string) => (await cloud.inside(from, "curl", ...write, url)).output;
  /** What the internet gets, by a tunnel: its status, that of the answer. */
  const askFromOutside = (url: string) => {
    const tunnel = ["-p", "-x", `http://127.0.0.1:${cloud.port}`, "-m", "1", "-s", "-o", "/dev/null"];
    return spawnSync("curl", [...tunnel, "-w", "%{http_connect} %{http_code}", url], { encoding: "utf8" }).stdout;
  };

  describe("An internal one", () => {
    const names = ["inner.elb.amazonaws.com", "prefect.internal", "inner.example.com"];

    before(async () => {
      await balancer("inner", { internal: true, securityGroups: ["sg-inner"] });
      await listen("inner", 80, says("inside "));
      await allow("client-inner", "sg-inner", 80, { sourceSecurityGroupId: "sg-client" });
      for (const [zone, vpcs] of [
        ["internal", [{ vpcId: "vpc-1" }]],
        ["example.com", []],
      ] as const) {
        await cloud.put("aws:route53/zone:Zone", zone, { name: zone, vpcs });
        await cloud.put("aws:route53/record:Record", `${zone}-record`, {
          ...{ name: zone === "internal" ? "prefect" : "inner", zoneId: zone, type: "A" },
          aliases: [{ name: "inner.elb.amazonaws.com", zoneId: "Z32O12XQLNTSW2", evaluateTargetHealth: true }],
        });
      }
    });

    it("is reached by the group that it admits, by each of its names", async () => {
      for (const name of names) assert.equal(await ask("client", `http://${name}/`), "inside 200", name);
      assert.equal(await ask("stranger", "http://prefect.internal/"), dropped);
    });

    it("is out of the internet's reach, whatever its groups say", async () => {
      await allow("anyone-inner", "sg-inner", 80, { cidrBlocks: ["0.0.0.0/0"] });
      assert.equal(await ask("stranger", "http://prefect.internal/"), "inside 200");
      for (const name of names) assert.equal(askFromOutside(`http://${name}/`), "403 000", name);
      const { publicHosts } = await cloud.status();
      assert.deepEqual(
        names.filter((name) => publicHosts.includes(name)),
        [],
      );
    });
  });

  describe("An internet-facing one", () => {
    before(async () => {
      await balancer("outer", { internal: false, securityGroups: ["sg-outer"] });
      await listen("outer", 80, says("outside "));
      await cloud.put("aws:lb/listenerRule:ListenerRule", "nat", {
        ...{ arn: "nat", listenerArn: "outer-80", priority: 1 },
        conditions: [{ sourceIp: { values: ["203.0.113.20/32"] } }],
        actions: [says("by NAT ")],
      });
    });

    it("is closed to the internet without a rule for it", () => {
      assert.equal(askFromOutside("http://outer.elb.amazonaws.com/"), "000 000");
    });

    it("does not know a task's group: tasks come by the NAT gateway's address", async () => {
      await allow("client-outer", "sg-outer", 80, { sourceSecurityGroupId: "sg-client" });
      assert.equal(await ask("client", "http://outer.elb.amazonaws.com/"), dropped);
      await allow("nat-outer", "sg-outer", 80, { cidrBlocks: ["203.0.113.20/32"] });
      assert.equal(await ask("client", "http://outer.elb.amazonaws.com/"), "by NAT 200");
    });

    it("is open where its group admits the internet", async () => {
      await allow("internet-outer", "sg-outer", 80, { cidrBlocks: ["0.0.0.0/0"] });
      assert.equal(askFromOutside("http://outer.elb.amazonaws.com/"), "200 200");
    });

    it("has names of a private zone for those inside only", async () => {
      await cloud.put("aws:route53/zone:Zone", "inside", { name: "inside", vpcs: [{ vpcId: "vpc-1" }] });
      await cloud.put("aws:route53/record:Record", "inside-record", {
        ...{ name: "outer.inside", zoneId: "inside", type: "CNAME", records: ["outer.elb.amazonaws.com"] },
      });
      assert.equal(await ask("client", "http://outer.inside/"), "by NAT 200");
      assert.equal(askFromOutside("http://outer.inside/"), "403 000");
    });

    it("takes other groups while it runs", async () => {
      await balancer("outer", { internal: false, securityGroups: ["sg-client"] });
      assert.equal(askFromOutside("http://outer.elb.amazonaws.com/"), "000 000");
    });
  });

  describe("A network load balancer without groups", () => {
    before(async () => {
      await balancer("network", { internal: true, loadBalancerType: "network" });
      await targetGroup("network-targets", 8000, "TCP");
      await listen("network", 80, { type: "forward", targetGroupArn: "network-targets" }, "TCP");
    });

    it("lets everybody in, and its targets see it and no group", async () => {
      const loadBalancers = [{ targetGroupArn: "network-targets", containerName: "server", containerPort: 8000 }];
      await run("server", serve, "sg-server", {
        loadBalancers,
        waitForSteadyState: false,
        healthCheckGracePeriodSeconds: 60,
      });
      await cloud.until("the target is checked", async () => /is unhealthy/.test(cloud.log));
      await allow("vpc-server", "sg-server", 8000, { cidrBlocks: ["10.7.0.0/16"] });
      await cloud.until("the service is steady", async () =>
        (await cloud.status()).services.some(({ name, steady }) => name === "server" && steady),
      );
      for (const from of ["client", "stranger"]) {
        assert.match(await ask(from, "http://network.elb.amazonaws.com/"), /200$/);
      }
    });
  });

  describe("Several for one service", () => {
    const of = (...ports: number[]) =>
      ports.map((containerPort) => ({
        ...{ targetGroupArn: `several-${containerPort}`, containerName: "several", containerPort },
      }));
    const statuses = () =>
      Promise.all(
        [8000, 8001].map(async (port) => (await ask("client", `http://several.elb.amazonaws.com:${port}/`)).slice(-3)),
      );

    it("are refused while no listener leads to the target group", async () => {
      await targetGroup("unused", 8000, "HTTP", "/");
      const loadBalancers = [{ targetGroupArn: "unused", containerName: "unused", containerPort: 8000 }];
      await assert.rejects(
        run("unused", serve, "sg-server", { loadBalancers }),
        /^Error: .*The target group with targetGroupArn unused does not have an associated load balancer\.$/,
      );
    });

    it("have a target each, and a change of them is a deployment that drains the old", async () => {
      await balancer("several", { internal: true, securityGroups: ["sg-inner"] });
      for (const port of [8000, 8001]) {
        await targetGroup(`several-${port}`, port, "HTTP", "/");
        await listen("several", port, { type: "forward", targetGroupArn: `several-${port}` });
        await allow(`client-several-${port}`, "sg-inner", port, { sourceSecurityGroupId: "sg-client" });
        await allow(`several-${port}`, "sg-server", port, { sourceSecurityGroupId: "sg-inner" });
      }
      await run("several", serve, "sg-server", { loadBalancers: of(8000, 8001), healthCheckGracePeriodSeconds: 60 });
      assert.deepEqual(await statuses(), ["200", "200"]);
      await run("several", serve, "sg-server", { loadBalancers: of(8001), healthCheckGracePeriodSeconds: 60 });
      assert.deepEqual(await statuses(), ["503", "200"]);
      const events = (await cloud.events("several")).join("\n");
      assert.match(events, /registered 1 targets in \(target-group several-8001\)/);
      assert.match(events, /deregistered 1 targets in \(target-group several-8000\)/);
    });
  });
});
