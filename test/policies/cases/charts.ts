import { alb, cognito, ingress, service } from "../support/kubernetes";
import { behindAlb, containers, group, open, prefect } from "../support/pieces";
import { built, declare, type Declared } from "../support/stack";
import { cannotTell, type Cases, reject } from "./case";

/** Prefect's Helm chart. */

export function chart(values: Record<string, unknown>, more: Record<string, unknown> = {}): Declared[] {
  return [
    declare("kubernetes:helm.sh/v3:Release", "release", {
      chart: "prefect-server",
      repositoryOpts: { repo: "https://prefecthq.github.io/prefect-helm" },
      values,
      ...more,
    }),
  ];
}

const withIngress = { ingress: { enabled: true, className: "alb", annotations: alb() } };

export const balanced = { service: { type: "LoadBalancer" } };

/** The chart inside the cluster, and an Ingress of the program's own that leads to its Service. */
const behindIngress = (
  values: Record<string, unknown>,
  more: Record<string, unknown> = {},
  to = "prefect-server",
): Declared[] => [
  ...chart(values, more),
  declare("kubernetes:networking.k8s.io/v1:Ingress", "ingress", {
    metadata: { annotations: alb(), namespace: "flows" },
    spec: { defaultBackend: { service: { name: to, port: { name: "server-svc-port" } } } },
  }),
];
const throughIngress = reject('Ingress "ingress"', 'kubernetes.helm.v3.Release "release": is behind it');

/** A chart that Pulumi renders: what it makes are resources of the stack. */
const rendered = (type: string): Declared[] => [
  declare("kubernetes:helm.sh/v4:Chart", "release", { chart: "prefect-server", values: balanced }),
  ...ingress({})
    .slice(0, 1)
    .map((each) => declare(each.type, each.name, each.inputs, "release")),
  declare("kubernetes:core/v1:Service", "service", { ...service({ type }).inputs }, "release"),
];

