import { type Graph, kept, property, type Resource, type ResourceValue } from "../model";
import type { SecurityGroups } from "../security-groups";
import { mayHaveIpv6, standsInside, worst } from "../subnets";
import {
  type Container,
  type Document,
  environmentOf,
  ownPorts,
  secretsOf,
  type Target,
  wordsOf,
  type Workload,
} from "../tasks";
import { types } from "../types";
import { type Host, hosts } from "./hosts";

export const taskDefinitionDocument: Document = {
  name: "task definition",
  property: "containerDefinitions",
  fix: "build containerDefinitions from values known in preview: pass what AWS computes by secrets[].valueFrom (ARNs made of names) instead of environment, and name images by tag",
};

/** Something that starts tasks. */
interface Starter {
  readonly service: Resource;
  readonly taskDefinition: ResourceValue;
  readonly network: ResourceValue;
  readonly cluster: ResourceValue;
  readonly targets: readonly Target[];
}

/** Amazon ECS services, task sets, daemons, and tasks that a schedule or an event starts. */
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
            ? { ...common, ...withInterface(graph, securityGroups, starter) }
            : { ...common, ...onMachines(graph, securityGroups, starter, definition, mode) },
      );
    });
  });
}

function starters(graph: Graph): Starter[] {
  const services = graph.ofType([...types.ecsService, ...types.ecsTaskSet]).map((service) => ({
    service,
    taskDefinition: property(service, "taskDefinition"),
    network: property(service, "networkConfiguration"),
    cluster: property(service, "cluster"),
    targets: [...property(service, "loadBalancers").list().flatMap(targetsOf), ...blueGreenTargets(graph, service)],
  }));
  const daemons = graph.ofType(types.ecsDaemon).map((service) => ({
    service,
    taskDefinition: property(service, "daemonTaskDefinitionArn"),
    network: property(service, "none"),
    cluster: property(service, "clusterArn"),
    targets: [],
  }));
  const settings = [
    ...graph
      .ofType(types.eventTarget)
      .map((service) => ({ service, ecs: property(service, "ecsTarget"), cluster: property(service, "arn") })),
    ...graph
      .ofType(types.schedule)
      .map((service) => ({ service, target: property(service, "target") }))
      .map(({ service, target }) => ({ service, ecs: target.get("ecsParameters"), cluster: target.get("arn") })),
  ];
  const started = settings
    .filter(({ ecs }) => ecs.isKnown || graph.referred(ecs, types.taskDefinition).length > 0)
    .map(({ service, ecs, cluster }) => ({
      service,
      taskDefinition: ecs.get("taskDefinitionArn"),
      network: ecs.get("networkConfiguration"),
      cluster,
      targets: [],
    }));
  return [...services, ...daemons, ...started];
}

/** By ARN or family, with or without a revision. */
function definitionsOf(graph: Graph, value: ResourceValue): Resource[] {
  const kinds = [...types.taskDefinition, ...types.daemonTaskDefinition];
  const found = graph.referred(value, kinds);
  const text = value.text();
  return found.length > 0 || text === undefined ? found : graph.named(text.replace(/:\d+$/, ""), kinds);
}

type Mode = "awsvpc" | "host" | "bridge";

/** Fargate knows awsvpc only; without a network mode the EC2 default is bridge (Amazon ECS, "Task definition parameters"). */
function modesOf(definition: Resource | undefined, network: ResourceValue): Mode[] {
  // A daemon's declares neither a mode nor ports: taken for the one in which all of its ports are the machine's.
  if (definition !== undefined && types.daemonTaskDefinition.includes(definition.type)) return ["host"];
  const given = definition && property(definition, "networkMode");
  if (given === undefined || !given.isKnown) {
    if (!network.isOmitted) return ["awsvpc"];
    return given?.isUnknown === true ? ["host", "bridge"] : ["bridge"];
  }
  const mode = given.word();
  return [mode === "host" || mode === "awsvpc" ? mode : "bridge"];
}

type Place = Pick<Workload, "sharedLoopback" | "hostPort" | "publicIp" | "ipv6" | "addressed" | "hidden" | "groups">;

/** A task with an interface of its own. */
function withInterface(graph: Graph, securityGroups: SecurityGroups, { network }: Starter): Place {
  const assign = network.get("assignPublicIp");
  const subnets = network.get("subnets").list();
  const inside = standsInside(graph, subnets);
  const assigned = assign.flag() === true ? "yes" : assign.isOmitted || assign.flag() === false ? "no" : "maybe";
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
    groups: securityGroups.named(network.get("securityGroups")),
  };
}

/** In host and bridge mode a task has the address and the security groups of the machine that it runs on. */
function onMachines(
  graph: Graph,
  securityGroups: SecurityGroups,
  { cluster }: Starter,
  definition: Resource | undefined,
  mode: "host" | "bridge",
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
    },
  };
}

/** Machines of the stack that may belong to a cluster. */
function isContainerInstance(graph: Graph, { resource, scripts, hidesScript }: Host): boolean {
  const provider = graph.thatName(
    resource,
    types.capacityProvider,
    "autoScalingGroupProvider.autoScalingGroupArn",
    types.autoscalingGroup,
  );
  return provider.length > 0 || hidesScript || scripts.some((script) => /ECS_CLUSTER|ecs\.config/i.test(script));
}

/** Ports of the machine: as mapped; one that is left out or 0 is picked by Docker. */
function mappedPorts(definition: Resource | undefined): Workload["hostPort"] {
  const document = definition && property(definition, "containerDefinitions").json();
  const mappings = document?.list().flatMap((container) => container.get("portMappings").list()) ?? [];
  return (containerPort) => {
    const mapping = mappings.find((each) => each.get("containerPort").integer() === containerPort);
    return mapping?.get("hostPort").integer() || "any";
  };
}

function targetsOf(balancer: ResourceValue): Target[] {
  const entry = {
    classicName: balancer.get("elbName"),
    containerName: balancer.get("containerName").text(),
    containerPort: balancer.get("containerPort").integer(),
  };
  const alternate = balancer.get("advancedConfiguration").get("alternateTargetGroupArn");
  const groups = [balancer.get("targetGroupArn"), ...(alternate.isOmitted ? [] : [alternate])];
  return groups.map((targetGroup) => ({ ...entry, targetGroup }));
}

/** CodeDeploy moves a service between the target groups of a pair: it may stand behind each of them. */
function blueGreenTargets(graph: Graph, service: Resource): Target[] {
  const [first] = property(service, "loadBalancers").list();
  if (first === undefined) return [];
  return graph.thatName(service, types.deploymentGroup, "ecsService.serviceName", types.ecsService).flatMap((each) =>
    property(each, "loadBalancerInfo")
      .get("targetGroupPairInfo")
      .get("targetGroups")
      .list()
      .flatMap((group) => targetsOf(first).map((target) => ({ ...target, targetGroup: group.get("name") }))),
  );
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
    name: container.get("name").text() ?? "",
    image: container.get("image").text(),
    words: wordsOf(["entryPoint", "entryPoints", "command", "commands"].flatMap((name) => container.get(name).list())),
    environment: new Map([
      ...environmentOf(container.get("environment")),
      ...environmentOf(container.get("environments")),
    ]),
    secrets: secretsOf(container.get("secrets")),
    environmentFiles: container.get("environmentFiles").list().length > 0,
    ports: container
      .get("portMappings")
      .list()
      .flatMap((mapping) => mapping.get("containerPort").integer() ?? []),
    healthCheck: container
      .get("healthCheck")
      .get("command")
      .list()
      .map((word) => word.text() ?? "")
      .join(" "),
  }));
}
