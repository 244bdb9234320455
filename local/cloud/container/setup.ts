import { statSync } from "node:fs";
import { dirname, join } from "node:path";
import { inContainer, lockedOptions, type Mount } from "./machine";
import { findProgram, tool } from "../tools";

export interface Tmpfs {
  target: string;
  /** MiB. */
  sizeMiB: number;
  options: readonly string[];
}

export interface SetupOptions {
  root: string;
  mounts: readonly Mount[];
  tmpfs: readonly Tmpfs[];
  readonlyRoot: boolean;
  hostname: string;
  workingDirectory: string;
  /** Most open files, soft and hard. */
  openFiles: { soft: number; hard: number };
  command: readonly string[];
}

/**
 * The shell script that turns fresh namespaces into a container and becomes its program. What it has to say goes to
 * file descriptor 3, the program's output to 1 and 2: a line `ready` on 3 is the last thing before the program.
 */
export function setupScript(options: SetupOptions): string {
  const { root } = options;
  const mount = quote(tool("mount"));
  const mkdir = quote(tool("mkdir"));
  const setHostname = findProgram("hostname");
  const at = (target: string) => quote(join(root, target));
  const bind = ({ source, target, writable }: Mount) => {
    const remount = ["remount", "bind", "ro", ...lockedOptions(source)].join(",");
    const made = `${mount} --rbind ${quote(source)} ${at(target)}`;
    return writable ? [made] : [made, `${mount} -o ${remount} ${at(target)}`];
  };
  const isBelowTmpfs = ({ target }: Mount) =>
    options.tmpfs.some((each) => target.startsWith(`${each.target.replace(/\/+$/, "")}/`));
  const mountPoint = ({ source, target }: Mount) =>
    statSync(source).isDirectory()
      ? [`${mkdir} -p ${at(target)}`]
      : [`${mkdir} -p ${at(dirname(target))}`, `[ -e ${at(target)} ] || : > ${at(target)}`];
  const tmpfs = ({ target, sizeMiB, options: given }: Tmpfs) =>
    `${mount} -t tmpfs -o ${quote([`size=${sizeMiB}m`, "nosuid", "nodev", "mode=1777", ...given].join(","))} tmpfs ${at(target)}`;
  return [
    "set -eu",
    "exec 4>&2 2>&3",
    "umask 022",
    `${mount} --bind ${quote(root)} ${quote(root)}`,
    ...options.mounts.filter((mount) => !isBelowTmpfs(mount)).flatMap(bind),
    `${mount} -t proc -o nosuid,nodev,noexec proc ${at("/proc")}`,
    `${mount} --bind ${at("/proc/sys")} ${at("/proc/sys")}`,
    `${mount} -o remount,bind,ro,nosuid,nodev,noexec ${at("/proc/sys")}`,
    tmpfs({ target: "/dev/shm", sizeMiB: 64, options: [] }),
    ...options.tmpfs.map(tmpfs),
    // From the outside in, as Docker does: a checkout below /tmp has its programs there.
    ...options.mounts.filter(isBelowTmpfs).flatMap((mount) => [...mountPoint(mount), ...bind(mount)]),
    ...(options.readonlyRoot
      ? [`${mount} -o ${["remount", "bind", "ro", ...lockedOptions(root)].join(",")} ${quote(root)}`]
      : []),
    // Not by /proc/sys/kernel/hostname: only the machine's own root may write there. Cosmetic, so no prerequisite.
    ...(setHostname ? [`${quote(setHostname)} ${quote(options.hostname)}`] : []),
    `cd ${quote(root)}`,
    `${quote(tool("pivot_root"))} . .`,
    `${quote(inContainer(tool("umount")))} -l .`,
    // A hard limit above the machine's own is the machine's: only root may raise it.
    `ulimit -S -n ${options.openFiles.soft} 2>/dev/null || :`,
    `ulimit -H -n ${options.openFiles.hard} 2>/dev/null || :`,
    `cd ${quote(options.workingDirectory)}`,
    "echo ready >&3",
    "exec 2>&4 3>&- 4>&-",
    // The shell's own: the program is not to learn the machine's paths.
    "unset OLDPWD",
    `exec ${options.command.map(quote).join(" ")}`,
    "",
  ].join("\n");
}

/** One word of a shell's command line. */
export function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
