import { readFileSync } from "node:fs";

/** What tells a process from a later one with the same id: its start time (proc(5), stat field 22). Undefined when it has ended. */
export function processIdentity(pid: number): string | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    return fields[0] === "Z" ? undefined : fields[19];
  } catch {
    return undefined;
  }
}
