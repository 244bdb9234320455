import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { findProgram } from "../tools";

/** A bind mount into a container's root. */
export interface Mount {
  source: string;
  target: string;
  writable?: boolean;
}

/** Where a container's root has the machine's own programs, whatever its image has on PATH. */
const machineRoot = "/.machine";
const programDirectories = ["/usr/bin", "/usr/sbin", "/bin", "/sbin"];
const libraryDirectories = [
  "/lib",
  "/lib32",
  "/lib64",
  "/libx32",
  "/usr/lib",
  "/usr/lib32",
  "/usr/lib64",
  "/usr/libx32",
];
const sharedDirectories = [...libraryDirectories, "/usr/share", "/usr/libexec"];
/** The dynamic linker's cache and search path, time zone, host and service names' databases: no secret, no identity. */
const etcFiles = ["ld.so.cache", "ld.so.conf", "ld.so.conf.d", "alternatives", "localtime", "protocols", "services"];

const isLink = (path: string) => lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;

/** What of the machine every container sees, read-only: libraries, and programs out of the way. */
export function machineMounts(): Mount[] {
  const seen = sharedDirectories.filter((directory) => existsSync(directory) && !isLink(directory));
  const programs = programDirectories.filter((directory) => existsSync(directory) && !isLink(directory));
  const etc = etcFiles.map((name) => `/etc/${name}`).filter((path) => existsSync(path));
  return [
    ...seen.map((directory) => ({ source: directory, target: directory })),
    ...programs.map((directory) => ({ source: directory, target: machineRoot + directory })),
    ...etc.map((path) => ({ source: realpathSync(path), target: path })),
  ];
}

/** `/bin -> usr/bin` and the like, as on this machine: [path, target]. */
export function machineLinks(): [string, string][] {
  return ["/bin", "/sbin", ...sharedDirectories].filter(isLink).map((path) => [path, readlinkSync(path)]);
}

/** Where a program of the machine is inside a container's root; its own path when it is none of the system's. */
export function inContainer(program: string): string {
  const real = realpathSync(program);
  return programDirectories.some((directory) => dirname(real) === directory) ? machineRoot + real : real;
}

let every: [string, string][] | undefined;

/** Every program of the machine's system directories: [name, path in the container]. The first directory wins. */
export function allCommands(): readonly [string, string][] {
  if (every) return every;
  const found = new Map<string, string>();
  for (const directory of programDirectories.filter((each) => existsSync(each) && !isLink(each))) {
    for (const name of readdirSync(directory)) {
      const path = join(directory, name);
      if (!found.has(name) && existsSync(path)) found.set(name, inContainer(path));
    }
  }
  every = [...found];
  return every;
}

/** The machine's programs of these names; what it lacks is left out. */
export function commands(names: readonly string[]): [string, string][] {
  return names.flatMap((name): [string, string][] => {
    const found = findProgram(name);
    return found ? [[name, inContainer(found)]] : [];
  });
}

/**
 * Options that a read-only remount of this path must repeat: in a user namespace the kernel refuses to drop those of
 * the mount it came from (mount_namespaces(7), "locked").
 */
export function lockedOptions(path: string): string[] {
  const real = existsSync(path) ? realpathSync(path) : path;
  let best = { point: "", options: "" };
  for (const line of readFileSync("/proc/self/mountinfo", "utf8").split("\n")) {
    const [, , , , rawPoint = "", options = ""] = line.split(" ");
    const point = rawPoint.replace(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
    const holds = real === point || real.startsWith(point === "/" ? "/" : `${point}/`);
    if (point && holds && point.length >= best.point.length) best = { point, options };
  }
  const repeated = ["nosuid", "nodev", "noexec", "noatime", "nodiratime", "relatime"];
  return best.options.split(",").filter((option) => repeated.includes(option));
}
