import { join } from "node:path";
import { Container } from "../container/container";
import { inContainer } from "../container/machine";
import { findUser } from "../container/user";
import { type Image, findImage } from "../images";
import { isAllowed } from "../iam";
import { tool } from "../tools";
import { type HealthStatus, watchHealth } from "./health";
import { LogFile } from "./log-file";
import type { Runtime } from "./runtime";
import { resolveSecrets } from "./secrets";
import { type ContainerDefinition, isEssential, type TaskDefinition } from "./task-definition";

export interface TaskPlace {
  taskId: string;
  directory: string;
  address: string;
  networkPid: number;
}

/** AWS Fargate: 30 s when the definition says nothing, 120 s at most. */
const stopTimeoutSec = 30;
/** Fargate's default number of open files (ECS developer guide, "Resource limits"). */
const openFiles = { soft: 65535, hard: 65535 };

/** A container of a task: what the definition declares, its restarts, health and log. */
export class TaskContainer {
  readonly definition: ContainerDefinition;
  readonly essential: boolean;
  health: HealthStatus = "UNKNOWN";
  started = false;
  exitCode: number | undefined;
  readonly #container: Container;
  readonly #log: LogFile | undefined;
  readonly #shell: string;
  readonly #onChange: () => void;
  readonly #ended = new AbortController();
  #startedAt = 0;
  #stopping = false;

  /** @throws Error with the reason that ECS gives when a task with this container stops at once */
  constructor(
    runtime: Runtime,
    task: TaskDefinition,
    definition: ContainerDefinition,
    place: TaskPlace,
    onChange: () => void,
  ) {
    this.definition = definition;
    this.essential = isEssential(definition);
    this.#onChange = onChange;
    const image = findImage(definition.image, runtime.programs());
    const secrets = resolveSecrets(runtime.world, definition, task.executionRoleArn);
    this.#log = openLog(runtime, task, definition, place.taskId);
    this.#shell = image.files.commands.length > 0 ? "/bin/sh" : inContainer(tool("sh"));
    const nofile = definition.ulimits?.find(({ name }) => name === "nofile");
    this.#container = new Container({
      directory: join(place.directory, definition.name),
      image: image.files,
      hostsFile: runtime.hostsFile,
      trustDirectory: runtime.trustDirectory,
      hostname: `ip-${place.address.replaceAll(".", "-")}.internal`,
      networkPid: place.networkPid,
      user: findUser(definition.user || image.user, image.files.users),
      environment: environmentOf(image, definition, secrets, place),
      workingDirectory: definition.workingDirectory || image.workingDirectory,
      command: commandOf(image, definition),
      mounts: (definition.mountPoints ?? []).map(({ sourceVolume, containerPath, readOnly }) => ({
        source: volumeDirectory(place.directory, sourceVolume),
        target: containerPath,
        writable: !readOnly,
      })),
      tmpfs: (definition.linuxParameters?.tmpfs ?? []).map(({ containerPath, size, mountOptions = [] }) => ({
        target: containerPath,
        sizeMiB: size,
        options: mountOptions,
      })),
      readonlyRoot: definition.readonlyRootFilesystem ?? false,
      openFiles: nofile ? { soft: nofile.softLimit, hard: nofile.hardLimit } : openFiles,
      droppedCapabilities: definition.linuxParameters?.capabilities?.drop ?? [],
      init: definition.linuxParameters?.initProcessEnabled ?? false,
      output: (chunk) => this.#log?.write(chunk),
    });
    this.#container.on("exit", (code) => void this.#exited(code));
  }

  get running(): boolean {
    return this.started && this.exitCode === undefined;
  }

  /** @throws Error `CannotStartContainerError: ...` */
  async start(): Promise<void> {
    this.#startedAt = Date.now();
    try {
      await this.#container.start();
    } catch (error) {
      throw new Error(`CannotStartContainerError: ${(error as Error).message}`);
    }
    const first = !this.started;
    this.started = true;
    this.#onChange();
    const { healthCheck } = this.definition;
    if (!healthCheck || !first) return;
    const onStatus = (status: HealthStatus) => {
      if (this.health === status) return;
      this.health = status;
      this.#onChange();
    };
    void watchHealth(this.#container, healthCheck, this.#shell, onStatus, this.#ended.signal);
  }

  async stop(): Promise<void> {
    this.#leave();
    await this.#container.stop(Math.min(this.definition.stopTimeout ?? stopTimeoutSec, 120));
  }

  /** At once, whatever its stop timeout says. */
  kill(): void {
    this.#leave();
    this.#container.kill();
  }

  #leave(): void {
    this.#stopping = true;
    this.#ended.abort();
  }

  remove(): void {
    this.#container.remove();
    this.#log?.close();
  }

  async #exited(code: number): Promise<void> {
    const { restartPolicy } = this.definition;
    const livedSec = (Date.now() - this.#startedAt) / 1000;
    // "Restart individual containers in ECS tasks": only one that has run for the attempt period is restarted.
    const restarts =
      restartPolicy?.enabled &&
      !this.#stopping &&
      livedSec >= (restartPolicy.restartAttemptPeriod ?? 300) &&
      !restartPolicy.ignoredExitCodes?.includes(code);
    if (restarts) {
      this.health = "UNKNOWN";
      try {
        return await this.start();
      } catch {
        // It ends as one that could not be started again.
      }
    }
    this.#ended.abort();
    this.exitCode = code;
    this.#onChange();
  }
}

