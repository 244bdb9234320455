import { randomBytes } from "node:crypto";
import { EventEmitter } from "node:events";
import { chmodSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { TaskNetwork } from "../network/vpc";
import type { HealthStatus } from "./health";
import type { Runtime } from "./runtime";
import type { ServiceDefinition } from "./service-definition";
import { TaskContainer, volumeDirectory } from "./task-container";
import type { ContainerDefinition, TaskDefinition } from "./task-definition";

export type TaskStatus = "PROVISIONING" | "PENDING" | "RUNNING" | "STOPPING" | "STOPPED";

interface TaskEvents {
  /** Status or health is another one. */
  change: [];
}

/** Fargate: how long a container's dependencies may take when it says nothing. */
const startTimeoutSec = 180;

/** A task: containers that share a network namespace and volumes, and live and die together. */
export class Task extends EventEmitter<TaskEvents> {
  readonly id = randomBytes(16).toString("hex");
  readonly definition: TaskDefinition;
  status: TaskStatus = "PROVISIONING";
  stoppedReason = "";
  readonly createdAt = Date.now();
  /** When it became RUNNING. */
  runningSince: number | undefined;
  readonly #runtime: Runtime;
  readonly #directory: string;
  #networkReady: Promise<TaskNetwork> | undefined;
  #network: TaskNetwork | undefined;
  #containers: TaskContainer[] = [];
  #stopped: Promise<void> | undefined;

  constructor(runtime: Runtime, definition: TaskDefinition) {
    super();
    this.#runtime = runtime;
    this.definition = definition;
    this.#directory = join(runtime.tasksDir, this.id);
  }

  /** Its place in the VPC; undefined until it is provisioned. */
  get network(): TaskNetwork | undefined {
    return this.#network;
  }

  /** ECS: unhealthy when an essential container is; healthy when all of them that have a check are. */
  get health(): HealthStatus {
    const checked = this.#containers.filter(({ essential, definition }) => essential && definition.healthCheck);
    if (checked.length === 0) return "UNKNOWN";
    if (checked.some(({ health }) => health === "UNHEALTHY")) return "UNHEALTHY";
    return checked.every(({ health }) => health === "HEALTHY") ? "HEALTHY" : "UNKNOWN";
  }

  get hasHealthCheck(): boolean {
    return this.definition.containers.some(({ healthCheck, essential = true }) => essential && healthCheck);
  }

  /** Begins; what happens then comes as events. */
  run({ subnetIds, securityGroupIds }: Pick<ServiceDefinition, "subnetIds" | "securityGroupIds">): void {
    this.#networkReady = this.#runtime.vpc.createTaskNetwork(subnetIds, securityGroupIds);
    this.#provision(this.#networkReady).catch((error: unknown) => this.stop((error as Error).message));
  }

  async #provision(networkReady: Promise<TaskNetwork>): Promise<void> {
    const network = await networkReady;
    this.#network = network;
    if (this.#stopped) return;
    mkdirSync(this.#directory, { recursive: true, mode: 0o711 });
    for (const volume of this.definition.volumes) {
      const directory = volumeDirectory(this.#directory, volume);
      mkdirSync(directory, { recursive: true });
      // Root's, and closed to other users for writing, as a Fargate bind mount is.
      chmodSync(directory, 0o755);
    }
    const place = { taskId: this.id, directory: this.#directory, address: network.address, networkPid: network.pid };
    this.#containers = this.definition.containers.map(
      (container) =>
        new TaskContainer(this.#runtime, this.definition, container, place, () => this.#onContainerChange()),
    );
    this.#become("PENDING");
    await Promise.all(this.#containers.map((container) => this.#startInOrder(container)));
  }

  async #startInOrder(container: TaskContainer): Promise<void> {
    const { name, dependsOn = [], startTimeout = startTimeoutSec } = container.definition;
    const until = Date.now() + startTimeout * 1000;
    for (const { containerName, condition } of dependsOn) {
      const needed = this.#containers.find(({ definition }) => definition.name === containerName) as TaskContainer;
      const met = await this.#until(until, () => reached(needed, condition));
      if (this.#stopped) return;
      if (!met) {
        throw new Error(
          `TaskFailedToStart: dependency ${containerName} of container ${name} did not become ${condition} within ${startTimeout} s`,
        );
      }
    }
    if (this.#stopped) return;
    await container.start();
  }

  /** @returns false when the time is over; @throws Error when the condition cannot be met any more */
  #until(deadline: number, condition: () => boolean | undefined): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const done = () => {
        clearTimeout(timer);
        this.off("change", check);
      };
      const timer = setTimeout(
        () => {
          done();
          resolve(false);
        },
        Math.max(0, deadline - Date.now()),
      );
      const check = () => {
        try {
          if (!this.#stopped && !condition()) return;
          done();
          resolve(true);
        } catch (error) {
          done();
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      };
      this.on("change", check);
      check();
    });
  }

  #onContainerChange(): void {
    if (this.#stopped) return;
    const ended = this.#containers.find(({ essential, exitCode }) => essential && exitCode !== undefined);
    if (ended) {
      void this.stop(
        `Essential container in task exited (container ${ended.definition.name}, exit code ${ended.exitCode})`,
      );
      return;
    }
    if (this.status === "PENDING" && this.#containers.every(({ started }) => started)) {
      this.runningSince = Date.now();
      this.#become("RUNNING");
      return;
    }
    this.emit("change");
  }

  /** Resolves when nothing of it is left. The first reason stays. */
  stop(reason: string): Promise<void> {
    this.#stopped ??= this.#stop(reason);
    return this.#stopped;
  }

  /** The same, but containers that have not ended after these seconds are killed, whatever their stop timeouts say. */
  async stopWithin(seconds: number, reason: string): Promise<void> {
    const killing = setTimeout(() => {
      for (const container of this.#containers) container.kill();
    }, seconds * 1000);
    await this.stop(reason);
    clearTimeout(killing);
  }

  async #stop(reason: string): Promise<void> {
    this.stoppedReason = reason;
    // Not within the caller's step: #stopped must be set before anybody hears of it.
    await Promise.resolve();
    this.#become("STOPPING");
    // "Container dependency": the order of shutting down is the reverse of that of starting.
    const stops = new Map<string, Promise<void>>();
    const stopInOrder = (container: TaskContainer): Promise<void> => {
      const { name } = container.definition;
      const known = stops.get(name);
      if (known) return known;
      const dependants = this.#containers.filter(({ definition }) => dependsOn(definition, name));
      const stopping = Promise.all(dependants.map(stopInOrder)).then(() => container.stop());
      stops.set(name, stopping);
      return stopping;
    };
    await Promise.all(this.#containers.map(stopInOrder));
    for (const container of this.#containers) container.remove();
    await (await this.#networkReady?.catch(() => undefined))?.close();
    rmSync(this.#directory, { recursive: true, force: true });
    this.#become("STOPPED");
  }

  #become(status: TaskStatus): void {
    this.status = status;
    this.emit("change");
  }
}

function dependsOn({ dependsOn: needs = [] }: ContainerDefinition, name: string): boolean {
  return needs.some(({ containerName }) => containerName === name);
}

/** @throws Error when it cannot come to that any more */
function reached({ started, exitCode, health, definition }: TaskContainer, condition: string): boolean {
  const ended = exitCode !== undefined;
  if (condition === "START") return started;
  if (condition === "COMPLETE") return ended;
  if (condition === "SUCCESS") {
    if (ended && exitCode !== 0) {
      throw new Error(
        `TaskFailedToStart: container ${definition.name} exited with ${exitCode}; a dependency needs SUCCESS`,
      );
    }
    return ended;
  }
  if (ended || health === "UNHEALTHY") {
    throw new Error(
      `TaskFailedToStart: container ${definition.name} is ${ended ? `ended (exit code ${exitCode})` : "UNHEALTHY"}; a dependency needs HEALTHY`,
    );
  }
  return health === "HEALTHY";
}
