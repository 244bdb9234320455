import { alb, deployment, ingress, labels, server, service } from "../support/kubernetes";
import { forward, group, listener, open, targetGroup } from "../support/pieces";
import { built, declare, type Declared, ref } from "../support/stack";
import { cannotTell, type Cases, reject } from "./case";

/** How Services, Ingresses and bindings of Kubernetes find their pods, and the ports of these. */

const balanced = { type: "LoadBalancer" };
const metrics = { name: "metrics", containerPort: 9090 };
const twoPorts = deployment({ ports: [metrics, { name: "http", containerPort: 4200 }] });
const toMetrics = { name: "metrics", port: 9090, targetPort: "metrics" };
const toServer = { name: "web", port: 80, targetPort: "http" };

/** Prefect of this kind, and a balanced Service. */
const of = (type: string): Declared[] => [declare(type, "prefect", deployment().inputs), service(balanced)];

/** An Ingress that leads to this backend of a Service with two ports. */
const through = (backend: Record<string, unknown>, type = "networking.k8s.io/v1"): Declared[] =>
  [twoPorts, service({ ports: [toMetrics, toServer] })].concat(
    declare(`kubernetes:${type}:Ingress`, "ingress", {
      metadata: { annotations: alb() },
      spec: { rules: [{ http: { paths: [{ path: "/", backend }] } }] },
    }),
  );
const throughIngress = reject('Ingress "ingress"', "its pods take them on port 4200");

/** A load balancer of the stack whose target group these pods are bound to. */
const bound = (serviceRef: Record<string, unknown>, ...pods: Declared[]): Declared[] => [
  group("albGroup", open(443)),
  declare("aws:lb/loadBalancer:LoadBalancer", "alb", { securityGroups: [ref("albGroup", "id")] }),
  targetGroup(4200),
  listener([forward]),
  ...pods,
  declare("kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding", "binding", {
    spec: { serviceRef, targetGroupARN: ref("tg") },
  }),
];
const byBinding = reject('aws.lb.Listener "https"', 'kubernetes.apps.v1.Deployment "prefect"');

/** An image of one's own that is probed like Prefect's. */
const probed = (probe: string, path: string): Declared[] => [
  deployment({
    ...{ name: "web", image: undefined, command: undefined },
    ports: [{ name: "http", containerPort: 4200 }],
    [probe]: { httpGet: { path, port: 4200 } },
  }),
  service(balanced),
];

/** The pods' namespace. */
const placed = (each: Declared, namespace: unknown): Declared =>
  declare(each.type, each.name, {
    ...each.inputs,
    metadata: { ...(each.inputs["metadata"] as object), namespace },
  });

