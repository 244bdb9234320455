// The first thing every npm script runs: plain JavaScript for whatever Node >= 20 the machine has, before anything is
// installed. It brings node_modules in line with package-lock.json and goes on in the Node that the lock file pins.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const [entry, ...args] = process.argv.slice(2);
const node = join(root, "node_modules", ".bin", "node");

if (Number.parseInt(process.versions.node, 10) < 20)
  fail(`Node.js ${process.version} is too old: 20 or newer is needed.`);
await installPackages();
const { code, signal } = await run(node, ["--import", "tsx", join(root, entry), ...args], {
  stdio: "inherit",
  env: { ...process.env, PATH: `${dirname(node)}:${process.env.PATH}` },
});
process.exitCode = signal ? 130 : (code ?? 1);

/** Runs a program to its end. It has the say on signals: this process would not wait for what it still has to do. */
function run(program, args, options) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: root, ...options });
    const pass = (signal) => child.kill(signal);
    const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
    for (const name of signals) process.on(name, pass);
    const end = (outcome) => {
      for (const name of signals) process.off(name, pass);
      resolve(outcome);
    };
    child.once("error", (error) => end({ error }));
    child.once("close", (code, signal) => end({ code, signal }));
  });
}

async function installPackages() {
  const stamp = join(root, "node_modules", ".installed");
  const wanted = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted && existsSync(node)) return;

  const started = Date.now();
  console.error("Installing npm packages as package-lock.json pins them (about a minute, 710 MB in node_modules) ...");
  const { code, signal, error } = await run("npm", ["ci", "--loglevel=error"], { stdio: ["ignore", 2, 2] });
  if (signal) fail("interrupted: the next start begins anew");
  if (error || code !== 0) fail(`npm ci failed (${error?.message ?? `exit code ${code}`}): see its lines above.`);
  if (!existsSync(node)) {
    fail(`no Node.js build for ${process.platform}-${process.arch} in the lock file: Linux on x64 or arm64 is needed.`);
  }
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, wanted);
  console.error(`npm packages installed (${((Date.now() - started) / 1000).toFixed(0)} s)`);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
