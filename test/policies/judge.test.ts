import assert from "node:assert/strict";
import { judge } from "../../policies/graph/judge";
import type { Resource } from "../../policies/graph/model";
import { internalAlb } from "./support/inside";
import { bare, behindAlb, containers, group, open, prefect, service, task } from "./support/pieces";
import { asResources, built, type Declared, declare, ref, register } from "./support/stack";
import { lambda, toAlb } from "./cases/functions";

const finished = (stack: readonly Declared[]): Resource[] => asResources(register(stack, "finished"));

/** A task with a public address. */
const publicTask = (name: string): Declared[] => [
  group("anotherGroup", open(4200)),
  { ...task(bare), name: "anotherTask" },
  declare("aws:ecs/service:Service", name, {
    taskDefinition: ref("anotherTask"),
    networkConfiguration: { assignPublicIp: true, securityGroups: [ref("anotherGroup", "id")] },
  }),
];

describe("a way in that the pack fails on", () => {
  const broken = (): Resource[] =>
    finished([...behindAlb({ definitions: bare }), ...publicTask("another")]).map((resource) => {
      if (resource.name !== "alb") return resource;
      const inputs = Object.defineProperty({ ...resource.inputs }, "internal", {
        get() {
          throw new RangeError("hunter2-never-print");
        },
      });
      return { ...resource, inputs };
    });

  it("refuses the stack, and says which way and nothing of the values", () => {
    const { verdict, findings } = judge(broken().filter(({ name }) => name !== "another"));
    assert.equal(verdict, "cannot tell");
    const [first, ...others] = findings;
    assert.deepEqual(
      { ...first, message: "" },
      { verdict: "could not judge", message: "", urn: undefined, path: [], fix: undefined },
    );
    assert.match(
      first?.message ?? "",
      /^could not judge a way in \(applicationLoadBalancers\): internal error RangeError/,
    );
    assert.deepEqual(others, []);
  });

  it("hides no other way", () => {
    const { verdict, findings } = judge(broken());
    assert.equal(verdict, "reject");
    assert.deepEqual(findings.map((each) => each.verdict).sort(), ["could not judge", "reject"]);
  });
});

describe("functions one behind another", () => {
  const chain = (length: number): Resource[] => {
    const names = Array.from({ length }, (_, index) => `f${index}`);
    const next = (index: number): Record<string, unknown> =>
      index === length - 1 ? { UPSTREAM_URL: toAlb } : { NEXT: `arn:${names[index + 1]}` };
    const functions = names.map((name, index) =>
      declare("aws:lambda/function:Function", name, {
        environment: { variables: next(index) },
        vpcConfig: { subnetIds: ["subnet-1"], securityGroupIds: ["sg-lambda"] },
      }),
    );
    return finished(internalAlb([...lambda({ NEXT: "arn:f0" }), ...functions]));
  };

  it("are followed to Prefect", () => {
    const { findings } = judge(chain(6));
    assert.deepEqual(
      findings.map(({ verdict, path }) => [verdict, path.filter(({ name }) => /^f\d$/.test(name ?? "")).length]),
      [["cannot tell", 6]],
    );
  });

  it("are not known to lead nowhere where they are more than are followed", () => {
    const { verdict, findings } = judge(chain(12));
    assert.equal(verdict, "cannot tell");
    assert.deepEqual(
      findings.map(({ message }) => message.split(".")[0]),
      ["could not judge a way in (more proxies in a row than are followed)"],
    );
  });
});

describe("what is found", () => {
  it("comes in one order, whatever is looked at first", () => {
    const found = (name: string): unknown[] =>
      judge(finished([...behindAlb({ definitions: bare }), ...publicTask(name)])).findings.map(({ urn }) =>
        urn?.split("::").at(-1),
      );
    assert.deepEqual(found("another"), ["another", "service"]);
    assert.deepEqual(found("third"), ["service", "third"]);
  });
});

describe("a task that cannot be seen", () => {
  /** Behind target groups with these ports; nothing else says Prefect. */
  const verdict = (...ports: number[]): string => {
    const names = ports.map((_, index) => `tg${index}`);
    const stack = [
      ...behindAlb({
        definitions: built(["alb"], containers(prefect({ name: "main" }))),
        target: { container: "main", port: 8080 },
        actions: [{ type: "forward", forward: { targetGroups: names.map((name) => ({ arn: ref(name), weight: 1 })) } }],
      }).filter(({ name }) => name !== "service" && name !== "tg"),
      ...ports.map((port, index) =>
        declare("aws:lb/targetGroup:TargetGroup", `tg${index}`, { port, protocol: "HTTP" }),
      ),
      service(undefined, {
        loadBalancers: names.map((name) => ({ targetGroupArn: ref(name), containerName: "main", containerPort: 8080 })),
      }),
    ];
    return judge(asResources(register(stack, "preview"))).verdict;
  };

  it("is likely Prefect by the port of a target group", () => {
    assert.deepEqual([verdict(4200), verdict(8080, 4200), verdict(8080)], ["cannot tell", "cannot tell", "accept"]);
  });
});
