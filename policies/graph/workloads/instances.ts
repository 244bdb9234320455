import { type Graph, property, type Resource } from "../model";
import type { SecurityGroups } from "../security-groups";
import { type Document, ownPorts, type Workload } from "../tasks";
import { hosts, type Host } from "./hosts";
import { containersIn } from "./user-data";

/** Also the ports of a proxy; SSH alone is no way to Prefect. */
const userData: Document = {
  name: "user data",
  property: "userData",
  fix: "build the user data from values known in preview, and let the machine ask for what AWS computes when it starts",
  ports: [4200, 80, 443, 8080, 8443],
};

/** Machines, by what their start scripts run. */
export function instanceWorkloads(graph: Graph, securityGroups: SecurityGroups): Workload[] {
  return hosts(graph, securityGroups).map((host): Workload => {
    const containers = host.scripts.flatMap(containersIn);
    return {
      service: host.resource,
      definition: undefined,
      containers: containers.length === 0 && mayRunPrefect(securityGroups, host) ? undefined : containers,
      document: userData,
      sharedLoopback: true,
      hostPort: ownPorts,
      publicIp: host.publicIp,
      ipv6: host.ipv6,
      addressed:
        host.publicIp === "yes" ? "has a public address" : "may have a public address (its subnet is not known)",
      hidden: "set associatePublicIpAddress to false on",
      groups: host.groups,
      targets: host.targets,
    };
  });
}

const workers = /worker|agent|bastion|runner|jump|nat\b|nat-|vpn/i;

/** Whether a machine has Prefect's name, and none of what works for it. */
export function isCalledPrefect(resource: Resource): boolean {
  const names = [property(resource, "name"), property(resource, "tags").get("Name")].map((value) => value.text() ?? "");
  return [resource.name, ...names].some((name) => /prefect|orion/i.test(name) && !workers.test(name));
}

/** A machine whose script, or image, cannot be seen: by its name, or by a rule for Prefect's port. */
function mayRunPrefect(
  securityGroups: SecurityGroups,
  { resource, scripts, hidesScript, groups, targets }: Host,
): boolean {
  const port = securityGroups.namesPort(groups, 4200) || targets.some(({ containerPort }) => containerPort === 4200);
  return isCalledPrefect(resource) || ((hidesScript || scripts.length === 0) && port);
}
