import { fromVpc } from "../support/inside";
import { deployment, service as clusterService } from "../support/kubernetes";
import { address, behindProxy, service } from "../support/other-services";
import { authString, containers, gated, group, hidden, nginx, oauth2Proxy, site } from "../support/pieces";
import { type Declared, declare, ref } from "../support/stack";
import { cannotTell, type Cases, reject } from "./case";

/** Tunnels from public hosts to Prefect, which itself faces nobody. */

/** A tunnel in Prefect's own task. */
const tunnelled = (...tunnel: Parameters<typeof containers>): Declared[] => [
  group("taskGroup"),
  ...service("prefect", containers(hidden(), ...tunnel), "taskGroup", false),
];

const cloudflared = (...command: string[]): Parameters<typeof containers>[0] => ({
  name: "tunnel",
  image: "cloudflare/cloudflared:2026.1.0",
  command,
});

/** A tunnel of its own, and an nginx that it alone gets to before Prefect. */
const beforeProxy = (location: string): Declared[] => [
  ...behindProxy(containers(nginx(site(`location / { ${location} }`))), { publicly: false }).map((each) =>
    each.name === "proxyGroup"
      ? group("proxyGroup", { ...fromVpc(8080), cidrBlocks: [], securityGroups: [ref("tunnelGroup", "id")] })
      : each,
  ),
  group("tunnelGroup"),
  ...service("tunnel", containers(cloudflared("tunnel", "run")), "tunnelGroup", false),
];

export const tunnelCases: Cases = {
  "a quick tunnel to Prefect's loopback": {
    stack: tunnelled(cloudflared("tunnel", "--url", "http://localhost:4200")),
    ...reject('container "tunnel" is a tunnel from a public host to port 4200 of the task\'s loopback'),
  },
  "a named tunnel, whose configuration is elsewhere": {
    stack: tunnelled(cloudflared("tunnel", "run")),
    ...cannotTell("whether that host asks for a login cannot be seen"),
  },
  "a tunnel to a gateway that asks": {
    stack: tunnelled(cloudflared("tunnel", "--url", "http://localhost:8080"), nginx(gated), oauth2Proxy()),
  },
  "a tunnel to another port": { stack: tunnelled(cloudflared("tunnel", "--url", "http://localhost:9000")) },
  "ngrok without a login": {
    stack: tunnelled({ name: "ngrok", image: "ngrok/ngrok:3", command: ["http", "4200"] }),
    ...reject('container "ngrok" is a tunnel'),
  },
  "ngrok with a login": {
    stack: tunnelled({ name: "ngrok", image: "ngrok/ngrok:3", command: ["http", "4200", "--oauth=google"] }),
    ...cannotTell('container "ngrok" is a tunnel'),
  },
  "a tailscale funnel": {
    stack: tunnelled({
      name: "tailscale",
      image: "tailscale/tailscale:stable",
      command: ["tailscale", "funnel", "4200"],
    }),
    ...reject('container "tailscale" is a tunnel'),
  },
  "a tailscale network": { stack: tunnelled({ name: "tailscale", image: "tailscale/tailscale:stable" }) },
  "a tunnel beside a Prefect that asks": {
    stack: [
      group("taskGroup"),
      ...service(
        "prefect",
        containers(hidden(authString), cloudflared("tunnel", "--url", "http://localhost:4200")),
        "taskGroup",
        false,
      ),
    ],
  },
  "a tunnel by autossh": {
    stack: tunnelled({ name: "tunnel", image: "jnovack/autossh:2", environment: { SSH_MODE: "-R" } }),
    ...cannotTell('container "tunnel" is a tunnel'),
  },
  "a tunnel by ssh in an image of one's own": {
    stack: tunnelled({
      name: "tunnel",
      image: "acme/edge:1",
      command: ["autossh", "-N", "-R", "80:localhost:4200", "tunnel.example.com"],
    }),
    ...reject('container "tunnel" is a tunnel from a public host to port 4200'),
  },
  "an ssh that fetches a port": {
    stack: tunnelled({ name: "tunnel", image: "acme/edge:1", command: ["ssh", "-N", "-L", "5432:db:5432", "bastion"] }),
  },
  "a tunnel that its variable tells": {
    stack: tunnelled({ name: "edge", image: "acme/edge:1", secrets: ["TUNNEL_TOKEN"] }),
    ...cannotTell('container "edge" is a tunnel'),
  },
  "a tunnel by gost": {
    stack: tunnelled({
      name: "tunnel",
      image: "ginuerzh/gost:2",
      command: ["-L=rtcp://:80/localhost:4200", "-F=relay+tls://edge.example.com:443"],
    }),
    ...reject('container "tunnel" is a tunnel from a public host to port 4200'),
  },
  "a named tunnel in another service, which Prefect's group admits by its address": {
    stack: behindProxy(containers(cloudflared("tunnel", "run")), { publicly: false, admits: fromVpc(4200) }),
    ...cannotTell('container "tunnel" may pass requests on', 'aws.ecs.Service "prefect"'),
  },
  "a named tunnel in another service that Prefect's group keeps out": {
    stack: behindProxy(containers(cloudflared("tunnel", "run")), { publicly: false, admits: fromVpc(9100) }),
  },
  "a named tunnel in a service beside a cluster": {
    stack: [
      group("taskGroup"),
      ...service("tunnel", containers(cloudflared("tunnel", "run")), "taskGroup", false),
      deployment(),
      clusterService(),
    ],
  },
  "a named tunnel in another pod of the cluster": {
    stack: [
      deployment(),
      clusterService(),
      declare("kubernetes:apps/v1:Deployment", "tunnel", {
        spec: {
          template: {
            metadata: { labels: { app: "tunnel" } },
            spec: {
              containers: [{ name: "tunnel", image: "cloudflare/cloudflared:2026.1.0", args: ["tunnel", "run"] }],
            },
          },
        },
      }),
    ],
    ...cannotTell('kubernetes.apps.v1.Deployment "tunnel"', 'kubernetes.apps.v1.Deployment "prefect"'),
  },
  "a tunnel in another service": {
    stack: behindProxy(containers(cloudflared("tunnel", "--url", address)), { publicly: false }),
    ...cannotTell('container "tunnel" may pass requests on', 'aws.ecs.Service "prefect"'),
  },
  "a named tunnel in another service, which only a proxy before Prefect admits": {
    stack: beforeProxy(`proxy_pass ${address};`),
    ...cannotTell('container "tunnel" may pass requests on', 'aws.ecs.Service "proxy"', "is nginx and lets requests"),
  },
  "a named tunnel in another service, which only a proxy that asks admits": {
    stack: beforeProxy(`auth_basic x; auth_basic_user_file /tmp/htpasswd; proxy_pass ${address};`),
  },
};
