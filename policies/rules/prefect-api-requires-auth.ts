import type { StackValidationPolicy } from "@pulumi/policy";
import { takeInputs } from "../collector";
import { entrances } from "../graph/entrances";
import type { Arrival, World } from "../graph/entrances/entrance";
import { reached } from "../graph/gateway";
import { Graph, property, type Resource } from "../graph/model";
import { looksLikePrefect } from "../graph/prefect";
import { SecurityGroups } from "../graph/security-groups";
import { whatHidesContainers, type Workload, workloads } from "../graph/tasks";
import { types } from "../graph/types";
import { rawProperties } from "../graph/values";
import { couldNotJudgeMessage, exposedMessage, unseenMessage } from "../report";

/** A Prefect API that the internet can reach without authenticating: the message and the service that runs it. */
export interface Violation {
  readonly message: string;
  readonly urn: string | undefined;
}

export const prefectApiRequiresAuth: StackValidationPolicy = {
  name: "prefect-api-requires-auth",
  description: "Everything on the way from the internet to a Prefect API asks for a login.",
  enforcementLevel: "mandatory",
  severity: "critical",
  remediationSteps:
    "Let the load balancer log people in before it forwards, or let it reach nothing but a gateway in the task that does.",
  validateStack: (args, reportViolation) => {
    try {
      const inputs = takeInputs();
      const resources = args.resources.map(
        (resource): Resource => ({
          urn: resource.urn,
          type: resource.type,
          name: resource.name,
          parent: resource.parent?.urn,
          inputs: inputs.get(resource.urn),
          outputs: rawProperties(resource.props),
          dependencies: new Map(
            Object.entries(resource.propertyDependencies).map(([name, on]) => [name, on.map(({ urn }) => urn)]),
          ),
        }),
      );
      for (const { message, urn } of violations(resources)) reportViolation(message, urn);
    } catch (error) {
      reportViolation(couldNotJudgeMessage("this stack", error));
    }
  },
};

/** All exposed Prefect APIs of a stack, in a fixed order. */
export function violations(resources: readonly Resource[]): Violation[] {
  const graph = new Graph(resources);
  const securityGroups = new SecurityGroups(graph);
  const world: World = { graph, securityGroups, workloads: workloads(graph, securityGroups) };
  const found = entrances.flatMap((entrance) => {
    try {
      return entrance(world).flatMap((arrival) => judged(world, arrival));
    } catch (error) {
      return [{ message: couldNotJudgeMessage(`a way in (${entrance.name})`, error), urn: undefined }];
    }
  });
  const unique = new Map(found.map((violation) => [`${violation.urn}\n${violation.message}`, violation]));
  return [...unique.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, violation]) => violation);
}

function judged(world: World, arrival: Arrival): Violation[] {
  const { workload } = arrival;
  const { urn } = workload.service;
  if (workload.containers === undefined) {
    if (!looksLikePrefect(workload, signsAround(world, workload))) return [];
    return [{ message: unseenMessage(arrival, whatHidesContainers(world.graph, workload)), urn }];
  }
  return reached(arrival, workload.containers).map((end) => ({ message: exposedMessage(arrival, end), urn }));
}

/** Prefect's port in target groups and security groups, where the containers themselves cannot be seen. */
function signsAround({ graph, securityGroups }: World, workload: Workload): { port: boolean } {
  const groups = workload.targets.flatMap(({ targetGroup }) => graph.referred(targetGroup, types.targetGroup));
  return {
    port:
      groups.some((group) => property(group, "port").integer() === 4200) ||
      securityGroups.namesPort(workload.groups, 4200),
  };
}
