/**
 * `npm test`: every check that CI makes, cheapest first, and one closing line.
 * `npm test -- NAME...` runs only the checks of those names.
 */
import { spawnSync } from "node:child_process";
import { existsSync, globSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { styleText } from "node:util";
import { localDir, root } from "../local/paths";
import { ensureToolchain } from "../local/toolchain/toolchain";

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

interface Check {
  name: string;
  about: string;
  run: () => Counts | Promise<Counts>;
}

/** A stack of its own for the tests: the one that the developer has running is left alone. */
const stackDir = join(root, ".local", "test");
const stackPort = "9443";
const stackEnv = { PREFECT_LOCAL_DIR: stackDir };

const checks: Check[] = [
  { name: "tools", about: "every program that the checks run", run: tools },
  { name: "format", about: "biome", run: () => command("biome", ["format", "."]) },
  {
    name: "lint",
    about: "eslint: types and import directions",
    run: () => command("eslint", ["--max-warnings", "0", "."]),
  },
  { name: "types", about: "tsc", run: () => command("tsc", ["--noEmit", "-p", "."]) },
  {
    name: "unit",
    about: "settings, rendered files, components",
    run: () => mocha("settings", "render", "components"),
  },
  {
    name: "local",
    about: "engine, providers, local cloud, commands",
    run: () => mocha("engine", "providers", "cloud", "local"),
  },
  { name: "policies", about: "the pack, in process and through the engine", run: () => mocha("policies") },
  { name: "preview", about: "the AWS environment of Pulumi.dev.yaml, offline", run: () => mocha("preview") },
  { name: "e2e", about: "the running local stack: browser, worker, strangers", run: endToEnd },
];

async function main(): Promise<void> {
  const wanted = process.argv.slice(2);
  const chosen = checks.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
  const unknown = wanted.filter((name) => !checks.some((check) => check.name === name));
  if (unknown.length > 0) {
    console.error(`no check named ${unknown.join(", ")}: there are ${checks.map(({ name }) => name).join(", ")}`);
    process.exitCode = 2;
    return;
  }

  const total: Counts = { passed: 0, failed: 0, skipped: 0 };
  const failedChecks: string[] = [];
  for (const { name, about, run } of chosen) {
    console.log(styleText("bold", `\n== ${name}: ${about}`));
    const started = performance.now();
    const counts = await run();
    total.passed += counts.passed;
    total.failed += counts.failed;
    total.skipped += counts.skipped;
    if (counts.failed > 0) failedChecks.push(name);
    console.log(
      `== ${name}: ${counts.failed > 0 ? "FAILED" : "passed"} (${((performance.now() - started) / 1000).toFixed(1)} s)`,
    );
  }
  if (failedChecks.length > 0) console.log(`\nfailed: ${failedChecks.join(", ")}`);
  console.log(
    `\n${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ""}`,
  );
  process.exitCode = total.failed > 0 ? 1 : 0;
}

async function tools(): Promise<Counts> {
  try {
    await ensureToolchain("all", (line) => {
      console.log(line);
    });
    return { passed: 1, failed: 0, skipped: 0 };
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

function command(program: string, args: string[], env: NodeJS.ProcessEnv = {}): Counts {
  const { status } = spawnSync(join(root, "node_modules", ".bin", program), args, {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, ...env },
  });
  return status === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
}

/** Runs the suites below those folders of test/, in one process. */
function mocha(...folders: string[]): Counts {
  return mochaWith({}, ...folders);
}

function mochaWith(env: NodeJS.ProcessEnv, ...folders: string[]): Counts {
  const files = folders.flatMap((folder) => {
    const found = globSync(join(root, "test", folder, "**", "*.test.ts")).sort();
    // A folder that lost its tests must not pass for one whose tests passed.
    if (found.length === 0) throw new Error(`no *.test.ts below test/${folder}`);
    return found;
  });

  mkdirSync(localDir, { recursive: true });
  const countsFile = join(localDir, `counts-${process.pid}.json`);
  const { status } = spawnSync(
    process.execPath,
    [
      "--import",
      "tsx",
      join(root, "node_modules", "mocha", "bin", "mocha.js"),
      "--reporter",
      join(root, "test", "support", "reporter.cjs"),
      "--timeout",
      "60000",
      "--exit",
      ...files,
    ],
    { cwd: root, stdio: "inherit", env: { ...process.env, ...env, TEST_COUNTS: countsFile } },
  );
  if (!existsSync(countsFile)) return { passed: 0, failed: 1, skipped: 0 };
  const { passes, failed, pending } = JSON.parse(readFileSync(countsFile, "utf8")) as Record<string, number>;
  rmSync(countsFile);
  // mocha may fail without a failed test: an error while a file is loaded, or after the last test.
  return { passed: passes ?? 0, failed: failed || (status === 0 ? 0 : 1), skipped: pending ?? 0 };
}

/** Brings a fresh stack up as a newcomer would, lets the suites loose on it, and takes it down. */
function endToEnd(): Counts {
  const npm = (...args: string[]) =>
    spawnSync("npm", args, { cwd: root, stdio: "inherit", env: { ...process.env, ...stackEnv } }).status;
  npm("stop", "--silent");
  rmSync(stackDir, { recursive: true, force: true });
  try {
    if (npm("start", "--silent", "--", "--detach", "--port", stackPort) !== 0)
      return { passed: 0, failed: 1, skipped: 0 };
    return mochaWith(stackEnv, "e2e", "attacks", "lifecycle");
  } finally {
    npm("stop", "--silent");
  }
}

void main();
