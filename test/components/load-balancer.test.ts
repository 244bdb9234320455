import assert from "node:assert/strict";
import { build } from "../support/world";
import { rulesOf, system, worldOf } from "./support/systems";

describe("The public load balancer", function () {
  // The AWS SDK is loaded on first use.
  this.timeout(20_000);

  it("only redirects on port 80", async () => {
    for (const name of ["gateway", "alb"] as const) {
      const { inputs } = (await worldOf(name)).only("aws:lb/listener:Listener", "prefect-lb-http");
      assert.deepEqual([inputs.port, inputs.protocol], [80, "HTTP"]);
      assert.deepEqual(inputs.defaultActions, [
        {
          type: "redirect",
          redirect: { protocol: "HTTPS", port: "443", host: "prefect.example.com", statusCode: "HTTP_301" },
        },
      ]);
    }
  });

  it("forwards on port 443 for the domain alone, to the gateway", async () => {
    const world = await worldOf("gateway");
    const { inputs } = world.only("aws:lb/listener:Listener", "prefect-lb-https");
    assert.deepEqual(
      [inputs.port, inputs.protocol, inputs.sslPolicy],
      [443, "HTTPS", "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"],
    );
    assert.deepEqual(inputs.defaultActions, [
      {
        type: "fixed-response",
        fixedResponse: { contentType: "text/plain", messageBody: "Not found", statusCode: "404" },
      },
    ]);
    assert.deepEqual(rulesOf(world), [
      {
        name: "prefect-gateway-domain",
        priority: 100,
        conditions: [{ hostHeader: { values: ["prefect.example.com"] } }],
        actions: [{ type: "forward", targetGroupArn: "arn:aws:lb:eu-west-1:123456789012:prefect-gateway-nginx" }],
      },
    ]);
    assert.equal(world.all("aws:lb/listener:Listener").length, 2);
  });

  it("drops odd headers, refuses ambiguous requests and cannot be deleted by mistake", async () => {
    for (const name of ["gateway", "alb"] as const) {
      const { inputs } = (await worldOf(name)).only("aws:lb/loadBalancer:LoadBalancer", "prefect-lb-alb");
      assert.equal(inputs.dropInvalidHeaderFields, true);
      assert.equal(inputs.desyncMitigationMode, "strictest");
      assert.equal(inputs.xffHeaderProcessingMode, "append");
      assert.equal(inputs.enableDeletionProtection, true);
      assert.equal(inputs.internal, false);
      assert.deepEqual(inputs.subnets, ["subnet-a1", "subnet-a2"]);
    }
  });

  it("uses a given certificate, and then makes none", async () => {
    const certificateArn = "arn:aws:acm:eu-west-1:123456789012:certificate/1";
    const given = await build(() => system({ certificateArn, hostedZone: undefined }));
    assert.equal(given.only("aws:lb/listener:Listener", "prefect-lb-https").inputs.certificateArn, certificateArn);
    assert.equal(given.all("aws:acm/certificate:Certificate").length, 0);
    assert.equal(given.all("aws:route53/record:Record").length, 0);
  });

  it("uses an existing network, and believes the addresses of its ranges", async () => {
    const existing = await build(() =>
      system({
        network: {
          type: "existing",
          vpcId: "vpc-9",
          publicSubnetIds: ["subnet-1", "subnet-2"],
          privateSubnetIds: ["subnet-3", "subnet-4"],
        },
      }),
    );
    assert.equal(existing.all("awsx:ec2:Vpc").length, 0);
    assert.deepEqual(existing.only("aws:lb/loadBalancer:LoadBalancer").inputs.subnets, ["subnet-1", "subnet-2"]);
    assert.deepEqual(existing.only("aws:rds/subnetGroup:SubnetGroup").inputs.subnetIds, ["subnet-3", "subnet-4"]);
    const conf = existing.containers("prefect-server-task").nginx.environment[0].value as string;
    assert.match(conf, /set_real_ip_from 172\.16\.0\.0\/16;\n {2}set_real_ip_from 172\.17\.0\.0\/16;/);
  });
});
