import type { MutantCoverage } from "@stryker-mutator/api/core";
import { existsSync, globSync, readFileSync, writeFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import { root } from "../../../local/paths";

/** Beside Stryker's copy of the project: one process makes the dry run, all of them read what came of it. */
const record = (): string => resolve("reach.json");

let reach: ReadonlyMap<string, readonly string[]> | undefined;

/** Remembers which tests ran anything of each of the pack's files. */
export function remember({ perTest }: MutantCoverage): void {
  const fileOf = new Map<string, string>();
  for (const file of globSync("policies/**/*.ts"))
    for (const [, id = ""] of readFileSync(file, "utf8").matchAll(/stryMutAct_9fa48\("(\d+)"\)/g)) fileOf.set(id, file);
  const tests = new Map<string, Set<string>>();
  for (const [test, counts] of Object.entries(perTest))
    for (const file of new Set(Object.keys(counts).flatMap((id) => fileOf.get(id) ?? [])))
      tests.set(file, (tests.get(file) ?? new Set()).add(test));
  writeFileSync(record(), JSON.stringify([...tests].map(([file, names]) => [file, [...names]])));
}

/**
 * The tests for a mutant of what a file does while it is loaded: Stryker has them all run. A constant that the file keeps
 * to itself matters only to what runs the file; undefined for one that others take.
 */
export function testsFor(fileName: string, line: number): readonly string[] | undefined {
  if (isExported(fileName, line) || !existsSync(record())) return undefined;
  reach ??= new Map(JSON.parse(readFileSync(record(), "utf8")) as [string, string[]][]);
  return reach.get(relative(root, fileName));
}

/** Whether the statement of the module that this line is part of is an export. */
function isExported(fileName: string, line: number): boolean {
  const lines = readFileSync(fileName, "utf8").split("\n");
  for (let at = line; at >= 0; at--) {
    const text = lines[at] ?? "";
    if (/^[a-z]/.test(text)) return text.startsWith("export");
  }
  return true;
}
