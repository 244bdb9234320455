import type { StackValidationArgs } from "@pulumi/policy";
import { collected } from "./collector";
import type { World } from "./graph/entrances/entrance";
import { Graph } from "./graph/model";
import { SecurityGroups } from "./graph/security-groups";
import { workloads } from "./graph/workloads";

/** Who can reach whom in the stack that a policy is handed, relays left out: no rule asks for those. */
export function worldOf(args: StackValidationArgs): World {
  const graph = new Graph(collected(args));
  const securityGroups = new SecurityGroups(graph);
  return { graph, securityGroups, workloads: workloads(graph, securityGroups), relays: [] };
}
