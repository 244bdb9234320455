import type { PartialStrykerOptions } from "@stryker-mutator/api/core";
import { join } from "node:path";
import { localDir } from "../../../local/paths";

/** @param mutate files of the pack, as globs */
export function options(mutate: readonly string[]): PartialStrykerOptions {
  return {
    mutate: [...mutate],
    plugins: ["runner.ts", "words.ts"].map((file) => join(__dirname, file)),
    testRunner: "pack",
    testRunnerNodeArgs: ["--import", "tsx"],
    coverageAnalysis: "perTest",
    ignorers: ["words"],
    checkers: [],
    concurrency: 2,
    tempDirName: join(localDir, "mutants"),
    ignorePatterns: [".*", "docs", "bench", "examples"],
    disableTypeChecks: false,
    timeoutMS: 5_000,
    reporters: [process.stdout.isTTY ? "progress" : "progress-append-only"],
    allowConsoleColors: false,
    logLevel: "warn" as never,
  };
}
