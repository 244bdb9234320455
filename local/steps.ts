import { styleText } from "node:util";
import { Listr } from "listr2";

/** A part of a command that may take longer than two seconds: its title and what it does. */
export interface Step {
  title: string;
  run: (say: Say) => Promise<unknown>;
}

/**
 * Shows what a step is at.
 *
 * @param passing of interest only until the next line: where lines cannot be rewritten, most of these are left out
 */
export type Say = (line: string, passing?: boolean) => void;

/** How often a step without news says that it is still at it, where lines cannot be rewritten. */
const newsMs = 10_000;

/**
 * Runs the steps one after the other and shows each with its time. A step that throws ends the run; what it threw is
 * the caller's to show.
 *
 * @throws the signal's reason before the next step once it is aborted
 */
export async function runSteps(steps: Step[], signal?: AbortSignal): Promise<void> {
  // Some pseudo-terminals have no width ("docker run -t" without a terminal): nothing can be laid out on those.
  if (process.stdout.isTTY && process.stdout.columns > 20) return runInTerminal(steps, signal);
  for (const step of steps) {
    signal?.throwIfAborted();
    await runInLog(step);
  }
}

/** The step's line is rewritten in place, what it is at stands below it. */
async function runInTerminal(steps: Step[], signal?: AbortSignal): Promise<void> {
  await new Listr(
    steps.map(({ title, run }) => ({
      title,
      task: async (_context, task) => {
        signal?.throwIfAborted();
        const elapsed = stopwatch();
        const clock = setInterval(() => (task.title = `${title} ${styleText("dim", elapsed())}`), 1000);
        try {
          await run((line) => (task.output = line));
          task.title = `${title} ${styleText("dim", elapsed())}`;
        } finally {
          clearInterval(clock);
        }
      },
      rendererOptions: { outputBar: 3, persistentOutput: false },
    })),
    {
      concurrent: false,
      // Signals are the command's own: it stops what it has started, in order.
      registerSignalListeners: false,
      rendererOptions: { collapseSubtasks: false, collapseErrors: false, showErrorMessage: false },
    },
  ).run();
}

/** One line for each thing said, with the time; of what is passing only the newest, now and then. */
async function runInLog({ title, run }: Step): Promise<void> {
  const elapsed = stopwatch();
  let news = "";
  console.log(`${title} ...`);
  const clock = setInterval(() => {
    console.log(`  ${elapsed()} ${news || "still at it"}`);
  }, newsMs);
  try {
    await run((line, passing = false) => {
      if (passing) news = line;
      else console.log(`  ${line}`);
    });
    console.log(`${title} ${elapsed()}`);
  } finally {
    clearInterval(clock);
  }
}

function stopwatch(): () => string {
  const started = performance.now();
  return () => `(${((performance.now() - started) / 1000).toFixed(1)} s)`;
}
