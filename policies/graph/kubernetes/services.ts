import { type Graph, kept, property, type Resource, type ResourceValue } from "../model";
import type { Workload } from "../tasks";
import { prefectCharts } from "./charts";
import {
  declaredServices,
  namespaceOf,
  type Backend,
  type KubeService,
  podOf,
  shareNamespace,
  templateOf,
} from "./objects";

const all = new WeakMap<Graph, readonly KubeService[]>();

/** Services of the stack, those of Prefect's charts among them. */
export function services(graph: Graph): readonly KubeService[] {
  return kept(all, graph, () => [...declaredServices(graph), ...prefectCharts(graph).map(({ service }) => service)]);
}

/** Services by a host inside the cluster: `prefect`, `prefect.flows`, `prefect.flows.svc.cluster.local`. */
export function servicesAt(graph: Graph, host: string): Resource[] {
  const [name, namespace] = host.split(".");
  return services(graph)
    .filter((service) => service.name === name && shareNamespace(service.namespace, namespace))
    .map(({ resource }) => resource);
}

/** The Services that a backend of this namespace may name. */
export function servicesNamed(graph: Graph, namespace: string | undefined, { service }: Backend): KubeService[] {
  const named = services(graph).filter(
    (each) =>
      shareNamespace(each.namespace, namespace) &&
      (service === undefined || each.name === undefined || each.name === service),
  );
  // Another name of a Service in the cluster stands for that.
  const names = named.map(({ externalName }) => externalName);
  const others = names.flatMap((name) => servicesAt(graph, name.text() ?? ""));
  const behind = services(graph).filter(
    ({ resource }) => others.includes(resource) || names.some((name) => name.isUnknown),
  );
  return [...new Set([...named, ...behind])];
}

/** A Service's way to pods: the container's port. */
export interface Way {
  readonly workload: Workload;
  readonly port: number | undefined;
}

/** The pods behind a Service, by this port of it (undefined: by all). */
export function behindService(workloads: readonly Workload[], service: KubeService, port: Backend["port"]): Way[] {
  return workloads
    .filter((workload) => isBehind(workload.service, service))
    .flatMap((workload) => targetPorts(service, port, workload.service).map((each) => ({ workload, port: each })));
}

/** Ports of pods behind a port of a Service, by its number or name; behind all where it has none like that. */
export function targetPorts({ ports }: KubeService, port: Backend["port"], pods: Resource): (number | undefined)[] {
  const asked = ports.filter((each) => port !== undefined && [each.port, each.name].includes(port));
  return (asked.length > 0 ? asked : ports).map(({ target }) =>
    typeof target === "string" ? portNamed(pods, target) : target,
  );
}

/** Whether a Service may lead to these pods. */
export function isBehind(pods: Resource, service: KubeService): boolean {
  if (service.selector === undefined) return pods === service.resource;
  return (
    pods.type.startsWith("kubernetes:") &&
    shareNamespace(namespaceOf(pods), service.namespace) &&
    selects(service.selector, pods)
  );
}

function selects(selector: ResourceValue, pods: Resource): boolean {
  const labels = labelsOf(pods);
  const keys = selector.keys();
  return (
    selector.isUnknown ||
    (keys.length > 0 &&
      keys.every((key) => {
        const [wanted, own] = [selector.get(key).text(), labels.get(key)];
        return wanted === undefined || own.isUnknown || own.text() === wanted;
      }))
  );
}

/** Labels of the pods. */
function labelsOf(resource: Resource): ResourceValue {
  return (templateOf(resource)?.get("metadata") ?? property(resource, "metadata")).get("labels");
}

/** The number of a container's port by its name. */
function portNamed(pods: Resource, name: string): number | undefined {
  return podOf(pods)
    .get("containers")
    .list()
    .flatMap((container) => container.get("ports").list())
    .find((port) => port.get("name").text() === name)
    ?.get("containerPort")
    .integer();
}
