import assert from "node:assert/strict";
import { Graph, property, type ResourceValue } from "../../../policies/graph/model";
import { asResources, declare, type Declared, register } from "./stack";

/** Prefect in a Kubernetes cluster, and what may stand before it. */

/** Labels of Prefect's pods. */
export const labels = { app: "prefect" };

/** Prefect's container. */
export const server = {
  name: "server",
  image: "prefecthq/prefect:3.8.8-python3.12",
  command: ["prefect", "server", "start", "--host", "0.0.0.0"],
  ports: [{ name: "http", containerPort: 4200 }],
};

/** A Deployment of Prefect, with these changes to its container. */
export function deployment(container: Record<string, unknown> = {}, ...sidecars: Record<string, unknown>[]): Declared {
  return declare("kubernetes:apps/v1:Deployment", "prefect", {
    metadata: { name: "prefect" },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ ...server, ...container }, ...sidecars] } },
    },
  });
}

/** A Service of Prefect's pods. */
export function service(spec: Record<string, unknown> = {}, annotations?: Record<string, unknown>): Declared {
  return declare("kubernetes:core/v1:Service", "service", {
    metadata: { name: "prefect", ...(annotations ? { annotations } : {}) },
    spec: { selector: labels, ports: [{ port: 80, targetPort: "http" }], ...spec },
  });
}

/** An nginx that faces the internet, with a configuration of its image. */
export const publicNginx: readonly Declared[] = [
  declare("kubernetes:apps/v1:Deployment", "front", {
    spec: {
      template: {
        metadata: { labels: { app: "front" } },
        spec: { containers: [{ name: "nginx", image: "nginx:1.30", ports: [{ containerPort: 80 }] }] },
      },
    },
  }),
  declare("kubernetes:core/v1:Service", "frontService", {
    metadata: { name: "front" },
    spec: { type: "LoadBalancer", selector: { app: "front" }, ports: [{ port: 80 }] },
  }),
];

/** An Ingress before that Service. */
export function ingress(annotations: Record<string, unknown>, spec: Record<string, unknown> = {}): Declared[] {
  return [
    deployment(),
    service(),
    declare("kubernetes:networking.k8s.io/v1:Ingress", "ingress", {
      metadata: { name: "prefect", annotations },
      spec: {
        rules: [{ http: { paths: [{ path: "/", backend: { service: { name: "prefect", port: { number: 80 } } } }] } }],
        ...spec,
      },
    }),
  ];
}

/** Annotations for the AWS Load Balancer Controller. */
export const alb = (more: Record<string, unknown> = {}, scheme = "internet-facing"): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries({ scheme, "certificate-arn": "arn:certificate", ...more })
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [`alb.ingress.kubernetes.io/${name}`, value]),
  );

/** Its login. */
export const cognito = { "auth-type": "cognito", "auth-idp-cognito": "{}" };

/** Annotations for ingress-nginx. */
export const nginx = (more: Record<string, unknown>): Record<string, unknown> => ({
  "kubernetes.io/ingress.class": "nginx",
  ...Object.fromEntries(Object.entries(more).map(([name, value]) => [`nginx.ingress.kubernetes.io/${name}`, value])),
});

/** A finished stack, as the pack looks at it. */
export const graphOf = (...stack: Declared[]): Graph => new Graph(asResources(register(stack, "finished")));

/** A part of a manifest, as the pack reads it. */
export function valueOf(raw: unknown): ResourceValue {
  const [resource] = graphOf(declare("kubernetes:core/v1:Pod", "pod", { spec: raw })).resources;
  assert.ok(resource);
  return property(resource, "spec");
}
