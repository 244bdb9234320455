import { execFile } from "node:child_process";
import { accessSync, constants, realpathSync } from "node:fs";
import { delimiter, join } from "node:path";

/** The machine's programs that make the namespaces, with the Debian package of each. */
const packages = {
  ip: "iproute2",
  unshare: "util-linux",
  nsenter: "util-linux",
  mount: "util-linux",
  umount: "util-linux",
  pivot_root: "util-linux",
  setpriv: "util-linux",
  sh: "dash",
  mkfifo: "coreutils",
  openssl: "openssl",
} as const;

export type Tool = keyof typeof packages;

/** Absolute path of a program; a plain user's PATH lacks the sbin directories. */
export function findProgram(name: string): string | undefined {
  for (const directory of [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/sbin", "/usr/bin", "/bin"]) {
    if (!directory.startsWith("/")) continue;
    try {
      accessSync(join(directory, name), constants.X_OK);
      return join(directory, name);
    } catch {
      // Not here.
    }
  }
  return undefined;
}

/** @throws Error naming every missing program and how it is had */
export function requireTools(): void {
  const missing = Object.entries(packages).filter(([name]) => !findProgram(name));
  if (missing.length === 0) return;
  const lines = missing.map(([name, debianPackage]) => `  ${name}: install your distribution's ${debianPackage}`);
  throw new Error(`the local cloud needs programs that are not on this machine:\n${lines.join("\n")}`);
}

/** Absolute path without symbolic links: what it is called inside a container's root as well. */
export function tool(name: Tool): string {
  const found = findProgram(name);
  if (!found) throw new Error(`${name} is not on this machine: install your distribution's ${packages[name]}`);
  return realpathSync(found);
}

/**
 * Runs a program to its end.
 *
 * @param input written to its stdin
 * @returns its stdout
 * @throws Error with its stderr
 */
export function run(name: Tool, args: readonly string[], input?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(findProgram(name) ?? name, args, (error, stdout, stderr) => {
      if (error) reject(new Error(`${name} ${args.join(" ")}: ${stderr.trim() || error.message}`));
      else resolve(stdout);
    });
    // A program that ends without reading its stdin: its exit code tells all.
    child.stdin?.on("error", () => {});
    child.stdin?.end(input);
  });
}
