import { Agent } from "node:http";
import { Agent as TlsAgent } from "node:https";
import type { TargetAddress, TargetGroupProperties } from "./declarations";
import { type HealthCheck, healthCheckOf } from "./health-check";
import type { Stickiness } from "./stickiness";
import { Target, type TargetHealth } from "./target";

const algorithms = ["round_robin", "least_outstanding_requests", "weighted_random"];

/** What is declared and not served here, or what AWS would refuse. */
export function targetGroupProblems(properties: TargetGroupProperties): string[] {
  const { stickiness, slowStart, protocol = "HTTP" } = properties;
  const algorithm = properties.loadBalancingAlgorithmType || "round_robin";
  const problems: string[] = [];
  if (!["HTTP", "HTTPS", "TCP", "TLS"].includes(protocol)) {
    problems.push(`protocol "${protocol}" is not served here; served are: HTTP, HTTPS, TCP, TLS`);
  }
  const types = ["TCP", "TLS"].includes(protocol) ? ["source_ip"] : ["lb_cookie", "app_cookie"];
  const { type = types[0], cookieName } = stickiness ?? {};
  if (stickiness?.enabled && !types.includes(String(type))) {
    problems.push(`stickiness of type "${type}" does not go with protocol ${protocol}; there are: ${types.join(", ")}`);
  }
  // "Do not use AWSALB, AWSALBAPP, or AWSALBTG for the cookie name": sticky-sessions.html
  if (stickiness?.enabled && type === "app_cookie" && (!cookieName || /^AWSALB(APP|TG)?$/.test(cookieName))) {
    problems.push(`stickiness of type app_cookie needs a cookieName that is not reserved; got "${cookieName ?? ""}"`);
  }
  const slow = Number(slowStart ?? 0);
  if (slow !== 0 && !(slow >= 30 && slow <= 900)) {
    problems.push(`slowStart must be 0 or from 30 to 900 seconds; got ${slow}`);
  }
  if (!algorithms.includes(algorithm)) {
    problems.push(`algorithm "${algorithm}" is not served here; served are: ${algorithms.join(", ")}`);
  }
  // edit-target-group-attributes.html, "Slow start mode" and "Routing algorithms"
  if (slow > 0 && algorithm !== "round_robin") problems.push(`slowStart does not go with the algorithm ${algorithm}`);
  if (properties.proxyProtocolV2) problems.push("proxyProtocolV2 is not served here");
  if (["TCP", "TLS"].includes(protocol) && String(properties.preserveClientIp) === "true") {
    problems.push("preserveClientIp is not served here");
  }
  return problems;
}

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

  /** How a client stays with its target; undefined: it does not */
  get stickiness(): Stickiness | undefined {
    const { enabled, type, cookieDuration, cookieName = "" } = this.#properties.stickiness ?? {};
    const standard = this.protocol.startsWith("HTTP") ? "lb_cookie" : "source_ip";
    const own = {
      type: (type ?? standard) as Stickiness["type"],
      seconds: Number(cookieDuration ?? 86_400),
      cookieName,
    };
    return enabled ? own : undefined;
  }

  get protocol(): string {
    return this.#properties.protocol ?? "HTTP";
  }

  get port(): number | undefined {
    return this.#properties.port;
  }

  get tls(): { rejectUnauthorized: false } | undefined {
    return ["HTTPS", "TLS"].includes(this.protocol) ? { rejectUnauthorized: false } : undefined;
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

  /**
   * A target for the next request, or none: then the answer is 503.
   *
   * @param preferred `IP:PORT` of the one to take if it is fit to
   */
  choose(preferred?: string): Target | undefined {
    const all = [...this.#targets.values()];
    const healthy = all.filter((target) => target.health === "healthy");
    // "If a target group contains only unhealthy registered targets, the load balancer routes requests to all
    // those targets" (fail open). Those in their initial checks are not counted in.
    const able = healthy.length > 0 ? healthy : all.filter((target) => target.health === "unhealthy");
    if (able.length === 0) return undefined;
    const wanted = preferred && able.find(({ name }) => name === preferred);
    if (wanted) return wanted;
    if (this.#properties.loadBalancingAlgorithmType === "least_outstanding_requests") {
      return able.reduce((least, target) => (target.outstanding < least.outstanding ? target : least));
    }
    if (this.#properties.loadBalancingAlgorithmType === "weighted_random") {
      return able[Math.floor(Math.random() * able.length)];
    }
    // One that is warming up takes its turn as often as it is far on its way.
    for (let passed = 0; passed < able.length; passed++) {
      this.#turn = (this.#turn + 1) % able.length;
      if (able[this.#turn]?.takesTurn()) return able[this.#turn];
    }
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
      if (health === "healthy") this.#warmUp(target);
    });
  }

  /** "Newly registered targets enter slow start mode only when there is at least one healthy target not in slow start mode." */
  #warmUp(target: Target): void {
    const others = [...this.#targets.values()].filter((other) => other !== target && other.health === "healthy");
    if (others.some((other) => !other.isWarmingUp)) target.warmUp(Number(this.#properties.slowStart ?? 0) * 1000);
  }
}

function keyOf({ ip, port }: TargetAddress): string {
  return `${ip}:${port}`;
}
