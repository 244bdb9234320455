import type { CloudResource } from "../contract";

/** As in the ECS API's ContainerDefinition: only what Fargate runs is read. */
export interface ContainerDefinition {
  name: string;
  image: string;
  essential?: boolean;
  entryPoint?: string[];
  command?: string[];
  environment?: { name: string; value: string }[];
  secrets?: { name: string; valueFrom: string }[];
  workingDirectory?: string;
  user?: string;
  readonlyRootFilesystem?: boolean;
  linuxParameters?: {
    tmpfs?: { containerPath: string; size: number; mountOptions?: string[] }[];
    capabilities?: { drop?: string[] };
    initProcessEnabled?: boolean;
  };
  mountPoints?: { sourceVolume: string; containerPath: string; readOnly?: boolean }[];
  portMappings?: { containerPort: number; protocol?: string }[];
  dependsOn?: { containerName: string; condition: DependencyCondition }[];
  healthCheck?: HealthCheck;
  restartPolicy?: { enabled: boolean; ignoredExitCodes?: number[]; restartAttemptPeriod?: number };
  /** Seconds. */
  startTimeout?: number;
  /** Seconds. */
  stopTimeout?: number;
  ulimits?: { name: string; softLimit: number; hardLimit: number }[];
  logConfiguration?: { logDriver: string; options?: Record<string, string> };
}

export type DependencyCondition = "START" | "COMPLETE" | "SUCCESS" | "HEALTHY";

/** Seconds. */
export interface HealthCheck {
  command: string[];
  interval?: number;
  timeout?: number;
  retries?: number;
  startPeriod?: number;
}

export interface TaskDefinition {
  arn: string;
  family: string;
  executionRoleArn?: string;
  containers: ContainerDefinition[];
  volumes: string[];
}

/** @throws Error in ECS's words with everything that RegisterTaskDefinition would refuse */
export function readTaskDefinition({ properties }: CloudResource): TaskDefinition {
  const containers = JSON.parse(String(properties.containerDefinitions)) as ContainerDefinition[];
  const volumes = ((properties.volumes ?? []) as { name: string }[]).map(({ name }) => name);
  const problems = containers.length > 0 ? problemsOf(containers, volumes) : ["Container list cannot be empty."];
  if (problems.length > 0) throw new Error(`ClientException: ${problems.join(" ")}`);
  return {
    arn: String(properties.arn),
    family: String(properties.family),
    executionRoleArn: properties.executionRoleArn ? String(properties.executionRoleArn) : undefined,
    containers,
    volumes,
  };
}

function problemsOf(containers: ContainerDefinition[], volumes: string[]): string[] {
  const problems: string[] = [];
  const byName = new Map(containers.map((container) => [container.name, container]));
  if (byName.size < containers.length) problems.push("Container names must be unique within a task definition.");
  if (!containers.some(isEssential))
    problems.push("At least one container in the task definition must be marked as essential.");
  for (const { name, image, mountPoints = [], dependsOn = [] } of containers) {
    if (!image) problems.push(`Container.image should not be null or empty for container ${name}.`);
    for (const { sourceVolume } of mountPoints) {
      if (!volumes.includes(sourceVolume)) problems.push(`Unknown volume '${sourceVolume}' in container ${name}.`);
    }
    for (const { containerName, condition } of dependsOn) {
      const target = byName.get(containerName);
      if (!target) problems.push(`Container ${name} depends on ${containerName}, which is not in the task definition.`);
      else if (condition === "HEALTHY" && !target.healthCheck) {
        problems.push(
          `Container ${name} depends on ${containerName} being HEALTHY, which has no health check configured.`,
        );
      } else if ((condition === "COMPLETE" || condition === "SUCCESS") && isEssential(target)) {
        problems.push(
          `A ${condition} dependency of ${name} cannot be set on the essential container ${containerName}.`,
        );
      }
    }
  }
  if (hasCycle(containers)) problems.push("There is a cycle in the containers' dependencies.");
  return problems;
}

export function isEssential({ essential = true }: ContainerDefinition): boolean {
  return essential;
}

function hasCycle(containers: ContainerDefinition[]): boolean {
  const left = new Map(
    containers.map(({ name, dependsOn = [] }) => [name, new Set(dependsOn.map((each) => each.containerName))]),
  );
  for (;;) {
    const free = [...left].filter(([, needs]) => ![...needs].some((need) => left.has(need)));
    if (free.length === 0) return left.size > 0;
    for (const [name] of free) left.delete(name);
  }
}
