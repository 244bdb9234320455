import type { MutantResult } from "@stryker-mutator/api/core";
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { root } from "../../../local/paths";

/** A mutant by its text, which stays the same when lines above it move. */
export interface Mutant {
  /** The line on which it begins. */
  readonly line: string;
  readonly mutator: string;
  readonly original: string;
  readonly replacement: string;
}

/** Why nobody needs a test that fails for these. */
export interface Explanation {
  readonly reason: string;
  readonly mutants: readonly Mutant[];
}

export interface Survivor extends Mutant {
  /** Relative to the repository. */
  readonly file: string;
  readonly row: number;
  readonly tests: number;
}

/** One file of explanations for each of the pack's files that needs one. */
const folder = join(__dirname, "survivors");
const pathOf = (file: string): string => join(folder, relative("policies", file).replace(/\.ts$/, ".json"));

/** The files of the pack that have explanations, relative to the repository. */
export function explainedFiles(): string[] {
  return globSync("**/*.json", { cwd: folder }).map((name) => join("policies", name.replace(/\.json$/, ".ts")));
}

export function explanationsOf(file: string): Explanation[] {
  const path = pathOf(file);
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Explanation[]) : [];
}

/** What survived, among all mutants of a run. */
export function survivorsOf(results: readonly MutantResult[]): Survivor[] {
  return results.filter(({ status }) => status === "Survived" || status === "NoCoverage").map(described);
}

function described({ fileName, location, mutatorName, replacement, coveredBy }: MutantResult): Survivor {
  // Rows and columns of a report begin at 1.
  const from = { row: location.start.line - 1, column: location.start.column - 1 };
  const to = { row: location.end.line - 1, column: location.end.column - 1 };
  const lines = readFileSync(fileName, "utf8")
    .split("\n")
    .slice(from.row, to.row + 1);
  const [first = ""] = lines;
  const cut = lines.map((text, index) => text.slice(0, index === lines.length - 1 ? to.column : undefined));
  cut[0] = (cut[0] ?? "").slice(from.column);
  return {
    file: relative(root, fileName),
    row: from.row + 1,
    line: first.trim(),
    mutator: mutatorName,
    original: short(cut.join("\n")),
    replacement: short(replacement ?? ""),
    tests: coveredBy?.length ?? 0,
  };
}

/** In one line, and of long ones the beginning: the line beside it says which it is. */
function short(text: string): string {
  const one = text.replace(/\s+/g, " ").trim();
  return one.length > 120 ? `${one.slice(0, 120)}...` : one;
}

const keyOf = ({ line, mutator, original, replacement }: Mutant): string =>
  JSON.stringify([line, mutator, original, replacement]);

export interface Compared {
  readonly explained: readonly (Survivor & { readonly reason: string })[];
  readonly unexplained: readonly Survivor[];
  /** Explanations of what does not survive, or is not there. */
  readonly stale: readonly (Mutant & { readonly reason: string })[];
}

/** Each explanation is for one mutant; of several that read the same, as many are explained as it is there for. */
export function compared(survivors: readonly Survivor[], explanations: readonly Explanation[]): Compared {
  const left = explanations.flatMap(({ reason, mutants }) => mutants.map((mutant) => ({ ...mutant, reason })));
  const explained: (Survivor & { reason: string })[] = [];
  const unexplained: Survivor[] = [];
  for (const survivor of survivors) {
    const index = left.findIndex((mutant) => keyOf(mutant) === keyOf(survivor));
    const [found] = index < 0 ? [] : left.splice(index, 1);
    if (found === undefined || found.reason.trim() === "") unexplained.push(survivor);
    else explained.push({ ...survivor, reason: found.reason });
  }
  return { explained, unexplained, stale: left };
}

/** Brings a file's explanations in line: what is stale goes, and what is not explained gets a place for its reason. */
export function write(file: string, { explained, unexplained }: Compared): void {
  const path = pathOf(file);
  const byReason = new Map<string, Mutant[]>();
  for (const { reason, ...mutant } of [...explained, ...unexplained.map((each) => ({ ...each, reason: "" }))]) {
    const { line, mutator, original, replacement } = mutant;
    byReason.set(reason, [...(byReason.get(reason) ?? []), { line, mutator, original, replacement }]);
  }
  rmSync(path, { force: true });
  if (byReason.size === 0) return;
  mkdirSync(dirname(path), { recursive: true });
  const explanations: Explanation[] = [...byReason].map(([reason, mutants]) => ({ reason, mutants }));
  writeFileSync(path, `${JSON.stringify(explanations, undefined, 2)}\n`);
}
