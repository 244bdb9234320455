import { deployment, labels, server, service } from "../support/kubernetes";
import { forward, group, listener, nginx, open, site, targetGroup } from "../support/pieces";
import { built, declare, type Declared, ref } from "../support/stack";
import { cannotTell, type Cases, reject } from "./case";
import { chart } from "./charts";

/** Containers that start before the others of a pod, and pods bound to a target group by its name. */

/** Pods with Prefect as a container that starts first. */
const startingFirst = (more: Record<string, unknown>): Declared[] => [
  declare("kubernetes:apps/v1:Deployment", "prefect", {
    metadata: { name: "prefect" },
    spec: {
      template: {
        metadata: { labels },
        spec: { initContainers: [{ ...server, ...more }], containers: [{ name: "flows", image: "acme/flows:1" }] },
      },
    },
  }),
  service({ type: "LoadBalancer", ports: [{ port: 80, targetPort: 4200 }] }),
];

/** A pod with an nginx of this configuration before Prefect, which keeps to the loopback. */
const gateway = (conf: string): Declared[] => {
  const { name, image, entryPoint, command } = nginx(conf);
  const proxy = {
    ...{ name, image, command: entryPoint, args: command, env: [{ name: "NGINX_CONF", value: conf }] },
    ports: [{ name: "http", containerPort: 8080 }],
  };
  const inner = { ...server, command: [...server.command.slice(0, -1), "127.0.0.1"], ports: [] };
  return [
    declare("kubernetes:apps/v1:Deployment", "prefect", {
      metadata: { name: "prefect" },
      spec: { template: { metadata: { labels }, spec: { containers: [inner, proxy] } } },
    }),
    service({ type: "LoadBalancer" }),
  ];
};

/** An image of one's own on Prefect's port, with this probe. */
const probed = (probe: string, path: string, more: Record<string, unknown> = {}): Declared[] => [
  deployment({
    ...{ name: "web", image: "acme/web:1", command: undefined },
    ...{ [probe]: { httpGet: { path, port: 4200 } }, ...more },
  }),
  service({ type: "LoadBalancer" }),
];
const key = declare("random:index/randomPassword:RandomPassword", "key", { length: 16 });
const notKnown = (of: unknown): unknown => built(["key"], of);
const hidden = cannotTell('is not known yet: it is built from outputs of random.RandomPassword "key"');

export const podSidecarCases: Cases = {
  ...Object.fromEntries(
    ["livenessProbe", "readinessProbe", "startupProbe"].map((probe): [string, Cases[string]] => [
      `an image of one's own in a pod, whose ${probe} asks for Prefect's health`,
      { stack: probed(probe, "/api/health"), ...cannotTell('container "web" is likely a Prefect API server') },
    ]),
  ),
  "an image of one's own in a pod, whose probe asks for something else": { stack: probed("livenessProbe", "/healthz") },
  "an image of one's own in a pod, whose probes ask for parts of Prefect's health": {
    stack: probed("livenessProbe", "/api", { readinessProbe: { httpGet: { path: "/health", port: 4200 } } }),
  },
  "pods that are not known in preview": {
    stack: [
      key,
      declare("kubernetes:apps/v1:Deployment", "prefect", {
        metadata: { labels },
        spec: notKnown({ template: { metadata: { labels }, spec: { containers: [server] } } }),
      }),
      service({ type: "LoadBalancer" }),
    ],
    ...reject('container "server" is a Prefect API server on port 4200'),
    preview: hidden,
  },
  "a chart whose values are not known in preview": {
    stack: [
      key,
      ...chart({}).map((each) =>
        declare(each.type, each.name, { ...each.inputs, values: notKnown(each.inputs["values"]) }),
      ),
    ],
    count: 3,
    preview: hidden,
  },
  "a pod with a gateway that asks nobody": {
    stack: gateway(site("location / { proxy_pass http://127.0.0.1:4200; }")),
    ...reject('container "nginx" is nginx and lets requests without a login through: location "/"'),
  },
  "a pod with a gateway that lets nobody through": { stack: gateway(site("location / { return 403; }")) },
  "Prefect as a sidecar that starts first": {
    stack: startingFirst({ restartPolicy: "Always" }),
    ...reject('container "server" is a Prefect API server on port 4200'),
  },
  "Prefect in a container that ends before the others start": { stack: startingFirst({}) },
  "pods bound to a target group by its name": {
    stack: [
      group("albGroup", open(443)),
      declare("aws:lb/loadBalancer:LoadBalancer", "alb", { securityGroups: [ref("albGroup", "id")] }),
      targetGroup(4200, { name: "prefect" }),
      listener([forward]),
      declare("kubernetes:apps/v1:Deployment", "prefect", {
        metadata: { name: "prefect" },
        spec: { template: { metadata: { labels }, spec: { containers: [server] } } },
      }),
      service(),
      declare("kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding", "binding", {
        spec: { serviceRef: { name: "prefect", port: 80 }, targetGroupName: "prefect" },
      }),
    ],
    ...reject('aws.lb.Listener "https"', 'kubernetes.apps.v1.Deployment "prefect"'),
  },
};
