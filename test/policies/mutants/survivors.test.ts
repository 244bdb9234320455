import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../../local/paths";
import { compared, explainedFiles, explanationsOf, type Survivor } from "./survivors";

describe("the reasons why mutants may survive", () => {
  it("are each for a line that the pack still has", () => {
    const gone = explainedFiles().flatMap((file) => {
      const lines = new Set(
        readFileSync(join(root, file), "utf8")
          .split("\n")
          .map((line) => line.trim()),
      );
      return explanationsOf(file).flatMap(({ reason, mutants }) => [
        ...(reason.trim() === "" ? [`${file}: no reason for ${mutants[0]?.line}`] : []),
        ...mutants.filter(({ line }) => !lines.has(line)).map(({ line }) => `${file}: ${line}`),
      ]);
    });
    assert.deepEqual(gone, []);
  });

  it("are each for one mutant, and none is left over", () => {
    const mutant = {
      line: "if (a < b) return;",
      mutator: "EqualityOperator",
      original: "a < b",
      replacement: "a <= b",
    };
    const survivor: Survivor = { ...mutant, file: "policies/a.ts", row: 1, tests: 3 };
    const other = { ...survivor, replacement: "a >= b" };
    const stale = { ...mutant, replacement: "a > b" };
    const reasons = [{ reason: "equivalent", mutants: [mutant, stale] }];
    assert.deepEqual(compared([survivor, { ...survivor, row: 9 }, other], reasons), {
      explained: [{ ...survivor, reason: "equivalent" }],
      unexplained: [{ ...survivor, row: 9 }, other],
      stale: [{ ...stale, reason: "equivalent" }],
    });
  });

  it("do not count while they are empty", () => {
    const mutant = { line: "f();", mutator: "CallExpression", original: "f();", replacement: ";" };
    const { explained, unexplained } = compared(
      [{ ...mutant, file: "policies/a.ts", row: 1, tests: 3 }],
      [{ reason: " ", mutants: [mutant] }],
    );
    assert.deepEqual([explained.length, unexplained.length], [0, 1]);
  });
});
