import { readdirSync, readFileSync, readlinkSync } from "node:fs";

const listening = "0A";

/** Who listens on a TCP port of this machine, for a message: `node (process 123: node server.js)`. */
export function portHolder(port: number): string {
  const inodes = new Set(["/proc/net/tcp", "/proc/net/tcp6"].flatMap((table) => listeners(table, port)));
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    if (!openFiles(pid).some((file) => inodes.has(file))) continue;
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
    const name = readFileSync(`/proc/${pid}/comm`, "utf8").trim();
    return `${name} (process ${pid}: ${command.slice(0, 100)})`;
  }
  return "a process of another user";
}

/** `socket:[inode]` of each listening socket (proc(5), /proc/net/tcp). */
function listeners(table: string, port: number): string[] {
  const wanted = port.toString(16).toUpperCase().padStart(4, "0");
  return readIfThere(table)
    .split("\n")
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local = "", , state]) => local.endsWith(`:${wanted}`) && state === listening)
    .map((fields) => `socket:[${fields[9]}]`);
}

function openFiles(pid: string): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((descriptor) => readlinkSync(`/proc/${pid}/fd/${descriptor}`));
  } catch {
    return [];
  }
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
