import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { paths, root } from "./paths";

/** The outputs of index.ts that the local commands use. */
export interface StackOutputs {
  url: string;
  apiUrl: string;
  access: string;
  workerEnv: Record<string, string>;
}

export interface DeployArgs {
  /** `key=value` each, over the settings of Pulumi.local.yaml. */
  overrides: string[];
  say: (line: string) => void;
  signal: AbortSignal;
}

const run = promisify(execFile);
const pulumi = join(root, "local", "pulumi");
const stack = "local";
const configFile = join(paths.state, `Pulumi.${stack}.yaml`);

/**
 * `pulumi up` of the stack `local`, policy pack and all, into the running local cloud.
 *
 * @throws with the engine's diagnostics when the program, the pack or the cloud refuses.
 */
export async function deployLocalStack({ overrides, say, signal }: DeployArgs): Promise<void> {
  writeConfigFile(stack, configFile);
  const logFile = join(paths.logs, "pulumi-up.log");
  mkdirSync(dirname(logFile), { recursive: true });
  const log = createWriteStream(logFile, { mode: 0o600 });
  const up = spawn(
    pulumi,
    [
      ...["up", "-C", root, "--stack", stack, "--config-file", configFile, "--policy-pack", join(root, "policies")],
      ...["--yes", "--non-interactive", "--color", "never", "--suppress-outputs"],
      ...overrides.flatMap((override) => ["--config", override]),
      ...(overrides.length > 0 ? ["--config-path"] : []),
    ],
    // Detached: Ctrl-C reaches the engine once, from here, and it ends its update in order: state is written.
    {
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, LOCAL_CLOUD_SOCKET: paths.cloudSocket },
    },
  );
  const interrupt = () => up.kill("SIGINT");
  signal.addEventListener("abort", interrupt, { once: true });
  const ended = once(up, "close");
  const lines: string[] = [];
  for (const stream of [up.stdout, up.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      lines.push(line);
      log.write(`${line}\n`);
      if (line.trim()) say(line.trim());
    });
  }
  const [exitCode] = (await ended) as [number | null];
  signal.removeEventListener("abort", interrupt);
  log.end();
  if (signal.aborted) throw new Error("interrupted: the next `npm start` goes on from here");
  if (exitCode !== 0) throw new Error(`pulumi up failed (all of it: ${logFile}):\n\n${diagnostics(lines)}`);
}

export async function stackOutputs(): Promise<StackOutputs> {
  const { stdout } = await run(pulumi, ["stack", "output", "--json", "--show-secrets", "-C", root, "--stack", stack]);
  return JSON.parse(stdout) as StackOutputs;
}

/**
 * Copies the committed settings of a stack, so that nothing done on this machine changes them. The engine keeps the salt
 * of the stack's encryption in the same file: what an earlier copy has of it stays.
 */
export function writeConfigFile(stackName: string, target: string): void {
  const committed = readFileSync(join(root, `Pulumi.${stackName}.yaml`), "utf8");
  const earlier = existsSync(target) ? readFileSync(target, "utf8") : "";
  const salt = /^encryptionsalt:.*\n?/m;
  const keptSalt = salt.test(committed) ? "" : (salt.exec(earlier)?.[0] ?? "");
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, keptSalt + committed, { mode: 0o600 });
}

/** What a person needs of the engine's output: from "Diagnostics" or "Policies" on, else its end. */
function diagnostics(lines: string[]): string {
  const start = lines.findIndex((line) => /^(Diagnostics|Policies):/.test(line));
  return (start >= 0 ? lines.slice(start) : lines.slice(-30)).join("\n").trim();
}
