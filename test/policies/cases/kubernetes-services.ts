import { deployment, labels, publicNginx, server, service } from "../support/kubernetes";
import { bare, behindAlb, forward, group, listener, login, open, targetGroup } from "../support/pieces";
import { built, declare, type Declared, ref } from "../support/stack";
import { cannotTell, type Cases, reject } from "./case";

/** Services of Kubernetes, and what pods run. */

const balanced = { type: "LoadBalancer" };

/** Prefect inside the cluster, and an nginx that faces the internet. */
const frontedByNginx: Declared[] = [deployment(), service(), ...publicNginx];

const configMap = (conf: string, namespace?: string): Declared =>
  declare("kubernetes:core/v1:ConfigMap", "conf", {
    metadata: { name: "conf", ...(namespace !== undefined && { namespace }) },
    data: { "nginx.conf": conf },
  });

/** The node group's security group. */
const nodes = (port: number): Declared => group("nodes", open(port));

export const kubernetesServiceCases: Cases = {
  "a load balancer Service": {
    stack: [deployment(), service(balanced)],
    ...reject(
      'kubernetes.core.v1.Service "service": its load balancer faces the internet',
      'kubernetes.apps.v1.Deployment "prefect": its pods take them on port 4200',
      'container "server" is a Prefect API server on port 4200',
    ),
  },
  "a Service inside the cluster": { stack: [deployment(), service()] },
  "an internal load balancer Service": {
    stack: [deployment(), service(balanced, { "service.beta.kubernetes.io/aws-load-balancer-internal": "true" })],
  },
  "an internal load balancer Service of Google's": {
    stack: [deployment(), service(balanced, { "networking.gke.io/load-balancer-type": "Internal" })],
  },
  "a load balancer Service of the AWS controller, internal by default": {
    stack: [deployment(), service({ ...balanced, loadBalancerClass: "service.k8s.aws/nlb" })],
  },
  "a load balancer Service of the AWS controller that faces the internet": {
    stack: [
      deployment(),
      service(
        { ...balanced, loadBalancerClass: "service.k8s.aws/nlb" },
        { "service.beta.kubernetes.io/aws-load-balancer-scheme": "internet-facing" },
      ),
    ],
    ...reject("faces the internet"),
  },
  "a load balancer Service for an office": {
    stack: [deployment(), service({ ...balanced, loadBalancerSourceRanges: ["203.0.113.0/24"] })],
  },
  "a load balancer Service for an office by its annotation": {
    stack: [
      deployment(),
      service(balanced, { "service.beta.kubernetes.io/load-balancer-source-ranges": "203.0.113.0/24" }),
    ],
  },
  "a load balancer Service for an office, with security groups that admit others": {
    stack: [
      deployment(),
      service(
        { ...balanced, loadBalancerSourceRanges: ["203.0.113.0/24"] },
        { "service.beta.kubernetes.io/aws-load-balancer-security-groups": "sg-1" },
      ),
    ],
    ...cannotTell("its load balancer may face the internet"),
  },
  "a load balancer Service for the internet in two halves": {
    stack: [deployment(), service({ ...balanced, loadBalancerSourceRanges: ["0.0.0.0/1", "128.0.0.0/1"] })],
    ...reject("faces the internet"),
  },
  "a load balancer Service whose annotation is not known": {
    stack: [
      deployment(),
      service(balanced, { "service.beta.kubernetes.io/aws-load-balancer-internal": ref("prefect", "internal") }),
    ],
    ...reject("faces the internet"),
    preview: { cannotTell: ["may face the internet"] },
  },
  "a load balancer Service of other pods": {
    stack: [deployment(), service({ ...balanced, selector: { app: "web" } })],
  },
  "a load balancer Service in another namespace": {
    stack: [
      deployment(),
      declare("kubernetes:core/v1:Service", "service", {
        metadata: { name: "prefect", namespace: "web" },
        spec: { selector: labels, type: "LoadBalancer", ports: [{ port: 80, targetPort: 4200 }] },
      }),
    ],
  },
  "a load balancer Service on another port of the pods": {
    stack: [deployment(), service({ ...balanced, ports: [{ port: 80, targetPort: 9000 }] })],
  },
  "a Service with external addresses": {
    stack: [deployment(), service({ externalIPs: ["203.0.113.7"] })],
    ...cannotTell("has external addresses"),
  },
  "a node port that a security group opens": {
    stack: [
      deployment(),
      service({ type: "NodePort", ports: [{ port: 80, targetPort: 4200, nodePort: 30080 }] }),
      nodes(30080),
    ],
    ...cannotTell("has a port on every node", 'aws.ec2.SecurityGroup "nodes" admits the internet'),
  },
  "a node port that no security group opens": {
    stack: [
      deployment(),
      service({ type: "NodePort", ports: [{ port: 80, targetPort: 4200, nodePort: 30080 }] }),
      nodes(443),
    ],
  },
  "a node port beside the one that a security group opens": {
    stack: [
      deployment(),
      service({ type: "NodePort", ports: [{ port: 80, targetPort: 4200, nodePort: 30080 }] }),
      nodes(30081),
    ],
  },
  "a load balancer Service without pods": { stack: [deployment(), service({ ...balanced, selector: undefined })] },
  "a load balancer Service whose pods are not known in preview, beside Prefect on ECS": {
    stack: [
      ...behindAlb({ definitions: bare, actions: [login(), forward] }),
      service({ ...balanced, selector: built(["alb"], { app: "web" }) }),
    ].map((each) => (each.type.startsWith("kubernetes:") ? { ...each, name: "web" } : each)),
  },
  "pods with an auth string from a secret": {
    stack: [
      deployment({
        env: [
          { name: "PREFECT_SERVER_API_AUTH_STRING", valueFrom: { secretKeyRef: { name: "prefect", key: "auth" } } },
        ],
      }),
      service(balanced),
    ],
  },
  "pods with an auth string without a value": {
    stack: [deployment({ env: [{ name: "PREFECT_SERVER_API_AUTH_STRING" }] }), service(balanced)],
    ...reject("PREFECT_SERVER_API_AUTH_STRING is empty"),
  },
  "pods with an auth string that is not known in preview": {
    stack: [
      deployment({ env: [{ name: "PREFECT_SERVER_API_AUTH_STRING", value: ref("service", "password") }] }),
      service(balanced),
    ],
    preview: { cannotTell: ["is not known yet, and may be empty"] },
  },
  "pods whose variables come from elsewhere": {
    stack: [deployment({ envFrom: [{ secretRef: { name: "prefect" } }] }), service(balanced)],
    ...cannotTell("its environment files cannot be seen"),
  },
  "pods that are workers": {
    stack: [deployment({ command: ["prefect", "worker", "start"], ports: [] }), service(balanced)],
  },
  "pods on their nodes' own network": {
    stack: [
      declare("kubernetes:apps/v1:DaemonSet", "prefect", {
        metadata: { name: "prefect" },
        spec: { template: { metadata: { labels }, spec: { hostNetwork: true, containers: [server] } } },
      }),
      nodes(4200),
    ],
    ...cannotTell("its pods are on port 4200 of their nodes", 'aws.ec2.SecurityGroup "nodes" admits the internet'),
  },
  "pods on a port of their nodes that is shut": {
    stack: [deployment({ ports: [{ containerPort: 4200, hostPort: 8080 }] }), nodes(4200)],
  },
  "pods on a port of their nodes that is open": {
    stack: [deployment({ ports: [{ containerPort: 4200, hostPort: 8080 }] }), nodes(8080)],
    ...cannotTell("its pods are on port 8080 of their nodes"),
  },
  "an nginx whose configuration is in a ConfigMap that names Prefect": {
    stack: [...frontedByNginx, configMap("upstream up { server prefect:80; }")],
    ...cannotTell("may pass requests on, and whether it asks for a login cannot be seen"),
  },
  "an nginx whose configuration is in a long ConfigMap that names Prefect at its end": {
    stack: [...frontedByNginx, configMap(`${"# web.example.com\n".repeat(1500)}upstream up { server prefect:80; }`)],
    ...cannotTell("may pass requests on, and whether it asks for a login cannot be seen"),
  },
  "an nginx whose configuration is in a ConfigMap of something else": {
    stack: [...frontedByNginx, configMap("upstream up { server web:80; }")],
  },
  "a job that is started on a schedule": {
    stack: [
      declare("kubernetes:batch/v1:CronJob", "prefect", {
        spec: {
          schedule: "0 8 * * *",
          jobTemplate: { spec: { template: { metadata: { labels }, spec: { containers: [server] } } } },
        },
      }),
      service(balanced),
    ],
    ...reject('kubernetes.batch.v1.CronJob "prefect": its pods take them on port 4200'),
  },
  "an nginx whose namespace has no ConfigMap that names Prefect": {
    stack: [...frontedByNginx, configMap("upstream up { server prefect:80; }", "other")],
  },
  "a stateful set": {
    stack: [declare("kubernetes:apps/v1:StatefulSet", "prefect", deployment().inputs), service(balanced)],
    ...reject('kubernetes.apps.v1.StatefulSet "prefect"'),
  },
  "a pod": {
    stack: [
      declare("kubernetes:core/v1:Pod", "prefect", { metadata: { labels }, spec: { containers: [server] } }),
      service({ ...balanced, ports: [{ port: 4200 }] }),
    ],
    ...reject('kubernetes.core.v1.Pod "prefect"'),
  },
  "a pod template that is not known in preview": {
    stack: [
      declare("kubernetes:apps/v1:Deployment", "prefect", {
        metadata: { name: "prefect" },
        spec: {
          template: {
            metadata: { labels },
            spec: { containers: built(["service"], [server]) },
          },
        },
      }),
      service({ ...balanced, ports: [{ port: 80, targetPort: 4200 }] }),
    ],
    ...reject('container "server"'),
    preview: { cannotTell: ["its pod template"] },
  },
  "a distribution whose origin is called like a Service and its namespace": {
    stack: [
      deployment(),
      service(),
      declare("aws:cloudfront/distribution:Distribution", "cdn", {
        enabled: true,
        origins: [
          {
            originId: "prefect",
            domainName: "prefect.default.example.com",
            customOriginConfig: { httpPort: 80, httpsPort: 443, originProtocolPolicy: "http-only" },
          },
        ],
        defaultCacheBehavior: { targetOriginId: "prefect" },
      }),
    ],
    ...cannotTell(
      'aws.cloudfront.Distribution "cdn"',
      'kubernetes.apps.v1.Deployment "prefect": is its origin by name',
    ),
  },
  "a target group that a binding puts before pods": {
    stack: [
      group("albGroup", open(443)),
      declare("aws:lb/loadBalancer:LoadBalancer", "alb", { securityGroups: [ref("albGroup", "id")] }),
      targetGroup(4200),
      listener([forward]),
      deployment(),
      service({ ports: [{ port: 80, targetPort: 4200 }] }),
      declare("kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding", "binding", {
        spec: { serviceRef: { name: "prefect", port: 80 }, targetGroupARN: ref("tg") },
      }),
    ],
    ...reject('aws.lb.Listener "https"', 'kubernetes.apps.v1.Deployment "prefect"'),
  },
};
