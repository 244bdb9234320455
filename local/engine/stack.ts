import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

/** Commands that a new stack makes sense for; of others ("stack rm", "config get") a missing stack is the answer. */
const creating = ["preview", "pre", "up", "update", "refresh", "import"];

/**
 * Creates the stack that `--stack` names, for the commands above, if the file backend has none of that name.
 *
 * `pulumi stack init` writes the salt of the stack's secrets into the project's Pulumi.STACK.yaml, also where the command
 * itself is given another --config-file. So it is run in a folder with nothing but the project's name.
 */
export function ensureStack(pulumi: string, args: string[], env: Record<string, string>): void {
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
    const created = spawnSync(pulumi, ["stack", "init", stack, "--no-select", "--non-interactive", "-C", scratch], {
      env,
      encoding: "utf8",
    });
    if (created.status !== 0)
      throw new Error(`could not create the stack ${stack}:\n${created.stderr || created.error?.message}`);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
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
