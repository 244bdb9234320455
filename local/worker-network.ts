import type { CloudClient } from "./cloud/client";
import type { TaskStatus } from "./cloud/contract";
import { insideTask } from "./cloud/inside";

type Cloud = Pick<CloudClient, "resources" | "status">;

/** Whether only the VPC reaches an API. */
export async function isPrivate(cloud: Cloud, apiUrl: string): Promise<boolean> {
  return !(await cloud.status()).publicHosts.includes(new URL(apiUrl).hostname);
}

/**
 * A command line that runs a program of this machine in the network of a task.
 *
 * @param from the service's name. Default: the worker's, one whose containers are given that API as PREFECT_API_URL
 * @throws Error with the services that there are when none of that name, or none that calls the API, runs
 */
export async function insideNetwork(
  cloud: Cloud,
  command: readonly string[],
  { apiUrl, from }: { apiUrl: string; from?: string },
): Promise<[string, ...string[]]> {
  const { services } = await cloud.status();
  const callers = await callersOf(cloud, apiUrl);
  const service = services.find(({ name, taskDefinition }) => (from ? name === from : callers.has(taskDefinition)));
  const [task] = service?.tasks ?? ([] as TaskStatus[]);
  if (task) return insideTask(task, command, process.cwd());
  const wanted = service?.name ?? from ?? `that calls ${apiUrl}`;
  const known = services.map(({ name, tasks }) => `${name} (${tasks.length} running)`).join(", ");
  throw new Error(`no task of a service ${wanted} runs; services: ${known || "none"}`);
}

/** The environment of such a program: no proxy of this machine is in reach, and none is needed. */
export function insideEnvironment(workerEnv: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const all = Object.entries({ ...process.env, ...workerEnv });
  return Object.fromEntries(all.filter(([name]) => !/^(https?|all|no)_proxy$/i.test(name)));
}

/** The task definitions with a container that is told to call the API. */
async function callersOf(cloud: Cloud, apiUrl: string): Promise<Set<string>> {
  const definitions = await cloud.resources("aws:ecs/taskDefinition:TaskDefinition");
  const calling = definitions.filter(({ properties }) => {
    const containers = JSON.parse(String(properties.containerDefinitions)) as Container[];
    const settings = containers.flatMap(({ environment = [] }) => environment);
    return settings.some(({ name, value }) => name === "PREFECT_API_URL" && value === apiUrl);
  });
  return new Set(calling.map(({ properties }) => String(properties.arn)));
}

interface Container {
  environment?: { name: string; value: string }[];
}
