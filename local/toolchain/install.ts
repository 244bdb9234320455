import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { holdLock } from "../lock";
import { paths } from "../paths";

/** One thing in `.local/toolchain`, made by `make` and right as long as `inputs` are what they were. */
export interface Installation {
  name: string;
  /** Shown while it is made. */
  title: string;
  /** Whatever decides what is made: versions, the text of lock files, places that the result has written into it. */
  inputs: string[];
  /** Files and folders that the result consists of, absolute. All are removed before `make`. */
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
  return stampText(installation) === keyOf(installation) && installation.isWhole();
}

function stampText(installation: Installation): string | undefined {
  try {
    return readFileSync(stampOf(installation), "utf8");
  } catch {
    return undefined;
  }
}

/**
 * Makes it unless it is installed. The stamp is written last, so what an interrupted run left is made again from nothing.
 * Of several processes that want the same, one works and the others wait for it.
 */
export async function install(installation: Installation, onProgress: (line: string) => void): Promise<void> {
  mkdirSync(paths.toolchain, { recursive: true });
  const unlock = await holdLock(join(paths.toolchain, installation.name), () =>
    onProgress(`${installation.name}: another process is at it already, waiting`),
  );
  try {
    if (isInstalled(installation)) return;
    const started = performance.now();
    onProgress(installation.title);
    rmSync(stampOf(installation), { force: true });
    for (const product of installation.products) rmSync(product, { recursive: true, force: true });
    await installation.make(onProgress);
    writeFileSync(stampOf(installation), keyOf(installation));
    onProgress(`${installation.name}: ready (${((performance.now() - started) / 1000).toFixed(0)} s)`);
  } finally {
    unlock();
  }
}
