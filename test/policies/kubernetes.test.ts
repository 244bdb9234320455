import assert from "node:assert/strict";
import { admitsInternet, facingOf } from "../../policies/graph/kubernetes/facing";
import { declaredServices, kindOf, variablesIn } from "../../policies/graph/kubernetes/objects";
import { targetPorts } from "../../policies/graph/kubernetes/services";
import { graphOf, service, valueOf } from "./support/kubernetes";
import { declare, unknown } from "./support/stack";

/** Which way load balancers of Kubernetes' Services face, and what variables a container of a pod has. */

const beta = (name: string): string => `service.beta.kubernetes.io/${name}`;
const aws = (name: string): string => beta(`aws-load-balancer-${name}`);
const controller = { loadBalancerClass: "service.k8s.aws/nlb" };

describe("a Service's load balancer", () => {
  const faces: [way: string, annotations: Record<string, unknown>, spec?: Record<string, unknown>][] = [
    ["public", {}],
    ["internal", { [aws("internal")]: "true" }],
    ["internal", { [aws("internal")]: true }],
    ["internal", { [aws("internal")]: "0.0.0.0/0" }],
    ["public", { [aws("internal")]: "false" }],
    ["public", { [aws("internal")]: "10.0.0.0/0" }],
    ["public", { [aws("internal")]: "0.0.0.0/0x" }],
    ["public", { [aws("internal")]: "untrue" }],
    ["maybe", { [aws("internal")]: unknown }],
    ["internal", { "networking.gke.io/load-balancer-type": "Internal" }],
    ["public", { "networking.gke.io/load-balancer-type": "External" }],
    ["public", { "networking.gke.io/load-balancer-type": "internal-not" }],
    ["public", { "networking.gke.io/load-balancer-type": "notinternal" }],
    ["internal", { "cloud.google.com/load-balancer-type": "Internal" }],
    ["public", { "cloud.google.com/load-balancer-type": "internal-not" }],
    ["public", { "cloud.google.com/load-balancer-type": "notinternal" }],
    ...["azure", "oci"].flatMap((cloud): typeof faces => [
      ["internal", { [beta(`${cloud}-load-balancer-internal`)]: "true" }],
      ["public", { [beta(`${cloud}-load-balancer-internal`)]: "false" }],
      ["public", { [beta(`${cloud}-load-balancer-internal`)]: "true-not" }],
      ["public", { [beta(`${cloud}-load-balancer-internal`)]: "untrue" }],
    ]),
    // The AWS Load Balancer Controller's.
    ["internal", {}, controller],
    ["internal", {}, { loadBalancerClass: "eks.amazonaws.com/nlb" }],
    ["public", {}, { loadBalancerClass: "service.k8s.aws/nlb-of-others" }],
    ["internal", { [aws("type")]: "external" }],
    ["internal", { [aws("type")]: "nlb-ip" }],
    ["public", { [aws("type")]: "nlb" }],
    ["internal", { [aws("scheme")]: "internal" }],
    ["public", { [aws("scheme")]: "internet-facing" }],
    ["public", { [aws("scheme")]: "internet-facing" }, controller],
    ["public", { [aws("scheme")]: "internet-facing", [aws("internal")]: "true" }, controller],
    ["internal", { [aws("scheme")]: "internal", [aws("internal")]: "false" }, controller],
    ["public", { [aws("internal")]: "false" }, controller],
    ["internal", { [aws("internal")]: "true" }, controller],
    ["maybe", { [aws("internal")]: unknown }, controller],
    ["maybe", { [aws("scheme")]: unknown }, controller],
    ["maybe", {}, { loadBalancerClass: unknown }],
    ["internal", { [aws("internal")]: "true" }, { loadBalancerClass: unknown }],
    ["public", { [aws("internal")]: "false" }, { loadBalancerClass: unknown }],
    ["maybe", { [aws("type")]: unknown }],
    ["maybe", { [aws("security-groups")]: "sg-1" }],
    ["internal", { [aws("security-groups")]: "sg-1" }, controller],
  ];
  for (const [way, annotations, spec = {}] of faces)
    it(`is ${way} with ${JSON.stringify({ ...annotations, ...spec })}`, () => {
      const [declared] = declaredServices(graphOf(service({ type: "LoadBalancer", ...spec }, annotations)));
      assert.ok(declared);
      assert.equal(facingOf(declared), way);
    });

  it("may face any way where none of its annotations is known", () => {
    const metadata = { name: "prefect", annotations: unknown };
    const [declared] = declaredServices(graphOf(declare("kubernetes:core/v1:Service", "service", { metadata })));
    assert.ok(declared);
    assert.equal(facingOf(declared), "maybe");
  });
});

