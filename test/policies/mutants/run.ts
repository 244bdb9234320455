/**
 * `npm run test:mutants [-- FILES]`: changes the policy pack in one place at a time and sees whether a test fails. Prints
 * what share survived, by file, and why each survivor may; fails for a survivor without a reason and a reason without a
 * survivor. FILES are globs of the pack's files (default: all). `--write` brings test/policies/mutants/survivors/ in line with
 * what survives: stale reasons go, and somebody has to fill the empty ones.
 */
import type { MutantResult } from "@stryker-mutator/api/core";
import { relative } from "node:path";
import { root } from "../../../local/paths";
import { options } from "./options";
import { compared, explainedFiles, explanationsOf, type Survivor, survivorsOf, write } from "./survivors";

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  const files = args.filter((word) => word !== "--write");
  process.chdir(root);
  const { Stryker } = await import("@stryker-mutator/core");
  const results = await new Stryker(options(files)).runMutationTest();
  const byFile = groupedBy(results, ({ fileName }) => relative(root, fileName));
  printShares(byFile);

  const survivors = groupedBy(survivorsOf(results), ({ file }) => file);
  const looked = [...new Set([...byFile.keys(), ...(files.length === 0 ? explainedFiles() : [])])].sort();
  const verdicts = looked.map((file) => ({ file, ...compared(survivors.get(file) ?? [], explanationsOf(file)) }));
  const explained = verdicts.flatMap((verdict) => verdict.explained);
  const unexplained = verdicts.flatMap((verdict) => verdict.unexplained);
  const stale = verdicts.flatMap((verdict) => verdict.stale.map((mutant) => ({ ...mutant, file: verdict.file })));
  for (const survivor of explained) console.log(`\n${text(survivor)}\n  ${survivor.reason}`);
  for (const survivor of unexplained)
    console.log(`\n${text(survivor)}\n  NOT EXPLAINED: add a case that fails for it, or a reason`);
  for (const { file, line, original, replacement } of stale)
    console.log(`\n${file}: ${line}\n  ${original} -> ${replacement}\n  STALE: is not there or does not survive`);
  if (args.includes("--write")) for (const verdict of verdicts) write(verdict.file, verdict);

  console.log(`\n${explained.length} survivors explained, ${unexplained.length} not, ${stale.length} reasons stale`);
  process.exitCode = unexplained.length + stale.length > 0 ? 1 : 0;
}

function text({ file, row, line, mutator, original, replacement, tests }: Survivor): string {
  return `${file}:${row} ${mutator}, ${tests} tests: ${line}\n  ${original} -> ${replacement || "nothing"}`;
}

/** Killed are also those that run on for ever. */
function printShares(byFile: ReadonlyMap<string, readonly MutantResult[]>): void {
  const row = (name: string, mutants: readonly MutantResult[]): string => {
    const of = (...statuses: MutantResult["status"][]): number =>
      mutants.filter(({ status }) => statuses.includes(status)).length;
    const survived = of("Survived", "NoCoverage");
    const killed = of("Killed", "Timeout");
    const share = ((100 * survived) / Math.max(1, survived + killed)).toFixed(1);
    const leftOut = of("Ignored");
    return `${share.padStart(5)} %  ${survived} of ${survived + killed} survived, ${leftOut} left out  ${name}`;
  };
  for (const [file, mutants] of [...byFile].sort()) console.log(row(file, mutants));
  console.log(row("together", [...byFile.values()].flat()));
}

function groupedBy<T>(all: readonly T[], keyOf: (each: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const each of all) groups.set(keyOf(each), [...(groups.get(keyOf(each)) ?? []), each]);
  return groups;
}

void main();
