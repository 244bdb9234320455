import { spawnSync } from "node:child_process";

/** One command to be measured: what it is called in the table, and how it is run. */
export interface Candidate {
  name: string;
  command: string;
  args: string[];
  env?: NodeJS.ProcessEnv;
}

export interface Measured {
  name: string;
  /** Seconds of wall clock, one a round. */
  seconds: number[];
}

/**
 * Runs the candidates in turn, A B A B ..., after one uncounted round: what else the machine does falls on all alike.
 *
 * @throws when a run fails: a failing command's time says nothing.
 */
export function measureSideBySide(candidates: Candidate[], rounds: number): Measured[] {
  const measured = candidates.map(({ name }) => ({ name, seconds: [] as number[] }));
  for (let round = -1; round < rounds; round++) {
    candidates.forEach(({ name, command, args, env }, index) => {
      process.stderr.write(`round ${round < 0 ? "0 (not counted)" : `${round + 1} of ${rounds}`}: ${name} ...`);
      const started = performance.now();
      const { status, stdout, stderr } = spawnSync(command, args, {
        encoding: "utf8",
        env: { ...process.env, ...env },
        maxBuffer: 1 << 28,
      });
      const seconds = (performance.now() - started) / 1000;
      process.stderr.write(` ${seconds.toFixed(2)} s\n`);
      if (status !== 0) throw new Error(`${name} failed:\n${stdout}${stderr}`);
      if (round >= 0) measured[index]?.seconds.push(seconds);
    });
  }
  return measured;
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? NaN)
    : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}

/** Each candidate's times, and its ratio to the first: round by round, then the median of those. */
export function printTable(title: string, measured: Measured[]): void {
  const [base] = measured;
  if (!base) return;
  console.log(`\n${title}\n`);
  console.log(`| | min s | median s | max s | times "${base.name}" (median of rounds) |`);
  console.log("|---|---|---|---|---|");
  for (const { name, seconds } of measured) {
    const ratios = seconds.map((value, round) => value / (base.seconds[round] ?? NaN));
    const columns = [Math.min(...seconds), median(seconds), Math.max(...seconds), median(ratios)].map((value) =>
      value.toFixed(2),
    );
    console.log(`| ${name} | ${columns.join(" | ")} |`);
  }
}
