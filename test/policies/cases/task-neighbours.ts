import { behindOauth2Proxy } from "../support/oauth2-proxy";
import {
  authLocation,
  authString,
  behindAlb,
  type ContainerPiece,
  containers,
  gated,
  hidden,
  nginx,
  oauth2Proxy,
  open,
  prefect,
  refuse,
  site,
} from "../support/pieces";
import { ref } from "../support/stack";
import { cannotTell, type Case, type Cases, reject } from "./case";

/** A gateway's task with other containers in it, to which it may pass requests on. */

const toPrefect = "proxy_pass http://127.0.0.1:4200;";
const inward = site("location / { proxy_pass http://127.0.0.1:9000; }");
const server = (listen: string, body: string): string =>
  `events {} http { server { listen ${listen}; location / { ${toPrefect} } ${body} } }`;
const asks = `auth_request /oauth2/auth; ${authLocation}`;

/** A gateway that passes all on to port 9000, where one of these may listen. */
function passingOn(...others: ContainerPiece[]): Case["stack"] {
  return beside(inward, ...others);
}

function beside(conf: string, ...others: ContainerPiece[]): Case["stack"] {
  return behindAlb({
    definitions: containers(hidden(), nginx(conf), oauth2Proxy(), ...others),
    target: { container: "nginx", port: 8080 },
  });
}

const inner = (conf: string): ContainerPiece => nginx(conf, { name: "inner", ports: [] });
const own = (more: Partial<ContainerPiece> = {}): ContainerPiece => ({ name: "inner", image: "acme/nginx:1", ...more });
const envoy = (more: Partial<ContainerPiece> = {}): ContainerPiece => ({
  name: "envoy",
  image: "envoyproxy/envoy:v1.31",
  ports: [8080],
  ...more,
});

/** A gateway of which nothing is seen, before a Prefect that asks. */
const unseenBeforeAsking = (gateway: ContainerPiece): Case["stack"] =>
  behindAlb({
    definitions: containers(hidden(authString), gateway),
    target: { container: gateway.name, port: 8080 },
  });

/** Prefect's two open answers at these paths of its own. */
function healthAt(path: string, environment: Record<string, string> = {}): Case["stack"] {
  const health = `location = /health { auth_request off; limit_except GET { deny all; } proxy_pass http://127.0.0.1:4200${path}; }`;
  return behindAlb({
    definitions: containers(hidden({ environment }), nginx(site(`${asks} ${health}`)), oauth2Proxy()),
    target: { container: "nginx", port: 8080 },
  });
}

const onBridge = { networkMode: "bridge", requiresCompatibilities: ["EC2"] };
const openRoutes = { OAUTH2_PROXY_SKIP_AUTH_REGEX: "^/" };

/** A task with a public address, of which these ports are open. */
const atPublicAddress = (port: number, ...pieces: ContainerPiece[]): Case["stack"] =>
  behindAlb({
    definitions: containers(hidden(), ...pieces),
    actions: [refuse],
    taskIngress: [open(port)],
    service: {
      loadBalancers: undefined,
      networkConfiguration: { assignPublicIp: true, securityGroups: [ref("taskGroup", "id")] },
    },
  });

