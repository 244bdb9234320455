/**
 * `npm test`: every check that CI makes, and one closing line. What needs a stack of its own runs beside what needs none.
 * `npm test -- NAME...` runs only the checks of those names, one after the other. `npm run test:all` tries every combination
 * of choices where `npm test` tries a few that meet every pair.
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { styleText } from "node:util";
import { root } from "../local/paths";
import { ensureToolchain } from "../local/toolchain/toolchain";
import { combinations, covering } from "./combinations/combinations";
import { tryCombinations } from "./combinations/try";
import { type Counts, execute, mochaWith, type Output } from "./support/check";

interface Check {
  name: string;
  about: string;
  /** Checks of one lane run one after the other, lanes beside each other. */
  lane: "first" | "quick" | "stacks" | "choices";
  run: (output: Output) => Promise<Counts>;
}

/** A stack of its own for the tests: the one that the developer has running is left alone. */
const stackDir = join(root, ".local", "test");
const stackPort = "9443";
const stackEnv = { PREFECT_LOCAL_DIR: stackDir };

const all = process.argv.includes("--all");

const checks: Check[] = [
  { name: "tools", lane: "first", about: "every program that the checks run", run: tools },
  { name: "format", lane: "quick", about: "biome", run: program("biome", "format", ".") },
  {
    name: "lint",
    lane: "quick",
    about: "eslint: types and import directions",
    run: program("eslint", "--max-warnings", "0", "."),
  },
  { name: "types", lane: "quick", about: "tsc", run: program("tsc", "--noEmit", "-p", ".") },
  {
    name: "unit",
    lane: "quick",
    about: "settings, rendered files, components, what AWS's models say to them",
    run: mocha("settings", "render", "components", "aws-models"),
  },
  {
    name: "policies",
    lane: "quick",
    about: "the pack, in process and through the engine; the rules that come near it",
    run: mocha("policies", "bench"),
  },
  { name: "engine", lane: "quick", about: "the local engine and its providers", run: mocha("engine", "providers") },
  {
    name: "preview",
    lane: "quick",
    about: "the AWS environment of Pulumi.dev.yaml, offline",
    run: mocha("preview"),
  },
  {
    name: "entrance",
    lane: "choices",
    about: "the local cloud's load balancers and identity providers",
    run: entrance,
  },
  {
    name: "local",
    lane: "stacks",
    about: "local cloud and commands",
    run: mocha("cloud/runtime", "local"),
  },
  {
    name: "combinations",
    lane: "choices",
    about: "other choices, each on a running stack: browser, worker, strangers",
    run: (output) => tryCombinations(output, all ? combinations : covering),
  },
  { name: "e2e", lane: "stacks", about: "the running local stack: browser, worker, strangers", run: endToEnd },
];

async function main(): Promise<void> {
  const wanted = process.argv.slice(2).filter((word) => word !== "--all");
  const chosen = checks.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
  const unknown = wanted.filter((name) => !checks.some((check) => check.name === name));
  if (unknown.length > 0) {
    console.error(`no check named ${unknown.join(", ")}: there are ${checks.map(({ name }) => name).join(", ")}`);
    process.exitCode = 2;
    return;
  }

  const total: Counts = { passed: 0, failed: 0, skipped: 0 };
  const failedChecks: string[] = [];
  const runLane = async (lane: Check[], beside: boolean) => {
    for (const check of lane) {
      const { passed, failed, skipped } = await runCheck(check, beside ? [] : "inherit");
      total.passed += passed;
      total.failed += failed;
      total.skipped += skipped;
      if (failed > 0) failedChecks.push(check.name);
    }
  };
  const [first, ...beside] = (["first", "quick", "stacks", "choices"] as const).map((lane) =>
    wanted.length === 0 ? chosen.filter((check) => check.lane === lane) : lane === "first" ? chosen : [],
  );
  await runLane(first ?? [], false);
  await Promise.all(beside.map((lane) => runLane(lane, true)));
  if (failedChecks.length > 0) console.log(`\nfailed: ${failedChecks.join(", ")}`);
  console.log(
    `\n${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ""}`,
  );
  process.exitCode = total.failed > 0 ? 1 : 0;
}

async function runCheck({ name, about, run }: Check, output: Output): Promise<Counts> {
  const title = styleText("bold", `\n== ${name}: ${about}`);
  console.log(output === "inherit" ? title : `-- ${name} ...`);
  const started = performance.now();
  const counts = await run(output);
  if (output !== "inherit") console.log(`${title}\n${output.join("").trimEnd()}`);
  console.log(
    `== ${name}: ${counts.failed > 0 ? "FAILED" : "passed"} (${((performance.now() - started) / 1000).toFixed(1)} s)`,
  );
  return counts;
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

function program(name: string, ...args: string[]): Check["run"] {
  return async (output) => {
    const passed = await execute(output, join(root, "node_modules", ".bin", name), args);
    return { passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: 0 };
  };
}

/** Runs the suites below those folders of test/, in one process. */
function mocha(...folders: string[]): Check["run"] {
  return (output) => mochaWith(output, {}, folders);
}

/** They listen on ports below 1024 of loopback, which an ordinary user may in a network of his own. */
function entrance(output: Output): Promise<Counts> {
  const ownNetwork = [
    "unshare",
    "--user",
    "--map-root-user",
    "--net",
    "sh",
    "-ec",
    'ip link set lo up; exec "$@"',
    "sh",
  ];
  return mochaWith(output, {}, ["cloud/entrance"], process.getuid?.() === 0 ? [] : ownNetwork);
}

/** Brings a fresh stack up as a newcomer would, lets the suites loose on it, and takes it down. */
async function endToEnd(output: Output): Promise<Counts> {
  const npm = (...args: string[]) => execute(output, "npm", args, stackEnv);
  await npm("stop", "--silent");
  rmSync(stackDir, { recursive: true, force: true });
  try {
    if (!(await npm("start", "--silent", "--", "--detach", "--port", stackPort)))
      return { passed: 0, failed: 1, skipped: 0 };
    return await mochaWith(output, stackEnv, ["e2e", "attacks", "lifecycle"]);
  } finally {
    await npm("stop", "--silent");
  }
}

void main();
