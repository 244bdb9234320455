import assert from "node:assert/strict";
import { judge } from "../../policies/graph/judge";
import { corpus } from "./cases/corpus";
import { asResources, register } from "./support/stack";

const cases = new Map(Object.values(corpus).flatMap((group) => Object.entries(group)));

/** Ways in, step by step as far as the workload: what a resource's name stands before, and what has none. */
const ways: Readonly<Record<string, readonly (readonly [name: string | undefined, note: string])[]>> = {
  "a default that refuses and a rule that forwards without a login": [
    ["alb", 'faces the internet; aws.ec2.SecurityGroup "albGroup" admits the internet to port 443'],
    ["https", "listens on HTTPS port 443"],
    [
      "api",
      "its conditions (paths, hosts, headers, methods) are the caller's choice and its action forwards without an authenticate action",
    ],
    ["tg", "passes every request on"],
    ["service", 'its tasks take them on port 4200 of container "prefect"'],
  ],
  "a target group that is trusted, behind an open listener of the stack": [
    ["alb", 'faces the internet; aws.ec2.SecurityGroup "albGroup" admits the internet to port 443'],
    ["https", "on HTTPS port 443, its default action forwards without an authenticate action"],
    ["service", 'its tasks take them on port 4200 of container "prefect"'],
  ],
  "no login on a listener of another stack's balancer": [
    [undefined, "a load balancer that is not in this stack, so it may face the internet"],
    [
      "rule",
      "its conditions (paths, hosts, headers, methods) are the caller's choice and its action forwards without an authenticate action",
    ],
    ["tg", "passes every request on"],
    ["service", 'its tasks take them on port 4200 of container "prefect"'],
  ],
  "an accelerator before an internal NLB": [
    ["edge", "Global Accelerator takes connections from the internet and never authenticates"],
    ["alb", "is its endpoint, internal or not"],
    ["https", "on port 443: a network load balancer never authenticates"],
    ["tg", "passes every request on"],
    ["service", 'its tasks take them on port 4200 of container "prefect"'],
  ],
  "an accelerator before an internal ALB": [
    ["edge", "Global Accelerator takes connections from the internet and never authenticates"],
    ["alb", 'is its endpoint, internal or not; aws.ec2.SecurityGroup "albGroup" admits the internet to port 443'],
    ["https", "on HTTPS port 443, its default action forwards without an authenticate action"],
    ["tg", "passes every request on"],
    ["service", 'its tasks take them on port 4200 of container "prefect"'],
  ],
  "a distribution before a public ALB whose rule admits CloudFront's ranges": [
    ["cdn", "its default behaviour asks viewers for no signature"],
    ["alb", "is its origin by name"],
    ["https", "listens on HTTPS port 443"],
    [
      "edge",
      "its conditions (paths, hosts, headers, methods) are the caller's choice and its action forwards without an authenticate action",
    ],
    ["tg", "passes every request on"],
    ["service", 'its tasks take them on port 4200 of container "prefect"'],
  ],
  "a target group that a binding puts before pods": [
    ["alb", 'faces the internet; aws.ec2.SecurityGroup "albGroup" admits the internet to port 443'],
    ["https", "on HTTPS port 443, its default action forwards without an authenticate action"],
    ["tg", "passes every request on"],
    ["prefect", "takes them on port 4200"],
  ],
  "a classic load balancer": [
    ["elb", "faces the internet; a classic load balancer cannot authenticate"],
    ["service", 'its tasks take them on port 4200 of container "prefect"'],
  ],
  "an instance behind a classic load balancer": [
    ["elb", "faces the internet; a classic load balancer cannot authenticate"],
    ["server", "takes them on port 4200"],
  ],
  "a load balancer Service": [
    ["service", "its load balancer faces the internet and logs nobody in"],
    ["prefect", "its pods take them on port 4200"],
  ],
  "Prefect's chart with a load balancer": [["release", "its load balancer faces the internet and logs nobody in"]],
  "an ingress of the AWS controller": [
    ["ingress", "its load balancer faces the internet and logs nobody in"],
    ["service", "is behind it"],
    ["prefect", "its pods take them on port 4200"],
  ],
  "Prefect's chart with an ingress": [["release", "its load balancer faces the internet and logs nobody in"]],
  "a route of the Gateway API": [
    ["route", "may lead there from the internet, and what its gateway asks for is not followed"],
    ["service", "is behind it"],
    ["prefect", "its pods take them on port 4200"],
  ],
  "Prefect's chart with a gateway": [
    ["release", "may lead there from the internet, and what its gateway asks for is not followed"],
  ],
  "a Lightsail instance behind Lightsail's balancer": [
    ["lb", "faces the internet, and a Lightsail load balancer cannot log people in"],
    ["machine", "takes its requests on port 4200"],
  ],
};

describe("the steps of a way in", () => {
  for (const [name, expected] of Object.entries(ways))
    it(`are these: ${name}`, () => {
      const { stack, trusted } = cases.get(name) ?? assert.fail(`no case is called ${name}`);
      const [finding, ...others] = judge(asResources(register(stack, "finished")), trusted).findings;
      assert.equal(others.length, 0);
      // What happens inside is the last one, of no resource.
      const steps = finding?.path.slice(0, -1).map((step) => [step.name, step.note]);
      assert.deepEqual(steps, expected);
    });
});
