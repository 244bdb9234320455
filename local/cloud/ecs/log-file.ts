import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";

const capBytes = 10 * 1024 * 1024;

/**
 * The log stream of a container: a file that holds the newest output, and the `.1` beside it what came before.
 * Both together stay below twice the cap.
 */
export class LogFile {
  readonly #path: string;
  #file: number | undefined;
  #size = 0;

  /** @param group log group name; its slashes make folders */
  constructor(logs: string, group: string, stream: string) {
    const segments = `${group}/${stream}`.split("/").filter((segment) => segment !== "" && !/^\.+$/.test(segment));
    this.#path = join(logs, ...segments);
  }

  write(chunk: Buffer): void {
    if (this.#size + chunk.length > capBytes) {
      this.close();
      renameSync(this.#path, `${this.#path}.1`);
    }
    this.#file ??= this.#open();
    writeSync(this.#file, chunk);
    this.#size += chunk.length;
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #open(): number {
    mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
    const file = openSync(this.#path, "a", 0o600);
    this.#size = fstatSync(file).size;
    return file;
  }
}
