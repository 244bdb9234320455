import { type Graph, kept, property, type Resource, type ResourceValue } from "../model";
import type { SecurityGroups } from "../security-groups";
import { mayHaveIpv6, standsInside, worst } from "../subnets";
import {
  type Container,
  type Document,
  environmentOf,
  field,
  ownPorts,
  secretsOf,
  wordsOf,
  type Workload,
} from "../tasks";
import { types } from "../types";
import { type Host, hosts } from "./hosts";
import { type Network, type Starter, starters } from "./task-starters";

export const taskDefinitionDocument: Document = {
  name: "task definition",
  property: "containerDefinitions",
  fix: "build containerDefinitions from values known in preview: pass what AWS computes by secrets[].valueFrom (ARNs made of names) instead of environment, and name images by tag",
};

/** Everything that starts tasks in Amazon ECS. */
export function ecsWorkloads(graph: Graph, securityGroups: SecurityGroups): Workload[] {
  return starters(graph).flatMap((starter) => {
    const definitions = definitionsOf(graph, starter.taskDefinition);
    if (definitions.length === 0 && graph.trusts(starter.taskDefinition)) return [];
    return (definitions.length > 0 ? definitions : [undefined]).flatMap((definition) => {
      const common = {
        service: starter.service,
        definition,
        containers: definition && containersOf(definition),
        document: taskDefinitionDocument,
        targets: starter.targets,
      };
      return modesOf(definition, starter.network).map(
        (mode): Workload =>
          mode === "awsvpc"
            ? { ...common, ...withInterface(graph, securityGroups, starter.network ?? noNetwork(starter)) }
            : { ...common, ...onMachines(graph, securityGroups, starter, definition, mode) },
      );
    });
  });
}

/** By ARN or family, with or without a revision. */
function definitionsOf(graph: Graph, value: ResourceValue): Resource[] {
  const kinds = [...types.taskDefinition, ...types.daemonTaskDefinition];
  const name = (value.text() ?? "").replace(/:\d+$/, "");
  return [...new Set([...graph.referred(value, kinds), ...graph.named(name, kinds)])];
}

/**
 * Fargate knows awsvpc only; without a network mode the EC2 default is bridge (Amazon ECS, "Task definition parameters"). All
 * but awsvpc and host are taken for that.
 */
function modesOf(definition: Resource | undefined, network: Network | undefined): string[] {
  // A daemon's declares neither a mode nor ports: taken for the one in which all of its ports are the machine's.
  if (definition !== undefined && types.daemonTaskDefinition.includes(definition.type)) return ["host"];
  const given = definition && property(definition, "networkMode");
  if (given?.isKnown === true) return [given.word() ?? ""];
  if (network !== undefined) return ["awsvpc"];
  return given?.isUnknown === true ? ["host", "bridge"] : ["bridge"];
}

type Place = Pick<Workload, "sharedLoopback" | "hostPort" | "publicIp" | "ipv6" | "addressed" | "hidden" | "groups">;

/** AWS refuses such a task: one without an interface that its mode asks for. */
function noNetwork({ service }: Starter): Network {
  const none = property(service, "none");
  return { assignPublicIp: none, subnets: [], securityGroups: none };
}

/** A task with an interface of its own. */
function withInterface(graph: Graph, securityGroups: SecurityGroups, network: Network): Place {
  const { assignPublicIp: assign, subnets } = network;
  const inside = standsInside(graph, subnets);
  const says = (flag: boolean, word: string): boolean => assign.flag() === flag || assign.word() === word;
  const assigned = says(true, "enabled") ? "yes" : assign.isOmitted || says(false, "disabled") ? "no" : "maybe";
  return {
    sharedLoopback: true,
    hostPort: ownPorts,
    publicIp: inside ? "no" : assigned,
    ipv6: !inside && mayHaveIpv6(graph, subnets),
    addressed:
      assigned === "maybe"
        ? "may give its tasks public addresses (assignPublicIp is not known)"
        : "gives its tasks public addresses",
    hidden: "set networkConfiguration.assignPublicIp to false on",
    groups: securityGroups.named(network.securityGroups),
  };
}

