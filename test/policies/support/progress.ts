import { isLong } from "./amount";

const intervalMs = 10_000;

/** Says every ten seconds how far a long run is: `12,000 of 200,000 (6 %) in 40 s, about 10 min left`. */
export class Progress {
  private readonly total: number;
  private readonly started = performance.now();
  private said = this.started;
  private done = 0;

  /** @param total steps; a failure that is made smaller takes more */
  constructor(total: number) {
    this.total = total;
  }

  step(): void {
    this.done++;
    const now = performance.now();
    if (!isLong || now - this.said < intervalMs) return;
    this.said = now;
    console.log(`      ${progressText(this.done, this.total, now - this.started)}`);
  }
}

/** @param tookMs milliseconds for the steps so far */
export function progressText(done: number, total: number, tookMs: number): string {
  const leftMs = (tookMs / done) * Math.max(total - done, 0);
  const share = Math.floor((done / total) * 100);
  return `${count(done)} of ${count(total)} (${share} %) in ${duration(tookMs)}, about ${duration(leftMs)} left`;
}

function count(number: number): string {
  return number.toLocaleString("en-US");
}

function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
