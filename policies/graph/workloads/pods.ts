import { prefectCharts } from "../kubernetes/charts";
import { namespaceOf, ofKind, shareNamespace, variablesIn } from "../kubernetes/objects";
import { type Graph, property, type Resource, type ResourceValue } from "../model";
import { type Container, placedElsewhere, type Target, wordsOf, type Workload } from "../tasks";

/** Kinds that start pods, and where their template is. */
const starters: Readonly<Record<string, string>> = {
  Deployment: "template",
  StatefulSet: "template",
  DaemonSet: "template",
  ReplicaSet: "template",
  ReplicationController: "template",
  Job: "template",
  Rollout: "template",
  Pod: "",
};

/** Kubernetes pods, as their Deployment and the like declare them, and those of Prefect's own chart. */
export function podWorkloads(graph: Graph): Workload[] {
  const declared = Object.entries(starters).flatMap(([kind, template]) =>
    ofKind(graph, kind).map((resource) => {
      const pod = template === "" ? property(resource, "spec") : property(resource, "spec").get(template).get("spec");
      const containers = pod.get("containers");
      const seen = containers.isUnknown ? undefined : containers.list().map(containerOf);
      return podsOf(resource, seen, boundTargets(graph, resource));
    }),
  );
  const charts = prefectCharts(graph).map(({ resource, container }) =>
    podsOf(resource, container === undefined ? undefined : [container], [], "values"),
  );
  return [...declared, ...charts];
}

function podsOf(
  service: Resource,
  containers: Container[] | undefined,
  targets: Target[],
  declaredIn = "spec",
): Workload {
  return placedElsewhere({
    service,
    containers,
    document: {
      name: declaredIn === "values" ? "chart's values" : "pod template",
      property: declaredIn,
      fix: `let ${declaredIn} be known in preview, in the program rather than in files`,
    },
    targets,
  });
}

/** Labels of the pods. */
export function labelsOf(resource: Resource): ResourceValue {
  const spec = property(resource, "spec");
  const template = spec.get("template");
  return template.isOmitted ? property(resource, "metadata").get("labels") : template.get("metadata").get("labels");
}

/** A TargetGroupBinding puts a Service's pods behind a target group that the stack makes (AWS Load Balancer Controller). */
function boundTargets(graph: Graph, pods: Resource): Target[] {
  return ofKind(graph, "TargetGroupBinding")
    .filter((binding) => shareNamespace(namespaceOf(binding), namespaceOf(pods)))
    .flatMap((binding) => {
      const spec = property(binding, "spec");
      const named = spec.get("serviceRef").get("name").text();
      const services = ofKind(graph, "Service").filter(
        (service) =>
          named === undefined || [named, undefined].includes(property(service, "metadata").get("name").text()),
      );
      const selecting = services.filter((service) => selects(property(service, "spec").get("selector"), pods));
      const port = spec.get("serviceRef").get("port").integer();
      return selecting.map((service) => {
        const ports = property(service, "spec").get("ports").list();
        const own = ports.find((each) => each.get("port").integer() === port) ?? ports[0];
        return {
          targetGroup: spec.get("targetGroupARN"),
          containerName: undefined,
          containerPort: own === undefined ? port : targetPortOf(own),
        };
      });
    });
}

/** Undefined where it is not known, or a name. */
function targetPortOf(port: ResourceValue): number | undefined {
  const target = port.get("targetPort");
  return target.isOmitted ? port.get("port").integer() : target.integer();
}

/** Whether a Service's selector may take these pods. */
export function selects(selector: ResourceValue, pods: Resource): boolean {
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

function containerOf(container: ResourceValue): Container {
  const { environment, secrets, hidden } = variablesIn(container.get("env").list());
  const probes = ["livenessProbe", "readinessProbe", "startupProbe"].map((name) =>
    container.get(name).get("httpGet").get("path").text(),
  );
  return {
    name: container.get("name").text() ?? "",
    image: container.get("image").text(),
    words: wordsOf([...container.get("command").list(), ...container.get("args").list()]),
    environment,
    secrets,
    environmentFiles: hidden || container.get("envFrom").list().length > 0,
    ports: container
      .get("ports")
      .list()
      .flatMap((port) => port.get("containerPort").integer() ?? []),
    healthCheck: probes.join(" "),
  };
}

/** The number of a container's port by its name. */
export function portNamed(pods: Resource, name: string): number | undefined {
  const spec = property(pods, "spec");
  const template = spec.get("template");
  return (template.isOmitted ? spec : template.get("spec"))
    .get("containers")
    .list()
    .flatMap((container) => container.get("ports").list())
    .find((port) => port.get("name").text() === name)
    ?.get("containerPort")
    .integer();
}