/** In host and bridge mode a task has the address and the security groups of the machine that it runs on. */
function onMachines(
  graph: Graph,
  securityGroups: SecurityGroups,
  { cluster }: Starter,
  definition: Resource | undefined,
  mode: string,
): Place {
  const machines = hosts(graph, securityGroups).filter((host) => isContainerInstance(graph, host));
  const trusted = graph.trusts(cluster);
  const groups = machines.map((machine) => machine.groups);
  return {
    sharedLoopback: mode === "host",
    hostPort: mode === "host" ? ownPorts : mappedPorts(definition),
    publicIp: trusted ? "no" : machines.length === 0 ? "maybe" : worst(machines.map(({ publicIp }) => publicIp)),
    ipv6: !trusted && machines.some(({ ipv6 }) => ipv6),
    addressed:
      machines.length === 0
        ? "runs its tasks on machines that are not in this stack and may have public addresses"
        : "runs its tasks on machines with public addresses",
    hidden: "give the tasks interfaces of their own (networkMode awsvpc) on",
    groups: {
      keys: groups.flatMap(({ keys }) => keys),
      unseen: !trusted && (machines.length === 0 || groups.some(({ unseen }) => unseen)),
      isElsewhere: machines.length === 0,
    },
  };
}

/** Machines of the stack that may belong to a cluster: Amazon Linux says so in /etc/ecs/ecs.config, Bottlerocket in settings.ecs. */
function isContainerInstance(graph: Graph, { resource, scripts, hidesScript }: Host): boolean {
  const provider = graph.thatName(
    resource,
    types.capacityProvider,
    "autoScalingGroupProvider.autoScalingGroupArn",
    types.autoscalingGroup,
  );
  return (
    provider.length > 0 ||
    hidesScript ||
    scripts.some((script) => /ECS_CLUSTER|ecs\.config|settings\.ecs/i.test(script))
  );
}

/** Ports of the machine: as mapped; one that is left out or 0 is picked by Docker, and of several it is not known which. */
function mappedPorts(definition: Resource | undefined): Workload["hostPort"] {
  const document = definition && property(definition, "containerDefinitions").json();
  const mappings = document?.list().flatMap((container) => field(container, "portMappings").list()) ?? [];
  return (containerPort) => {
    const ports = mappings
      .filter((each) => field(each, "containerPort").integer() === containerPort)
      .map((each) => field(each, "hostPort").integer() || "any");
    return new Set(ports).size > 1 ? undefined : (ports[0] ?? "any");
  };
}

/** The containers of a task definition; undefined where they cannot be seen. */
export function containersOf(definition: Resource): readonly Container[] | undefined {
  return kept(containers, definition, () => read(definition));
}

const containers = new WeakMap<Resource, readonly Container[] | undefined>();

function read(definition: Resource): readonly Container[] | undefined {
  const value = property(definition, "containerDefinitions");
  // A daemon's are structured; everybody else's are a document.
  const document = types.daemonTaskDefinition.includes(definition.type) ? value : value.json();
  if (document === undefined || document.isUnknown) return undefined;
  return document.list().map((container) => ({
    name: field(container, "name").text() ?? "",
    image: field(container, "image").text(),
    words: wordsOf(
      ["entryPoint", "entryPoints", "command", "commands"].flatMap((name) => field(container, name).list()),
    ),
    environment: new Map([
      ...environmentOf(field(container, "environment")),
      ...environmentOf(field(container, "environments")),
    ]),
    secrets: secretsOf(field(container, "secrets")),
    environmentFiles: field(container, "environmentFiles").list().length > 0,
    ports: field(container, "portMappings")
      .list()
      .flatMap((mapping) => field(mapping, "containerPort").integer() ?? []),
    healthCheck: field(field(container, "healthCheck"), "command")
      .list()
      .map((word) => word.text() ?? "")
      .join(" "),
  }));
}
