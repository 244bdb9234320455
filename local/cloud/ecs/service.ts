import { setTimeout as sleep } from "node:timers/promises";
import type { ServiceStatus } from "../contract";
import { Deployment } from "./deployment";
import type { Runtime, Target } from "./runtime";
import { deploymentInputs, type ServiceDefinition } from "./service-definition";
import { Task } from "./task";
import type { TaskDefinition } from "./task-definition";

const keptEvents = 100;
/** The provider waits 20 minutes by default; on one machine a service that is not steady by then never will be. */
const steadyTimeoutMs = 10 * 60 * 1000;

/** A task that nothing checks counts once it has lived this long: one that crashes at once is not a steady state. */
const settledMs = 1500;

/** Keeps the desired number of tasks running and replaces them in deployments as ECS's rolling update does. */
export class Service {
  #definition: ServiceDefinition;
  readonly #runtime: Runtime;
  /** Newest first: the first is the PRIMARY one. */
  #deployments: Deployment[] = [];
  #completed: { service: ServiceDefinition; taskDefinition: TaskDefinition } | undefined;
  readonly #events: string[] = [];
  readonly #leaving = new Set<Promise<void>>();
  #wake: () => void = () => {};
  #closed = false;
  #wasSteady = false;

  constructor(runtime: Runtime, definition: ServiceDefinition, taskDefinition: TaskDefinition) {
    this.#runtime = runtime;
    this.#definition = definition;
    this.#deployments = [new Deployment(definition, taskDefinition)];
    void this.#schedule();
  }

  get definition(): ServiceDefinition {
    return this.#definition;
  }

