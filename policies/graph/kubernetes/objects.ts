import { type Graph, kept, property, type Resource, type ResourceValue } from "../model";
import { field } from "../tasks";

/** A Service, declared or made by a chart. */
export interface KubeService {
  readonly resource: Resource;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly type: ResourceValue;
  readonly annotations: ResourceValue;
  readonly loadBalancerClass: ResourceValue;
  readonly sourceRanges: ResourceValue;
  readonly externalIps: ResourceValue;
  /** The host that it is another name of. */
  readonly externalName: ResourceValue;
  readonly ports: readonly ServicePort[];
  /** Labels of its pods; undefined where it has none, or they are a chart's own. */
  readonly selector: ResourceValue | undefined;
}

export interface ServicePort {
  readonly name: string | undefined;
  readonly port: number | undefined;
  /** A number, or the name of a container's port. */
  readonly target: number | string | undefined;
  readonly nodePort: number | undefined;
}

/** An Ingress, declared or made by a chart. */
export interface KubeIngress {
  readonly resource: Resource;
  readonly namespace: string | undefined;
  readonly className: ResourceValue;
  readonly annotations: ResourceValue;
  readonly backends: readonly Backend[];
}

/** A Service by name, and its port by number or name; undefined: any. */
export interface Backend {
  readonly service: string | undefined;
  readonly port: number | string | undefined;
}

type ByKind = ReadonlyMap<string | undefined, readonly Resource[]>;
const kinds = new WeakMap<Graph, ByKind>();

/** Kubernetes resources by kind, whatever version of the API they are written in: `Deployment`, `Ingress`. */
export function ofKind(graph: Graph, ...names: readonly string[]): readonly Resource[] {
  const all = kept(kinds, graph, () => {
    const byKind = new Map<string | undefined, Resource[]>();
    for (const resource of graph.resources) kept(byKind, kindOf(resource), () => []).push(resource);
    return byKind;
  });
  return names.flatMap((name) => all.get(name) ?? []);
}

/** `kubernetes:apps/v1:DeploymentPatch` is a Deployment; a custom resource's type says its kind as well. */
export function kindOf({ type }: Resource): string | undefined {
  return type.startsWith("kubernetes:") ? type.split(":")[2]?.replace(/Patch$/, "") : undefined;
}

export function namespaceOf(resource: Resource): string | undefined {
  const namespace = property(resource, "metadata").get("namespace");
  return namespace.isOmitted ? "default" : namespace.text();
}

/** Names that are not given are made of the logical one and a random end, or not known yet. */
export function nameOf(resource: Resource): string | undefined {
  return property(resource, "metadata").get("name").text();
}

/** The template of the pods that a Deployment, a CronJob or the like makes; undefined for a Pod, which is its own. */
export function templateOf(resource: Resource): ResourceValue | undefined {
  const spec = property(resource, "spec");
  const job = spec.get("jobTemplate");
  const template = (job.isOmitted ? spec : job.get("spec")).get("template");
  return template.isOmitted ? undefined : template;
}

/** What a Pod is, or what a Deployment and the like make. */
export function podOf(resource: Resource): ResourceValue {
  return templateOf(resource)?.get("spec") ?? property(resource, "spec");
}

/** Whether two things may be in one namespace. */
export function shareNamespace(a: string | undefined, b: string | undefined): boolean {
  return a === undefined || b === undefined || a === b;
}

/** What a container's list of variables sets. Of two with one name the last counts, and one without a value is empty. */
export interface Variables {
  readonly environment: ReadonlyMap<string, string | undefined>;
  readonly secrets: ReadonlySet<string>;
  /** Which variables these are is not known. */
  readonly hidden: boolean;
}

