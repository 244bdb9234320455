import { randomBytes, randomUUID, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import { readJson, writeJson } from "../json-file";

const derive = promisify(scrypt) as (password: string, salt: Buffer, length: number) => Promise<Buffer>;

export interface User {
  sub: string;
  username: string;
  enabled: boolean;
  attributes: Record<string, string>;
  groups: string[];
  /** Of a person who comes in by another identity provider. */
  identity?: { providerName: string; userId: string /** Milliseconds since 1970. */; dateCreated: number };
  /** Base64; absent: cannot sign in. */
  password?: { salt: string; hash: string };
}

/** The users of one pool. They live in a file; passwords are hashed with scrypt. */
export class Users {
  readonly #file: string;
  readonly #users: Map<string, User>;

  constructor(file: string) {
    this.#file = file;
    this.#users = new Map((readJson<User[]>(file) ?? []).map((user) => [user.sub, user]));
  }

  bySub(sub: string): User | undefined {
    return this.#users.get(sub);
  }

  named(username: string): User | undefined {
    return [...this.#users.values()].find((user) => user.username === username);
  }

  /** By user name or email, without regard to case (UsernameConfiguration: case sensitivity is off by default). */
  find(name: string): User | undefined {
    const wanted = name.trim().toLowerCase();
    const names = ({ username, attributes }: User) => [username, attributes.email ?? ""];
    return [...this.#users.values()].find((user) => names(user).some((own) => own.toLowerCase() === wanted));
  }

  add(user: Partial<User>): User {
    const sub = user.sub ?? randomUUID();
    const added = { sub, username: sub, enabled: true, attributes: {}, groups: [], ...user };
    this.#users.set(sub, added);
    this.save();
    return added;
  }

  remove(user: User): void {
    this.#users.delete(user.sub);
    this.save();
  }

  save(): void {
    writeJson(this.#file, [...this.#users.values()]);
  }

  async setPassword(user: User, password: string): Promise<void> {
    const salt = randomBytes(16);
    const hash = await derive(password, salt, 32);
    user.password = { salt: salt.toString("base64"), hash: hash.toString("base64") };
    this.save();
  }

  /** Takes as long for a name that nobody has. */
  async authenticate(name: string, password: string): Promise<User | undefined> {
    const user = this.find(name);
    const { salt, hash } = user?.password ?? { salt: "", hash: "" };
    const given = await derive(password, Buffer.from(salt, "base64"), 32);
    const known = Buffer.from(hash, "base64");
    const right = known.length === given.length && timingSafeEqual(known, given);
    return right && user?.enabled ? user : undefined;
  }
}
