import { behindAlb, containers, forward, group, listener, open, prefect, targetGroup } from "../support/pieces";
import { type Declared, declare, ref } from "../support/stack";
import { type Cases, cannotTell, reject } from "./case";

/** Kubernetes resources and Prefect's Helm chart. */

const labels = { app: "prefect" };
const server = {
  name: "server",
  image: "prefecthq/prefect:3.8.8-python3.12",
  command: ["prefect", "server", "start", "--host", "0.0.0.0"],
  ports: [{ name: "http", containerPort: 4200 }],
};

function deployment(container: Record<string, unknown> = {}, ...sidecars: Record<string, unknown>[]): Declared {
  return declare("kubernetes:apps/v1:Deployment", "prefect", {
    metadata: { name: "prefect" },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ ...server, ...container }, ...sidecars] } },
    },
  });
}

function service(spec: Record<string, unknown> = {}, annotations?: Record<string, unknown>): Declared {
  return declare("kubernetes:core/v1:Service", "service", {
    metadata: { name: "prefect", ...(annotations ? { annotations } : {}) },
    spec: { selector: labels, ports: [{ port: 80, targetPort: "http" }], ...spec },
  });
}
const balanced = { type: "LoadBalancer" };

function ingress(annotations: Record<string, unknown>, spec: Record<string, unknown> = {}): Declared[] {
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
const alb = (more: Record<string, unknown> = {}, scheme = "internet-facing"): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries({ scheme, "certificate-arn": "arn:certificate", ...more })
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [`alb.ingress.kubernetes.io/${name}`, value]),
  );
const cognito = { "auth-type": "cognito", "auth-idp-cognito": "{}" };
const nginx = (more: Record<string, unknown>): Record<string, unknown> => ({
  "kubernetes.io/ingress.class": "nginx",
  ...Object.fromEntries(Object.entries(more).map(([name, value]) => [`nginx.ingress.kubernetes.io/${name}`, value])),
});

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