export const taskNeighbourCases: Cases = {
  "an nginx that asks nobody and declares no port, at a public address": {
    stack: atPublicAddress(8080, nginx(server("8080", ""), { ports: [] })),
    ...reject('container "nginx" is nginx and lets requests without a login through'),
  },
  "an oauth2-proxy with open routes that declares no port, at a public address": {
    stack: atPublicAddress(
      4180,
      oauth2Proxy({
        ...openRoutes,
        OAUTH2_PROXY_HTTP_ADDRESS: "0.0.0.0:4180",
        OAUTH2_PROXY_UPSTREAMS: "http://127.0.0.1:4200",
      }),
    ),
    ...reject("skip-auth-regex"),
  },
  "a gateway that asks nobody on its way to a second server of its own on the loopback": {
    stack: beside(
      `events {} http { server { listen 8080; location / { proxy_pass http://127.0.0.1:9000; } } server { listen 127.0.0.1:9000; location / { ${toPrefect} } } }`,
    ),
    ...reject('container "nginx" is nginx and lets requests without a login through: location "/"'),
  },
  "a gateway that passes all on to a second nginx, which asks nobody": {
    stack: passingOn(inner(server("9000", ""))),
    ...reject('container "nginx" is nginx and lets requests without a login through: location "/"'),
  },
  "a gateway that passes all on to a second nginx on the loopback, which asks nobody": {
    stack: passingOn(inner(server("127.0.0.1:9000", ""))),
    ...reject('container "nginx" is nginx and lets requests without a login through: location "/"'),
  },
  "a gateway that passes all on to a second nginx, which asks": { stack: passingOn(inner(server("9000", asks))) },
  "a gateway that passes all on to an nginx that cannot be seen": {
    stack: passingOn(own({ ports: [9000] })),
    ...cannotTell('container "nginx" is nginx and lets requests without a login through: location "/"'),
  },
  "a gateway that passes all on, beside an nginx of another port that cannot be seen": {
    stack: passingOn(own({ ports: [9001] })),
  },
  "a gateway that passes all on to a proxy of another kind": {
    stack: passingOn(envoy({ ports: [9000] })),
    ...cannotTell('container "nginx" is nginx and lets requests without a login through: location "/"'),
  },
  "a gateway that passes all on to a proxy that declares no port": {
    stack: passingOn(envoy({ ports: [], command: ["envoy", "-c", "/etc/envoy.yaml"] })),
    ...cannotTell('container "nginx" is nginx and lets requests without a login through: location "/"'),
  },
  "a gateway that passes all on to a port of nobody, beside what collects logs": {
    stack: passingOn({ name: "logs", image: "public.ecr.aws/aws-observability/aws-for-fluent-bit:stable" }),
  },
  "a gateway that asks, beside a proxy of another kind": { stack: beside(gated, envoy({ ports: [9000] })) },
  "a gateway that asks one of two oauth2-proxies": {
    stack: beside(gated, oauth2Proxy({ OAUTH2_PROXY_HTTP_ADDRESS: "127.0.0.1:4181" }, { name: "second" })),
    ...reject("is not answered by an oauth2-proxy of this task"),
  },
  "a gateway that leaves Prefect's health open": { stack: healthAt("/api/health") },
  "a gateway that leaves Prefect's readiness open": { stack: healthAt("/api/ready") },
  "a gateway that leaves health below a prefix open": {
    stack: healthAt("/prefect/api/health", { PREFECT_SERVER_API_BASE_PATH: "/prefect/api" }),
  },
  "a gateway that leaves open what is no health of this Prefect": {
    stack: healthAt("/prefect/api/health"),
    ...reject('location "= /health"'),
  },
  "a gateway that leaves open what ends with no path": { stack: healthAt("/"), ...reject('location "= /health"') },
  "an nginx that cannot be seen, before a Prefect that asks": { stack: unseenBeforeAsking(own({ ports: [8080] })) },
  "an nginx that cannot be seen and holds a secret, before a Prefect that asks": {
    stack: unseenBeforeAsking(own({ ports: [8080], secrets: ["TOKEN"] })),
    ...cannotTell('container "inner" is nginx, and what it lets through cannot be seen'),
  },
  "a Prefect that asks and that the balancer reaches, beside an nginx of which nothing is seen": {
    stack: behindAlb({ definitions: containers(prefect(authString), own({ secrets: ["TOKEN"] })) }),
  },
  "an nginx that cannot be seen and declares no port, before a Prefect that asks": {
    stack: unseenBeforeAsking(own({ secrets: ["TOKEN"] })),
    ...cannotTell('container "inner" is nginx, and what it lets through cannot be seen'),
  },
  "a log router with a secret beside a Prefect that asks, at a public address": {
    stack: behindAlb({
      definitions: containers(prefect(authString), { name: "logs", image: "fluent-bit:3", secrets: ["TOKEN"] }),
      taskIngress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }],
      service: { networkConfiguration: { assignPublicIp: true, securityGroups: [ref("taskGroup", "id")] } },
    }),
  },
  "a proxy of another kind before a Prefect that asks": { stack: unseenBeforeAsking(envoy()) },
  "a proxy of another kind with a secret, before a Prefect that asks": {
    stack: unseenBeforeAsking(envoy({ secrets: ["TOKEN"] })),
    ...cannotTell('container "envoy" takes the requests'),
  },
  "a proxy of another kind with an environment file, before a Prefect that asks": {
    stack: unseenBeforeAsking(envoy({ environmentFiles: [{ type: "s3", value: "arn:aws:s3:::acme/envoy.env" }] })),
    ...cannotTell('container "envoy" takes the requests'),
  },
  "a gateway outside awsvpc mode": {
    stack: behindAlb({
      definitions: containers(hidden(), nginx(gated), oauth2Proxy()),
      target: { container: "nginx", port: 8080 },
      task: onBridge,
      service: { networkConfiguration: undefined },
    }),
    ...cannotTell("is nginx outside awsvpc mode: what it reaches cannot be told"),
  },
  "another container than the gateway outside awsvpc mode": {
    stack: behindAlb({
      definitions: containers(hidden(), nginx(gated), { name: "redis", image: "redis:7", ports: [6379] }),
      target: { container: "redis", port: 6379 },
      task: onBridge,
      service: { networkConfiguration: undefined },
    }),
    ...cannotTell('container "redis" takes the requests'),
  },
  "oauth2-proxy with open routes to files and texts of its own": {
    stack: behindOauth2Proxy({ ...openRoutes, OAUTH2_PROXY_UPSTREAMS: "static://202,file:///srv" }),
  },
  "oauth2-proxy with open routes to files of its own and to Prefect": {
    stack: behindOauth2Proxy({ ...openRoutes, OAUTH2_PROXY_UPSTREAMS: "file:///srv,http://127.0.0.1:4200/static:/" }),
    ...reject("skip-auth-regex"),
  },
  "oauth2-proxy with open routes on the loopback of a public task": {
    stack: behindAlb({
      definitions: containers(
        hidden(),
        oauth2Proxy({ ...openRoutes, OAUTH2_PROXY_UPSTREAMS: "http://127.0.0.1:4200" }),
      ),
      actions: [refuse],
      taskIngress: [open(4180)],
      service: {
        loadBalancers: undefined,
        networkConfiguration: { assignPublicIp: true, securityGroups: [ref("taskGroup", "id")] },
      },
    }),
  },
};