describe("ranges of a load balancer", () => {
  const ranges: [boolean, unknown[]][] = [
    [true, [undefined]],
    [true, [[]]],
    [true, [""]],
    [true, [["", " "]]],
    [false, [["203.0.113.0/24", "", " "]]],
    [false, ["203.0.113.0/24, 198.51.100.7/32"]],
    [true, ["203.0.113.0/24,0.0.0.0/0"]],
    [true, [["0.0.0.0/1"], "128.0.0.0/1"]],
    [true, [["203.0.113.0/24", unknown]]],
    [true, [unknown]],
    [true, ["the office"]],
    [false, [["10.0.0.0/8"]]],
  ];
  for (const [admits, lists] of ranges)
    it(`${admits ? "leave" : "leave out"} the internet: ${JSON.stringify(lists)}`, () =>
      assert.equal(admitsInternet(...lists.map(valueOf)), admits));
});

describe("a resource's kind", () => {
  const kinds: [type: string, kind: string | undefined][] = [
    ["kubernetes:apps/v1:DeploymentPatch", "Deployment"],
    ["kubernetes:serving.knative.dev/v1:Service", "Service"],
    ["kubernetes:acme.com/v1:PatchPlan", "PatchPlan"],
    ["eks:index:Service", undefined],
  ];
  for (const [type, kind] of kinds)
    it(`is ${kind ?? "none of Kubernetes'"} of type ${type}`, () => {
      const [resource] = graphOf(declare(type, "name", {})).resources;
      assert.equal(resource && kindOf(resource), kind);
    });
});

describe("a Service's ports", () => {
  it("are all where none is asked for, also those that are not known", () => {
    const ports = [
      { port: 80, targetPort: 4200 },
      { name: unknown, port: unknown, targetPort: 9000 },
      { name: "web", port: 81, targetPort: 9001 },
    ];
    const graph = graphOf(service({ ports }));
    const [declared] = declaredServices(graph);
    assert.ok(declared);
    const asked = (port: number | string | undefined): unknown => targetPorts(declared, port, declared.resource);
    assert.deepEqual([undefined, "web", 80, 8000].map(asked), [[4200, 9000, 9001], [9001], [4200], [4200, 9000, 9001]]);
  });
});

describe("a container's variables", () => {
  it("are its last ones of each name", () => {
    const valueFrom = { secretKeyRef: { name: "prefect", key: "auth" } };
    const { environment, secrets, hidden } = variablesIn(
      valueOf([
        { name: "A", value: "1" },
        { name: "B" },
        { name: "C", valueFrom },
        { name: "A", value: "2" },
        { name: "D", value: "1" },
        { name: "D", valueFrom },
        { name: "E", valueFrom },
        { name: "E", value: unknown },
      ]).list(),
    );
    assert.deepEqual(Object.fromEntries(environment), { A: "2", B: "", E: undefined });
    assert.deepEqual([...secrets], ["C", "D"]);
    assert.equal(hidden, false);
    assert.equal(variablesIn(valueOf(unknown).list()).hidden, true);
    assert.equal(variablesIn(valueOf([{ name: "A" }, { name: unknown, value: "1" }]).list()).hidden, true);
  });
});
