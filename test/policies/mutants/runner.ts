/**
 * Runs the pack's tests for Stryker: the instrumented pack and the tests that call it as one script, which takes
 * milliseconds to load anew for a mutant of what a module does while it is loaded. Stryker's own mocha-runner (10.0.0) does
 * not find the files of mocha 12.0, and starts a new process for each of these mutants.
 */
import type { InstrumenterContext } from "@stryker-mutator/api/core";
import { declareClassPlugin, PluginKind } from "@stryker-mutator/api/plugin";
import {
  determineHitLimitReached,
  type DryRunResult,
  DryRunStatus,
  type MutantRunOptions,
  type MutantRunResult,
  type TestResult,
  type TestRunner,
  TestStatus,
  toMutantRunResult,
} from "@stryker-mutator/api/test-runner";
import { buildSync } from "esbuild";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { Script } from "node:vm";
import { remember, testsFor } from "./reach";
import { Suite, type Test } from "./suite";
import { knownStacks } from "./known-stacks";
import { judgedStacks, ruledStacks } from "./stacks";
import type * as tests from "./tests";

/** The instrumented code counts what it runs, which takes most of its time; only the dry run needs that. */
const counting = /stryCov_9fa48\((?:"\d+"(?:, )?)+\)[,;]/g;

/**
 * Ends a test whose code runs on for ever. Stryker counts how often a mutant is come to, and allows a hundred times what all
 * tests together need: an endless loop has filled the memory before, or never comes to the mutant again.
 */
const test = new Script("runTest()");
const longestMs = 3_000;
const { stackTraceLimit } = Error;

class PackTestRunner implements TestRunner {
  private readonly context: InstrumenterContext;
  private readonly stacks = frozen({ judged: judgedStacks(), ruled: ruledStacks(), known: knownStacks() });
  private script: Script | undefined;
  private suite: Suite | undefined;
  /** The tests that failed for a file's mutants, the last first: they likely fail for its next one. */
  private readonly killers = new Map<string, string[]>();

  constructor() {
    // What Stryker's instrumented code reads and writes.
    const global = globalThis as { __stryker__?: InstrumenterContext };
    this.context = global.__stryker__ ??= {};
  }

  capabilities(): { reloadEnvironment: boolean } {
    return { reloadEnvironment: true };
  }

  /** All tests with no mutant; twice, for a test that only passes the first time would kill every mutant. */
  async dryRun(): Promise<DryRunResult> {
    this.script = scriptOf((code) => code);
    const results = await this.run(this.loaded().tests);
    const { mutantCoverage } = this.context;
    if (mutantCoverage) remember(mutantCoverage);
    this.script = undefined;
    this.suite = undefined;
    this.context.currentTestId = undefined;
    const again = await this.run(this.loaded().tests);
    const tests = again.some(({ status }) => status === TestStatus.Failed) ? again : results;
    return { status: DryRunStatus.Complete, tests, ...(mutantCoverage && { mutantCoverage }) };
  }

  async mutantRun(options: MutantRunOptions): Promise<MutantRunResult> {
    const { activeMutant, hitLimit, mutantActivation, reloadEnvironment, testFilter } = options;
    const { context } = this;
    if (reloadEnvironment) this.suite = undefined;
    context.hitLimit = hitLimit;
    context.hitCount = hitLimit === undefined ? undefined : 0;
    context.activeMutant = mutantActivation === "static" ? activeMutant.id : undefined;
    const tests = testFilter ?? testsFor(activeMutant.fileName, activeMutant.location.start.line);
    let results: TestResult[];
    try {
      const suite = this.loaded();
      context.activeMutant = activeMutant.id;
      results = await this.run(this.ordered(suite, activeMutant.fileName, tests));
    } catch (error) {
      // A pack that cannot be loaded fails every test.
      results = [
        { id: "load", name: "load", timeSpentMs: 0, status: TestStatus.Failed, failureMessage: String(error) },
      ];
    }
    const last = results.at(-1);
    if (last?.status === TestStatus.Failed) this.rank(activeMutant.fileName, last.id);
    const timeout = determineHitLimitReached(context.hitCount, hitLimit);
    return toMutantRunResult(timeout ?? { status: DryRunStatus.Complete, tests: results });
  }

  private ordered(suite: Suite, file: string, wanted: readonly string[] | undefined): readonly Test[] {
    const filter = new Set(wanted ?? suite.byName.keys());
    const first = (this.killers.get(file) ?? []).filter((name) => filter.delete(name));
    return [...first, ...filter].flatMap((name) => suite.byName.get(name) ?? []);
  }

  private rank(file: string, name: string): void {
    this.killers.set(file, [name, ...(this.killers.get(file) ?? []).filter((other) => other !== name)]);
  }

  private loaded(): Suite {
    if (this.suite) return this.suite;
    this.script ??= scriptOf((code) => code.replace(counting, ""));
    const module = { exports: {} as typeof tests };
    const run = this.script.runInThisContext() as (...of: unknown[]) => void;
    const suite = new Suite();
    suite.collect(() => {
      run(module, module.exports, createRequire(resolve("package.json")), resolve("test/policies/mutants"));
      module.exports.describeStacks(this.stacks);
    });
    this.suite = suite;
    return suite;
  }

  /** To the first that fails. */
  private async run(all: readonly Test[]): Promise<TestResult[]> {
    const results: TestResult[] = [];
    for (const { name, run } of all) {
      const started = performance.now();
      this.context.currentTestId = name;
      let failed: unknown;
      try {
        Object.assign(globalThis, { runTest: run });
        // Node sets it to 0 while it makes an assertion's error, and it stays so where a test is ended meanwhile.
        Error.stackTraceLimit = stackTraceLimit;
        const running = test.runInThisContext({ timeout: longestMs }) as ReturnType<Test["run"]>;
        if (running !== undefined) await running;
      } catch (error) {
        failed = error;
      }
      const result = { id: name, name, timeSpentMs: performance.now() - started };
      if (failed === undefined) results.push({ ...result, status: TestStatus.Success });
      else {
        const failureMessage = failed instanceof Error ? failed.message : "failed";
        results.push({ ...result, status: TestStatus.Failed, failureMessage });
        break;
      }
    }
    return results;
  }
}

/** What one mutant writes into must not be what the next one is handed. */
function frozen<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  for (const inner of Object.values(value)) frozen(inner);
  return Object.freeze(value);
}

/** The pack and its tests, in Stryker's copy of the project, as the body of a module. */
function scriptOf(change: (code: string) => string): Script {
  const { outputFiles } = buildSync({
    entryPoints: [resolve("test/policies/mutants/tests.ts")],
    bundle: true,
    write: false,
    platform: "node",
    format: "cjs",
    packages: "external",
    target: "node22",
    logLevel: "warning",
  });
  const code = change(outputFiles[0]?.text ?? "");
  return new Script(`(function (module, exports, require, __dirname) {${code}\n})`, { filename: "pack.cjs" });
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, "pack", PackTestRunner)];
