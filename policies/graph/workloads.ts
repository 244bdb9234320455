import type { Graph } from "./model";
import type { SecurityGroups } from "./security-groups";
import type { Workload } from "./tasks";
import { addressWorkloads } from "./workloads/addresses";
import { appRunnerWorkloads } from "./workloads/app-runner";
import { ecsWorkloads } from "./workloads/ecs";
import { expressWorkloads } from "./workloads/express";
import { instanceWorkloads } from "./workloads/instances";
import { lightsailWorkloads } from "./workloads/lightsail";
import { podWorkloads } from "./workloads/pods";

/** Everything of the stack that runs containers or programs, one file for each platform. */
export function workloads(graph: Graph, securityGroups: SecurityGroups): Workload[] {
  return [
    ...ecsWorkloads(graph, securityGroups),
    ...expressWorkloads(graph, securityGroups),
    ...appRunnerWorkloads(graph, securityGroups),
    ...lightsailWorkloads(graph),
    ...instanceWorkloads(graph, securityGroups),
    ...podWorkloads(graph),
    ...addressWorkloads(graph),
  ];
}
