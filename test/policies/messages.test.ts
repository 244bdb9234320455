import assert from "node:assert/strict";
import type { Arrival } from "../../policies/graph/entrances/entrance";
import type { Reached } from "../../policies/graph/gateway";
import type { Resource } from "../../policies/graph/model";
import { placedElsewhere } from "../../policies/graph/tasks";
import { couldNotJudgeMessage, exposedMessage, stepsOf, unseen } from "../../policies/report";

const resource = (name: string): Resource => ({
  ...{ urn: `urn:${name}`, type: "aws:ecs/service:Service", name, parent: undefined, inputs: {}, outputs: {} },
  dependencies: new Map(),
});
const document = { name: "task definition", property: "containerDefinitions", fix: "build it from what is known" };
const workload = placedElsewhere({ service: resource("service"), containers: undefined, document });
const arrival: Arrival = {
  ...{ workload, target: undefined, port: 4200, certain: true, fix: "close the balancer" },
  hops: [
    { resource: undefined, note: "a relay" },
    { resource: resource("service"), note: "takes them" },
  ],
};
const reached: Reached = { container: undefined, notes: ["it asks nobody"], certain: true, fix: undefined };

describe("the message of a way in", () => {
  it("holds every step from the internet inward, and what closes it", () => {
    assert.equal(
      exposedMessage(arrival, reached),
      [
        "The internet reaches a Prefect API without a login:",
        "  the internet",
        "  -> a relay",
        '  -> aws.ecs.Service "service": takes them',
        "  -> it asks nobody",
        "To close it: close the balancer.",
      ].join("\n"),
    );
    assert.ok(exposedMessage(arrival, { ...reached, fix: "set a login" }).endsWith("To close it: set a login."));
  });

  it("says where something is not known", () => {
    const may = /^The internet may reach a Prefect API without a login \(what is not known is taken at its worst\):\n/;
    assert.match(exposedMessage({ ...arrival, certain: false }, reached), may);
    assert.match(exposedMessage(arrival, { ...reached, certain: false }), may);
  });

  it("has the same steps as the report", () => {
    assert.deepEqual(stepsOf(arrival, reached), [
      { note: "a relay" },
      { urn: "urn:service", type: "aws:ecs/service:Service", name: "service", note: "takes them" },
      { note: "it asks nobody" },
    ]);
  });
});

describe("the message of containers that cannot be seen", () => {
  it("names what they are built from, each once, in order and not too many", () => {
    const { notes, fix, certain, container } = unseen(workload, [resource("b"), resource("a"), resource("b")]);
    assert.deepEqual(notes, [
      'its task definition is not known yet: it is built from outputs of aws.ecs.Service "a", aws.ecs.Service "b", so whether anything in it asks for a login cannot be seen',
    ]);
    assert.deepEqual([fix, certain, container], ["build it from what is known", false, undefined]);
    const many = unseen(
      workload,
      Array.from({ length: 9 }, (_, index) => resource(`r${index}`)),
    );
    assert.match(many.notes.join(), /"r7", so whether/);
  });

  it("asks to declare them where they are not in the stack", () => {
    const { notes, fix } = unseen(workload, []);
    assert.match(notes.join(), /^its task definition is not in this stack or cannot be read, so/);
    assert.equal(fix, 'declare the task definition of aws.ecs.Service "service" in this stack, so that it can be read');
    const defined = unseen({ ...workload, definition: resource("task") }, []);
    assert.match(defined.fix ?? "", /of aws\.ecs\.Service "task" in this stack/);
  });
});

describe("the message of a failure", () => {
  const of = (error: unknown): string => couldNotJudgeMessage("this", error);
  const failed = (stack: string): Error => Object.assign(new TypeError("hunter2"), { stack });

  it("says what kind it is and where, and not its words", () => {
    const said = of(failed("TypeError: hunter2\n    at f (/x/policies/graph/a-b.ts:12:3)\n    at policies/c.ts:1:1"));
    assert.match(said, /^could not judge this: internal error TypeError at graph\/a-b\.ts:12\. The stack is refused/);
    assert.ok(!said.includes("hunter2"));
    assert.match(of(failed("at C:\\x\\policies\\graph\\a.ts:7:1")), / at graph\\a\.ts:7\. /);
  });

  it("says so where that is not known", () => {
    assert.match(of(failed("at f (/x/other/a.ts:12:3)")), /internal error TypeError\. The stack/);
    assert.match(of(Object.assign(new Error("x"), { stack: undefined })), /internal error Error\. The stack/);
    assert.match(of("hunter2"), /internal error string\. The stack/);
    assert.match(of({ stack: "policies/a.ts:1" }), /internal error object\. The stack/);
  });
});
