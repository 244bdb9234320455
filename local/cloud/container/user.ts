import { readFileSync } from "node:fs";
import { inContainer } from "./machine";
import { tool } from "../tools";

export interface User {
  name: string;
  uid: number;
  gid: number;
  home: string;
}

const rootUser: User = { name: "root", uid: 0, gid: 0, home: "/root" };
/** In every Debian and Alpine image. */
const nobody: User = { name: "nobody", uid: 65534, gid: 65534, home: "/nonexistent" };

/** What Docker leaves to root in a container, less mknod: containers share the machine's devices. */
const capabilities = [
  ...["chown", "dac_override", "fowner", "fsetid", "kill", "setgid", "setuid", "setpcap"],
  ...["net_bind_service", "net_raw", "sys_chroot", "audit_write", "setfcap"],
];

let onlyOne: boolean | undefined;

/**
 * Whether the daemon knows one user id only. An ordinary user may map just the own id into a user namespace: every
 * file is then root's, and a container's user becomes another name of that id in a user namespace below.
 */
export function singleUser(): boolean {
  onlyOne ??= Number(readFileSync("/proc/self/uid_map", "utf8").trim().split(/\s+/)[2]) === 1;
  return onlyOne;
}

/**
 * @param user `uid`, `uid:gid`, `name` or `name:group` (ECS ContainerDefinition.user)
 * @throws Error as Docker words it
 */
export function findUser(user: string, known: readonly User[]): User {
  const users = [rootUser, nobody, ...known];
  const [name = "", group] = user.split(":");
  const numeric = /^\d+$/.test(name);
  const found = users.find((each) => (numeric ? each.uid === Number(name) : each.name === name));
  if (!found && !numeric) throw new Error(`unable to find user ${name}: no matching entries in passwd file`);
  const uid = found?.uid ?? Number(name);
  const groupOf = (text: string) => users.find((each) => each.name === text)?.gid;
  const gid = group === undefined ? (found?.gid ?? 0) : /^\d+$/.test(group) ? Number(group) : groupOf(group);
  if (gid === undefined) throw new Error(`unable to find group ${group}: no matching entries in group file`);
  return { name: found?.name ?? "", uid, gid, home: found?.home ?? "/" };
}

/** /etc/passwd and /etc/group of a container. */
export function identityFiles(users: readonly User[]): Record<string, { content: string }> {
  const all = [rootUser, nobody, ...users];
  const passwd = all.map(({ name, uid, gid, home }) => `${name}:x:${uid}:${gid}::${home}:/bin/sh\n`);
  const groups = new Map(all.map(({ name, gid }) => [gid, name]));
  return {
    "/etc/passwd": { content: passwd.join("") },
    "/etc/group": { content: [...groups].map(([gid, name]) => `${name}:x:${gid}:\n`).join("") },
  };
}

/** The beginning of a command line, inside a container's root, that goes on as this user with no more rights than it needs. */
export function asUser({ uid, gid }: User, dropped: readonly string[] = []): string[] {
  const none = dropped.some((name) => name.toUpperCase() === "ALL");
  const kept = none
    ? []
    : capabilities.filter((name) => !dropped.some((each) => each.toLowerCase().replace(/^cap_/, "") === name));
  const bounding = `-all${uid === 0 ? kept.map((name) => `,+${name}`).join("") : ""}`;
  const limits = ["--no-new-privs", "--inh-caps=-all", `--bounding-set=${bounding}`, "--"];
  const setpriv = inContainer(tool("setpriv"));
  if (!singleUser()) return [setpriv, `--reuid=${uid}`, `--regid=${gid}`, "--clear-groups", ...limits];
  return [inContainer(tool("unshare")), "--user", `--map-user=${uid}`, `--map-group=${gid}`, "--", setpriv, ...limits];
}
