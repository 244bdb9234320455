import { alb, cognito, deployment, ingress, nginx, service } from "../support/kubernetes";
import { built, declare, type Declared } from "../support/stack";
import { cannotTell, type Cases, reject } from "./case";

/** Ingresses, and routes of gateways and meshes. */

/** Prefect inside the cluster, and an oauth2-proxy before it that faces the internet. */
const behindLogin = (setting: string): Declared[] => [
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
              args: ["--provider=oidc", "--upstream=http://prefect:80", "--http-address=0.0.0.0:4180", setting],
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
];

/** Ports that ingress-nginx passes on. */
const streams = (data: Record<string, string>): Declared =>
  declare("kubernetes:core/v1:ConfigMap", "streams", {
    metadata: { name: "tcp-services", namespace: "ingress" },
    data,
  });

/** An ingress to a Service that is only another name. */
const toAlias = (externalName: unknown): Declared[] => [
  ...ingress(nginx({}), {
    rules: [{ http: { paths: [{ path: "/", backend: { service: { name: "alias", port: { number: 80 } } } }] } }],
  }),
  declare("kubernetes:core/v1:Service", "alias", {
    metadata: { name: "alias" },
    spec: { type: "ExternalName", externalName },
  }),
];

/** An Ingress whose path names this action of the AWS controller's, before Prefect with a port for metrics beside its own. */
const byAction = (action: Record<string, unknown>, more: Record<string, unknown> = {}): Declared[] => [
  ...ingress(
    {
      ...alb(more),
      "alb.ingress.kubernetes.io/actions.all": "$of" in action ? action : JSON.stringify(action),
    },
    { rules: [{ http: { paths: [{ backend: { service: { name: "all", port: { name: "use-annotation" } } } }] } }] },
  ).filter(({ name }) => name !== "service"),
  service({
    ports: [
      { name: "http", port: 80, targetPort: "http" },
      { name: "metrics", port: 81, targetPort: 9000 },
    ],
  }),
];

/** An Ingress of the AWS controller before these, whose annotations are not known in preview. */
const laterAnnotated = (more: Record<string, unknown>, ...backends: Record<string, unknown>[]): Declared[] =>
  ingress(built(["service"], { ...alb(), ...more }) as Record<string, unknown>, {
    rules: [{ http: { paths: backends.map((named) => ({ backend: { service: named } })) } }],
  });

const web = { name: "web", port: { number: 80 } };

export const kubernetesIngressCases: Cases = {
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
  "an ingress of the AWS controller whose path names an action that forwards": {
    stack: byAction({
      type: "forward",
      forwardConfig: { targetGroups: [{ serviceName: "prefect", servicePort: 80 }] },
    }),
    ...reject('Ingress "ingress": its load balancer faces the internet and logs nobody in'),
  },
  "an ingress of the AWS controller whose action is written as it once was": {
    stack: byAction({
      Type: "forward",
      ForwardConfig: { TargetGroups: [{ ServiceName: "prefect", ServicePort: "80" }] },
    }),
    ...reject('Ingress "ingress": its load balancer faces the internet and logs nobody in'),
  },
  "an ingress of the AWS controller whose path names an action that forwards past a login": {
    stack: byAction(
      { type: "forward", forwardConfig: { targetGroups: [{ serviceName: "prefect", servicePort: "80" }] } },
      cognito,
    ),
  },
  "an ingress of the AWS controller whose action forwards to another port": {
    stack: byAction({
      type: "forward",
      forwardConfig: { targetGroups: [{ serviceName: "prefect", servicePort: "metrics" }] },
    }),
  },
  "an ingress of the AWS controller whose path names an action that redirects": {
    stack: byAction({ type: "redirect", redirectConfig: { host: "example.com", statusCode: "HTTP_302" } }),
  },
  "an ingress of the AWS controller whose action is not known in preview": {
    stack: byAction(built(["service"], '{"type":"redirect"}') as Record<string, unknown>),
    preview: cannotTell('Ingress "ingress"'),
  },
  "an ingress whose annotations are not known in preview and one of whose paths names an action": {
    stack: laterAnnotated(
      {
        "alb.ingress.kubernetes.io/actions.all": JSON.stringify({
          type: "forward",
          forwardConfig: { targetGroups: [{ serviceName: "prefect", servicePort: 80 }] },
        }),
      },
      web,
      { name: "all", port: { name: "use-annotation" } },
    ),
    ...reject('Ingress "ingress": its load balancer faces the internet and logs nobody in'),
    preview: cannotTell('Ingress "ingress"'),
  },
  "an ingress whose annotations are not known in preview and whose paths name other Services": {
    stack: laterAnnotated({}, web),
  },
  "a port that ingress-nginx passes on as its ConfigMap says": {
    stack: [deployment(), service(), streams({ "4200": "default/prefect:80" })],
    ...cannotTell('kubernetes.core.v1.ConfigMap "streams"', "may lead there from the internet"),
  },
  "a port that ingress-nginx passes on to something else": {
    stack: [deployment(), service(), streams({ "5432": "default/postgres:5432" })],
  },
  "ports that ingress-nginx passes on to what is no API, by their numbers and names": {
    stack: [
      deployment(),
      service({
        ports: [
          { name: "metrics", port: 80, targetPort: 9000 },
          { name: "p80", port: 81, targetPort: 9000 },
          { name: "80p", port: 82, targetPort: 9000 },
          { name: "api", port: 4200, targetPort: 4200 },
        ],
      }),
      streams({
        "1": "default/prefect:80",
        "2": "default/prefect:p80",
        "3": "default/prefect:80p",
        "4": "not default/prefect:4200",
      }),
    ],
  },
  "a port that ingress-nginx passes on as the values of its chart say, which Pulumi renders": {
    stack: [
      deployment(),
      service(),
      declare("kubernetes:helm.sh/v4:Chart", "ingress", {
        chart: "ingress-nginx",
        values: { tcp: { "4200": "default/prefect:80" } },
      }),
    ],
    ...cannotTell("may lead there from the internet"),
  },
  "a port that ingress-nginx passes on as its chart's values say": {
    stack: [
      deployment(),
      service(),
      declare("kubernetes:helm.sh/v3:Release", "controller", {
        chart: "ingress-nginx",
        values: { tcp: { "4200": "default/prefect:80" } },
      }),
    ],
    ...cannotTell('kubernetes.helm.v3.Release "controller"'),
  },
  "an ingress to another name of the Service": {
    stack: toAlias("prefect.default.svc.cluster.local"),
    ...cannotTell('kubernetes.networking.v1.Ingress "ingress"', 'kubernetes.apps.v1.Deployment "prefect"'),
  },
  "an ingress to another name that is not known in preview": {
    stack: toAlias(built(["elsewhere"], "files.example.com")),
    preview: { cannotTell: ['kubernetes.networking.v1.Ingress "ingress"'] },
  },
  "an ingress to another name of something else": { stack: toAlias("files.example.com") },
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
  "an oauth2-proxy of its own before Prefect": { stack: behindLogin("--email-domain=acme.example") },
  "an oauth2-proxy of its own that skips the login": {
    stack: behindLogin("--skip-auth-route=^/api"),
    ...cannotTell("is oauth2-proxy and lets requests without a login through"),
  },
};
