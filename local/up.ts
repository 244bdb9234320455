/**
 * `npm start`: the stack of Pulumi.yaml, up on this machine.
 *
 *   npm start -- [--detach] [--port 8443] [--set key=value]...
 *
 * --detach   return when all is healthy; `npm stop` takes it down
 * --port     the loopback port that a browser opens
 * --set      override a setting of Pulumi.local.yaml for this start; repeatable; `identity.type=cognito` reaches inside
 */
import { parseArgs } from "node:util";
import { CloudClient } from "./cloud/client";
import { startCloud, stopCloud } from "./cloud/front";
import { paths } from "./paths";
import { printSummary, writeOutputs } from "./outputs";
import { deployLocalStack } from "./stack";
import { runSteps } from "./steps";
import { ensureToolchain } from "./toolchain/toolchain";
import { seedUsers } from "./users";
import { untilServing } from "./wait";

async function main(): Promise<void> {
  const { values: options } = parseArgs({
    options: {
      detach: { type: "boolean", default: false },
      port: { type: "string", default: "8443" },
      set: { type: "string", multiple: true, default: [] },
    },
  });
  const port = portNumber(options.port);
  const cloud = new CloudClient(paths.cloudSocket);

  const interrupted = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => interrupted.abort());

  try {
    await runSteps([
      { title: "Tools", run: (say) => ensureToolchain("run", say) },
      { title: "Local cloud", run: (say) => startCloud({ port, detach: options.detach, say }) },
      {
        title: "pulumi up",
        run: (say) => deployLocalStack({ overrides: options.set, say, signal: interrupted.signal }),
      },
      { title: "People", run: () => seedUsers(cloud) },
      { title: "Healthy", run: (say) => untilServing({ cloud, port, say, signal: interrupted.signal }) },
    ]);
    printSummary(await writeOutputs(port));
  } catch (error) {
    if (!options.detach) await stopCloud();
    if (!interrupted.signal.aborted) throw error;
    return;
  }
  if (options.detach) return;

  console.log("\nCtrl-C takes it down; the next `npm start` goes on where this one stopped.");
  await aborted(interrupted.signal);
  await runSteps([{ title: "Stopping", run: () => stopCloud() }]);
}

function portNumber(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1024 && port <= 65535) return port;
  throw new Error(`--port ${text}: give a whole number from 1024 to 65535`);
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

main().then(
  () => process.exit(),
  (error: unknown) => {
    console.error(`\n${error instanceof Error ? error.message : String(error)}`);
    process.exit(1);
  },
);
