import { randomInt } from "node:crypto";
import type { ServiceDefinition } from "./service-definition";
import type { Task } from "./task";
import type { TaskDefinition } from "./task-definition";

/** One version of a service and the tasks that run it. */
export class Deployment {
  readonly id = `ecs-svc/${randomInt(1e9, 1e10)}${randomInt(1e9, 1e10)}`;
  readonly service: ServiceDefinition;
  readonly taskDefinition: TaskDefinition;
  readonly tasks = new Set<Task>();
  rolloutState: "IN_PROGRESS" | "COMPLETED" | "FAILED" = "IN_PROGRESS";
  /** Tasks that ended or never became healthy since one did; the circuit breaker counts them. */
  failedTasks = 0;
  /** Crashing tasks are started ever more slowly: not before this time (ms since the epoch). */
  nextStart = 0;

  constructor(service: ServiceDefinition, taskDefinition: TaskDefinition) {
    this.service = service;
    this.taskDefinition = taskDefinition;
  }

  /** Tasks that are not on their way out. */
  get alive(): Task[] {
    return [...this.tasks].filter(({ status }) => status !== "STOPPING" && status !== "STOPPED");
  }

  /** ECS: half the desired count, at least 3, at most 200 ("Deployment circuit breaker"). */
  get breakerThreshold(): number {
    return Math.min(200, Math.max(3, Math.ceil(this.service.desiredCount / 2)));
  }

  countFailure(): void {
    this.failedTasks += 1;
    this.nextStart = Date.now() + Math.min(60_000, 500 * 2 ** Math.min(this.failedTasks, 10));
  }
}
