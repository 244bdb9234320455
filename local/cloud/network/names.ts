import { closeSync, ftruncateSync, openSync, writeSync } from "node:fs";
import type { Names } from "../context";

/**
 * The one hosts file of the local cloud. It is mounted over /etc/hosts of the daemon and of every container, so it is
 * rewritten in place: a renamed file would leave the mounts with the old one.
 */
export class HostsFile implements Names {
  readonly path: string;
  #written = "";
  readonly #owners = new Map<string, Map<string, readonly string[]>>();

  constructor(path: string) {
    this.path = path;
    closeSync(openSync(path, "a", 0o644));
    this.#write();
  }

  set(owner: string, hostname: string, addresses: readonly string[]): void {
    const name = hostname.toLowerCase().replace(/\.$/, "");
    if (!/^[a-z0-9_]([a-z0-9._-]*[a-z0-9])?$/.test(name)) {
      throw new Error(
        `"${hostname}" cannot be a name in the local cloud: wildcards and other characters are not resolved`,
      );
    }
    const names = this.#owners.get(owner) ?? new Map<string, readonly string[]>();
    if (addresses.length > 0) names.set(name, addresses);
    else names.delete(name);
    this.#owners.set(owner, names);
    this.#write();
  }

  release(owner: string): void {
    if (this.#owners.delete(owner)) this.#write();
  }

  lookup(hostname: string): readonly string[] {
    const name = hostname.toLowerCase().replace(/\.$/, "");
    return [...new Set([...this.#owners.values()].flatMap((names) => names.get(name) ?? []))];
  }

  all(): string[] {
    return [...new Set([...this.#owners.values()].flatMap((names) => [...names.keys()]))];
  }

  #write(): void {
    const lines = this.all().flatMap((name) => this.lookup(name).map((address) => `${address}\t${name}`));
    const text = ["127.0.0.1\tlocalhost", ...lines, ""].join("\n");
    if (text === this.#written) return;
    this.#written = text;
    const inPlace = openSync(this.path, "r+");
    try {
      writeSync(inPlace, text, 0);
      ftruncateSync(inPlace, Buffer.byteLength(text));
    } finally {
      closeSync(inPlace);
    }
  }
}
