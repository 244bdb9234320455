import type { TargetAddress } from "./declarations";
import { type HealthCheck, probe } from "./health-check";

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html#target-health-states */
export type TargetHealth = "initial" | "healthy" | "unhealthy" | "draining" | "unused";

/** One registered address: its health and the requests it is answering. */
export class Target {
  readonly address: TargetAddress;
  #health: "initial" | "healthy" | "unhealthy" = "initial";
  #inARow = 0;
  #timer: NodeJS.Timeout | undefined;
  #running = false;
  /** Slow start: when it began and how long it lasts. Milliseconds */
  #warming = { since: 0, duration: 0 };
  /** Each cuts off one. */
  readonly #active = new Set<() => void>();
  #whenIdle: (() => void)[] = [];

  constructor(address: TargetAddress) {
    this.address = address;
  }

  get health(): "initial" | "healthy" | "unhealthy" {
    return this.#health;
  }

  /** Requests, and open WebSockets or connections. */
  get outstanding(): number {
    return this.#active.size;
  }

  /** Checks now and then at the check's interval, until stopped. */
  check(check: HealthCheck, localAddress: string, onChange: (health: TargetHealth) => void): void {
    this.stop();
    if (!check.enabled) {
      this.#health = "healthy";
      return;
    }
    this.#running = true;
    const once = async () => {
      const ok = await probe(this.address, check, localAddress);
      if (!this.#running) return;
      const before = this.#health;
      this.#count(ok, check);
      if (before !== this.#health) onChange(this.#health);
      this.#timer = setTimeout(() => void once(), check.interval);
    };
    void once();
  }

  stop(): void {
    this.#running = false;
    clearTimeout(this.#timer);
  }

  #count(ok: boolean, check: HealthCheck): void {
    if (this.#health === (ok ? "healthy" : "unhealthy")) {
      this.#inARow = 0;
      return;
    }
    // "After your target is registered, it must pass one health check to be considered healthy."
    const threshold = ok ? (this.#health === "initial" ? 1 : check.healthyThreshold) : check.unhealthyThreshold;
    this.#inARow = Math.sign(this.#inARow) === (ok ? 1 : -1) ? this.#inARow + (ok ? 1 : -1) : ok ? 1 : -1;
    if (Math.abs(this.#inARow) < threshold) return;
    this.#health = ok ? "healthy" : "unhealthy";
    this.#inARow = 0;
  }

  /** Slow start: "The load balancer linearly increases the number of requests that it can send". @param duration milliseconds */
  warmUp(duration: number): void {
    this.#warming = { since: Date.now(), duration };
  }

  get isWarmingUp(): boolean {
    return Date.now() < this.#warming.since + this.#warming.duration;
  }

  /** Whether it takes the request whose turn it is at. */
  takesTurn(): boolean {
    const { since, duration } = this.#warming;
    return !this.isWarmingUp || Math.random() < (Date.now() - since) / duration;
  }

  /** `IP:PORT` */
  get name(): string {
    return `${this.address.ip}:${this.address.port}`;
  }

  /**
   * Counts a request or connection as outstanding.
   *
   * @param cut ends it before its time
   * @returns the function to call when it has ended
   */
  begin(cut: () => void): () => void {
    // An own one for each, so that two never count as one.
    const entry = () => cut();
    this.#active.add(entry);
    return () => {
      this.#active.delete(entry);
      if (this.#active.size > 0) return;
      for (const resolve of this.#whenIdle.splice(0)) resolve();
    };
  }

  /**
   * Ends when nothing is outstanding, at the latest after the deregistration delay: what is left then is cut off.
   * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html#deregistration-delay
   */
  async drain(delay: number): Promise<void> {
    this.stop();
    if (this.#active.size === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, delay);
      this.#whenIdle.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
    for (const cut of [...this.#active]) cut();
  }
}
