import { type Graph, property, type Resource, type ResourceValue } from "../model";
import type { Target } from "../tasks";
import { types } from "../types";

/** Something that starts tasks. */
export interface Starter {
  readonly service: Resource;
  readonly taskDefinition: ResourceValue;
  /** Undefined where the tasks have no interface of their own. */
  readonly network: Network | undefined;
  readonly cluster: ResourceValue;
  readonly targets: readonly Target[];
}

/** The interface of a task. */
export interface Network {
  readonly assignPublicIp: ResourceValue;
  readonly subnets: readonly ResourceValue[];
  readonly securityGroups: ResourceValue;
}

/** Services, task sets, daemons, and what starts tasks by itself: schedules, events, pipes, state machines. */
export function starters(graph: Graph): Starter[] {
  const services = graph.ofType([...types.ecsService, ...types.ecsTaskSet]).map((service) => ({
    service,
    taskDefinition: property(service, "taskDefinition"),
    network: networkOf(property(service, "networkConfiguration")),
    cluster: property(service, "cluster"),
    targets: [...property(service, "loadBalancers").list().flatMap(targetsOf), ...blueGreenTargets(graph, service)].map(
      (target) => ({ ...target, healthPaths: healthPathsOf(graph, target) }),
    ),
  }));
  const daemons = graph.ofType(types.ecsDaemon).map((service) => ({
    service,
    taskDefinition: property(service, "daemonTaskDefinitionArn"),
    network: undefined,
    cluster: property(service, "clusterArn"),
    targets: [],
  }));
  return [...services, ...daemons, ...startedTasks(graph), ...stateMachineTasks(graph)];
}

/** The same fields under names of which each API has its own spelling: `assignPublicIp`, `AssignPublicIp`. */
function networkOf(network: ResourceValue): Network | undefined {
  if (network.isOmitted) return undefined;
  const field = (name: string): ResourceValue => {
    const given = network.get(name);
    return given.isOmitted ? chosen(network, name.charAt(0).toUpperCase() + name.slice(1)) : given;
  };
  return {
    assignPublicIp: field("assignPublicIp"),
    subnets: field("subnets").list(),
    securityGroups: field("securityGroups"),
  };
}

function startedTasks(graph: Graph): Starter[] {
  const settings = [
    ...graph
      .ofType(types.eventTarget)
      .map((service) => ({ service, ecs: property(service, "ecsTarget"), cluster: property(service, "arn") })),
    ...graph
      .ofType(types.schedule)
      .map((service) => ({ service, target: property(service, "target") }))
      .map(({ service, target }) => ({ service, ecs: target.get("ecsParameters"), cluster: target.get("arn") })),
    ...graph.ofType(types.pipe).map((service) => ({
      service,
      ecs: property(service, "targetParameters").get("ecsTaskParameters"),
      cluster: property(service, "target"),
    })),
  ];
  return settings
    .filter(({ ecs }) => !ecs.isOmitted)
    .map(({ service, ecs, cluster }) => {
      const network = ecs.get("networkConfiguration");
      const inner = network.get("awsVpcConfiguration");
      return {
        service,
        taskDefinition: ecs.get("taskDefinitionArn"),
        network: networkOf(inner.isOmitted ? network : inner),
        cluster,
        targets: [],
      };
    });
}

/**
 * Tasks of `ecs:runTask` states, however deep they are
 * (https://docs.aws.amazon.com/step-functions/latest/dg/connect-ecs.html). A definition that is not known starts what it
 * depends on.
 */
function stateMachineTasks(graph: Graph): Starter[] {
  return graph.ofType(types.stateMachine).flatMap((service) => {
    const definition = property(service, "definition");
    const common = { service, cluster: property(service, "none"), targets: [] };
    if (definition.isUnknown) {
      return graph.referred(definition, types.taskDefinition).length === 0
        ? []
        : [{ ...common, taskDefinition: definition, network: networkOf(definition) }];
    }
    return (definition.json()?.inside() ?? [])
      .filter((state) => /:ecs:runTask(?:\.|$)/i.test(state.get("Resource").text() ?? ""))
      .map((state) => {
        const given = state.get("Parameters").isOmitted ? state.get("Arguments") : state.get("Parameters");
        return {
          ...common,
          taskDefinition: given.get("TaskDefinition"),
          network: networkOf(chosen(chosen(given, "NetworkConfiguration"), "AwsvpcConfiguration")),
        };
      });
  });
}

/**
 * A parameter of a state. What `NAME.$` names is chosen when it runs
 * (https://docs.aws.amazon.com/step-functions/latest/dg/input-output-inputpath-params.html).
 */
function chosen(given: ResourceValue, name: string): ResourceValue {
  const path = given.get(`${name}.$`);
  return path.isOmitted ? given.get(name) : path.unread();
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

function healthPathsOf(graph: Graph, { targetGroup }: Target): string[] {
  return graph
    .referred(targetGroup, types.targetGroup)
    .flatMap((group) => property(group, "healthCheck").get("path").text() ?? []);
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
