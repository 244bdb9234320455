import { alb, cognito } from "../support/kubernetes";
import { behindAlb, containers, prefect } from "../support/pieces";
import { declare, type Declared } from "../support/stack";
import { cannotTell, type Cases, reject } from "./case";

/** Prefect's Helm chart. */

function chart(values: Record<string, unknown>, more: Record<string, unknown> = {}): Declared[] {
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
};
