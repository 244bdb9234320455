import { styleText } from "node:util";
import { Listr } from "listr2";

/** A step of a command that takes longer than two seconds: its title, and what it does; `say` shows what it is at. */
export interface Step {
  title: string;
  run: (say: (line: string) => void) => Promise<unknown>;
}

/** Runs the steps one after the other, showing each with its time. A step that throws ends the run. */
export async function runSteps(steps: Step[]): Promise<void> {
  await new Listr(
    steps.map(({ title, run }) => ({
      title,
      task: async (_context, task) => {
        const started = performance.now();
        await run((line) => {
          task.output = line;
        });
        task.title = `${title} ${styleText("dim", `(${((performance.now() - started) / 1000).toFixed(1)} s)`)}`;
      },
      rendererOptions: { outputBar: 1, persistentOutput: false },
    })),
    {
      concurrent: false,
      // In a terminal the step's line is rewritten in place; in a log every line stands on its own.
      renderer: "default",
      fallbackRenderer: "simple",
      rendererOptions: { collapseSubtasks: false, showErrorMessage: false },
      fallbackRendererOptions: { timestamp: undefined },
    },
  ).run();
}
