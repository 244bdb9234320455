import { type Graph, property, type Resource, type ResourceValue } from "../model";
import { type Container, environmentIn, placedElsewhere, wordsOf, type Workload } from "../tasks";
import { types } from "../types";
import { isCalledPrefect } from "./instances";
import { containersIn, scriptIn } from "./user-data";

/** Amazon Lightsail's container services and instances. */
export function lightsailWorkloads(graph: Graph): Workload[] {
  const deployments = graph.ofType(types.lightsailDeployment).map((service) => {
    const declared = property(service, "containers");
    return workload(service, "containers", declared.isUnknown ? undefined : declared.list().map(containerOf));
  });
  const instances = graph.ofType(types.lightsailInstance).map((service) => {
    const script = property(service, "userData");
    const containers = containersIn(scriptIn(script.text() ?? "") ?? "");
    const isHidden = script.isUnknown || (script.isOmitted && isCalledPrefect(service));
    return workload(service, "userData", isHidden ? undefined : containers);
  });
  return [...deployments, ...instances];
}

function workload(service: Resource, declaredIn: string, containers: Container[] | undefined): Workload {
  return placedElsewhere({
    service,
    containers,
    document: {
      name: declaredIn === "userData" ? "user data" : "containers",
      property: declaredIn,
      fix: `build ${declaredIn} from values known in preview`,
    },
  });
}

function containerOf(container: ResourceValue): Container {
  return {
    name: container.get("containerName").text() ?? "",
    image: container.get("image").text(),
    words: wordsOf(container.get("commands").list()),
    environment: environmentIn(container.get("environment")),
    secrets: new Set(),
    environmentFiles: container.get("environment").isUnknown,
    ports: container.get("ports").keys().map(Number),
    healthCheck: "",
  };
}
