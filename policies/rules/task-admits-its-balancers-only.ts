import { isEmpty } from "../graph/cidr";
import { groupsOf } from "../graph/entrances/load-balancers";
import { gatewayPorts } from "../graph/listening-ports";
import { label, type Resource } from "../graph/model";
import { listening, whyOpen } from "../graph/prefect";
import type { Door } from "../graph/security-group-rules";
import type { Workload } from "../graph/tasks";
import { loginActions } from "../support/login-actions";
import type { Front, PrefectStack } from "../support/prefect-stack";
import type { Finding, Rule } from "../support/rule";

/**
 * Prefect ignores what a load balancer says of the person: where that one logs people in, the task's security group is
 * all that keeps callers from going round it. What strangers of the internet reach, prefect-api-requires-auth says.
 */
export const taskAdmitsItsBalancersOnly: Rule = {
  name: "task-admits-its-balancers-only",
  description: "Only its load balancers reach the port of a task behind a login.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Let the task's security group admit the load balancers' groups to that port and nobody else.",
  find: (stack) =>
    stack.workloads.flatMap((workload) => {
      const fronts = stack.fronts.filter(({ ways }) => ways.some((way) => way.workload === workload));
      const balancers = fronts.flatMap(({ balancer }) => balancer ?? []);
      // Of a balancer outside of the stack the groups are not known.
      if (balancers.length === 0 || balancers.length < fronts.length || stack.refused.has(workload.service.urn))
        return [];
      return portsOf(stack, workload, fronts).flatMap((port) => judged(stack, workload, balancers, port));
    }),
};

interface Port {
  readonly number: number;
  /** Whoever connects is in: nothing asks but the load balancer. */
  readonly isOpen: boolean;
}

/** Ports behind a login of a load balancer, and those of gateways in the task. */
function portsOf({ servers }: PrefectStack, workload: Workload, fronts: readonly Front[]): Port[] {
  const logsIn = fronts.some((front) => loginActions(front).length > 0);
  const targets = fronts.flatMap(({ ways }) => ways).filter((way) => way.workload === workload);
  // Where a secret holds the port, the balancers know it.
  const reached = targets.flatMap(({ target }) => target.containerPort ?? []);
  const prefect = servers
    .filter((server) => server.workload === workload)
    .map(({ container }) => ({ container, ...listening(container) }))
    .filter(({ loopbackOnly }) => logsIn && !loopbackOnly)
    .flatMap(({ container, port }) =>
      (port === undefined ? reached : [port]).map((number) => ({ number, isOpen: whyOpen(container) !== undefined })),
    );
  const gateways = (workload.containers ?? []).flatMap(gatewayPorts).map((number) => ({ number, isOpen: false }));
  return [...new Map([...gateways, ...prefect].map((port) => [port.number, port])).values()];
}

function judged(
  { world }: PrefectStack,
  workload: Workload,
  balancers: readonly Resource[],
  { number, isOpen }: Port,
): Finding[] {
  const { securityGroups } = world;
  const groupsBefore = balancers.map((balancer) => groupsOf(world, balancer));
  // A network load balancer without groups comes with an address of the VPC: a range is all that can admit it.
  const byAddress = groupsBefore.includes(undefined);
  const known = new Set(groupsBefore.flatMap((groups) => groups?.keys ?? []));
  const doors = securityGroups.doorsOf(workload.groups, number);
  const ranges = byAddress ? [] : doors.filter(({ addresses }) => addresses.v4.length + addresses.v6.length > 0);
  const strangers = doors.flatMap((door) => door.groups.filter((key) => !known.has(key)).map((key) => ({ door, key })));
  const members = strangers.flatMap(({ door, key }) => {
    if (!workload.groups.keys.includes(key)) return [`${nameOf(world, key)} (${label(door.holder)})`];
    const others = world.workloads.filter(
      (other) => other.service !== workload.service && other.groups.keys.includes(key),
    );
    return others.map(({ service }) => `${label(service)}, which has the same group (${label(door.holder)})`);
  });
  const resource = workload.service;
  const found: Finding[] = [];
  const asks = isOpen
    ? "there nothing asks for a login but the load balancer"
    : "past the load balancer and what it keeps out";
  if (ranges.length > 0) {
    const message = `Addresses of a range reach its port ${number}: ${shown(ranges)}; ${asks}.`;
    found.push({
      message,
      resource,
      ...(isOpen && ranges.every(isKnown) ? {} : { level: "advisory" }),
    });
  }
  if (members.length > 0) {
    const message = `More than its load balancers reach its port ${number}: ${[...new Set(members)].join(", ")}; ${asks}.`;
    found.push({ message, resource, level: "advisory" });
  }
  return found;
}

function shown(doors: readonly Door[]): string {
  return [...new Set(doors.map((door) => `${label(door.holder)}${isKnown(door) ? "" : " (not known)"}`))].join(", ");
}

function isKnown({ known }: Door): boolean {
  return !isEmpty(known);
}

function nameOf({ graph }: PrefectStack["world"], key: string): string {
  const resource = graph.resources.find(({ urn }) => urn === key);
  if (resource !== undefined) return label(resource);
  return key === "*" ? "a group that is not known" : `security group ${key.replace(/^id:/, "")}`;
}
