import type { World } from "../entrances/entrance";
import { label, property, type Resource, type ResourceValue } from "../model";
import { types } from "../types";
import { behindAddress } from "./destinations";
import type { Relay } from "./relay";

/**
 * Global Accelerator before a balancer, an instance or an elastic address: "an Application Load Balancer endpoint can be
 * internet-facing or internal", instances may be in private subnets (AWS Global Accelerator, "Endpoints"). Clients keep
 * their addresses, so the endpoint's own groups still decide. Custom routing lets nobody through by what a stack can
 * declare: "by default, all traffic is denied" ("Custom routing accelerators").
 */
export function accelerators({ graph }: World): Relay[] {
  const { acceleratorEndpointGroup, acceleratorListener, accelerator, loadBalancer, instance, elasticIp } = types;
  return graph.ofType(acceleratorEndpointGroup).flatMap((group) => {
    const listeners = graph.referred(property(group, "listenerArn"), acceleratorListener);
    const all = listeners.map((listener) => graph.referred(property(listener, "acceleratorArn"), accelerator));
    if (listeners.length > 0 && all.every((each) => each.length > 0 && each.every(isOff))) return [];
    const [resource = group] = listeners;
    return property(group, "endpointConfigurations")
      .list()
      .flatMap((endpoint) => graph.referred(endpoint.get("endpointId"), [...loadBalancer, ...instance, ...elasticIp]))
      .flatMap((endpoint) => behindAddress(graph, endpoint))
      .map(
        (to): Relay => ({
          to,
          takesPort: (port) =>
            listeners.length === 0 || listeners.some((listener) => passesPort(listener, group, port)),
          sender: { kind: "strangers", groups: undefined },
          hops: [{ resource, note: "Global Accelerator takes connections from the internet and never authenticates" }],
          note: "is its endpoint, internal or not",
          certain: listeners.length > 0,
          fix: `take ${label(to)} out of ${label(group)}`,
          addsCredential: false,
        }),
      );
  });
}

function isOff(accelerator: Resource): boolean {
  return property(accelerator, "enabled").flag() === false;
}

/** An override sends a port of the listener to another one of the endpoint; the others keep theirs. */
function passesPort(listener: Resource, group: Resource, port: number): boolean {
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
