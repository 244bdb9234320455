import { type Graph, property, type Resource, type ResourceValue } from "../model";
import { type Container, environmentOf } from "../tasks";
import type { KubeIngress, KubeService } from "./objects";

/** Prefect's own Helm chart, prefect-server, as its values.yaml and templates make it (PrefectHQ/prefect-helm). */
export interface PrefectChart {
  readonly resource: Resource;
  readonly container: Container | undefined;
  readonly service: KubeService;
  readonly ingress: KubeIngress | undefined;
  /** It makes a route of the Gateway API. */
  readonly isRouted: boolean;
  /** Values come from files that cannot be seen, or are not known. */
  readonly hidden: boolean;
}

const charts = [
  "kubernetes:helm.sh/v3:Release",
  "kubernetes:helm.sh/v3:Chart",
  "kubernetes:helm.sh/v4:Chart",
  "kubernetes:helm.sh/v2:Chart",
];
const chartName = /(?:^|\/)prefect-(?:server|orion)(?:[-:@]v?\d.*)?(?:\.tgz)?$/i;
const defaultPort = 4200;

export function prefectCharts(graph: Graph): PrefectChart[] {
  return graph
    .ofType(charts)
    .filter((resource) => chartName.test(property(resource, "chart").text() ?? ""))
    .filter((resource) => !hasChildren(graph, resource))
    .map(chartOf);
}

/** A chart that Pulumi renders is judged by what it makes; a release is one resource. */
function hasChildren(graph: Graph, chart: Resource): boolean {
  return graph.childrenOf(chart).some(({ type }) => type.startsWith("kubernetes:apps/"));
}

function chartOf(resource: Resource): PrefectChart {
  const values = property(resource, "values");
  const hidden = values.isUnknown || property(resource, "valueYamlFiles").list().length > 0;
  const service = values.get("service");
  const ingress = values.get("ingress");
  const namespace = property(resource, "namespace");
  const place = { resource, namespace: namespace.isOmitted ? "default" : namespace.text() };
  const target = service.get("targetPort").integer() ?? defaultPort;
  return {
    resource,
    container: hidden ? undefined : serverOf(values, target),
    service: {
      ...place,
      name: values.get("fullnameOverride").text() ?? "prefect-server",
      type: service.get("type"),
      annotations: service.get("annotations"),
      loadBalancerClass: service.get("loadBalancerClass"),
      sourceRanges: service.get("loadBalancerSourceRanges"),
      externalIps: service.get("externalIPs"),
      externalName: property(resource, "none"),
      ports: [
        {
          name: service.get("portName").text() ?? "server-svc-port",
          port: service.get("port").integer() ?? defaultPort,
          target,
          nodePort: service.get("nodePort").integer(),
        },
      ],
      selector: undefined,
    },
    ingress:
      ingress.get("enabled").flag() === true || ingress.get("enabled").isUnknown
        ? {
            ...place,
            className: ingress.get("className"),
            annotations: ingress.get("annotations"),
            hasTls: ingress.get("tls").flag() === true || ingress.get("extraTls").list().length > 0,
            backends: [{ service: undefined, port: undefined }],
          }
        : undefined,
    isRouted: ["gateway", "httproute"].every((part) => on(values.get(part).get("enabled"), part === "httproute")),
    hidden,
  };
}

function on(value: ResourceValue, otherwise: boolean): boolean {
  return value.isOmitted ? otherwise : value.flag() !== false;
}

/** The server listens on every address; its auth string comes with basicAuth, or by the user's own variables. */
function serverOf(values: ResourceValue, port: number): Container {
  const server = values.get("server");
  const image = values.get("global").get("prefect").get("image");
  const basic = server.get("basicAuth");
  const variables = [values.get("global").get("prefect").get("env"), server.get("env")];
  const own = variables.flatMap((list) => list.list());
  const secrets = new Set(
    own.filter((each) => !each.get("valueFrom").isOmitted).flatMap((each) => each.get("name").text() ?? []),
  );
  const environment = new Map(
    variables.flatMap((list) => [...environmentOf(list)]).filter(([name]) => !secrets.has(name)),
  );
  if (basic.get("enabled").flag() === true) {
    const password = basic.get("authString");
    if (!basic.get("existingSecret").isOmitted && basic.get("existingSecret").text() !== "") secrets.add(authName);
    // The chart's own default is in its documentation: everybody has it.
    else if (password.isOmitted || password.text() === "admin:pass") environment.set(authName, "");
    else environment.set(authName, password.isUnknown ? "not known yet" : password.text());
  }
  const args = server.get("args").list();
  return {
    name: "prefect-server",
    called: "the chart's server",
    image: `${image.get("repository").text() ?? "prefecthq/prefect"}:${image.get("prefectTag").text() ?? "3-latest"}`,
    words:
      args.length > 0
        ? args.map((word) => word.text() ?? "")
        : ["prefect", "server", "start", "--host", "0.0.0.0", "--port", String(port)],
    environment,
    secrets,
    environmentFiles: ["extraEnvVarsCM", "extraEnvVarsSecret"].some((name) => (server.get(name).text() ?? "") !== ""),
    ports: [port],
    healthCheck: "/api/health",
  };
}

const authName = "PREFECT_SERVER_API_AUTH_STRING";