export function variablesIn(entries: readonly ResourceValue[]): Variables {
  const last = new Map(entries.map((each) => [each.get("name").text() ?? "", each]));
  const plain = [...last].filter(([, each]) => each.get("valueFrom").isOmitted);
  const fromElsewhere = [...last].filter(([, each]) => !each.get("valueFrom").isOmitted);
  return {
    environment: new Map(
      plain.map(([name, each]) => [name, each.get("value").isOmitted ? "" : each.get("value").text()]),
    ),
    secrets: new Set(fromElsewhere.map(([name]) => name)),
    hidden: entries.some((each) => each.get("name").isUnknown),
  };
}

export function declaredServices(graph: Graph): KubeService[] {
  return ofKind(graph, "Service").map((resource) => {
    const spec = property(resource, "spec");
    const selector = spec.get("selector");
    return {
      resource,
      namespace: namespaceOf(resource),
      name: nameOf(resource),
      type: spec.get("type"),
      annotations: property(resource, "metadata").get("annotations"),
      loadBalancerClass: spec.get("loadBalancerClass"),
      sourceRanges: spec.get("loadBalancerSourceRanges"),
      externalIps: spec.get("externalIPs"),
      externalName: spec.get("externalName"),
      ports: spec.get("ports").list().map(portOf),
      selector: selector.isOmitted ? undefined : selector,
    };
  });
}

/** The target is the port itself where it is omitted. */
function portOf(port: ResourceValue): ServicePort {
  const target = port.get("targetPort");
  const number = port.get("port").integer();
  return {
    name: port.get("name").text(),
    port: number,
    target: target.isOmitted ? number : (target.integer() ?? target.text()),
    nodePort: port.get("nodePort").integer(),
  };
}

export function declaredIngresses(graph: Graph): KubeIngress[] {
  return ofKind(graph, "Ingress")
    .filter(({ type }) => /:(?:networking|extensions)/.test(type))
    .map((resource) => {
      const spec = property(resource, "spec");
      const annotations = property(resource, "metadata").get("annotations");
      const paths = spec
        .get("rules")
        .list()
        .flatMap((rule) => rule.get("http").get("paths").list())
        .map((path) => path.get("backend"));
      const fallbacks = [spec.get("defaultBackend"), spec.get("backend")].filter((each) => !each.isOmitted);
      const backends = [...paths, ...fallbacks].map(backendOf);
      return {
        resource,
        namespace: namespaceOf(resource),
        className: spec.get("ingressClassName"),
        annotations,
        backends: [...backends, ...forwardedTo(annotations, backends)],
      };
    });
}

/** networking.k8s.io/v1 and the older form. */
function backendOf(backend: ResourceValue): Backend {
  const service = backend.get("service");
  const port = service.get("port");
  const named = service.isOmitted ? backend.get("serviceName") : service.get("name");
  const of = service.isOmitted
    ? backend.get("servicePort")
    : port.get("number").isOmitted
      ? port.get("name")
      : port.get("number");
  return backendAt(named, of);
}

function backendAt(service: ResourceValue, port: ResourceValue): Backend {
  return { service: service.text(), port: port.integer() ?? port.text() };
}

/**
 * The Services of the AWS Load Balancer Controller's own actions, which a path names in a Service's place (its guide, "Ingress
 * annotations", "actions"); its decoder takes the names of fields in any case.
 */
function forwardedTo(annotations: ResourceValue, backends: readonly Backend[]): Backend[] {
  const mayForward = annotations.isUnknown && backends.some(({ port }) => port === "use-annotation");
  if (mayForward) return [{ service: undefined, port: undefined }];
  const actions = annotations.keys().filter((key) => key.startsWith("alb.ingress.kubernetes.io/actions."));
  return actions.flatMap((key) => {
    const action = annotations.get(key).json();
    // One that cannot be read may forward to any.
    if (action === undefined) return [{ service: undefined, port: undefined }];
    return action
      .inside()
      .map((target) => backendAt(field(target, "serviceName"), field(target, "servicePort")))
      .filter(({ service }) => service !== undefined);
  });
}
