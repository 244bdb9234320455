import { type Graph, property, type Resource, type ResourceValue } from "./model";
import type { Groups } from "./security-group-rules";

/** One container of a task, a pod or the like, or what a machine's start script runs. */
export interface Container {
  readonly name: string;
  /** How messages call it. @default `container "NAME"` */
  readonly called?: string;
  readonly image: string | undefined;
  /** entryPoint and command; undefined where they are not known, empty where the image decides. */
  readonly words: readonly string[] | undefined;
  /** Plain environment; undefined values are not known. No name of these is among the secrets: ECS refuses that. */
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
  /** The classic balancer, where it is one. */
  readonly classicName?: ResourceValue;
  readonly containerName: string | undefined;
  readonly containerPort: number | undefined;
  /** Paths of the target group's health check. @default none is known */
  readonly healthPaths?: readonly string[];
}

/** What one service, task set, instance... runs. */
export interface Workload {
  readonly service: Resource;
  /** What declares the containers, where that is another resource. */
  readonly definition: Resource | undefined;
  /** Undefined where the containers cannot be seen. */
  readonly containers: readonly Container[] | undefined;
  /** Where its containers are declared, and how to let them be seen. */
  readonly document: Document;
  /** One loopback for all containers: awsvpc and host mode, pods. */
  readonly sharedLoopback: boolean;
  /** The port at its address of a container's port; any: the machine picks one. */
  readonly hostPort: (containerPort: number | undefined) => number | undefined | "any";
  /** Whether it has a public address, of either family. */
  readonly publicIp: "yes" | "maybe" | "no";
  /** Where it has no public IPv4 address, it may have IPv6 ones: all of those are public. */
  readonly ipv6: boolean;
  /** How messages say that it has one. */
  readonly addressed: string;
  /** What takes the public address from it. */
  readonly hidden: string;
  readonly groups: Groups;
  readonly targets: readonly Target[];
}

export interface Document {
  /** `task definition` */
  readonly name: string;
  /** The property that holds it, on the definition or the service. */
  readonly property: string;
  readonly fix: string;
  /** Where it cannot be seen: ports on which what it declares may listen. @default any */
  readonly ports?: readonly number[];
}

/** Containers that have the task's own address. */
export const ownPorts: Workload["hostPort"] = (containerPort) => containerPort;

/** One loopback, ports as they are, and neither an address nor groups that the stack says. */
const unplaced = {
  definition: undefined,
  sharedLoopback: true,
  hostPort: ownPorts,
  publicIp: "no",
  ipv6: false,
  addressed: "",
  hidden: "",
  groups: { keys: [], unseen: true },
  targets: [],
} satisfies Partial<Workload>;

/**
 * Containers of which something else than the stack decides where they stand: of a cluster, of a service of AWS, of what is
 * not read. Ways to them are found by `service`, not by an address.
 * @param of what differs from one loopback, ports as they are, no public address, groups unseen, no targets
 */
export function placedElsewhere(
  of: Pick<Workload, "service" | "containers" | "document"> & Partial<Workload>,
): Workload {
  return { ...unplaced, ...of };
}

export function wordsOf(values: readonly ResourceValue[]): string[] | undefined {
  const words = values.flatMap((word) => word.text() ?? []);
  return words.length < values.length ? undefined : words;
}

/**
 * A field of a JSON document that the provider reads: the names in it may be in any case (`Image`, `entrypoint`), and of several
 * the last counts (https://pkg.go.dev/encoding/json#Unmarshal).
 */
export function field(object: ResourceValue, name: string): ResourceValue {
  const own = object.keys().findLast((key) => key.toLowerCase() === name.toLowerCase());
  return object.get(own ?? name);
}

export function environmentOf(list: ResourceValue): Map<string, string | undefined> {
  return new Map(list.list().map((entry) => [field(entry, "name").text() ?? "", field(entry, "value").text()]));
}

/** The same of an object whose fields are the variables. */
export function environmentIn(object: ResourceValue): Map<string, string | undefined> {
  return new Map(object.keys().map((name) => [name, object.get(name).text()]));
}

export function secretsOf(list: ResourceValue): Set<string> {
  return new Set(list.list().flatMap((entry) => field(entry, "name").text() ?? []));
}

/** The resources whose unknown outputs keep the containers from being seen. */
export function whatHidesContainers(graph: Graph, { definition, service, document }: Workload): Resource[] {
  return graph.origins(property(definition ?? service, document.property));
}

export function nameOf(container: Container): string {
  return container.called ?? `container ${JSON.stringify(container.name)}`;
}

/** Names under which people know a workload. */
export function namesOf({ service, definition }: Workload): string[] {
  const values = [property(service, "name"), property(service, "chart"), property(service, "tags").get("Name")];
  const ofDefinition = definition && [definition.name, property(definition, "family").text() ?? ""];
  return [service.name, ...(ofDefinition ?? []), ...values.flatMap((value) => value.text() ?? [])];
}
