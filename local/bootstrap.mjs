// The first thing every npm script runs: plain JavaScript for whatever Node >= 20 the machine has, before anything is
// installed. It brings node_modules in line with package-lock.json and goes on in the Node that the lock file pins.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const [entry, ...args] = process.argv.slice(2);
const node = join(root, "node_modules", ".bin", "node");

installPackages();
const { status, signal } = spawnSync(node, ["--import", "tsx", join(root, entry), ...args], {
  cwd: root,
  stdio: "inherit",
  env: { ...process.env, PATH: `${dirname(node)}:${process.env.PATH}` },
});
process.exitCode = signal ? 130 : (status ?? 1);

function installPackages() {
  const stamp = join(root, "node_modules", ".installed");
  const wanted = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted && existsSync(node)) return;

  const started = Date.now();
  console.error("Installing npm packages as package-lock.json pins them (about a minute, 660 MB in node_modules) ...");
  const { status, error } = spawnSync("npm", ["ci", "--loglevel=error"], { cwd: root, stdio: ["ignore", 2, 2] });
  if (error || status !== 0) fail(`npm ci failed (${error?.message ?? `exit code ${status}`}): see its lines above.`);
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
