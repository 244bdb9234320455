import { readFileSync, renameSync, writeFileSync } from "node:fs";

/** What a JSON file holds, or undefined when there is none. */
export function readJson<T>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new Error(`${file}: ${(error as Error).message}`);
  }
}

/** Replaces the file at once, readable by this user only: a crash leaves the old or the new one. */
export function writeJson(file: string, value: unknown): void {
  const unfinished = `${file}.unfinished`;
  writeFileSync(unfinished, `${JSON.stringify(value, null, 1)}\n`, { mode: 0o600 });
  renameSync(unfinished, file);
}
