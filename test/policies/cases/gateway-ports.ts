import { labels } from "../support/kubernetes";
import { behindOauth2Proxy } from "../support/oauth2-proxy";
import {
  authString,
  behindAlb,
  behindGateway,
  type ContainerPiece,
  containers,
  forward,
  gated,
  group,
  hidden,
  listener,
  nginx,
  oauth2Proxy,
  open,
  site,
  targetGroup,
} from "../support/pieces";
import { service } from "../support/other-services";
import { built, declare, type Declared, ref } from "../support/stack";
import { cannotTell, type Cases, reject } from "./case";
import { containerInstances, onMachines } from "./container-instances";

/** On which ports gateways listen, and what else may. */

const openRoutes = { OAUTH2_PROXY_SKIP_AUTH_REGEX: "^/" };
const toPrefect = { OAUTH2_PROXY_UPSTREAMS: "http://127.0.0.1:4200" };
const certificate = { OAUTH2_PROXY_TLS_CERT_FILE: "/tls/c.pem", OAUTH2_PROXY_HTTPS_ADDRESS: "0.0.0.0:8443" };
const file = [{ type: "s3", value: "arn:aws:s3:::acme/prefect.env" }];
const secretAddress = { secrets: ["OAUTH2_PROXY_HTTP_ADDRESS", "OAUTH2_PROXY_CLIENT_SECRET"] };

/** A tunnel to this port of Prefect's task. */
const tunnelled = (port: number, ...pieces: ContainerPiece[]): Declared[] => [
  group("taskGroup"),
  ...service(
    "prefect",
    containers(hidden(), ...pieces, {
      name: "tunnel",
      image: "cloudflare/cloudflared:2026.1.0",
      command: ["tunnel", "--url", `http://localhost:${port}`],
    }),
    "taskGroup",
    false,
  ),
];

/** oauth2-proxy alone before Prefect, with a certificate of its own. */
const byHttps = (settings: Record<string, string>): Declared[] =>
  behindAlb({
    definitions: containers(hidden(), oauth2Proxy({ ...toPrefect, ...certificate, ...settings }, { ports: [8443] })),
    target: { container: "oauth2-proxy", port: 8443 },
  });

/** The gated nginx beside these. */
const beside = (...pieces: ContainerPiece[]): Declared[] =>
  behindAlb({
    definitions: containers(hidden(), nginx(gated), ...pieces),
    target: { container: "nginx", port: 8080 },
  });
const envoy = (more: Partial<ContainerPiece> = {}): ContainerPiece => ({
  name: "envoy",
  image: "envoyproxy/envoy:v1.31",
  ...more,
});

