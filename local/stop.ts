/** `npm stop`: takes down what `npm start` brought up, also after a crash; data stays in .local for the next start. */
import { stopCloud } from "./cloud/front";
import { runSteps } from "./steps";

runSteps([{ title: "Stopping the local cloud", run: () => stopCloud() }]).then(
  () => process.exit(),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exit(1);
  },
);
