import { type Graph, kept, type Resource } from "../model";
import type { Workload } from "../tasks";
import { portNamed, selects } from "../workloads/pods";
import { prefectCharts } from "./charts";
import {
  declaredServices,
  namespaceOf,
  type Backend,
  type KubeService,
  type ServicePort,
  shareNamespace,
} from "./objects";
import { property } from "../model";

const all = new WeakMap<Graph, readonly KubeService[]>();

/** Services of the stack, those of Prefect's charts among them. */
export function services(graph: Graph): readonly KubeService[] {
  return kept(all, graph, () => [...declaredServices(graph), ...prefectCharts(graph).map(({ service }) => service)]);
}

/** Services by a host inside the cluster: `prefect`, `prefect.flows`, `prefect.flows.svc.cluster.local`. */
export function servicesAt(graph: Graph, host: string): Resource[] {
  const [name, namespace] = host.split(".");
  return services(graph)
    .filter(
      (service) => service.name === name && (namespace === undefined || shareNamespace(service.namespace, namespace)),
    )
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
  const names = named.map(({ externalName }) => externalName).filter((name) => !name.isOmitted);
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
  const asked = port === undefined ? [] : service.ports.filter((each) => each.port === port || each.name === port);
  const ports = asked.length > 0 ? asked : service.ports;
  return workloads
    .filter((workload) => isBehind(workload, service))
    .flatMap((workload) => ports.map((each) => ({ workload, port: targetOf(each, workload) })));
}

function isBehind({ service: pods }: Workload, service: KubeService): boolean {
  if (service.selector === undefined) return pods === service.resource;
  return (
    pods.type.startsWith("kubernetes:") &&
    pods !== service.resource &&
    shareNamespace(namespaceOf(pods), service.namespace) &&
    selects(property(service.resource, "spec").get("selector"), pods)
  );
}

function targetOf({ target }: ServicePort, workload: Workload): number | undefined {
  return typeof target === "string" ? portNamed(workload.service, target) : target;
}
