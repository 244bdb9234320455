import assert from "node:assert/strict";
import { computed, type Resource, type ResourceValue } from "../../../policies/graph/model";
import { Value } from "../../../policies/graph/values";
import { heldIn, textsOf } from "../../../policies/support/task-secrets";
import { unknown } from "../support/stack";

const resource: Resource = {
  ...{ urn: "urn:x", type: "t", name: "task", parent: undefined, inputs: {}, outputs: {} },
  dependencies: new Map(),
};
const value = (raw: unknown): ResourceValue => new Value(raw, resource, "containerDefinitions");
const rows = (...containers: unknown[]): string[] =>
  textsOf(value(containers)).map(({ place, name = "-", text }) => `${place} | ${name} | ${text}`);

describe("the texts of a container", () => {
  it("are its fields, and its variables by their own names", () => {
    assert.deepEqual(
      rows({ name: "a", image: "i", environment: [{ name: "B", value: "c" }], dockerLabels: { d: "e" }, memory: 512 }),
      [
        'container "a", name | name | a',
        'container "a", image | image | i',
        'container "a", environment.B | B | c',
        'container "a", dockerLabels.d | d | e',
        'container "a", memory | memory | 512',
      ],
    );
  });

  it("are a command's words together", () => {
    assert.deepEqual(rows({ command: ["tool", "--key", "x"] }), ["a container, command | - | tool --key x"]);
    assert.deepEqual(rows({ command: ["tool", unknown, "x"] }), [
      "a container, command | command | tool",
      "a container, command | command | x",
    ]);
  });

  it("are not what comes from a secret, but for its fields", () => {
    assert.deepEqual(rows({ secrets: [{ name: "B", valueFrom: "arn:x" }] }), [
      "a container, secrets.name | name | B",
      "a container, secrets.valueFrom | valueFrom | arn:x",
    ]);
  });

  it("are those of a variable without a name as well", () => {
    assert.deepEqual(rows({ environment: [{ value: "c" }] }), ["a container, environment.value | value | c"]);
  });

  it("are none where nothing is known or there", () => {
    assert.deepEqual(rows({ command: [], environment: unknown, links: null }), []);
    assert.deepEqual(rows(unknown), []);
    assert.deepEqual(textsOf(computed(resource, "none")), []);
  });

  it("are found as deep as ECS takes them, and no deeper", () => {
    const nested = (depth: number): unknown => (depth === 0 ? "x" : { a: nested(depth - 1) });
    assert.equal(rows(nested(12)).length, 1);
    assert.equal(rows(nested(13)).length, 1);
    assert.equal(rows(nested(14)).length, 0);
    const list = (depth: number): unknown => (depth === 0 ? "x" : [list(depth - 1)]);
    assert.equal(rows({ a: list(12) }).length, 1);
    assert.equal(rows({ a: list(13) }).length, 0);
    const variable = (depth: number): unknown => (depth === 0 ? "x" : { name: "n", value: variable(depth - 1) });
    assert.equal(rows({ a: variable(12) }).length, 1);
    assert.equal(rows({ a: variable(13) }).length, 0);
  });

  it("are said to hold a credential once", () => {
    const environment = [
      { name: "DB_PASSWORD", value: "s3cret-x" },
      { name: "DB_PASSWORD", value: "s3cret-y" },
    ];
    assert.deepEqual(heldIn(value([{ name: "a", environment }])), [
      'container "a", environment.DB_PASSWORD holds a credential',
    ]);
  });
});
