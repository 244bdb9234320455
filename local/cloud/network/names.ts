import { closeSync, ftruncateSync, openSync, writeSync } from "node:fs";
import type { Names } from "../context";

type Zone = "public" | "private";

interface Entry {
  addresses: readonly string[];
  zone: Zone;
}

/**
 * The one hosts file of the local cloud. It is mounted over /etc/hosts of the daemon and of every container, so it is
 * rewritten in place: a renamed file would leave the mounts with the old one.
 */
export class HostsFile implements Names {
  readonly path: string;
  readonly #isPublic: (address: string) => boolean;
  #written = "";
  readonly #owners = new Map<string, Map<string, Entry>>();

  /** @param isPublic whether the internet has a route to an address */
  constructor(path: string, isPublic: (address: string) => boolean) {
    this.path = path;
    this.#isPublic = isPublic;
    closeSync(openSync(path, "a", 0o644));
    this.#write();
  }

  set(owner: string, hostname: string, addresses: readonly string[], zone: Zone = "public"): void {
    const name = hostname.toLowerCase().replace(/\.$/, "");
    if (!/^[a-z0-9_]([a-z0-9._-]*[a-z0-9])?$/.test(name)) {
      throw new Error(
        `"${hostname}" cannot be a name in the local cloud: wildcards and other characters are not resolved`,
      );
    }
    const names = this.#owners.get(owner) ?? new Map<string, Entry>();
    if (addresses.length > 0) names.set(name, { addresses, zone });
    else names.delete(name);
    this.#owners.set(owner, names);
    this.#write();
  }

  release(owner: string): void {
    if (this.#owners.delete(owner)) this.#write();
  }

  lookup(hostname: string): readonly string[] {
    const inside = this.#addresses(hostname, "private");
    return inside.length > 0 ? inside : this.#addresses(hostname, "public");
  }

  lookupOutside(hostname: string): readonly string[] {
    return this.#addresses(hostname, "public").filter(this.#isPublic);
  }

  outside(): string[] {
    return this.all().filter((name) => this.lookupOutside(name).length > 0);
  }

  all(): string[] {
    return [...new Set([...this.#owners.values()].flatMap((names) => [...names.keys()]))];
  }

  #addresses(hostname: string, zone: Zone): string[] {
    const name = hostname.toLowerCase().replace(/\.$/, "");
    const entries = [...this.#owners.values()].flatMap((names) => names.get(name) ?? []);
    return [...new Set(entries.filter((entry) => entry.zone === zone).flatMap(({ addresses }) => addresses))];
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
