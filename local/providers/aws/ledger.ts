import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { StoredResource } from "./context";

/**
 * The control plane's memory, one file a resource, so that `.get()`, look-ups and revision numbers work across runs.
 * The files hold secrets in plain: only their owner can read them.
 */
export class Ledger {
  private readonly directory: string;

  constructor(directory: string) {
    this.directory = directory;
  }

  put(resource: StoredResource): void {
    this.write(this.file(resource), JSON.stringify(resource));
  }

  delete(resource: Pick<StoredResource, "type" | "id">): void {
    rmSync(this.file(resource), { force: true });
  }

  get(type: string, id: string): StoredResource | undefined {
    return this.read(this.file({ type, id }));
  }

  list(type: string): StoredResource[] {
    const directory = this.typeDirectory(type);
    let files: string[];
    try {
      files = readdirSync(directory);
    } catch {
      return [];
    }
    const stored = files.filter((file) => file.endsWith(".json")).map((file) => this.read(join(directory, file)));
    return stored.filter((resource) => resource !== undefined);
  }

  next(sequence: string): number {
    const file = join(this.directory, "sequences", encodeURIComponent(sequence));
    let last = 0;
    try {
      last = Number(readFileSync(file, "utf8"));
    } catch {
      // The first one.
    }
    this.write(file, String(last + 1));
    return last + 1;
  }

  private typeDirectory(type: string): string {
    return join(this.directory, encodeURIComponent(type));
  }

  private file({ type, id }: Pick<StoredResource, "type" | "id">): string {
    return join(this.typeDirectory(type), `${encodeURIComponent(id).slice(0, 240)}.json`);
  }

  private read(file: string): StoredResource | undefined {
    try {
      return JSON.parse(readFileSync(file, "utf8")) as StoredResource;
    } catch {
      return undefined;
    }
  }

  private write(file: string, text: string): void {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const temporary = `${file}.${process.pid}.tmp`;
    writeFileSync(temporary, text, { mode: 0o600 });
    renameSync(temporary, file);
  }
}
