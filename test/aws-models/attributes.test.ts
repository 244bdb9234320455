import assert from "node:assert/strict";
import { ensureToolchain } from "../../local/toolchain/toolchain";
import { attributeProblems, documentedAttributes } from "./attributes";
import { serviceModel } from "./models";

describe("Attributes of load balancers", function () {
  this.timeout(120_000);
  before(() => ensureToolchain(["botocore"], console.log));
  const known = (kind: Parameters<typeof documentedAttributes>[1]) => documentedAttributes(serviceModel("elbv2"), kind);

  it("are read with the types that have them and what they may be", () => {
    const balancer = known("LoadBalancerAttribute");
    assert.deepEqual(balancer.get("idle_timeout.timeout_seconds"), {
      types: ["application"],
      range: { min: 1, max: 4000 },
      allowed: [],
    });
    assert.deepEqual(balancer.get("deletion_protection.enabled"), {
      types: ["application", "network", "gateway"],
      allowed: ["true", "false"],
    });
    assert.deepEqual(balancer.get("routing.http.xff_header_processing.mode")?.allowed, [
      "append",
      "preserve",
      "remove",
    ]);
    assert.deepEqual(balancer.get("access_logs.s3.prefix"), { types: ["application", "network"] });
    const target = known("TargetGroupAttribute");
    assert.deepEqual(target.get("slow_start.duration_seconds"), {
      types: ["application"],
      range: { min: 30, max: 900 },
      allowed: ["0"],
    });
    assert.deepEqual(target.get("stickiness.lb_cookie.duration_seconds")?.range, { min: 1, max: 604_800 });
    assert.deepEqual(target.get("stickiness.type")?.allowed, [
      "lb_cookie",
      "app_cookie",
      "source_ip",
      "source_ip_dest_ip",
      "source_ip_dest_ip_proto",
    ]);
    assert.deepEqual(known("ListenerAttribute").get("tcp.idle_timeout.seconds"), {
      types: ["network", "gateway"],
      range: { min: 60, max: 6000 },
      allowed: [],
    });
  });

  it("are all read: as many as the documentation has keys in dots, each with a type", () => {
    for (const kind of ["LoadBalancerAttribute", "TargetGroupAttribute", "ListenerAttribute"] as const) {
      const { documentation = "" } = serviceModel("elbv2").shapes[kind]?.members?.Key ?? {};
      const keys = new Set(
        [...documentation.matchAll(/<code>([a-z0-9_]+(?:\.[a-z0-9_]+)+)<\/code> [-–] /g)].map(([, key]) => key),
      );
      assert.ok(keys.size > 10);
      assert.deepEqual([...known(kind).keys()].sort(), [...keys].sort());
    }
  });

  const refused: [title: string, key: string, value: string, problem: RegExp][] = [
    [
      "a key that does not exist",
      "idle_timeout.seconds",
      "60",
      /got the key idle_timeout\.seconds, allowed deletion_protection/,
    ],
    [
      "a key of another type",
      "dns_record.client_routing_policy",
      "any_availability_zone",
      /with type application, allowed with network$/,
    ],
    ["a number out of range", "client_keep_alive.seconds", "59", /got "59", allowed 60 to 604800$/],
    ["a word for a number", "client_keep_alive.seconds", "hour", /got "hour", allowed 60 to 604800$/],
    ["an unknown word", "waf.fail_open.enabled", "yes", /got "yes", allowed true, false$/],
  ];
  for (const [title, key, value, problem] of refused) {
    it(`are refused with ${title}`, () => {
      const [found, ...more] = attributeProblems(known("LoadBalancerAttribute"), "application", [
        { Key: key, Value: value },
      ]);
      assert.match(found ?? "", problem);
      assert.deepEqual(more, []);
    });
  }

  it("are allowed with any text where the documentation names no values", () => {
    const attributes = [
      { Key: "routing.http.response.strict_transport_security.header_value", Value: "max-age=31536000" },
      { Key: "routing.http.response.server.enabled", Value: "false" },
    ];
    assert.deepEqual(attributeProblems(known("ListenerAttribute"), "application", attributes), []);
  });
});