export const kubernetesPodCases: Cases = {
  ...Object.fromEntries(
    ["apps/v1:ReplicaSet", "core/v1:ReplicationController", "batch/v1:Job", "argoproj.io/v1alpha1:Rollout"].map(
      (type): [string, Cases[string]] => [
        `pods of ${type}`,
        { stack: of(`kubernetes:${type}`), ...reject("faces the internet", '"prefect": its pods take them') },
      ],
    ),
  ),
  "pods of a Deployment that is patched": { stack: of("kubernetes:apps/v1:DeploymentPatch"), ...reject("its pods") },
  "pods by one of two labels": {
    stack: [deployment(), service({ ...balanced, selector: { ...labels, tier: "web" } })],
  },
  "pods by no label": { stack: [deployment(), service({ ...balanced, selector: {} })] },
  "pods by a label that is not known in preview": {
    stack: [deployment(), service({ ...balanced, selector: { app: built(["prefect"], "web") } })],
    preview: reject("its pods take them"),
  },
  "pods by labels that are not known in preview": {
    stack: [deployment(), service({ ...balanced, selector: built(["prefect"], { app: "web" }) })],
    preview: reject("its pods take them"),
  },
  "pods in the namespace of their Service": {
    stack: [placed(deployment(), "flows"), placed(service(balanced), "flows")],
    ...reject("its pods take them"),
  },
  "pods in the default namespace by name": {
    stack: [placed(deployment(), "default"), service(balanced)],
    ...reject("its pods take them"),
  },
  "pods in another namespace than their Service": {
    stack: [placed(deployment(), "flows"), service(balanced)],
  },
  "pods behind another port by name": {
    stack: [twoPorts, service({ ...balanced, ports: [{ port: 80, targetPort: "metrics" }] })],
  },
  "pods behind a port by name": {
    stack: [twoPorts, service({ ...balanced, ports: [{ port: 80, targetPort: "http" }] })],
    ...reject("its pods take them on port 4200"),
  },
  "pods behind a port without a target": {
    stack: [deployment(), service({ ...balanced, ports: [{ port: 4200 }] })],
    ...reject("its pods take them on port 4200"),
  },
  "an ingress to a port by number": {
    stack: through({ service: { name: "prefect", port: { number: 80 } } }),
    ...throughIngress,
  },
  "an ingress to another port by number": { stack: through({ service: { name: "prefect", port: { number: 9090 } } }) },
  "an ingress to a port by name": {
    stack: through({ service: { name: "prefect", port: { name: "web" } } }),
    ...throughIngress,
  },
  "an ingress to another port by name": { stack: through({ service: { name: "prefect", port: { name: "metrics" } } }) },
  "an ingress of the older form": {
    stack: through({ serviceName: "prefect", servicePort: "web" }, "extensions/v1beta1"),
    ...throughIngress,
  },
  "an ingress of the older form to another port": {
    stack: through({ serviceName: "prefect", servicePort: 9090 }, "extensions/v1beta1"),
  },
  "an ingress of the older form to another Service": {
    stack: through({ serviceName: "web", servicePort: 80 }, "extensions/v1beta1"),
  },
  "an ingress of the older form whose default leads to Prefect": {
    stack: ingress(alb(), { rules: [], backend: { serviceName: "prefect", servicePort: 80 } }),
    ...reject('Ingress "ingress"'),
  },
  "an ingress of another kind": { stack: through({ splits: [{ serviceName: "prefect" }] }, "config.openshift.io/v1") },
  "images of one's own that are not known, with Prefect's port": {
    stack: probed("startupProbe", "/api/ready"),
    ...cannotTell('container "web" is likely a Prefect API server'),
  },
  "a binding to a Service of other pods": {
    stack: bound({ name: "web", port: 80 }, deployment(), service({ ports: [toServer] })),
  },
  "a binding in another namespace": {
    stack: bound({ name: "prefect", port: 80 }, placed(deployment(), "flows"), placed(service(), "flows")),
  },
  "a binding to a Service that selects others": {
    stack: bound({ name: "prefect", port: 80 }, deployment(), service({ selector: { app: "web" } })),
  },
  "a binding to a port by name": {
    stack: bound({ name: "prefect", port: "web" }, twoPorts, service({ ports: [toMetrics, toServer] })),
    ...byBinding,
  },
  "a binding to another port": {
    stack: bound({ name: "prefect", port: 9090 }, twoPorts, service({ ports: [toMetrics, toServer] })),
  },
  "a binding to a port that its Service does not have": {
    stack: bound({ name: "prefect", port: 8080 }, twoPorts, service({ ports: [toServer] })),
    ...byBinding,
  },
  "a binding to a name that is not known in preview": {
    stack: bound({ name: built(["service"], "prefect"), port: 80 }, deployment(), service()),
    ...byBinding,
  },
  "a binding to Prefect's chart": {
    stack: bound(
      { name: "prefect-server", port: 4200 },
      declare("kubernetes:helm.sh/v3:Release", "release", { chart: "prefect-server", values: {} }),
    ),
    ...reject('aws.lb.Listener "https"', 'kubernetes.helm.v3.Release "release"'),
  },
  "a pod of Prefect's on a port of its node": {
    stack: [
      declare("kubernetes:core/v1:Pod", "prefect", {
        metadata: { labels },
        spec: { containers: [{ ...server, ports: [{ containerPort: 4200, hostPort: 4200 }] }] },
      }),
      group("nodes", open(4200)),
    ],
    ...cannotTell("its pods are on port 4200 of their nodes"),
  },
};
