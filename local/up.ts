/** `npm start`: the stack of Pulumi.yaml, up on this machine. */
import { parseArgs } from "node:util";
import { CloudClient } from "./cloud/client";
import { type StartedCloud, startCloud, stopCloud } from "./cloud/front";
import { holdLock } from "./lock";
import { printSummary, writeOutputs } from "./outputs";
import { localDir, paths } from "./paths";
import { deployLocalStack } from "./stack";
import { runSteps } from "./steps";
import { ensureToolchain } from "./toolchain/toolchain";
import { seedUsers } from "./users";
import { untilServing } from "./wait";

const usage = `npm start -- [--detach] [--port 8443] [--set key=value]...

  --detach          return when all is healthy; \`npm stop\` takes it down
  --port 8443       the loopback port that a browser opens
  --set key=value   a setting over those of Pulumi.local.yaml, for this start; repeatable: server.cpu=1024 reaches inside`;

interface Options {
  detach: boolean;
  port: number;
  set: string[];
}

class UsageError extends Error {}

const exitCodes = { failed: 1, usage: 2, interrupted: 130 } as const;

async function main(): Promise<number> {
  const { detach, port, set } = readOptions(process.argv.slice(2));
  const interrupted = new AbortController();
  // Not once: a terminal's Ctrl-C comes from the terminal and again from npm.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.on(signal, () => interrupted.abort(new Error("interrupted: the next `npm start` goes on from here")));
  const cloudEnded = new AbortController();
  const signal = AbortSignal.any([interrupted.signal, cloudEnded.signal]);
  const free = await holdLock(`npm start ${localDir}`, () => console.log("another `npm start` is at it, waiting ..."));

  let cloud: StartedCloud | undefined;
  try {
    const client = new CloudClient(paths.cloudSocket);
    await runSteps(
      [
        { title: "Tools", run: (say) => orAbort(ensureToolchain("run", say), signal) },
        {
          title: "Local cloud",
          run: async (say) => {
            cloud = await startCloud({ port, detach, say });
            void cloud.ended.then((code) => cloudEnded.abort(new Error(endOfCloud(code))));
          },
        },
        { title: "pulumi up", run: (say) => deployLocalStack({ cloud: client, overrides: set, say, signal }) },
        { title: "People", run: () => seedUsers(client) },
        { title: "Healthy", run: (say) => untilServing({ cloud: client, port, say, signal }) },
      ],
      signal,
    );
    printSummary(await writeOutputs(client, port));
  } catch (error) {
    // Read now: stopping the cloud ends the signal too.
    const { message } = (signal.reason ?? error) as Error;
    if (cloud?.startedHere) await stop();
    else if (cloud) console.error("The stack that was running before still runs; `npm stop` takes it down.");
    console.error(`\n${message}`);
    return interrupted.signal.aborted ? exitCodes.interrupted : exitCodes.failed;
  }
  free();
  if (detach || !cloud?.startedHere) {
    console.log(`\n${detach ? "" : "It was running before and goes on. "}\`npm stop\` takes it down; data is kept.`);
    return 0;
  }

  console.log("\nCtrl-C takes it down; the next `npm start` goes on where this one stopped.");
  const ended = await Promise.race([cloud.ended, aborted(interrupted.signal)]);
  if (ended === undefined) await stop();
  else console.log(`\n${endOfCloud(ended)}`);
  return ended ?? 0;
}

function endOfCloud(code: number): string {
  return code === 0 ? "the local cloud was stopped" : `the local cloud ended unexpectedly: see ${paths.logs}/cloud.log`;
}

/** @throws UsageError with everything that is wrong */
function readOptions(args: string[]): Options {
  const problems: string[] = [];
  const { values, tokens } = parseArgs({
    args,
    strict: false,
    tokens: true,
    options: {
      help: { type: "boolean", short: "h" },
      detach: { type: "boolean" },
      port: { type: "string" },
      set: { type: "string", multiple: true },
    },
  });
  if (values.help) {
    console.log(usage);
    process.exit();
  }
  for (const token of tokens) {
    if (token.kind === "positional") problems.push(`${token.value}: not an option`);
    if (token.kind === "option" && !["detach", "port", "set"].includes(token.name))
      problems.push(`${token.rawName}: no such option`);
    if (token.kind === "option" && token.name === "detach" && token.value !== undefined)
      problems.push("--detach: takes no value");
  }
  const { detach = false, port: portText = "8443", set = [] } = values;
  const port = Number(portText);
  if (typeof portText !== "string" || !/^\d+$/.test(portText) || port < 1024 || port > 65535)
    problems.push(`--port ${String(portText)}: give a whole number from 1024 to 65535`);
  const settings = set.map(String);
  for (const setting of settings)
    if (!/^[^=]+=/.test(setting))
      problems.push(`--set ${setting}: give a setting and its value, as in server.cpu=1024`);
  if (problems.length > 0) throw new UsageError(`${problems.join("\n")}\n\n${usage}`);
  return { detach: detach === true, port, set: settings };
}

function stop(): Promise<void> {
  return runSteps([{ title: "Stopping", run: () => stopCloud() }]);
}

/** What cannot be told to stop is left where it is: what it has started ends with this process. */
function orAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return Promise.race([work, aborted(signal).then(() => Promise.reject(signal.reason as Error))]);
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener("abort", () => resolve(undefined), { once: true });
  });
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exit(error instanceof UsageError ? exitCodes.usage : exitCodes.failed);
  },
);
