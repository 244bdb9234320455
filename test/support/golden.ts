import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const directory = join(__dirname, "..", "golden");

/** Compares with the file in test/golden; UPDATE_GOLDEN=1 writes it instead, for the difference to be read in git. */
export function assertGolden(file: string, actual: string): void {
  const path = join(directory, file);
  if (process.env.UPDATE_GOLDEN) {
    writeFileSync(path, actual);
    return;
  }
  assert.ok(existsSync(path), `${path} is missing: run the tests once with UPDATE_GOLDEN=1`);
  assert.equal(actual, readFileSync(path, "utf8"), `${file} changed: if it should, run the tests with UPDATE_GOLDEN=1`);
}
