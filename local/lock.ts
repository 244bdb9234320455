import { createHash } from "node:crypto";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * Waits until no other process holds the lock of that name. It is a listening socket in Linux's abstract namespace
 * (unix(7)): no two can have the name, and it goes with its process however that ends, so no lock is ever stale.
 *
 * @param onWait called once when another process holds it
 * @returns the function that gives it up
 */
export async function holdLock(name: string, onWait: () => void): Promise<() => void> {
  // Hashed: a socket's name holds 107 bytes.
  const address = `\0${createHash("sha256").update(name).digest("hex")}`;
  for (let announced = false; ; await sleep(500)) {
    const server = createServer();
    const taken = await new Promise<boolean>((resolve, reject) => {
      server.once("error", (error: NodeJS.ErrnoException) =>
        error.code === "EADDRINUSE" ? resolve(false) : reject(error),
      );
      server.listen(address, () => resolve(true));
    });
    if (taken) {
      server.unref();
      return () => server.close();
    }
    if (!announced) onWait();
    announced = true;
  }
}
