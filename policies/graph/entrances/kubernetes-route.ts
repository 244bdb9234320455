import { prefectCharts } from "../kubernetes/charts";
import { facingOf } from "../kubernetes/facing";
import { kindOf, nameOf, namespaceOf, ofKind, shareNamespace } from "../kubernetes/objects";
import { behindService, services, servicesNamed, type Way } from "../kubernetes/services";
import { type Graph, label, property, type Resource, type ResourceValue } from "../model";
import type { Arrival, World } from "./entrance";

/** Routes of the Gateway API, and of the controllers and meshes that have their own. */
const routes = [
  ...["HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute"],
  ...[
    "VirtualService",
    "IngressRoute",
    "IngressRouteTCP",
    "HTTPProxy",
    "Mapping",
    "Route",
    "TCPIngress",
    "ApisixRoute",
  ],
];

/** What a route asks for lies with its gateway's policies, which are not followed: it cannot be told. */
export function kubernetesRoutes(world: World): Arrival[] {
  const { graph, workloads } = world;
  const declared = ofKind(graph, ...routes)
    .filter((route) => !isInternal(graph, route))
    .flatMap((route) => {
      const spec = property(route, "spec");
      const words = new Set(spec.texts().flatMap(hostsIn));
      return services(graph)
        .filter(({ name }) => name === undefined || words.has(name) || spec.holdsUnknown())
        .flatMap((service) =>
          behindService(workloads, service, undefined).map((way) => ({ ...way, route, service: service.resource })),
        );
    });
  const made = prefectCharts(graph)
    .filter(({ isRouted, hidden }) => isRouted || hidden)
    .flatMap(({ resource, service }) =>
      behindService(workloads, service, undefined).map((way) => ({ ...way, route: resource, service: resource })),
    );
  return [...declared, ...streamed(world), ...made].map(({ workload, port, route, service }) => ({
    workload,
    target: undefined,
    port,
    hops: [
      { resource: route, note: "may lead there from the internet, and what its gateway asks for is not followed" },
      ...(service === route ? [] : [{ resource: service, note: "is behind it" }]),
      ...(workload.service === route
        ? []
        : [{ resource: workload.service, note: `its pods take them on port ${port ?? "(not known)"}` }]),
    ],
    certain: false,
    fix: `let the gateway of ${label(route)} face the VPC only, or put a gateway that asks for a login into the pod`,
  }));
}

interface Route extends Way {
  readonly route: Resource;
  readonly service: Resource;
}

/**
 * ingress-nginx passes TCP ports on as its ConfigMap, or its chart's `tcp`, says: `4200: "default/prefect:80"`
 * (https://kubernetes.github.io/ingress-nginx/user-guide/exposing-tcp-udp-services/).
 */
function streamed({ graph, workloads }: World): Route[] {
  const maps = ofKind(graph, "ConfigMap").map((map) => ({ route: map, texts: property(map, "data").texts() }));
  const charts = ofKind(graph, "Release", "Chart").map((chart) => ({
    route: chart,
    texts: property(chart, "values").get("tcp").texts(),
  }));
  return [...maps, ...charts].flatMap(({ route, texts }) =>
    texts.flatMap((text) => {
      const [, namespace, service, port = ""] = /^([\w-]{1,63})\/([\w.-]{1,253}):([\w-]{1,63})/.exec(text) ?? [];
      if (namespace === undefined) return [];
      const number = /^\d+$/.test(port) ? Number(port) : port;
      return servicesNamed(graph, namespace, { service, port: number }).flatMap((each) =>
        behindService(workloads, each, number).map((way) => ({ ...way, route, service: each.resource })),
      );
    }),
  );
}

/** `prefect`, `prefect:4200`, `prefect.flows.svc.cluster.local`, `http://prefect:4200`. */
function hostsIn(text: string): string[] {
  return [text.replace(/^[a-z]+:\/\//, "").split(/[.:/]/)[0] ?? ""];
}

/** All of its gateways are in the stack and face inward. A VirtualService without one is for the mesh alone. */
function isInternal(graph: Graph, route: Resource): boolean {
  const spec = property(route, "spec");
  if (kindOf(route) === "VirtualService") {
    const gateways = spec
      .get("gateways")
      .list()
      .map((gateway) => gateway.text());
    return gateways.every((gateway) => gateway === "mesh");
  }
  const parents = spec.get("parentRefs").list();
  return parents.length > 0 && parents.every((parent) => leadsInward(graph, route, parent));
}

/**
 * Whether the gateway that a route names is in the stack, and every one that may be it faces inward. It is one of the
 * route's namespace if the route says none.
 */
function leadsInward(graph: Graph, route: Resource, parent: ResourceValue): boolean {
  const name = parent.get("name").text();
  const given = parent.get("namespace");
  const namespace = given.isOmitted ? namespaceOf(route) : given.text();
  const maybe = ofKind(graph, "Gateway").filter(
    (gateway) => [name, undefined].includes(nameOf(gateway)) && shareNamespace(namespaceOf(gateway), namespace),
  );
  const isSeen = maybe.some((gateway) => isSame(nameOf(gateway), name) && isSame(namespaceOf(gateway), namespace));
  return isSeen && maybe.every(facesInward);
}

function isSame(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && a === b;
}

function facesInward(gateway: Resource): boolean {
  const spec = property(gateway, "spec");
  if (/^gke-l7-(?:rilb|cross-regional-internal)/.test(spec.get("gatewayClassName").text() ?? "")) return true;
  const places = [spec.get("infrastructure"), property(gateway, "metadata")];
  return places
    .map((place) => place.get("annotations"))
    .some((annotations) => facingOf({ annotations, loadBalancerClass: property(gateway, "none") }) === "internal");
}
