import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { frontFile } from "../../local/cloud/front";
import { paths } from "../../local/paths";

/** Ids, as seen from here, of the stack's processes with that name (15 characters at most). */
export function processesNamed(name: string): number[] {
  const { front } = JSON.parse(readFileSync(frontFile, "utf8")) as { front: { pid: number } };
  const children = new Map<number, number[]>();
  for (const entry of readdirSync("/proc").filter((file) => /^\d+$/.test(file))) {
    const parent = Number(statOf(Number(entry))[1]);
    children.set(parent, [...(children.get(parent) ?? []), Number(entry)]);
  }
  const below = (pid: number): number[] => [pid, ...(children.get(pid) ?? []).flatMap(below)];
  return below(front.pid).filter((pid) => nameOf(pid) === name);
}

/** Everything that the stack has written down so far, by file. */
export function logs(): Map<string, string> {
  const files = readdirSync(paths.logs, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    files.map((file) => {
      const path = join(file.parentPath, file.name);
      return [path, readFileSync(path, "utf8")];
    }),
  );
}

/** State, parent and so on: what follows the name in /proc/PID/stat. Empty for a process that has ended. */
function statOf(pid: number): string[] {
  return procFile(pid, "stat")
    .replace(/^.*\) /s, "")
    .split(" ");
}

function nameOf(pid: number): string {
  return procFile(pid, "comm").trim();
}

function procFile(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}
