import { type Container, placedElsewhere, type Workload } from "../../../policies/graph/tasks";
import { declare, asResources, register } from "./stack";

/** A container as the pack reads it: of no image, with nothing set, started by what its image says. */
export function container(more: Partial<Container> = {}): Container {
  return {
    name: "app",
    image: undefined,
    words: [],
    environment: new Map(),
    secrets: new Set(),
    environmentFiles: false,
    ports: [],
    healthCheck: "",
    ...more,
  };
}

const [service] = asResources(register([declare("aws:ecs/service:Service", "service", {})], "finished"));

/** What runs these containers, on one loopback. */
export function workload(containers: readonly Container[], more: Partial<Workload> = {}): Workload {
  if (service === undefined) throw new Error("no service");
  const document = { name: "task definition", property: "containerDefinitions", fix: "" };
  return { ...placedElsewhere({ service, containers, document }), ...more };
}
