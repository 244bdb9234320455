import { type Graph, property, type Resource } from "../model";
import type { SecurityGroups } from "../security-groups";
import { environmentOf, placedElsewhere, secretsOf, type Target, wordsOf, type Workload } from "../tasks";
import { types } from "../types";

/** ECS Express services: one container, one port, no task definition of the stack (Amazon ECS, "Express Mode"). */
export function expressWorkloads(graph: Graph, securityGroups: SecurityGroups): Workload[] {
  return graph.ofType(types.expressService).map((service) => expressWorkload(service, securityGroups));
}

function expressWorkload(service: Resource, securityGroups: SecurityGroups): Workload {
  const main = property(service, "primaryContainer");
  const [network] = property(service, "networkConfigurations").list();
  const port = main.get("containerPort");
  const target: Target = {
    targetGroup: property(service, "none"),
    containerName: undefined,
    containerPort: port.isOmitted ? 80 : port.integer(),
  };
  const container = {
    name: "Main",
    image: main.get("image").text(),
    words: wordsOf(main.get("commands").list()),
    environment: environmentOf(main.get("environments")),
    secrets: secretsOf(main.get("secrets")),
    environmentFiles: false,
    ports: [], // the one that is sent to it is the target's
    healthCheck: property(service, "healthCheckPath").text() ?? "",
  };
  return placedElsewhere({
    service,
    containers: main.isUnknown ? undefined : [container],
    document: {
      name: "primary container",
      property: "primaryContainer",
      fix: "let primaryContainer be known in preview",
    },
    groups: securityGroups.named(network?.get("securityGroups") ?? []),
    targets: [target],
  });
}
