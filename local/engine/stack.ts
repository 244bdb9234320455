import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

/** Commands that a new stack makes sense for; of others ("stack rm", "config get") a missing stack is the answer. */
const creating = ["preview", "pre", "up", "update", "refresh", "import", "set"];

/**
 * Creates the stack that `--stack` names, for the commands above, if the file backend has none of that name.
 *
 * `pulumi stack init` writes the salt of the stack's secrets into the project's Pulumi.STACK.yaml, also where the command
 * itself is given another --config-file. So it is run in a folder with nothing but the project's name.
 */
export async function ensureStack(pulumi: string, args: string[], env: Record<string, string>): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    strict: false,
    options: { stack: { type: "string", short: "s" }, cwd: { type: "string", short: "C" } },
  });
  const { stack, cwd = "." } = values;
  if (typeof stack !== "string" || typeof cwd !== "string" || !positionals.some((word) => creating.includes(word)))
    return;
  const project = projectName(resolve(cwd));
  const backend = env.PULUMI_BACKEND_URL ?? "";
  if (!project || !backend.startsWith("file://") || stack.includes("/")) return;
  const states = join(fileURLToPath(backend), ".pulumi", "stacks", project);
  if (existsSync(join(states, `${stack}.json`)) || existsSync(join(states, `${stack}.json.gz`))) return;

  const scratch = mkdtempSync(join(tmpdir(), "pulumi-stack-"));
  try {
    writeFileSync(join(scratch, "Pulumi.yaml"), `name: ${project}\nruntime: nodejs\n`);
    const problem = await toItsEnd(
      pulumi,
      ["stack", "init", stack, "--no-select", "--non-interactive", "-C", scratch],
      env,
    );
    if (problem !== undefined) throw new Error(`could not create the stack ${stack}:\n${problem}`);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Runs a program that a signal to this process ends as well. @returns what went wrong */
async function toItsEnd(program: string, args: string[], env: Record<string, string>): Promise<string | undefined> {
  const child = spawn(program, args, { env, stdio: ["ignore", "ignore", "pipe"] });
  const pass = (signal: NodeJS.Signals) => child.kill(signal);
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, pass);
  try {
    const [stderr, [code, killedBy]] = await Promise.all([
      text(child.stderr),
      once(child, "close") as Promise<[number | null, NodeJS.Signals | null]>,
    ]);
    return code === 0 ? undefined : killedBy ? `ended by ${killedBy}` : stderr;
  } catch (error) {
    return (error as Error).message;
  } finally {
    for (const signal of signals) process.off(signal, pass);
  }
}

/** The `name` of the Pulumi.yaml that the engine will find: in that directory or the nearest above it. */
function projectName(directory: string): string | undefined {
  for (let at = directory; ; at = dirname(at)) {
    for (const file of ["Pulumi.yaml", "Pulumi.yml"]) {
      if (!existsSync(join(at, file))) continue;
      return /^name:\s*["']?([^\s"'#]+)/m.exec(readFileSync(join(at, file), "utf8"))?.[1];
    }
    if (at === dirname(at)) return undefined;
  }
}