  /** @param force a new deployment also where nothing that tasks are made of has changed */
  update(definition: ServiceDefinition, taskDefinition: TaskDefinition, force: boolean): void {
    const changed = deploymentInputs(definition) !== deploymentInputs(this.#definition);
    this.#definition = definition;
    if (changed || force) this.#deployments.unshift(new Deployment(definition, taskDefinition));
    this.#wasSteady = false;
    this.#wake();
  }

  status(): ServiceStatus {
    const running = this.#deployments.flatMap(({ alive }) => alive).filter(({ status }) => status === "RUNNING");
    const { name, desiredCount } = this.#definition;
    return {
      ...{ name, desiredCount, runningCount: running.length, steady: this.#isSteady() },
      taskDefinition: this.#primary.taskDefinition.arn,
      tasks: running.flatMap(({ id, network }) =>
        network ? [{ id, address: network.address, networkPid: network.pid }] : [],
      ),
      events: [...this.#events],
    };
  }

  /** @throws Error with the newest events when the deployment fails or takes too long */
  async untilSteady(): Promise<void> {
    const primary = this.#primary;
    const until = Date.now() + steadyTimeoutMs;
    const recent = () =>
      this.#events
        .slice(-10)
        .map((event) => `\n  ${event}`)
        .join("");
    while (!this.#isSteady() || this.#primary !== primary) {
      if (this.#closed) throw new Error(`service ${this.#definition.name} was deleted`);
      if (primary.rolloutState === "FAILED") {
        throw new Error(
          `ECS deployment failed: deployment circuit breaker: tasks failed to start. Newest events:${recent()}`,
        );
      }
      if (Date.now() > until)
        throw new Error(`timeout while waiting for the service to reach a steady state. Newest events:${recent()}`);
      await sleep(100);
    }
  }

  /** The service is deleted. Resolves when none of its tasks is left. */
  async close(): Promise<void> {
    for (const { deployment, task } of this.#end())
      this.#retire(deployment, task, "Scaling activity initiated by deletion of the service");
    await Promise.all(this.#leaving);
  }

  /** The cloud goes down: draining would serve nobody. Resolves when none of its tasks is left. */
  async shutDown(graceSec: number): Promise<void> {
    await Promise.all(this.#end().map(({ task }) => task.stopWithin(graceSec, "The local cloud is stopping")));
  }

  /** Nothing is started any more. @returns what there still is */
  #end(): { deployment: Deployment; task: Task }[] {
    this.#closed = true;
    this.#wake();
    return this.#deployments.flatMap((deployment) => [...deployment.tasks].map((task) => ({ deployment, task })));
  }

  get #primary(): Deployment {
    return this.#deployments[0] as Deployment;
  }

  #isSteady(): boolean {
    const { tasks, alive } = this.#primary;
    const { desiredCount } = this.#definition;
    return (
      this.#deployments.length === 1 &&
      tasks.size === desiredCount &&
      alive.length === desiredCount &&
      alive.every((task) => this.#isHealthy(task))
    );
  }

  async #schedule(): Promise<void> {
    while (!this.#closed) {
      const woken = new Promise<void>((resolve) => (this.#wake = resolve));
      try {
        this.#step();
      } catch (error) {
        this.#runtime.log(`service ${this.#definition.name}: ${(error as Error).stack}`);
      }
      // Target health comes without notice.
      const pause = new AbortController();
      await Promise.race([woken, sleep(500, undefined, { signal: pause.signal }).catch(() => {})]);
      pause.abort();
    }
  }

  #step(): void {
    this.#replaceUnhealthy();
    this.#breakCircuit();
    this.#startMissing();
    this.#stopSurplus();
    const primary = this.#primary;
    this.#deployments = this.#deployments.filter((deployment) => deployment === primary || deployment.tasks.size > 0);
    if (!this.#isSteady()) {
      this.#wasSteady = false;
      return;
    }
    primary.failedTasks = 0;
    if (primary.rolloutState === "IN_PROGRESS") {
      primary.rolloutState = "COMPLETED";
      this.#completed = { service: primary.service, taskDefinition: primary.taskDefinition };
      this.#event(`(deployment ${primary.id}) deployment completed.`);
    }
    if (!this.#wasSteady) this.#event("has reached a steady state.");
    this.#wasSteady = true;
  }

  #replaceUnhealthy(): void {
    for (const deployment of this.#deployments) {
      for (const task of deployment.alive) {
        const problem = this.#problemOf(task, deployment);
        if (!problem) continue;
        this.#event(problem);
        deployment.countFailure();
        this.#retire(deployment, task, "Task failed health checks");
      }
    }
  }

  #problemOf(task: Task, { service }: Deployment): string | undefined {
    if (task.status !== "RUNNING") return undefined;
    if (task.health === "UNHEALTHY") return `(task ${task.id}) failed container health checks.`;
    const grace = (task.runningSince ?? 0) + service.healthCheckGracePeriod * 1000;
    if (Date.now() < grace) return undefined;
    const failing = this.#targetsOf(task, service).find(
      ({ arn, target }) => this.#runtime.targetGroups.targetHealth(arn, target) === "unhealthy",
    );
    return (
      failing &&
      `(port ${failing.target.port}) is unhealthy in (target-group ${failing.arn}) due to (reason Health checks failed).`
    );
  }

  #breakCircuit(): void {
    const primary = this.#primary;
    const { enable, rollback } = primary.service.circuitBreaker;
    if (!enable || primary.rolloutState !== "IN_PROGRESS" || primary.failedTasks < primary.breakerThreshold) return;
    primary.rolloutState = "FAILED";
    this.#event(`(deployment ${primary.id}) deployment failed: tasks failed to start.`);
    if (!rollback || !this.#completed) return;
    const running = this.#deployments.find(({ taskDefinition }) => taskDefinition === this.#completed?.taskDefinition);
    this.#deployments = this.#deployments.filter((deployment) => deployment !== running);
    this.#deployments.unshift(running ?? new Deployment(this.#completed.service, this.#completed.taskDefinition));
    this.#definition = { ...this.#definition, ...this.#completed.service };
    this.#event(`rolling back to deployment ${this.#primary.id}.`);
  }

  #startMissing(): void {
    const primary = this.#primary;
    if (primary.rolloutState === "FAILED" || Date.now() < primary.nextStart) return;
    const { desiredCount, maximumPercent } = this.#definition;
    const most = Math.max(
      Math.floor((desiredCount * maximumPercent) / 100),
      this.#deployments.length === 1 ? desiredCount : 0,
    );
    const alive = this.#deployments.reduce((sum, deployment) => sum + deployment.tasks.size, 0);
    const missing = Math.min(desiredCount - primary.alive.length, most - alive);
    for (let count = 0; count < missing; count++) this.#start(primary);
  }

  #start(deployment: Deployment): void {
    const task = new Task(this.#runtime, deployment.taskDefinition);
    deployment.tasks.add(task);
    this.#event(`has started 1 tasks: (task ${task.id}).`);
    let registered = false;
    task.on("change", () => {
      if (task.status === "RUNNING" && !registered) {
        registered = true;
        for (const { arn, target } of this.#targetsOf(task, deployment.service)) {
          this.#runtime.targetGroups.registerTarget(arn, target);
          this.#event(`registered 1 targets in (target-group ${arn})`);
        }
      }
      const ended = task.status === "STOPPING" && deployment.tasks.has(task) && !this.#retiring.has(task);
      if (ended) {
        // By itself: an essential container has exited, or it could not be started.
        deployment.countFailure();
        if (deployment.failedTasks === 3) this.#event("is unable to consistently start tasks successfully.");
        this.#retire(deployment, task, task.stoppedReason);
      }
      this.#wake();
    });
    task.run(deployment.service);
  }

  readonly #retiring = new Set<Task>();

  /** Out of the load balancer first, then SIGTERM (ECS: "Gracefully shutting down tasks"). */
  #retire(deployment: Deployment, task: Task, reason: string): void {
    if (this.#retiring.has(task)) return;
    this.#retiring.add(task);
    const leaving = this.#leave(deployment, task, reason).catch((error: unknown) =>
      this.#runtime.log(`service ${this.#definition.name}: task ${task.id}: ${(error as Error).stack}`),
    );
    this.#leaving.add(leaving);
    void leaving.then(() => {
      this.#leaving.delete(leaving);
      this.#retiring.delete(task);
      deployment.tasks.delete(task);
      this.#wake();
    });
  }

  async #leave(deployment: Deployment, task: Task, reason: string): Promise<void> {
    const targets = this.#targetsOf(task, deployment.service);
    if (targets.length > 0 && task.runningSince !== undefined) {
      if (task.status === "RUNNING") this.#event("has begun draining connections on 1 tasks.");
      await Promise.all(targets.map(({ arn, target }) => this.#runtime.targetGroups.deregisterTarget(arn, target)));
      for (const { arn } of targets) this.#event(`deregistered 1 targets in (target-group ${arn})`);
    }
    await task.stop(reason);
    this.#event(`has stopped 1 running tasks: (task ${task.id}). ${task.stoppedReason}`);
  }

  #stopSurplus(): void {
    const { desiredCount, minimumHealthyPercent } = this.#definition;
    const least = Math.ceil((desiredCount * minimumHealthyPercent) / 100);
    const staying = (deployment: Deployment) => deployment.alive.filter((task) => !this.#retiring.has(task));
    let healthy = this.#deployments.flatMap(staying).filter((task) => this.#isHealthy(task)).length;
    const primary = this.#primary;
    const extra = staying(primary).slice(desiredCount);
    const old = this.#deployments
      .slice(1)
      .flatMap((deployment) => staying(deployment).map((task) => ({ deployment, task })));
    for (const { deployment, task } of [...extra.map((task) => ({ deployment: primary, task })), ...old]) {
      const counts = this.#isHealthy(task);
      if (counts && healthy - 1 < least) continue;
      if (counts) healthy -= 1;
      this.#retire(deployment, task, `Scaling activity initiated by (deployment ${primary.id})`);
    }
  }

  #isHealthy(task: Task): boolean {
    if (task.status !== "RUNNING" || (task.hasHealthCheck && task.health !== "HEALTHY")) return false;
    if (Date.now() - (task.runningSince ?? 0) < settledMs) return false;
    const deployment = this.#deployments.find(({ tasks }) => tasks.has(task));
    const targets = this.#targetsOf(task, deployment?.service ?? this.#definition);
    return targets.every(({ arn, target }) => this.#runtime.targetGroups.targetHealth(arn, target) === "healthy");
  }

  #targetsOf({ network }: Task, { loadBalancers }: ServiceDefinition): { arn: string; target: Target }[] {
    if (!network) return [];
    return loadBalancers.map(({ targetGroupArn, containerPort }) => ({
      arn: targetGroupArn,
      target: { ip: network.address, port: containerPort },
    }));
  }

  #event(text: string): void {
    const event = `(service ${this.#definition.name}) ${text}`;
    this.#events.push(event);
    this.#events.splice(0, this.#events.length - keptEvents);
    this.#runtime.log(event);
  }
}