export const chartCases: Cases = {
  "Prefect's chart as it is": { stack: chart({}) },
  "Prefect's chart with a load balancer": {
    stack: chart({ service: { type: "LoadBalancer" } }),
    ...reject('kubernetes.helm.v3.Release "release": its load balancer faces the internet', "the chart's server"),
  },
  "Prefect's chart with an internal load balancer": {
    stack: chart({
      service: {
        type: "LoadBalancer",
        annotations: { "service.beta.kubernetes.io/aws-load-balancer-internal": "true" },
      },
    }),
  },
  "Prefect's chart with an ingress": { stack: chart(withIngress), ...reject('kubernetes.helm.v3.Release "release"') },
  "Prefect's chart with an ingress that logs people in": {
    stack: chart({ ingress: { enabled: true, className: "alb", annotations: alb(cognito) } }),
  },
  "Prefect's chart with an ingress and passwords from a secret": {
    stack: chart({ ...withIngress, server: { basicAuth: { enabled: true, existingSecret: "prefect" } } }),
  },
  "Prefect's chart with an ingress and a password": {
    stack: chart({ ...withIngress, server: { basicAuth: { enabled: true, authString: "admin:correct-horse" } } }),
  },
  "Prefect's chart with an ingress and the chart's own password": {
    stack: chart({ ...withIngress, server: { basicAuth: { enabled: true } } }),
    ...reject("PREFECT_SERVER_API_AUTH_STRING is empty"),
  },
  "Prefect's chart with a gateway": {
    stack: chart({ gateway: { enabled: true } }),
    ...cannotTell("may lead there from the internet"),
  },
  "Prefect's chart with values from a file": {
    stack: chart({}, { valueYamlFiles: ["values.yaml"] }),
    ...cannotTell("may lead there from the internet"),
  },
  "the chart of Prefect's workers": {
    stack: chart({ service: { type: "LoadBalancer" } }, { chart: "prefect-worker" }),
  },
  "a chart of something else": { stack: chart({ service: { type: "LoadBalancer" } }, { chart: "grafana" }) },
  "Prefect behind a balancer beside a chart": {
    stack: [...behindAlb({ definitions: containers(prefect()), alb: { internal: true } }), ...chart({})],
  },
  ...Object.fromEntries(
    ["v2:Chart", "v3:Chart", "v4:Chart"].map((kind): [string, Cases[string]] => [
      `Prefect's chart as a ${kind}, not rendered yet`,
      {
        stack: chart(balanced).map(({ inputs }) => declare(`kubernetes:helm.sh/${kind}`, "release", inputs)),
        ...reject("its load balancer faces the internet"),
      },
    ]),
  ),
  "Prefect's chart with something of the program's own below it": {
    stack: [
      ...chart(balanced),
      declare("kubernetes:core/v1:ConfigMap", "settings", { data: { theme: "dark" } }, "release"),
    ],
    ...reject("its load balancer faces the internet"),
  },
  "Prefect's chart that Pulumi renders": { stack: rendered("LoadBalancer"), ...reject('Deployment "prefect"') },
  "Prefect's chart that Pulumi renders, with a Service that a transformation keeps inside": {
    stack: rendered("ClusterIP"),
  },
  "Prefect's chart from an archive": {
    stack: chart(balanced, { chart: "./charts/prefect-server-2026.8.18.tgz" }),
    ...reject("the chart's server"),
  },
  "Prefect's chart from an archive of an older version": {
    stack: chart(balanced, { chart: "prefect-orion-v1" }),
    ...reject("the chart's server"),
  },
  "a chart that is called like Prefect's": { stack: chart(balanced, { chart: "prefect-serverless" }) },
  "Prefect's chart with ranges that it does not know": {
    stack: chart({ service: { type: "LoadBalancer", loadBalancerSourceRanges: ["203.0.113.0/24"] } }),
    ...reject("its load balancer faces the internet"),
  },
  "Prefect's chart on another port": {
    stack: chart({ service: { type: "LoadBalancer", targetPort: 8080, port: 80 } }),
    ...reject("the chart's server is a Prefect API server on port 8080"),
  },
  "Prefect's chart on another port than its command's": {
    stack: chart({ ...balanced, server: { args: ["prefect", "server", "start", "--port", "9000"] } }),
  },
  "Prefect's chart on a port of every node": {
    stack: [...chart({ service: { type: "NodePort", nodePort: 30080 } }), group("nodes", open(30080))],
    ...cannotTell("has a port on every node"),
  },
  "Prefect's chart on another port of every node": {
    stack: [...chart({ service: { type: "NodePort", nodePort: 30080 } }), group("nodes", open(30081))],
  },
  "Prefect's chart with a gateway and no route": {
    stack: chart({ gateway: { enabled: true }, httproute: { enabled: false } }),
  },
  "Prefect's chart with a route and no gateway": {
    stack: chart({ gateway: { enabled: false }, httproute: { enabled: true } }),
  },
  "Prefect's chart with an ingress that is switched off": {
    stack: chart({ ingress: { ...withIngress.ingress, enabled: false } }),
  },
  "Prefect's chart with an ingress that is not known in preview": {
    stack: chart({ ingress: { ...withIngress.ingress, enabled: built(["flag"], false) } }),
    preview: reject('kubernetes.helm.v3.Release "release"'),
  },
  "Prefect's chart with an ingress of nginx by its class": {
    stack: chart({ ingress: { enabled: true, className: "gce-internal" } }),
  },
  "Prefect's chart behind an Ingress of the program's own": {
    stack: behindIngress({}, { namespace: "flows" }),
    ...throughIngress,
  },
  "Prefect's chart in another namespace than an Ingress of the program's own": {
    stack: behindIngress({}, { namespace: "prefect" }),
  },
  "Prefect's chart in the default namespace, not that of an Ingress of the program's own": { stack: behindIngress({}) },
  "Prefect's chart in a namespace of its values": {
    stack: behindIngress({ namespaceOverride: "flows" }),
    ...throughIngress,
  },
  "Prefect's chart in an empty namespace of its values": {
    stack: behindIngress({ namespaceOverride: "" }, { namespace: "flows" }),
    ...throughIngress,
  },
  "Prefect's chart by another name than an Ingress of the program's own leads to": {
    stack: behindIngress({ fullnameOverride: "other" }, { namespace: "flows" }),
  },
  "Prefect's chart by a name of its values": {
    stack: behindIngress({ fullnameOverride: "other" }, { namespace: "flows" }, "other"),
    ...throughIngress,
  },
  "Prefect's chart by a name that is made of its release's": {
    stack: behindIngress({ fullnameOverride: "" }, { namespace: "flows" }, "release-prefect-server"),
    ...throughIngress,
  },
};
