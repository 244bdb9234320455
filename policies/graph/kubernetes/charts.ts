import { type Graph, property, type Resource, type ResourceValue } from "../model";
import { type Container, wordsOf } from "../tasks";
import { type KubeIngress, type KubeService, variablesIn } from "./objects";

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
  const name = values.get("fullnameOverride");
  const place = { resource, namespace: namespaceOf(resource, values.get("namespaceOverride")) };
  // Its templates know none of these.
  const none = property(resource, "none");
  const port = service.get("targetPort").integer() ?? defaultPort;
  return {
    resource,
    container: hidden ? undefined : serverOf(values, port),
    service: {
      ...place,
      // An empty one is made of the release's own name.
      name: name.isOmitted ? "prefect-server" : name.text() || undefined,
      type: service.get("type"),
      annotations: service.get("annotations"),
      loadBalancerClass: none,
      sourceRanges: none,
      externalIps: none,
      externalName: none,
      // Its one port: whatever names it means this.
      ports: [{ name: undefined, port: undefined, target: port, nodePort: service.get("nodePort").integer() }],
      selector: undefined,
    },
    ingress: on(ingress.get("enabled"), false)
      ? {
          ...place,
          className: ingress.get("className"),
          annotations: ingress.get("annotations"),
          backends: [{ service: undefined, port: undefined }],
        }
      : undefined,
    isRouted: on(values.get("gateway").get("enabled"), false) && on(values.get("httproute").get("enabled"), true),
    hidden,
  };
}

/** Undefined where it may be any. */
function namespaceOf(resource: Resource, override: ResourceValue): string | undefined {
  if (!override.isOmitted && override.text() !== "") return override.text();
  const namespace = property(resource, "namespace");
  return namespace.isOmitted ? "default" : namespace.text();
}

function on(value: ResourceValue, otherwise: boolean): boolean {
  return value.isOmitted ? otherwise : value.flag() !== false;
}

/** Its container as templates/deployment.yaml makes it. Variables of the user's own come last there: they count. */
function serverOf(values: ResourceValue, port: number): Container {
  const server = values.get("server");
  const shared = values.get("global").get("prefect");
  const { environment, secrets, hidden } = variablesIn([...shared.get("env").list(), ...server.get("env").list()]);
  const authString = authStringOf(server.get("basicAuth"));
  const own = Object.entries({
    PREFECT_SERVER_API_HOST: "0.0.0.0",
    PREFECT_SERVER_API_PORT: String(port),
    ...(authString !== undefined && { PREFECT_SERVER_API_AUTH_STRING: authString }),
  }).filter(([name]) => !secrets.has(name));
  const start = ["prefect", "server", "start", "--port", String(port)].map((word) => values.of(word));
  const args = server.get("args").list();
  return {
    name: "prefect-server",
    called: "the chart's server",
    image: imageOf(shared.get("image")),
    words: wordsOf([
      ...server.get("command").list(),
      ...(args.length > 0 ? args : [...start, ...server.get("extraArgs").list()]),
    ]),
    environment: new Map([...own, ...environment]),
    secrets,
    environmentFiles: hidden || ["extraEnvVarsCM", "extraEnvVarsSecret"].some((name) => isFilled(server.get(name))),
    ports: [port],
    healthCheck: "",
  };
}

/** What basicAuth sets; undefined where it is off. */
function authStringOf(basic: ResourceValue): string | undefined {
  if (basic.get("enabled").flag() !== true) return undefined;
  if (isFilled(basic.get("existingSecret"))) return "what the secret holds";
  const password = basic.get("authString");
  if (password.isUnknown) return "not known yet";
  // The chart's own default is in its documentation: everybody has it.
  return password.text() === "admin:pass" ? "" : (password.text() ?? "");
}

function imageOf(image: ResourceValue): string | undefined {
  const [repository, tag] = [image.get("repository"), image.get("prefectTag")];
  if (repository.isUnknown || tag.isUnknown) return undefined;
  return `${repository.text() ?? "prefecthq/prefect"}:${tag.text() ?? "3-latest"}`;
}

function isFilled(value: ResourceValue): boolean {
  return !value.isOmitted && value.text() !== "";
}
