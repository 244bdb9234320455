import type { Container } from "../../../../policies/graph/tasks";
import { containersOf } from "../../../../policies/graph/workloads/ecs";
import { asResources, declare, register } from "../../support/stack";
import { type ContainerPiece, containers } from "../../support/pieces";

/** A container as the pack reads it from a task definition. */
export function containerOf(piece: ContainerPiece): Container {
  const definition = declare("aws:ecs/taskDefinition:TaskDefinition", "task", {
    containerDefinitions: containers(piece),
  });
  const [resource] = asResources(register([definition], "finished"));
  const [container] = (resource && containersOf(resource)) ?? [];
  if (container === undefined) throw new Error("no container");
  return container;
}
