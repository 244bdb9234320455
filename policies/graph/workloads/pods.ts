import { prefectCharts } from "../kubernetes/charts";
import { namespaceOf, ofKind, podOf, variablesIn } from "../kubernetes/objects";
import { isBehind, servicesNamed, targetPorts } from "../kubernetes/services";
import { type Graph, property, type Resource, type ResourceValue } from "../model";
import { type Container, type Document, placedElsewhere, type Target, wordsOf, type Workload } from "../tasks";

/** Kinds that start pods. */
const starters = [
  ...["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController"],
  ...["Job", "CronJob", "Rollout", "Pod"],
];

/** Kubernetes pods, as their Deployment and the like declare them, and those of Prefect's own chart. */
export function podWorkloads(graph: Graph): Workload[] {
  const declared = ofKind(graph, ...starters).map((resource) => {
    const containers = podOf(resource).get("containers");
    const seen = containers.isUnknown ? undefined : [...containers.list(), ...sidecarsOf(resource)].map(containerOf);
    return podsOf(graph, resource, seen, { name: "pod template", property: "spec" });
  });
  const charts = prefectCharts(graph).map(({ resource, container }) => {
    const seen = container === undefined ? undefined : [container];
    return podsOf(graph, resource, seen, { name: "chart's values", property: "values" });
  });
  return [...declared, ...charts];
}

/** Those that start first and stay (https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/). */
function sidecarsOf(resource: Resource): ResourceValue[] {
  const first = podOf(resource).get("initContainers").list();
  return first.filter((container) => container.get("restartPolicy").text() === "Always");
}

function podsOf(
  graph: Graph,
  service: Resource,
  containers: Container[] | undefined,
  document: Pick<Document, "name" | "property">,
): Workload {
  const fix = `let ${document.property} be known in preview, in the program rather than in files`;
  return placedElsewhere({
    service,
    containers,
    document: { ...document, fix },
    targets: boundTargets(graph, service),
  });
}

/** A TargetGroupBinding puts a Service's pods behind a target group that the stack makes (AWS Load Balancer Controller). */
function boundTargets(graph: Graph, pods: Resource): Target[] {
  return ofKind(graph, "TargetGroupBinding").flatMap((binding) => {
    const spec = property(binding, "spec");
    const port = spec.get("serviceRef").get("port");
    const arn = spec.get("targetGroupARN");
    const targetGroup = arn.isOmitted ? spec.get("targetGroupName") : arn;
    const backend = { service: spec.get("serviceRef").get("name").text(), port: port.integer() ?? port.text() };
    return servicesNamed(graph, namespaceOf(binding), backend)
      .filter((service) => isBehind(pods, service))
      .flatMap((service) => targetPorts(service, backend.port, pods))
      .map((containerPort) => ({ targetGroup, containerName: undefined, containerPort }));
  });
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
