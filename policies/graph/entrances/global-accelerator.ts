import { label, property, type Resource, type ResourceValue } from "../model";
import { types } from "../types";
import type { World } from "./entrance";
import { admittedTo, type Fronted } from "./load-balancers";

/**
 * Global Accelerator before a balancer: "an Application Load Balancer endpoint can be internet-facing or internal" (AWS
 * Global Accelerator, "Endpoints"). Clients keep their addresses, so the balancer's own groups still decide.
 */
export function acceleratorsBefore(world: World, balancer: Resource, port: number | undefined): Fronted[] {
  const { graph } = world;
  const { acceleratorEndpointGroup, acceleratorListener, loadBalancer } = types;
  return graph
    .thatName(balancer, acceleratorEndpointGroup, "endpointConfigurations.endpointId", loadBalancer)
    .flatMap((group): Fronted[] => {
      const listeners = graph.referred(property(group, "listenerArn"), acceleratorListener);
      const passing = listeners.filter((listener) => passesPort(listener, group, port));
      if (listeners.length > 0 && passing.length === 0) return [];
      const front = admittedTo(world, balancer, port, "is its endpoint, internal or not", listeners.length > 0);
      if (front === undefined) return [];
      const [first = group] = passing;
      const hop = {
        resource: first,
        note: "Global Accelerator takes connections from the internet and never authenticates",
      };
      const fix = `take ${label(balancer)} out of ${label(group)}`;
      return [{ ...front, fix, hops: [hop, ...front.hops] }];
    });
}

/** An override sends a port of the listener to another one of the endpoint; the others keep theirs. */
function passesPort(listener: Resource, group: Resource, port: number | undefined): boolean {
  if (port === undefined) return true;
  const overrides = property(group, "portOverrides").list();
  const overridden = overrides.map((override) => override.get("listenerPort").integer());
  if (overrides.some((override) => [port, undefined].includes(override.get("endpointPort").integer()))) return true;
  const ranges = property(listener, "portRanges").list();
  return !overridden.includes(port) && ranges.some((range) => isWithin(range, port));
}

function isWithin(range: ResourceValue, port: number): boolean {
  const from = range.get("fromPort").integer() ?? 0;
  const to = range.get("toPort").integer() ?? 65535;
  return from <= port && port <= to;
}
