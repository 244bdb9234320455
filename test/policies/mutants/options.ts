import type { PartialStrykerOptions } from "@stryker-mutator/api/core";
import { join } from "node:path";
import { localDir } from "../../../local/paths";

/** All that judges. What lies between it and @pulumi/policy's server has tests of its own, which go through that server. */
const judging = [
  "policies/graph/**/*.ts",
  "policies/rules/*.ts",
  "policies/support/!(rule-policy|judgement).ts",
  ...["policies/configuration.ts", "policies/report.ts", "policies/report-file.ts"],
];

/** @param mutate files of the pack, as globs; none: all that judges */
export function options(mutate: readonly string[]): PartialStrykerOptions {
  return {
    mutate: mutate.length === 0 ? judging : [...mutate],
    plugins: ["runner.ts", "left-out.ts"].map((file) => join(__dirname, file)),
    testRunner: "pack",
    testRunnerNodeArgs: ["--import", "tsx"],
    checkerNodeArgs: ["--import", "tsx"],
    coverageAnalysis: "perTest",
    ignorers: ["left-out"],
    checkers: [],
    concurrency: 2,
    tempDirName: join(localDir, "mutants"),
    ignorePatterns: [".*", "docs", "bench", "examples"],
    disableTypeChecks: false,
    // A busy machine must not pass for an endless loop: most of these are found by counting, long before.
    timeoutMS: 60_000,
    timeoutFactor: 5,
    reporters: [process.stdout.isTTY ? "progress" : "progress-append-only"],
    allowConsoleColors: false,
    logLevel: "warn" as never,
  };
}
