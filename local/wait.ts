import { setTimeout as sleep } from "node:timers/promises";
import type { CloudClient } from "./cloud/client";

export interface WaitArgs {
  cloud: CloudClient;
  port: number;
  say: (line: string) => void;
  signal: AbortSignal;
  /** Seconds until it gives up. @default 180 */
  timeoutSec?: number;
}

/** Waits until every ECS service of the local cloud is steady. */
export async function untilServing({ cloud, say, signal, timeoutSec = 180 }: WaitArgs): Promise<void> {
  const deadline = Date.now() + timeoutSec * 1000;
  for (;;) {
    const { services } = await cloud.status();
    const waiting = services.filter(({ steady }) => !steady);
    if (waiting.length === 0) return;
    const lines = waiting.map(
      ({ name, runningCount, desiredCount, events }) =>
        `${name}: ${runningCount} of ${desiredCount} tasks running; ${events.at(-1) ?? "no event yet"}`,
    );
    if (Date.now() > deadline) throw new Error(`not healthy after ${timeoutSec} s:\n  ${lines.join("\n  ")}`);
    say(lines.join(" | "));
    await sleep(500, undefined, { signal });
  }
}
