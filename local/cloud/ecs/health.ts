import { setTimeout as sleep } from "node:timers/promises";
import type { Container } from "../container/container";
import type { HealthCheck } from "./task-definition";

export type HealthStatus = "UNKNOWN" | "HEALTHY" | "UNHEALTHY";

/**
 * Runs a container's health check until the signal aborts (ECS API, HealthCheck): failures within the start period do
 * not count, and one success ends that period.
 */
export async function watchHealth(
  container: Container,
  check: HealthCheck,
  shell: string,
  onStatus: (status: HealthStatus) => void,
  signal: AbortSignal,
): Promise<void> {
  const { interval = 30, timeout = 5, retries = 3, startPeriod = 0 } = check;
  const command = commandOf(check.command, shell);
  if (!command) return;
  // The first check that counts comes one interval after the start. Until a first success the container is asked every
  // second besides: only good news is taken from that, so that a stack comes up without waiting for the interval.
  let nextCounted = Date.now() + Math.max(startPeriod, interval) * 1000;
  let succeeded = false;
  let failures = 0;
  while (!signal.aborted) {
    const counts = succeeded || Date.now() >= nextCounted;
    if (counts) nextCounted = Date.now() + interval * 1000;
    const healthy = (await container.exec(command, timeout)) === 0;
    if (signal.aborted) return;
    if (healthy) {
      succeeded = true;
      failures = 0;
      onStatus("HEALTHY");
    } else if (counts) {
      failures += 1;
      if (failures >= retries) onStatus("UNHEALTHY");
    }
    const untilCounted = Math.max(0, nextCounted - Date.now());
    await sleep(succeeded ? untilCounted : Math.min(untilCounted, 1000), undefined, { signal }).catch(() => {});
  }
}

function commandOf([kind, ...rest]: string[], shell: string): string[] | undefined {
  if (kind === "NONE" || kind === undefined) return undefined;
  if (kind === "CMD-SHELL") return [shell, "-c", rest.join(" ")];
  return kind === "CMD" ? rest : [kind, ...rest];
}
