import { deployment, labels, server, service } from "../support/kubernetes";
import { built, declare, type Declared } from "../support/stack";
import { type Case, cannotTell, type Cases } from "./case";

/** Routes of gateways and meshes: their kinds, the Services that they name, and the gateways that they are of. */

const route = (kind: string, spec: Record<string, unknown>, metadata: Record<string, unknown> = {}): Declared =>
  declare(kind, "route", { metadata, spec });

const httpRoute = "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute";
const to = (name: unknown): Record<string, unknown>[] => [{ backendRefs: [{ name, port: 80 }] }];

const gateway = (name: string, spec: Record<string, unknown>, metadata: Record<string, unknown> = {}): Declared =>
  declare("kubernetes:gateway.networking.k8s.io/v1:Gateway", name, {
    metadata: { name, ...metadata },
    spec: { gatewayClassName: "istio", listeners: [{ name: "http", port: 80, protocol: "HTTP" }], ...spec },
  });

const inner = { gatewayClassName: "gke-l7-rilb" };
const internalNlb = { "service.beta.kubernetes.io/aws-load-balancer-scheme": "internal" };

/** A route to Prefect of these gateways. */
const of = (parentRefs: unknown, ...gateways: Declared[]): Declared[] => [
  deployment(),
  service(),
  route(httpRoute, { parentRefs, rules: to("prefect") }),
  ...gateways,
];

/** Of each kind one that leads to Prefect, as its controller writes a Service's name. */
const kinds: Readonly<Record<string, Record<string, unknown>>> = {
  "kubernetes:gateway.networking.k8s.io/v1:GRPCRoute": { rules: to("prefect") },
  "kubernetes:gateway.networking.k8s.io/v1alpha2:TLSRoute": { rules: to("prefect") },
  "kubernetes:gateway.networking.k8s.io/v1alpha2:TCPRoute": { rules: to("prefect") },
  "kubernetes:traefik.io/v1alpha1:IngressRouteTCP": { routes: [{ services: [{ name: "prefect", port: 80 }] }] },
  "kubernetes:projectcontour.io/v1:HTTPProxy": { routes: [{ services: [{ name: "prefect", port: 80 }] }] },
  "kubernetes:getambassador.io/v3alpha1:Mapping": { prefix: "/", service: "https://prefect:80" },
  "kubernetes:route.openshift.io/v1:Route": { to: { kind: "Service", name: "prefect" } },
  "kubernetes:configuration.konghq.com/v1beta1:TCPIngress": { rules: [{ backend: { serviceName: "prefect" } }] },
  "kubernetes:apisix.apache.org/v2:ApisixRoute": { http: [{ backends: [{ serviceName: "prefect" }] }] },
};

