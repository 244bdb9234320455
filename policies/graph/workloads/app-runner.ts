import { type Graph, property, type Resource, type ResourceValue } from "../model";
import type { Groups } from "../security-group-rules";
import type { SecurityGroups } from "../security-groups";
import { type Container, environmentIn, placedElsewhere, type Workload } from "../tasks";
import { types } from "../types";

/** AWS App Runner services: one image or repository, one port (default 8080), a URL that AWS gives them. */
export function appRunnerWorkloads(graph: Graph, securityGroups: SecurityGroups): Workload[] {
  return graph.ofType(types.appRunnerService).map((service) => {
    const source = property(service, "sourceConfiguration");
    const image = source.get("imageRepository");
    const configuration = source.get("codeRepository").get("codeConfiguration");
    const code = configuration.get("codeConfigurationValues");
    // Of a repository with a configuration file of its own nothing is seen, whatever else is said.
    const isHidden = code.isOmitted || configuration.get("configurationSource").word() === "repository";
    const settings = image.isOmitted ? code : image.get("imageConfiguration");
    const container = containerOf(service, image.get("imageIdentifier"), settings);
    return placedElsewhere({
      service,
      containers: source.isUnknown || (image.isOmitted && isHidden) ? undefined : [container],
      document: {
        name: "source configuration",
        property: "sourceConfiguration",
        fix: "let sourceConfiguration say the image, its port and its environment in preview",
      },
      groups: groupsOf(graph, securityGroups, service),
    });
  });
}

/** Those of the connector by which it sends requests into a VPC; what comes in passes none. */
function groupsOf(graph: Graph, securityGroups: SecurityGroups, service: Resource): Groups {
  const connector = property(service, "networkConfiguration").get("egressConfiguration").get("vpcConnectorArn");
  const values = graph
    .referred(connector, types.appRunnerConnector)
    .flatMap((each) => property(each, "securityGroups").list());
  return values.length > 0 ? securityGroups.named(values) : { keys: [], unseen: !connector.isOmitted };
}

function containerOf(service: Resource, image: ResourceValue, settings: ResourceValue): Container {
  const command = settings.get("startCommand");
  const port = settings.get("port");
  return {
    name: service.name,
    called: "what it runs",
    image: image.text(),
    words: command.isOmitted ? [] : (command.text()?.match(/\S+/g) ?? undefined),
    environment: environmentIn(settings.get("runtimeEnvironmentVariables")),
    secrets: new Set(settings.get("runtimeEnvironmentSecrets").keys()),
    environmentFiles: settings.get("runtimeEnvironmentVariables").isUnknown,
    ports: port.isOmitted ? [8080] : port.list().flatMap((each) => each.integer() ?? []),
    healthCheck: property(service, "healthCheckConfiguration").get("path").text() ?? "",
  };
}
