import assert from "node:assert/strict";
import { build } from "../support/world";
import { albSystem, rulesOf, type SystemName, worldOf } from "./support/systems";

const group = (name: string) => `arn:aws:lb:eu-west-1:123456789012:${name}`;

describe("The internal load balancer", function () {
  // The AWS SDK is loaded on first use.
  this.timeout(20_000);

  it("is there for workers in the VPC, and for nobody else", async () => {
    for (const [name, count] of [
      ["gateway private", 1],
      ["alb", 1],
      ["gateway", 0],
      ["alb public", 0],
    ] as const) {
      const world = await worldOf(name);
      const internal = world.all("aws:lb/loadBalancer:LoadBalancer").filter(({ inputs }) => inputs.internal === true);
      assert.equal(internal.length, count, name);
      assert.equal(world.all("aws:route53/zone:Zone").length, count, name);
    }
  });

  for (const [name, type, http] of [
    ["alb", "application", { idleTimeout: 60, dropInvalidHeaderFields: true, desyncMitigationMode: "strictest" }],
    ["alb private by network", "network", {}],
  ] as const) {
    it(`stands in the private subnets, cannot be deleted by mistake, and is of the type of the settings: ${type}`, async () => {
      const { inputs } = (await worldOf(name)).only("aws:lb/loadBalancer:LoadBalancer", "prefect-internal-lb");
      assert.deepEqual(inputs, {
        loadBalancerType: type,
        internal: true,
        ipAddressType: "ipv4",
        subnets: ["subnet-b1", "subnet-b2"],
        securityGroups: ["prefect-internal-access-id"],
        enableDeletionProtection: true,
        ...http,
        ...(type === "application" && { xffHeaderProcessingMode: "append" }),
      });
    });
  }

  for (const [name, target] of [
    ["gateway private", "prefect-internal-nginx"],
    ["alb", "prefect-internal-prefect"],
  ] as const) {
    it(`refuses browsers and other names, and leads programs to ${target}: ${name}`, async () => {
      const world = await worldOf(name);
      const { inputs } = world.only("aws:lb/listener:Listener", "prefect-internal-http");
      assert.deepEqual([inputs.port, inputs.protocol], [80, "HTTP"]);
      const refusal = (statusCode: string, messageBody: string) => ({
        type: "fixed-response",
        fixedResponse: { contentType: "text/plain", messageBody, statusCode },
      });
      assert.deepEqual(inputs.defaultActions, [refusal("404", "Not found")]);
      assert.deepEqual(rulesOf(world, "prefect-internal-http"), [
        {
          name: "prefect-internal-browsers",
          priority: 10,
          conditions: [{ httpHeader: { httpHeaderName: "Origin", values: ["*"] } }],
          actions: [refusal("403", "This entrance is for programs. People come in by the public name.")],
        },
        {
          name: "prefect-internal-programs",
          priority: 20,
          conditions: [{ hostHeader: { values: ["prefect.internal"] } }],
          actions: [{ type: "forward", targetGroupArn: group(target) }],
        },
      ]);
    });
  }

  for (const [name, target] of [
    ["gateway private by network", "prefect-internal-nginx"],
    ["alb private by network", "prefect-internal-prefect"],
  ] as const) {
    it(`passes connections on where it is of type network: ${name}`, async () => {
      const world = await worldOf(name);
      const { inputs } = world.only("aws:lb/listener:Listener", "prefect-internal-tcp");
      assert.deepEqual(inputs, {
        loadBalancerArn: group("prefect-internal-lb"),
        port: 80,
        protocol: "TCP",
        defaultActions: [{ type: "forward", targetGroupArn: group(target) }],
      });
      assert.deepEqual(rulesOf(world, "prefect-internal-tcp"), []);
      assert.equal(world.all("aws:lb/listener:Listener").length, 3);
    });
  }

  const health = { protocol: "HTTP", matcher: "200", interval: 10, timeout: 5, healthyThreshold: 2 };
  for (const [name, role, protocol, port, path] of [
    ["gateway private", "nginx", "HTTP", 8080, "/gateway/health"],
    ["gateway private by network", "nginx", "TCP", 8080, "/gateway/health"],
    ["alb", "prefect", "HTTP", 4200, "/api/health"],
    ["alb prefix", "prefect", "HTTP", 4200, "/prefect/api/health"],
    ["alb private by network", "prefect", "TCP", 4200, "/api/health"],
  ] as [SystemName, string, string, number, string][]) {
    it(`asks the tasks for their health by HTTP at ${path}: ${name}`, async () => {
      const { inputs } = (await worldOf(name)).only("aws:lb/targetGroup:TargetGroup", `prefect-internal-${role}`);
      assert.deepEqual(inputs, {
        vpcId: "vpc-1",
        targetType: "ip",
        protocol,
        port,
        deregistrationDelay: 30,
        // The task's group admits the balancer's group alone, so that connections must come from it.
        ...(protocol === "TCP" && { preserveClientIp: "false" }),
        healthCheck: { ...health, path, unhealthyThreshold: 3 },
      });
    });
  }

  it("has a name in a private zone of the VPC", async () => {
    const world = await build(() =>
      albSystem({ internal: { domain: "api.corp", loadBalancer: "application", allowedCidrs: [] } }),
    );
    const zone = world.only("aws:route53/zone:Zone").inputs;
    assert.deepEqual([zone.name, zone.vpcs], ["api.corp", [{ vpcId: "vpc-1" }]]);
    assert.deepEqual(world.only("aws:route53/record:Record", "prefect-internal-record").inputs, {
      zoneId: "prefect-internal-zone-zone",
      name: "api.corp",
      type: "A",
      aliases: [{ name: "prefect-internal-lb.elb.amazonaws.com", zoneId: "Z0ELB", evaluateTargetHealth: true }],
    });
    const [, programs] = rulesOf(world, "prefect-internal-http");
    assert.deepEqual(programs?.conditions, [{ hostHeader: { values: ["api.corp"] } }]);
  });
});
