import { spawn } from "node:child_process";
import { which } from "./machine";

/** A program ended badly; the message holds its own last lines. */
export class CommandFailed extends Error {}

export interface CommandOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** Lines of output kept for the error message. @default 15 */
  keptLines?: number;
}

/**
 * Runs a program to its end and returns what it wrote to stdout.
 * @throws CommandFailed with the last lines of stdout and stderr
 */
export function run(program: string, args: string[], options: CommandOptions = {}): Promise<string> {
  const { cwd, env, keptLines = 15 } = options;
  return new Promise((resolve, reject) => {
    const [command = program, ...rest] = [...dyingWithUs(), program, ...args];
    const child = spawn(command, rest, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    let stdout = "";
    let tail: string[] = [];
    const keep = (chunk: string) => {
      tail = [...tail, ...chunk.split("\n").filter((line) => line.trim() !== "")].slice(-keptLines);
    };
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      stdout += chunk;
      keep(chunk);
    });
    child.stderr.setEncoding("utf8").on("data", keep);
    // Else an interrupted build would go on beside the one that the next start makes. All of its group: go's compilers.
    const kill = () => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, "SIGTERM");
      } catch {
        // It has ended by itself.
      }
    };
    process.once("exit", kill);
    const fail = (how: string) =>
      reject(new CommandFailed([`${[program, ...args].join(" ")}: ${how}`, ...tail].join("\n    ")));
    child.on("error", (error) => fail(error.message));
    child.on("close", (code, signal) => {
      process.off("exit", kill);
      if (code === 0) resolve(stdout);
      else fail(`ended with ${signal ?? `exit code ${code}`}`);
    });
  });
}

/** The beginning of a command line for a program that ends when this process is killed (prctl(2), PR_SET_PDEATHSIG). */
function dyingWithUs(): string[] {
  const setpriv = which("setpriv");
  return setpriv ? [setpriv, "--pdeathsig=TERM", "--"] : [];
}

/** A second try for what needs the network: registries answer 5xx and drop connections now and then. */
export async function withRetry<T>(
  what: string,
  onProgress: (line: string) => void,
  attempt: () => Promise<T>,
): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    onProgress(`${what}: failed, trying once more\n    ${(error as Error).message}`);
    return attempt();
  }
}
