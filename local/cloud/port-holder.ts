import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { basename } from "node:path";

const listening = "0A";

/** Who listens on a TCP port of this machine, for a message: `node (process 123 in /home/me: node server.js)`. */
export function portHolder(port: number): string {
  const inodes = new Set(["/proc/net/tcp", "/proc/net/tcp6"].flatMap((table) => listeners(table, port)));
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    if (!openFiles(pid).some((file) => inodes.has(file))) continue;
    const command = readIfThere(`/proc/${pid}/cmdline`).split("\0");
    const directory = openLink(`/proc/${pid}/cwd`);
    // Not comm: that is the name of a thread, Node's is "MainThread".
    const name = basename(command[0] || readIfThere(`/proc/${pid}/comm`).trim());
    return `${name} (process ${pid} in ${directory}: ${command.join(" ").trim().slice(0, 150)})`;
  }
  return "a process of another user";
}

function openLink(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "?";
  }
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
