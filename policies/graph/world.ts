import type { World } from "./entrances/entrance";
import { Graph, kept, type Resource } from "./model";
import { SecurityGroups } from "./security-groups";
import { matcher } from "./trust";
import { workloads } from "./workloads";

const worlds = new WeakMap<readonly Resource[], World>();

/**
 * Who can reach whom in a stack, relays left out. Where nothing outside is trusted it is made once: the way in and the
 * rules ask for the same.
 *
 * @param trusted what the pack's configuration names outside the stack
 */
export function worldOf(resources: readonly Resource[], trusted: readonly string[] = []): World {
  return trusted.length > 0 ? made(resources, trusted) : kept(worlds, resources, () => made(resources, []));
}

function made(resources: readonly Resource[], trusted: readonly string[]): World {
  const graph = new Graph(resources, matcher(trusted));
  const securityGroups = new SecurityGroups(graph);
  return { graph, securityGroups, workloads: workloads(graph, securityGroups), relays: [] };
}