export const gatewayPortCases: Cases = {
  "a tunnel to an oauth2-proxy with open routes": {
    stack: tunnelled(4180, oauth2Proxy({ ...openRoutes, ...toPrefect })),
    ...reject("skip-auth-regex", 'container "tunnel" is a tunnel'),
  },
  "a tunnel to an oauth2-proxy": { stack: tunnelled(4180, oauth2Proxy(toPrefect)) },
  "a tunnel to a forwarder that declares no port": {
    stack: tunnelled(9000, {
      name: "socat",
      image: "alpine/socat:1.8",
      command: ["TCP-LISTEN:9000", "TCP:[::1]:4200"],
    }),
    ...cannotTell('container "socat" takes the requests'),
  },
  "oauth2-proxy with open routes and a certificate of its own": {
    stack: byHttps(openRoutes),
    ...reject("skip-auth-regex"),
  },
  "oauth2-proxy with a certificate of its own": { stack: byHttps({}) },
  "an auth_request to an oauth2-proxy that has a certificate of its own": {
    stack: behindGateway(gated, { prefect: hidden(), proxy: certificate }),
    ...reject("it is not sent to oauth2-proxy on this task's loopback"),
  },
  "oauth2-proxy whose address is a secret": {
    stack: behindOauth2Proxy(
      {},
      { environment: toPrefect, secrets: [...secretAddress.secrets, "OAUTH2_PROXY_PROVIDER"] },
    ),
  },
  "oauth2-proxy whose address is a secret, with open routes": {
    stack: behindAlb({
      definitions: containers(
        hidden(),
        oauth2Proxy({}, { environment: { ...toPrefect, ...openRoutes }, ...secretAddress, ports: [9000] }),
      ),
      target: { container: "oauth2-proxy", port: 9000 },
    }),
    ...reject("skip-auth-regex"),
  },
  "an auth_request to an oauth2-proxy whose address is a secret": {
    stack: beside(oauth2Proxy({}, { environment: { OAUTH2_PROXY_PROVIDER: "oidc" }, ...secretAddress })),
  },
  "an auth_request to an oauth2-proxy whose address is a secret, or to a proxy that declares no port": {
    stack: beside(oauth2Proxy({}, { environment: { OAUTH2_PROXY_PROVIDER: "oidc" }, ...secretAddress }), envoy()),
    ...reject("it is not sent to oauth2-proxy on this task's loopback"),
  },
  "a gateway before a Prefect of which a file tells the port": {
    stack: behindGateway(gated, { prefect: hidden({ environmentFiles: file }) }),
  },
  "a gateway that asks nobody, before a Prefect of which a file tells the auth string": {
    stack: behindGateway(site("location / { proxy_pass http://127.0.0.1:4200; }"), {
      prefect: hidden({ environmentFiles: file }),
    }),
    ...cannotTell('container "nginx" is nginx and lets requests without a login through'),
  },
  "a gateway that asks nobody, before an image of one's own that looks like Prefect": {
    stack: behindGateway(site("location / { proxy_pass http://127.0.0.1:4200; }"), {
      prefect: { name: "flows", image: "acme/flows:1", environment: { PREFECT_SERVER_API_PORT: "4200" } },
    }),
    ...cannotTell('container "flows" is likely a Prefect API server'),
  },
  "oauth2-proxy before an nginx whose configuration runs code": {
    stack: behindAlb({
      definitions: containers(
        hidden(),
        nginx(site("location / { js_content main.pass; }"), { ports: [] }),
        oauth2Proxy(
          { OAUTH2_PROXY_UPSTREAMS: "http://127.0.0.1:8080", OAUTH2_PROXY_HTTP_ADDRESS: ":4180" },
          { ports: [4180] },
        ),
      ),
      target: { container: "oauth2-proxy", port: 4180 },
    }),
  },
  "an nginx in bridge mode whose port is mapped to public machines": {
    stack: onMachines("bridge", {}, containerInstances(true), open(80)).map((each) => {
      if (each.name !== "task") return each;
      const pieces = JSON.parse(containers(hidden(), nginx(gated))) as Record<string, unknown>[];
      const mapped = pieces.map((piece) =>
        piece["name"] === "nginx" ? { ...piece, portMappings: [{ containerPort: 8080, hostPort: 80 }] } : piece,
      );
      return declare(each.type, each.name, { ...each.inputs, containerDefinitions: JSON.stringify(mapped) });
    }),
    ...cannotTell("is nginx outside awsvpc mode: what it reaches cannot be told"),
  },
  "pods of which a container that declares no port is bound to a load balancer": {
    stack: [
      group("albGroup", open(443)),
      declare("aws:lb/loadBalancer:LoadBalancer", "alb", { securityGroups: [ref("albGroup", "id")] }),
      targetGroup(9000),
      listener([forward]),
      declare("kubernetes:apps/v1:Deployment", "prefect", {
        metadata: { name: "prefect" },
        spec: {
          selector: { matchLabels: labels },
          template: {
            metadata: { labels },
            spec: {
              containers: [
                {
                  name: "server",
                  image: "prefecthq/prefect:3.8.8",
                  command: ["prefect", "server", "start", "--host", "127.0.0.1"],
                },
                { name: "envoy", image: "envoyproxy/envoy:v1.31" },
              ],
            },
          },
        },
      }),
      declare("kubernetes:core/v1:Service", "service", {
        metadata: { name: "prefect" },
        spec: { selector: labels, ports: [{ port: 80, targetPort: 9000 }] },
      }),
      declare("kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding", "binding", {
        spec: { serviceRef: { name: "prefect", port: 80 }, targetGroupARN: ref("tg") },
      }),
    ],
    ...cannotTell('container "envoy" takes the requests'),
  },
  "a proxy with a secret on a port that is not known in preview, before a Prefect that asks on one of a file": {
    stack: behindAlb({
      definitions: containers(
        hidden({ ...authString, environmentFiles: file }),
        envoy({ secrets: ["TOKEN"], ports: [9000] }),
      ),
      target: { container: "envoy", port: 9000 },
      service: {
        loadBalancers: [
          {
            targetGroupArn: ref("tg"),
            containerName: built(["elsewhere"], "envoy"),
            containerPort: built(["elsewhere"], "9000"),
          },
        ],
      },
    }),
    ...cannotTell('container "envoy" takes the requests'),
  },
};
