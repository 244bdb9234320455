import { Agent } from "node:http";
import { Agent as TlsAgent } from "node:https";
import type { TargetAddress, TargetGroupProperties } from "./declarations";
import { type HealthCheck, healthCheckOf } from "./health-check";
import { Target, type TargetHealth } from "./target";

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html */
export class TargetGroup {
  /** Connections to targets are kept for the next request. */
  agent: Agent;
  #properties: TargetGroupProperties;
  #check: HealthCheck;
  #localAddress: string | undefined;
  readonly #log: (line: string) => void;
  readonly #targets = new Map<string, Target>();
  readonly #draining = new Map<string, Target>();
  #turn = 0;

  constructor(properties: TargetGroupProperties, log: (line: string) => void) {
    this.#properties = properties;
    this.#check = healthCheckOf(properties.healthCheck);
    this.#log = log;
    // "The load balancer does not validate the certificates of targets": target-groups, routing configuration
    this.agent =
      properties.protocol === "HTTPS"
        ? new TlsAgent({ keepAlive: true, rejectUnauthorized: false })
        : new Agent({ keepAlive: true });
  }

  get port(): number | undefined {
    return this.#properties.port;
  }

  get tls(): { rejectUnauthorized: false } | undefined {
    return this.#properties.protocol === "HTTPS" ? { rejectUnauthorized: false } : undefined;
  }

  configure(properties: TargetGroupProperties): void {
    const same = JSON.stringify(properties.healthCheck) === JSON.stringify(this.#properties.healthCheck);
    this.#properties = properties;
    if (same) return;
    this.#check = healthCheckOf(properties.healthCheck);
    for (const target of this.#targets.values()) this.#startChecks(target);
  }

  /** The address of the load balancer that sends here, where health checks come from; undefined: none does. */
  useBy(localAddress: string | undefined): void {
    if (this.#localAddress === localAddress) return;
    this.#localAddress = localAddress;
    for (const target of this.#targets.values()) this.#startChecks(target);
  }

  register(address: TargetAddress): void {
    if (this.#targets.has(keyOf(address))) return;
    const target = new Target(address);
    this.#targets.set(keyOf(address), target);
    this.#startChecks(target);
  }

  /** No new requests at once; resolves when drained. */
  async deregister(address: TargetAddress): Promise<void> {
    const key = keyOf(address);
    const target = this.#targets.get(key);
    if (!target) return;
    this.#targets.delete(key);
    this.#draining.set(key, target);
    await target.drain(Number(this.#properties.deregistrationDelay ?? 300) * 1000);
    if (this.#draining.get(key) === target) this.#draining.delete(key);
  }

  health(address: TargetAddress): TargetHealth {
    const target = this.#targets.get(keyOf(address));
    if (target) return this.#localAddress === undefined ? "unused" : target.health;
    return this.#draining.has(keyOf(address)) ? "draining" : "unused";
  }

  /** A target for the next request, or none: then the answer is 503. */
  choose(): Target | undefined {
    const all = [...this.#targets.values()];
    const healthy = all.filter((target) => target.health === "healthy");
    // "If a target group contains only unhealthy registered targets, the load balancer routes requests to all
    // those targets" (fail open). Those in their initial checks are not counted in.
    const able = healthy.length > 0 ? healthy : all.filter((target) => target.health === "unhealthy");
    if (able.length === 0) return undefined;
    if (this.#properties.loadBalancingAlgorithmType === "least_outstanding_requests") {
      return able.reduce((least, target) => (target.outstanding < least.outstanding ? target : least));
    }
    this.#turn = (this.#turn + 1) % able.length;
    return able[this.#turn];
  }

  close(): void {
    for (const target of [...this.#targets.values(), ...this.#draining.values()]) target.stop();
    this.agent.destroy();
  }

  #startChecks(target: Target): void {
    target.stop();
    if (this.#localAddress === undefined) return;
    target.check(this.#check, this.#localAddress, (health) => {
      this.#log(`target group ${this.#properties.name}: ${keyOf(target.address)} is ${health}`);
    });
  }
}

function keyOf({ ip, port }: TargetAddress): string {
  return `${ip}:${port}`;
}
