import {
  chmodSync,
  chownSync,
  cpSync,
  lstatSync,
  mkdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { allCommands, commands, machineLinks, machineMounts, type Mount } from "./machine";
import { identityFiles, singleUser, type User } from "./user";

/** What an image brings besides the machine's libraries. */
export interface ImageFiles {
  /** Programs on PATH: names of the machine's, or every one it has. */
  commands: readonly string[] | "all";
  mounts: readonly Mount[];
  /** Path -> target. */
  links: Readonly<Record<string, string>>;
  files: Readonly<Record<string, { content: string; mode?: number }>>;
  /** Path -> directory of the machine that is copied there. */
  copies: Readonly<Record<string, string>>;
  users: readonly User[];
  /** Directories that this user owns. */
  owned: Readonly<Record<string, User>>;
  /** Bundles of trusted authorities, besides the system's. */
  trustStores: readonly string[];
}

export interface RootOptions {
  image: ImageFiles;
  hostsFile: string;
  /** Directory with what /etc/ssl/certs holds: ca-certificates.crt and the authority by its hash. */
  trustDirectory: string;
  workingDirectory: string;
  mounts: readonly Mount[];
}

const base = [
  "dev/shm",
  "etc",
  "home",
  "mnt",
  "opt",
  "proc",
  "root",
  "run",
  "srv",
  "sys",
  "tmp",
  "usr/bin",
  "usr/sbin",
];
const devices = ["null", "zero", "full", "random", "urandom", "tty"];

/**
 * Makes a directory that becomes a container's root: its writable layer, mount points included. It goes with the task.
 *
 * @returns what must be mounted onto it
 */
export function makeRoot(root: string, options: RootOptions): Mount[] {
  const { image } = options;
  rmSync(root, { recursive: true, force: true });
  mkdirSync(root, { recursive: true, mode: 0o755 });
  for (const directory of [...base, "usr/local/bin", "var/cache", "var/lib", "var/log", "var/run", "var/tmp"]) {
    mkdirSync(join(root, directory), { recursive: true });
  }
  for (const shared of ["tmp", "var/tmp"]) chmodSync(join(root, shared), 0o1777);
  chmodSync(join(root, "root"), 0o700);

  const links = new Map(machineLinks());
  for (const name of ["fd", "stdin", "stdout", "stderr"]) {
    links.set(
      `/dev/${name}`,
      name === "fd" ? "/proc/self/fd" : `/proc/self/fd/${["stdin", "stdout", "stderr"].indexOf(name)}`,
    );
  }
  links.set("/etc/mtab", "/proc/self/mounts");
  links.set("/etc/ssl/cert.pem", "certs/ca-certificates.crt");
  for (const [name, target] of image.commands === "all" ? allCommands() : commands(image.commands)) {
    links.set(`/usr/bin/${name}`, target);
  }
  for (const [path, target] of Object.entries(image.links)) links.set(path, target);

  const mounts: Mount[] = [
    ...machineMounts(),
    ...devices.map((name) => ({ source: `/dev/${name}`, target: `/dev/${name}`, writable: true })),
    { source: options.hostsFile, target: "/etc/hosts" },
    { source: options.trustDirectory, target: "/etc/ssl/certs" },
    ...image.mounts,
    ...image.trustStores.map((target) => ({ source: join(options.trustDirectory, "ca-certificates.crt"), target })),
    ...options.mounts,
  ];

  // A link first: what lies below it goes where it leads, as in the image.
  for (const [path, target] of links) makeLink(join(root, path), target);
  const files: ImageFiles["files"] = { ...identityFiles(image.users), ...image.files };
  for (const [path, { content, mode = 0o644 }] of Object.entries(files)) {
    mkdirSync(join(root, dirname(path)), { recursive: true });
    writeFileSync(join(root, path), content, { mode });
  }
  for (const [path, source] of Object.entries(image.copies)) cpSync(source, join(root, path), { recursive: true });
  for (const [path, user] of Object.entries(image.owned)) {
    mkdirSync(join(root, path), { recursive: true });
    if (!singleUser()) chownSync(join(root, path), user.uid, user.gid);
  }
  for (const mount of mounts) makeMountPoint(root, mount);
  mkdirSync(join(root, options.workingDirectory), { recursive: true });
  return mounts;
}

/** A link of the image wins over what the base has there. */
function makeLink(path: string, target: string): void {
  mkdirSync(dirname(path), { recursive: true });
  rmSync(path, { recursive: true, force: true });
  symlinkSync(target, path);
}

/** Never writes through a link: it would lead out of the container's root. */
function makeMountPoint(root: string, { source, target }: Mount): void {
  const path = join(root, target);
  const there = lstatSync(path, { throwIfNoEntry: false });
  if (there && !there.isSymbolicLink()) return;
  if (there) rmSync(path);
  if (statSync(source).isDirectory()) mkdirSync(path, { recursive: true });
  else {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, "", { flag: "wx" });
  }
}
