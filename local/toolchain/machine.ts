import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

/** A program of the machine that the local cloud runs: what for, and the Debian package that brings it. */
interface MachineProgram {
  why: string;
  debian: string;
}

/** Every one, in one list: the prerequisites of `npm start` are made from it, and cloud/tools.ts takes its names. */
export const machinePrograms = {
  ip: { why: "gives each task its own network interfaces", debian: "iproute2" },
  nft: { why: "enforces security groups between tasks, load balancers and databases", debian: "nftables" },
  unshare: { why: "gives each task its own network and mounts", debian: "util-linux" },
  nsenter: { why: "starts a program inside a running task", debian: "util-linux" },
  setpriv: { why: "runs each container's program with few privileges", debian: "util-linux" },
  pivot_root: { why: "gives each container its own root", debian: "util-linux" },
  mount: { why: "gives each container its own root", debian: "mount" },
  umount: { why: "gives each container its own root", debian: "mount" },
  sh: { why: "sets each container up", debian: "dash" },
  mkdir: { why: "sets each container up", debian: "coreutils" },
  mkfifo: { why: "takes each container's output", debian: "coreutils" },
  openssl: { why: "makes the local certificates", debian: "openssl" },
} as const satisfies Record<string, MachineProgram>;

export type MachineProgramName = keyof typeof machinePrograms;

/** What a plain user's PATH lacks. */
const systemDirectories = ["/usr/sbin", "/sbin"];

/** Absolute path of a program on PATH, then in the sbin directories, or undefined. */
export function which(program: string): string | undefined {
  const directories = (process.env.PATH ?? "").split(delimiter).filter((directory) => directory.startsWith("/"));
  for (const directory of [...directories, ...systemDirectories]) {
    const file = join(directory, program);
    try {
      accessSync(file, constants.X_OK);
      if (statSync(file).isFile()) return file;
    } catch {
      // Not here.
    }
  }
  return undefined;
}
