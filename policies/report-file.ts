import { renameSync, rmSync, writeFileSync } from "node:fs";
import type { Judgement } from "./graph/judge";

/** Names the file that gets the verdict and every path as JSON, for other tools. */
const variable = "PREFECT_POLICY_REPORT";

/**
 * Writes the verdict to the file that the environment names, if it names one: whole or not at all, as it may be read
 * meanwhile. It holds what messages hold and no other value of the program.
 *
 * @returns what went wrong, for the user
 */
export function writeReport(judgement: Judgement, file = process.env[variable]): string | undefined {
  if (!file) return undefined;
  const unfinished = `${file}.${process.pid}.tmp`;
  try {
    const report = { version: 1, policy: "prefect-api-requires-auth", ...judgement };
    writeFileSync(unfinished, `${JSON.stringify(report, undefined, 2)}\n`);
    renameSync(unfinished, file);
    return undefined;
  } catch (error) {
    discard(unfinished);
    // What an earlier run left there would be taken for this one's.
    discard(file);
    const { code } = error as NodeJS.ErrnoException;
    return `the verdict could not be written to the file that ${variable} names (${code ?? "unknown error"}): give a path in a folder that exists and can be written to`;
  }
}

function discard(file: string): void {
  try {
    rmSync(file);
  } catch {
    // It is not there, or it is a folder: then it holds no verdict either.
  }
}
