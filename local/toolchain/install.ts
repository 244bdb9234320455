import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { paths } from "../paths";

/** One thing in `.local/toolchain`, made by `make` and right as long as `inputs` are what they were. */
export interface Installation {
  name: string;
  /** Shown while it is made. */
  title: string;
  /** Whatever decides what is made: versions, the text of lock files, places that the result has written into it. */
  inputs: string[];
  /** Files that the result consists of, absolute. All are removed before `make`. */
  products: string[];
  /** False when a file of a finished installation has gone. */
  isWhole(): boolean;
  make(onProgress: (line: string) => void): Promise<void>;
}

const stampOf = ({ name }: Installation) => join(paths.toolchain, `${name}.stamp`);

function keyOf({ inputs }: Installation): string {
  const hash = createHash("sha256");
  for (const input of [process.arch, ...inputs]) hash.update(`${input.length}:${input}`);
  return hash.digest("hex");
}

/** True when nothing is to be done: made from these very inputs and still there. Reads a stamp, runs nothing. */
export function isInstalled(installation: Installation): boolean {
  return readOrUndefined(stampOf(installation)) === keyOf(installation) && installation.isWhole();
}

/**
 * Makes it unless it is installed. The stamp is written last, so what an interrupted run left is made again from nothing.
 * Of several processes that want the same, one works and the others wait for it.
 */
export async function install(installation: Installation, onProgress: (line: string) => void): Promise<void> {
  mkdirSync(paths.toolchain, { recursive: true });
  const unlock = await lock(installation, onProgress);
  try {
    if (isInstalled(installation)) return;
    const started = Date.now();
    onProgress(installation.title);
    rmSync(stampOf(installation), { force: true });
    for (const product of installation.products) rmSync(product, { recursive: true, force: true });
    await installation.make(onProgress);
    writeFileSync(stampOf(installation), keyOf(installation));
    onProgress(`${installation.name}: ready (${Math.round((Date.now() - started) / 1000)} s)`);
  } finally {
    unlock();
  }
}

/** A file made with O_EXCL that holds the owner's process id; the lock of a process that is no more is taken over. */
async function lock({ name }: Installation, onProgress: (line: string) => void): Promise<() => void> {
  const file = join(paths.toolchain, `${name}.lock`);
  for (let announced = false; ; await sleep(500)) {
    try {
      writeFileSync(file, String(process.pid), { flag: "wx" });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const owner = Number(readOrUndefined(file));
    if (owner && !isRunning(owner)) rmSync(file, { force: true });
    else if (!announced) onProgress(`${name}: process ${owner} is at it already, waiting`);
    announced = true;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function readOrUndefined(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