export function volumeDirectory(taskDirectory: string, volume: string): string {
  return join(taskDirectory, "volumes", volume);
}

/** An entry point of the definition takes away the image's command, as `docker run --entrypoint` does. */
function commandOf(image: Image, { entryPoint, command }: ContainerDefinition): string[] {
  const given = [...(entryPoint ?? image.entryPoint), ...(command ?? (entryPoint ? [] : image.command))];
  if (given.length === 0) throw new Error("CannotStartContainerError: no command specified");
  return given;
}

function environmentOf(
  image: Image,
  { environment = [] }: ContainerDefinition,
  secrets: Record<string, string>,
  { taskId, address }: TaskPlace,
): Record<string, string> {
  return {
    ...image.environment,
    HOSTNAME: `ip-${address.replaceAll(".", "-")}.internal`,
    AWS_EXECUTION_ENV: "AWS_ECS_FARGATE",
    ECS_TASK_ID: taskId,
    ...Object.fromEntries(environment.map(({ name, value }) => [name, value])),
    ...secrets,
  };
}

/** @throws Error as ECS words it when the log stream cannot be made */
function openLog(
  runtime: Runtime,
  task: TaskDefinition,
  { name, logConfiguration }: ContainerDefinition,
  taskId: string,
): LogFile | undefined {
  // Without a driver the output of a Fargate container is lost.
  if (!logConfiguration) return undefined;
  const { logDriver, options = {} } = logConfiguration;
  const failed = "ResourceInitializationError: failed to validate logger args:";
  if (logDriver !== "awslogs")
    throw new Error(`${failed} log driver ${logDriver} of container ${name}: the local cloud has awslogs`);
  const group = options["awslogs-group"] ?? "";
  const declared = runtime.world.where("aws:cloudwatch/logGroup:LogGroup", "name", group)[0];
  if (!declared && options["awslogs-create-group"] !== "true") {
    throw new Error(
      `${failed} ResourceNotFoundException: The specified log group does not exist. (${group || "awslogs-group is not set"})`,
    );
  }
  const arn = `${String(declared?.properties.arn ?? "arn:aws:logs:::log-group").replace(/:\*$/, "")}:log-stream:`;
  if (!task.executionRoleArn || !isAllowed(runtime.world, task.executionRoleArn, "logs:CreateLogStream", arn)) {
    throw new Error(
      `${failed} AccessDeniedException: the execution role ${task.executionRoleArn ?? "(none)"} may not logs:CreateLogStream on ${arn}`,
    );
  }
  const prefix = options["awslogs-stream-prefix"];
  return new LogFile(runtime.logsDir, group, prefix ? `${prefix}/${name}/${taskId}` : taskId);
}