/** Prefect inside the cluster, and an nginx that faces the internet. */
const frontedByNginx: Declared[] = [
  deployment(),
  service(),
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
const configMap = (conf: string): Declared =>
  declare("kubernetes:core/v1:ConfigMap", "conf", { metadata: { name: "conf" }, data: { "nginx.conf": conf } });

/** The node group's security group. */
const nodes = (port: number): Declared => group("nodes", open(port));

export const kubernetesCases: Cases = {
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
  "an nginx whose configuration is in a ConfigMap of something else": {
    stack: [...frontedByNginx, configMap("upstream up { server web:80; }")],
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
            spec: { containers: { $of: "service", $attribute: "", $value: [server] } },
          },
        },
      }),
      service({ ...balanced, ports: [{ port: 80, targetPort: 4200 }] }),
    ],
    ...reject('container "server"'),
    preview: { cannotTell: ["its pod template"] },
  },
  "an ingress of the AWS controller": {
    stack: ingress(alb()),
    ...reject('kubernetes.networking.v1.Ingress "ingress": its load balancer faces the internet and logs nobody in'),
  },
  "an internal ingress of the AWS controller": { stack: ingress(alb({}, "internal")) },
  "an ingress of the AWS controller that says nothing of its scheme": { stack: ingress(alb({ scheme: undefined })) },
  "an ingress whose class faces the internet": {
    stack: [
      ...ingress(alb({ scheme: undefined }), { ingressClassName: "public" }),
      declare("kubernetes:elbv2.k8s.aws/v1beta1:IngressClassParams", "params", { spec: { scheme: "internet-facing" } }),
    ],
    ...reject("faces the internet"),
  },
  "an ingress of the AWS controller with a login": { stack: ingress(alb(cognito)) },
  "an ingress of the AWS controller whose login lets strangers pass": {
    stack: ingress(alb({ ...cognito, "auth-on-unauthenticated-request": "allow" })),
    ...reject("lets requests without a session pass"),
  },
  "an ingress of the AWS controller whose login is on HTTPS alone": {
    stack: ingress(alb({ ...cognito, "listen-ports": '[{"HTTP": 80}, {"HTTPS": 443}]' })),
    ...reject("on its HTTP port it logs nobody in"),
  },
  "an ingress of the AWS controller that redirects to its login": {
    stack: ingress(alb({ ...cognito, "listen-ports": '[{"HTTP": 80}, {"HTTPS": 443}]', "ssl-redirect": "443" })),
  },
  "an ingress of the AWS controller whose Service switches the login off": {
    stack: ingress(alb(cognito)).map((each) =>
      each.name === "service" ? service({}, { "alb.ingress.kubernetes.io/auth-type": "none" }) : each,
    ),
    ...reject("logs nobody in"),
  },
  "an ingress of the AWS controller for an office": { stack: ingress(alb({ "inbound-cidrs": "203.0.113.0/24" })) },
  "an ingress of nginx": { stack: ingress(nginx({})), ...cannotTell("asks for no login that is seen") },
  "an ingress of nginx that asks oauth2-proxy": {
    stack: ingress(
      nginx({
        "auth-url": "https://login.example.com/oauth2/auth",
        "auth-signin": "https://login.example.com/oauth2/start",
      }),
    ),
  },
  "an ingress of nginx that asks something else": {
    stack: ingress(nginx({ "auth-url": "https://ok.example.com/always" })),
    ...cannotTell("asks for no login that is seen"),
  },
  "an ingress of nginx with passwords": { stack: ingress(nginx({ "auth-type": "basic", "auth-secret": "passwords" })) },
  "an ingress of nginx with passwords and without a file of them": {
    stack: ingress(nginx({ "auth-type": "basic" })),
    ...cannotTell("asks for no login that is seen"),
  },
  "an ingress of nginx whose snippet undoes the login": {
    stack: ingress(
      nginx({ "auth-type": "basic", "auth-secret": "passwords", "configuration-snippet": "auth_basic off;" }),
    ),
    ...cannotTell("a snippet of it undoes its login"),
  },
  "an ingress of nginx for an office": { stack: ingress(nginx({ "whitelist-source-range": "203.0.113.0/24" })) },
  "an ingress of nginx for an office or a password": {
    stack: ingress(nginx({ "whitelist-source-range": "203.0.113.0/24", satisfy: "any" })),
    ...cannotTell("asks for no login that is seen"),
  },
  "an ingress of Google's": {
    stack: ingress({ "kubernetes.io/ingress.class": "gce" }),
    ...reject("faces the internet and logs nobody in"),
  },
  "an internal ingress of Google's": { stack: ingress({ "kubernetes.io/ingress.class": "gce-internal" }) },
  "an ingress of a controller that is not known": { stack: ingress({}), ...cannotTell("may face the internet") },
  "an ingress to another Service": {
    stack: ingress(alb(), {
      rules: [{ http: { paths: [{ backend: { service: { name: "web", port: { number: 80 } } } }] } }],
    }),
  },
  "an ingress whose default leads to Prefect": {
    stack: ingress(alb(), { rules: [], defaultBackend: { service: { name: "prefect", port: { number: 80 } } } }),
    ...reject('kubernetes.networking.v1.Ingress "ingress"'),
  },
  "a route of the Gateway API": {
    stack: [
      deployment(),
      service(),
      declare("kubernetes:gateway.networking.k8s.io/v1:HTTPRoute", "route", {
        spec: { parentRefs: [{ name: "shared" }], rules: [{ backendRefs: [{ name: "prefect", port: 80 }] }] },
      }),
    ],
    ...cannotTell('kubernetes.gateway.v1.HTTPRoute "route"'),
  },
  "a route of an internal gateway": {
    stack: [
      deployment(),
      service(),
      declare("kubernetes:gateway.networking.k8s.io/v1:Gateway", "gateway", {
        metadata: { name: "inner" },
        spec: { gatewayClassName: "gke-l7-rilb", listeners: [{ name: "http", port: 80, protocol: "HTTP" }] },
      }),
      declare("kubernetes:gateway.networking.k8s.io/v1:HTTPRoute", "route", {
        spec: { parentRefs: [{ name: "inner" }], rules: [{ backendRefs: [{ name: "prefect", port: 80 }] }] },
      }),
    ],
  },
  "a route of a mesh's gateway": {
    stack: [
      deployment(),
      service(),
      declare("kubernetes:networking.istio.io/v1:VirtualService", "route", {
        spec: {
          gateways: ["istio-system/public"],
          http: [{ route: [{ destination: { host: "prefect.default.svc.cluster.local", port: { number: 80 } } }] }],
        },
      }),
    ],
    ...cannotTell('VirtualService "route"'),
  },
  "a route inside a mesh": {
    stack: [
      deployment(),
      service(),
      declare("kubernetes:networking.istio.io/v1:VirtualService", "route", {
        spec: { http: [{ route: [{ destination: { host: "prefect" } }] }] },
      }),
    ],
  },
  "a route of traefik's": {
    stack: [
      deployment(),
      service(),
      declare("kubernetes:traefik.io/v1alpha1:IngressRoute", "route", {
        spec: { routes: [{ match: "PathPrefix(`/`)", kind: "Rule", services: [{ name: "prefect", port: 80 }] }] },
      }),
    ],
    ...cannotTell('IngressRoute "route"'),
  },
  "an oauth2-proxy of its own before Prefect": {
    stack: [
      deployment(),
      service(),
      declare("kubernetes:apps/v1:Deployment", "login", {
        spec: {
          template: {
            metadata: { labels: { app: "login" } },
            spec: {
              containers: [
                {
                  name: "oauth2-proxy",
                  image: "quay.io/oauth2-proxy/oauth2-proxy:v7.15.3",
                  args: [
                    "--provider=oidc",
                    "--upstream=http://prefect:80",
                    "--http-address=0.0.0.0:4180",
                    "--email-domain=acme.example",
                  ],
                  ports: [{ containerPort: 4180 }],
                },
              ],
            },
          },
        },
      }),
      declare("kubernetes:core/v1:Service", "front", {
        metadata: { name: "front" },
        spec: { type: "LoadBalancer", selector: { app: "login" }, ports: [{ port: 80, targetPort: 4180 }] },
      }),
    ],
  },
  "an oauth2-proxy of its own that skips the login": {
    stack: [
      deployment(),
      service(),
      declare("kubernetes:apps/v1:Deployment", "login", {
        spec: {
          template: {
            metadata: { labels: { app: "login" } },
            spec: {
              containers: [
                {
                  name: "oauth2-proxy",
                  image: "quay.io/oauth2-proxy/oauth2-proxy:v7.15.3",
                  args: [
                    "--provider=oidc",
                    "--upstream=http://prefect:80",
                    "--http-address=0.0.0.0:4180",
                    "--skip-auth-route=^/api",
                  ],
                  ports: [{ containerPort: 4180 }],
                },
              ],
            },
          },
        },
      }),
      declare("kubernetes:core/v1:Service", "front", {
        metadata: { name: "front" },
        spec: { type: "LoadBalancer", selector: { app: "login" }, ports: [{ port: 80, targetPort: 4180 }] },
      }),
    ],
    ...cannotTell("is oauth2-proxy and lets requests without a login through"),
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

  "a container of another cloud": {
    stack: [
      declare("gcp:cloudrunv2/service:Service", "run", {
        template: {
          containers: [
            { image: "prefecthq/prefect:3-latest", args: ["prefect", "server", "start", "--host", "0.0.0.0"] },
          ],
        },
      }),
    ],
    ...cannotTell('gcp.cloudrunv2.Service "run": is of a kind that this policy does not read'),
  },
  "a template of CloudFormation": {
    stack: [
      declare("aws:cloudformation/stack:Stack", "inner", {
        templateBody: JSON.stringify({
          Resources: { Task: { Properties: { Command: ["prefect", "server", "start"] } } },
        }),
      }),
    ],
    ...cannotTell('aws.cloudformation.Stack "inner"'),
  },
  "an image that is built to start Prefect": {
    stack: [declare("docker-build:index:Image", "image", { dockerfile: { inline: "CMD prefect server start" } })],
  },
  "a command that deploys flows": {
    stack: [declare("command:local:Command", "deploy", { create: "prefect deploy --all" })],
  },
  "Prefect behind a balancer beside a chart": {
    stack: [...behindAlb({ definitions: containers(prefect()), alb: { internal: true } }), ...chart({})],
  },
};
