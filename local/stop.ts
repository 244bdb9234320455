/** `npm stop`: takes down what `npm start` brought up, also after a crash; data stays in .local for the next start. */
import { stopCloud } from "./cloud/front";
import { runSteps } from "./steps";

async function main(): Promise<void> {
  let stopped = false;
  await runSteps([{ title: "Stopping the local cloud", run: async () => (stopped = await stopCloud()) }]);
  console.log(stopped ? "It is down; the next `npm start` goes on where it stopped." : "Nothing was running.");
}

main().then(
  () => process.exit(),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exit(1);
  },
);