export const kubernetesRouteCases: Cases = {
  ...Object.fromEntries(
    Object.entries(kinds).map(([type, spec]): [string, Case] => {
      const [, , kind = ""] = type.split(":");
      return [
        `a route of kind ${kind}`,
        {
          stack: [deployment(), service(), route(type, spec)],
          ...cannotTell(`${kind} "route": may lead there from the internet`, 'kubernetes.core.v1.Service "service"'),
        },
      ];
    }),
  ),
  "a route to another Service": { stack: [deployment(), service(), route(httpRoute, { rules: to("web") })] },
  "a route to a Service whose name only begins like Prefect's": {
    stack: [deployment(), service(), route(httpRoute, { rules: to("prefect-docs") })],
  },
  "a route to a Service that is not known in preview": {
    stack: [deployment(), service(), route(httpRoute, { rules: to(built(["prefect"], "web")) })],
    preview: cannotTell('HTTPRoute "route"'),
  },
  "a route to a Service without a name of its own": {
    stack: [
      deployment(),
      declare("kubernetes:core/v1:Service", "service", {
        metadata: {},
        spec: { selector: labels, ports: [{ port: 80, targetPort: 4200 }] },
      }),
      route(httpRoute, { rules: to("prefect-a1b2") }),
    ],
    ...cannotTell('HTTPRoute "route"', "on port 4200"),
  },
  "a route to a port of the pods that has a name": {
    stack: [
      deployment({ ports: [{ name: "web", containerPort: 4200 }] }),
      service({ ports: [{ port: 80, targetPort: "web" }] }),
      route(httpRoute, { rules: to("prefect") }),
    ],
    ...cannotTell(`container ${JSON.stringify(server.name)} is a Prefect API server on port 4200`),
  },
  "a route of a mesh alone, by name": {
    stack: [
      deployment(),
      service(),
      route("kubernetes:networking.istio.io/v1:VirtualService", {
        gateways: ["mesh"],
        http: [{ route: [{ destination: { host: "prefect" } }] }],
      }),
    ],
  },
  "a route of a mesh and of a gateway": {
    stack: [
      deployment(),
      service(),
      route("kubernetes:networking.istio.io/v1:VirtualService", {
        gateways: ["mesh", "public"],
        http: [{ route: [{ destination: { host: "prefect" } }] }],
      }),
    ],
    ...cannotTell('VirtualService "route"'),
  },
  "a route of no gateway": { stack: of([]), ...cannotTell('HTTPRoute "route"') },
  "a route of an internal gateway and of a public one": {
    stack: of([{ name: "inner" }, { name: "outer" }], gateway("inner", inner), gateway("outer", {})),
    ...cannotTell('HTTPRoute "route"'),
  },
  "a route of a public gateway beside an internal one": {
    stack: of([{ name: "outer" }], gateway("inner", inner), gateway("outer", {})),
    ...cannotTell('HTTPRoute "route"'),
  },
  "a route of an internal gateway beside a public one": {
    stack: of([{ name: "inner" }], gateway("inner", inner), gateway("outer", {})),
  },
  "a route of an internal gateway whose namespace is not known in preview": {
    stack: of([{ name: "inner" }], gateway("inner", inner, { namespace: built(["prefect"], "default") })),
    preview: cannotTell('HTTPRoute "route"'),
  },
  "a route of an internal gateway, if it is that of a namespace that is not known in preview": {
    stack: of([{ name: "inner", namespace: built(["prefect"], "default") }], gateway("inner", inner)),
    preview: cannotTell('HTTPRoute "route"'),
  },
  "a route of an internal gateway and of one of another stack": {
    stack: of([{ name: "inner" }, { name: "shared" }], gateway("inner", inner)),
    ...cannotTell('HTTPRoute "route"'),
  },
  "a route of a gateway of another namespace, beside an internal one of the same name": {
    stack: of(
      [{ name: "shared", namespace: "public" }],
      gateway("aaa", inner, { name: "shared" }),
      gateway("zzz", {}, { name: "shared", namespace: "public" }),
    ),
    ...cannotTell('HTTPRoute "route"'),
  },
  "a route of an internal gateway, beside a public one of the same name in another namespace": {
    stack: of(
      [{ name: "shared" }],
      gateway("aaa", {}, { name: "shared", namespace: "public" }),
      gateway("zzz", inner, { name: "shared" }),
    ),
  },
  "a route of a gateway of a namespace that is not known in preview": {
    stack: of(
      [{ name: "shared", namespace: built(["prefect"], "default") }],
      gateway("aaa", {}, { name: "shared", namespace: "public" }),
      gateway("zzz", inner, { name: "shared" }),
    ),
    preview: cannotTell('HTTPRoute "route"'),
  },
  "a route of a gateway whose name is not known in preview": {
    stack: of([{ name: built(["inner"], "inner") }], gateway("inner", inner)),
    preview: cannotTell('HTTPRoute "route"'),
  },
  "a route of a gateway, neither of whose names is known in preview": {
    stack: of([{ name: built(["inner"], "inner") }], gateway("inner", inner, { name: built(["prefect"], "inner") })),
    preview: cannotTell('HTTPRoute "route"'),
  },
  "a route of an internal gateway beside one whose name is not known in preview": {
    stack: of(
      [{ name: "inner" }],
      gateway("inner", inner),
      gateway("outer", {}, { name: built(["prefect"], "outer") }),
    ),
    preview: cannotTell('HTTPRoute "route"'),
  },
  "a route of a gateway whose class only ends like an internal one's": {
    stack: of([{ name: "outer" }], gateway("outer", { gatewayClassName: "not-gke-l7-rilb" })),
    ...cannotTell('HTTPRoute "route"'),
  },
  "a route of a gateway whose load balancer is internal by what it is made with": {
    stack: of([{ name: "inner" }], gateway("inner", { infrastructure: { annotations: internalNlb } })),
  },
  "a route of a gateway whose load balancer is internal by its own annotations": {
    stack: of([{ name: "inner" }], gateway("inner", {}, { annotations: internalNlb })),
  },
  "a route of a gateway whose annotations say something else": {
    stack: of([{ name: "outer" }], gateway("outer", {}, { annotations: { team: "platform" } })),
    ...cannotTell('HTTPRoute "route"'),
  },
  "a route of a gateway whose annotations are not known in preview": {
    stack: of(
      [{ name: "inner" }],
      gateway("inner", {}, { annotations: { ...internalNlb, $of: "prefect", $attribute: "", $value: internalNlb } }),
    ),
    preview: cannotTell('HTTPRoute "route"'),
  },
};
