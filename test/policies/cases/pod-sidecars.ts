import { labels, server, service } from "../support/kubernetes";
import { forward, group, listener, nginx, open, site, targetGroup } from "../support/pieces";
import { declare, type Declared, ref } from "../support/stack";
import { type Cases, reject } from "./case";

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

export const podSidecarCases: Cases = {
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
