import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { CloudClient } from "./cloud/client";
import { paths } from "./paths";

export interface SeededUser {
  email: string;
  password: string;
  groups: string[];
}

const usersFile = join(paths.state, "users.json");

/** The people that `npm start` made in the local cloud, in its user pools as an administrator of AWS would by hand. */
export function readSeededUsers(): SeededUser[] {
  return existsSync(usersFile) ? (JSON.parse(readFileSync(usersFile, "utf8")) as SeededUser[]) : [];
}

/**
 * One person for every group that a pool declares, and one without a group; each keeps the password of the first time.
 *
 * @param others people of somebody else's making, to be remembered with them
 */
export async function seedUsers(cloud: CloudClient, others: readonly SeededUser[]): Promise<void> {
  const known = new Map(readSeededUsers().map((user) => [user.email, user]));
  const seeded = new Map<string, SeededUser>();
  const groups = await cloud.resources("aws:cognito/userGroup:UserGroup");
  for (const pool of await cloud.resources("aws:cognito/userPool:UserPool")) {
    const names = groups
      .filter(({ properties }) => properties.userPoolId === pool.id)
      .map(({ properties }) => String(properties.name));
    for (const [name, memberOf] of [...names.map((name) => [name, [name]] as const), ["person", []] as const]) {
      const email = `${name}@example.com`;
      const user = { email, password: known.get(email)?.password ?? newPassword(), groups: [...memberOf] };
      await cloud.createUser({ userPoolId: pool.id, ...user });
      seeded.set(email, user);
    }
  }
  mkdirSync(dirname(usersFile), { recursive: true });
  writeFileSync(usersFile, JSON.stringify([...seeded.values(), ...others], null, 2), { mode: 0o600 });
}

/** Meets every password policy that Cognito can be given: all four kinds of character, 24 long. */
export function newPassword(): string {
  return `Aa1-${randomBytes(15).toString("base64url")}`;
}
