// Runs first in a program's process (node --require, see standby.ts): loads the program's own SDK, then waits for what to
// run. The engine asks for programs only after it has loaded every policy pack, which takes seconds; loaded before the
// program's TypeScript loader is in place, the SDK's thousand files also take half the time.
const { closeSync, readFileSync } = require("node:fs");
const { createRequire } = require("node:module");
const { join } = require("node:path");
const { isMainThread } = require("node:worker_threads");

// Neither the program nor what it starts is to see how it was started. Its worker threads inherit --require.
process.execArgv.splice(0, 2);

if (isMainThread) {
  const fromProgram = createRequire(join(process.cwd(), "package.json"));
  try {
    // In the order of the SDK's cmd/run: its tracing hooks come before everything that loads gRPC.
    fromProgram("@pulumi/pulumi/cmd/run/instrumentation");
    fromProgram("@pulumi/pulumi");
  } catch {
    // Another version of the SDK, or a broken one: cmd/run says what is wrong.
  }

  const { args, env } = awaitOrder();
  process.argv.push(...args);
  Object.assign(process.env, env);
}

/** Blocks until the language host has sent its order and closed the pipe. When it ends without one, so does this. */
function awaitOrder() {
  const order = readFileSync(3, "utf8");
  closeSync(3);
  if (order === "") process.exit(0);
  return JSON.parse(order);
}
