import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** Command lines of this user's processes that have this variable, `NAME=value`, as they were started (proc_pid_environ(5)). */
export function processesWith(variable: string): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => readIfThere(`/proc/${pid}/environ`).split("\0").includes(variable))
    .map((pid) => readIfThere(`/proc/${pid}/cmdline`).replaceAll("\0", " "));
}

/**
 * Waits until no process with this variable is left.
 *
 * @throws with their command lines where some are still there after so many seconds
 */
export async function untilNoneIsLeft(variable: string, timeoutSec: number): Promise<void> {
  const deadline = Date.now() + timeoutSec * 1000;
  for (let left = processesWith(variable); left.length > 0; left = processesWith(variable)) {
    if (Date.now() > deadline) throw new Error(`still there after ${timeoutSec} s:\n${left.join("\n")}`);
    await sleep(100);
  }
}

/** Empty for a process that has ended meanwhile, or belongs to somebody else. */
function readIfThere(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
