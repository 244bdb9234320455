import { computed, type Graph, property, type Resource, type ResourceValue } from "./model";
import type { Groups, SecurityGroups } from "./security-groups";
import { types } from "./types";

/** One container of a task definition. */
export interface Container {
  readonly name: string;
  readonly image: string | undefined;
  /** entryPoint and command; undefined where they are not known, empty where the image decides. */
  readonly words: readonly string[] | undefined;
  /** Plain environment; undefined values are not known. */
  readonly environment: ReadonlyMap<string, string | undefined>;
  /** Names of variables whose values come from Secrets Manager or Parameter Store. */
  readonly secrets: ReadonlySet<string>;
  /** Variables also come from files that are not in the stack. */
  readonly environmentFiles: boolean;
  readonly ports: readonly number[];
  readonly healthCheck: string;
}

/** A load balancer's way into a service, as the service declares it. */
export interface Target {
  readonly targetGroup: ResourceValue;
  readonly classicName: ResourceValue;
  readonly containerName: string | undefined;
  readonly containerPort: number | undefined;
}

/** Tasks that one service (or task set) runs. */
export interface Workload {
  readonly service: Resource;
  readonly definition: Resource | undefined;
  /** Undefined where the container definitions cannot be seen. */
  readonly containers: readonly Container[] | undefined;
  /** One loopback for all containers of a task: awsvpc and host mode. */
  readonly sharedLoopback: boolean;
  readonly publicIp: "yes" | "maybe" | "no";
  readonly groups: Groups;
  readonly targets: readonly Target[];
}

export function workloads(graph: Graph, securityGroups: SecurityGroups): Workload[] {
  const express = graph.ofType(types.expressService).map((service) => expressWorkload(service, securityGroups));
  const others = graph.ofType([...types.ecsService, ...types.ecsTaskSet]).flatMap((service) => {
    const network = property(service, "networkConfiguration");
    const assign = network.get("assignPublicIp");
    const targets = property(service, "loadBalancers").list().flatMap(targetsOf);
    const definitions = graph.referred(property(service, "taskDefinition"), types.taskDefinition);
    const common = {
      service,
      publicIp: assign.flag() === true ? "yes" : assign.isOmitted || assign.flag() === false ? "no" : "maybe",
      groups: securityGroups.named(network.get("securityGroups")),
      targets,
    } as const;
    return (definitions.length > 0 ? definitions : [undefined]).map((definition) => ({
      ...common,
      definition,
      containers: definition && containersOf(definition),
      sharedLoopback: isLoopbackShared(definition, network),
    }));
  });
  return [...others, ...express];
}

/** One container, one port, no task definition of the stack (Amazon ECS, "Express Mode"). */
function expressWorkload(service: Resource, securityGroups: SecurityGroups): Workload {
  const [main = property(service, "primaryContainer")] = property(service, "primaryContainer").list();
  const [network = property(service, "networkConfigurations")] = property(service, "networkConfigurations").list();
  const port = main.get("containerPort");
  const target: Target = {
    targetGroup: property(service, "targetGroupArn"),
    classicName: property(service, "elbName"),
    containerName: "Main",
    containerPort: port.isOmitted ? 80 : port.integer(),
  };
  const container = {
    name: "Main",
    image: main.get("image").text(),
    words: wordsOf(main.get("commands").list()),
    environment: environmentOf(main.get("environments")),
    secrets: secretsOf(main.get("secrets")),
    environmentFiles: false,
    ports: target.containerPort === undefined ? [] : [target.containerPort],
    healthCheck: property(service, "healthCheckPath").text() ?? "",
  };
  return {
    service,
    definition: undefined,
    containers: main.isUnknown ? undefined : [container],
    sharedLoopback: true,
    publicIp: "no",
    groups: securityGroups.named(network.get("securityGroups")),
    targets: [target],
  };
}

/** Fargate knows awsvpc only; without a network mode the EC2 default is bridge. */
function isLoopbackShared(definition: Resource | undefined, network: ResourceValue): boolean {
  const mode = definition && property(definition, "networkMode").word();
  return mode === undefined ? !network.isOmitted : mode === "awsvpc" || mode === "host";
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

function containersOf(definition: Resource): Container[] | undefined {
  const document = property(definition, "containerDefinitions").json();
  if (document === undefined) return undefined;
  return document.list().map((container) => ({
    name: container.get("name").text() ?? "",
    image: container.get("image").text(),
    words: wordsOf([...container.get("entryPoint").list(), ...container.get("command").list()]),
    environment: environmentOf(container.get("environment")),
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

function wordsOf(values: readonly ResourceValue[]): string[] | undefined {
  const words = values.map((word) => word.text());
  return words.some((word) => word === undefined) ? undefined : words.filter((word) => word !== undefined);
}

function environmentOf(list: ResourceValue): Map<string, string | undefined> {
  return new Map(list.list().map((entry) => [entry.get("name").text() ?? "", entry.get("value").text()]));
}

function secretsOf(list: ResourceValue): Set<string> {
  return new Set(list.list().flatMap((entry) => entry.get("name").text() ?? []));
}

/** The resources whose unknown outputs keep the container definitions from being seen. */
export function whatHidesContainers(graph: Graph, workload: Workload): Resource[] {
  return workload.definition === undefined ? [] : graph.origins(property(workload.definition, "containerDefinitions"));
}

/** A variable's value as the container sees it. */
export function variable(container: Container, name: string): { set: boolean; value: string | undefined } {
  if (container.secrets.has(name)) return { set: true, value: undefined };
  return { set: container.environment.has(name), value: container.environment.get(name) };
}

/** Names under which people know a workload. */
export function namesOf(workload: Workload): string[] {
  const { service, definition } = workload;
  const family = definition && (property(definition, "family").text() ?? computed(definition, "family").text());
  return [service.name, definition?.name, property(service, "name").text(), family].filter(
    (name) => name !== undefined,
  );
}
