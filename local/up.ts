/** `npm start`: the stack of Pulumi.yaml, up on this machine. */
import { CloudClient } from "./cloud/client";
import { type StartedCloud, startCloud, stopCloud } from "./cloud/front";
import type { ExternalIssuerDeclaration } from "./cloud/identity/external-issuer-declaration";
import { createIssuer, peopleOf, secretsOf, settingsOf } from "./issuer";
import { holdLock } from "./lock";
import { readOptions, UsageError } from "./options";
import { printSummary, writeOutputs } from "./outputs";
import { localDir, paths } from "./paths";
import { deployLocalStack } from "./stack";
import { runSteps } from "./steps";
import { ensureToolchain } from "./toolchain/toolchain";
import { seedUsers } from "./users";
import { untilServing } from "./wait";

const exitCodes = { failed: 1, usage: 2, interrupted: 130 } as const;

async function main(): Promise<number> {
  const { detach, port, set, secrets, issuer } = readOptions(process.argv.slice(2));
  const interrupted = new AbortController();
  // Not once: a terminal's Ctrl-C comes from the terminal and again from npm.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.on(signal, () => interrupted.abort(new Error("interrupted: the next `npm start` goes on from here")));
  const cloudEnded = new AbortController();
  const signal = AbortSignal.any([interrupted.signal, cloudEnded.signal]);
  const free = await holdLock(`npm start ${localDir}`, () => console.log("another `npm start` is at it, waiting ..."));

  let cloud: StartedCloud | undefined;
  let declared: ExternalIssuerDeclaration | undefined;
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
        ...(issuer
          ? [
              {
                title: `Identity provider ${issuer.host}`,
                run: async () => (declared = await createIssuer(client, issuer)),
              },
            ]
          : []),
        {
          title: "pulumi up",
          run: (say) =>
            deployLocalStack({
              ...{ cloud: client, port, say, signal },
              overrides: [...(issuer ? settingsOf(issuer) : []), ...set],
              secrets: [...(issuer && declared ? secretsOf(issuer, declared) : []), ...secrets],
            }),
        },
        { title: "People", run: () => seedUsers(client, declared ? peopleOf(declared) : []) },
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
