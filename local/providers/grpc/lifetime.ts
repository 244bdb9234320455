const PARENT_CHECK_MS = 1_000;

/** An engine that was killed ends nobody: without this its providers would stay for ever. */
export function endWithParent(): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.exit(0);
  }, PARENT_CHECK_MS).unref();
}
