import { alb, deployment, ingress, labels, publicNginx, server, service } from "../support/kubernetes";
import { group, open } from "../support/pieces";
import { built, declare, type Declared } from "../support/stack";
import { cannotTell, type Cases, reject } from "./case";

/** Ports of nodes, Services of which the type is not known, and backends that are not. */

/** The node group's security group, with these ports open. */
const nodes = (...ports: number[]): Declared => group("nodes", ...ports.map(open));

/** Prefect's pods on their nodes' network, or not. */
const onNetwork = (hostNetwork: unknown, container: Record<string, unknown> = {}): Declared =>
  declare("kubernetes:apps/v1:DaemonSet", "prefect", {
    metadata: { name: "prefect" },
    spec: { template: { metadata: { labels }, spec: { hostNetwork, containers: [{ ...server, ...container }] } } },
  });

const nodePort = (...ports: Record<string, unknown>[]): Declared => service({ type: "NodePort", ports });

export const kubernetesNodeCases: Cases = {
  "pods that are not on their nodes' own network": { stack: [onNetwork(false), nodes(4200)] },
  "pods of which it is not known in preview whether they are on their nodes' own network": {
    stack: [onNetwork(built(["nodes"], "false")), nodes(4200)],
    preview: cannotTell("its pods are on port 4200 of their nodes"),
  },
  "pods on their nodes' own network, on a port that is not known": {
    stack: [
      onNetwork(true, {
        command: ["prefect", "server", "start", "--host", "0.0.0.0", "--port", "$(PORT)"],
        ports: [],
      }),
      nodes(8080),
    ],
    ...cannotTell("its pods are on a port of their nodes", 'aws.ec2.SecurityGroup "nodes" admits the internet to it'),
  },
  "a pod by itself on its node's own network": {
    stack: [
      declare("kubernetes:core/v1:Pod", "prefect", {
        metadata: { labels },
        spec: { hostNetwork: true, containers: [server] },
      }),
      nodes(4200),
    ],
    ...cannotTell('kubernetes.core.v1.Pod "prefect": its pods are on port 4200 of their nodes'),
  },
  "another container's port on the nodes": {
    stack: [
      deployment({}, { name: "metrics", image: "acme/metrics:1", ports: [{ containerPort: 9000, hostPort: 8080 }] }),
      nodes(8080),
    ],
    ...cannotTell('container "metrics" takes the requests'),
  },
  "a port of the nodes that is not known in preview": {
    stack: [deployment({ ports: [{ containerPort: 4200, hostPort: built(["nodes"], "9000") }] }), nodes(8080)],
    preview: cannotTell("its pods are on a port of their nodes"),
  },
  "a node port that Kubernetes picks, of those that a security group opens": {
    stack: [deployment(), nodePort({ port: 80, targetPort: 4200 }), nodes(31000)],
    ...cannotTell("has a port on every node"),
  },
  "a node port that Kubernetes picks, and a security group that opens others": {
    stack: [deployment(), nodePort({ port: 80, targetPort: 4200 }), nodes(29999, 32768)],
  },
  "two node ports of which a security group opens one": {
    stack: [
      deployment(),
      nodePort({ port: 443, targetPort: 4200, nodePort: 30443 }, { port: 80, targetPort: 4200, nodePort: 30080 }),
      nodes(30080),
    ],
    ...cannotTell("has a port on every node"),
  },
  "a Service inside the cluster, and node ports that are open": { stack: [deployment(), service(), nodes(30080)] },
  "a Service whose type is not known in preview": {
    stack: [deployment(), service({ type: built(["nodes"], "ClusterIP") }), nodes(443)],
    preview: cannotTell("may have a load balancer (its type is not known)"),
  },
  "a load balancer Service for an office, by its annotation": {
    stack: [
      deployment(),
      service({ type: "LoadBalancer" }, { "service.beta.kubernetes.io/load-balancer-source-ranges": "203.0.113.0/24" }),
    ],
  },
  "an ingress to a Service that is not known in preview": {
    stack: [
      ...ingress(alb(), {
        rules: [
          { http: { paths: [{ backend: { service: { name: built(["nodes"], "prefect"), port: { number: 80 } } } }] } },
        ],
      }),
      nodes(443),
    ],
    ...reject('kubernetes.networking.v1.Ingress "ingress"'),
    preview: cannotTell('kubernetes.networking.v1.Ingress "ingress"'),
  },
  "an nginx whose configuration names a Service of other pods": {
    stack: [
      deployment(),
      service(),
      declare("kubernetes:core/v1:Service", "web", {
        metadata: { name: "web" },
        spec: { selector: { app: "web" }, ports: [{ port: 80 }] },
      }),
      ...publicNginx,
      declare("kubernetes:core/v1:ConfigMap", "conf", { data: { "nginx.conf": "upstream up { server web:80; }" } }),
    ],
  },
};
