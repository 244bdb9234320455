import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
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
  const unlock = await lock(installation, onProgress);
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

/**
 * Waits until no other process holds the lock of that installation. It is a listening socket in Linux's abstract namespace
 * (unix(7)): no two can have the name, and it goes with its process however that ends, so no lock is ever stale.
 */
async function lock({ name }: Installation, onProgress: (line: string) => void): Promise<() => void> {
  // Hashed: a socket's name holds 107 bytes.
  const address = `\0${createHash("sha256").update(join(paths.toolchain, name)).digest("hex")}`;
  for (let announced = false; ; await sleep(500)) {
    const server = createServer();
    const taken = await new Promise<boolean>((resolve, reject) => {
      server.once("error", (error: NodeJS.ErrnoException) =>
        error.code === "EADDRINUSE" ? resolve(false) : reject(error),
      );
      server.listen(address, () => resolve(true));
    });
    if (taken) return () => server.close();
    if (!announced) onProgress(`${name}: another process is at it already, waiting`);
    announced = true;
  }
}
