import { behindOauth2Proxy } from "../support/oauth2-proxy";
import {
  authLocation,
  authString,
  behindAlb,
  behindGateway,
  containers,
  fromAlb,
  gated,
  hidden,
  nginx,
  oauth2Proxy,
  open,
  prefect,
  site,
} from "../support/pieces";
import { ref } from "../support/stack";
import { cannotTell, type Case, type Cases, reject } from "./case";

/** Gateways in the task: nginx and oauth2-proxy. */

const toNginx = { container: "nginx", port: 8080 };

const openSite = site("location / { proxy_set_header Authorization $injected; proxy_pass http://127.0.0.1:4200; }");

/** The same gateway whose configuration comes by this start script. */
function started(script: string, environment: Record<string, string> = {}, image?: string): Case["stack"] {
  return behindGateway("", {
    nginx: { command: [script], environment, ...(image === undefined ? {} : { image }) },
    prefect: hidden(),
  });
}

/** A gated site, a stream block beside it, and a balancer at this port. */
const throughStream = (port: number): Case["stack"] =>
  behindAlb({
    definitions: containers(
      hidden(),
      nginx(`stream { server { listen 9000-9010; proxy_pass 127.0.0.1:4200; } }\n${gated}`),
      oauth2Proxy(),
    ),
    target: { container: "nginx", port },
  });

export const gatewayCases: Cases = {
  "a gateway that asks oauth2-proxy for every location": { stack: behindGateway(gated) },
  "a gateway before a Prefect without an auth string of its own": {
    stack: behindGateway(gated, { prefect: hidden() }),
  },
  "a gateway before a Prefect whose port nothing reaches": { stack: behindGateway(gated, { prefect: prefect() }) },
  "a gateway that asks nobody": {
    stack: behindGateway(openSite),
    ...reject(
      'container "nginx" is nginx and lets requests without a login through',
      'location "/": nothing here asks for a login',
      "auth_request",
    ),
  },
  "a gateway that asks nobody and adds no credential, before a Prefect that asks": {
    stack: behindGateway(site("location / { proxy_pass http://127.0.0.1:4200; }")),
  },
  "a balancer that passes the gateway by": {
    stack: behindAlb({ definitions: containers(hidden(), nginx(gated), oauth2Proxy()) }),
    ...reject('container "prefect" is a Prefect API server on port 4200'),
  },
  "a gateway beside a public address that reaches Prefect": {
    stack: behindAlb({
      definitions: containers(prefect(), nginx(gated), oauth2Proxy()),
      target: toNginx,
      taskIngress: [fromAlb(8080), open(4200)],
      service: { networkConfiguration: { assignPublicIp: true, securityGroups: [ref("taskGroup", "id")] } },
    }),
    ...reject("gives its tasks public addresses"),
  },
  "a gateway with a public address of its own": {
    stack: behindAlb({
      definitions: containers(hidden(), nginx(gated), oauth2Proxy()),
      target: toNginx,
      taskIngress: [open(8080)],
      service: { networkConfiguration: { assignPublicIp: true, securityGroups: [ref("taskGroup", "id")] } },
    }),
  },
  "an auth_request that oauth2-proxy does not answer": {
    stack: behindAlb({ definitions: containers(hidden(), nginx(gated)), target: toNginx }),
    ...reject("is not answered by an oauth2-proxy of this task"),
  },
  "an oauth2-proxy with routes that need no session": {
    stack: behindGateway(gated, { prefect: hidden(), proxy: { OAUTH2_PROXY_SKIP_AUTH_ROUTES: "GET=^/api" } }),
    ...reject("skip-auth-route"),
  },
  "an oauth2-proxy that trusts addresses": {
    stack: behindGateway(gated, { prefect: hidden(), proxy: { OAUTH2_PROXY_TRUSTED_IPS: "10.0.0.0/8" } }),
    ...reject("trusted-ip"),
  },
  "an oauth2-proxy that trusts a health checker's name": {
    stack: behindGateway(gated, { prefect: hidden(), proxy: { OAUTH2_PROXY_PING_USER_AGENT: "GoogleHC" } }),
    ...reject("ping-user-agent"),
  },
  "an oauth2-proxy with a configuration file": {
    stack: behindGateway(gated, { prefect: hidden(), proxy: { OAUTH2_PROXY_CONFIG: "/etc/o.cfg" } }),
    ...reject("config"),
  },
  "an oauth2-proxy for everybody at Google": {
    stack: behindGateway(gated, { prefect: hidden(), proxy: { OAUTH2_PROXY_PROVIDER: "google" } }),
    ...reject("every account of a public identity provider"),
  },
  "an oauth2-proxy with a flag in its arguments": {
    stack: behindAlb({
      definitions: containers(hidden(), nginx(gated), oauth2Proxy({}, { command: ["--skip-auth-regex=^/"] })),
      target: toNginx,
    }),
    ...reject("skip-auth-regex"),
  },
  "an nginx whose configuration is in its image": {
    stack: behindGateway("", {
      nginx: { image: "acme/nginx:1", entryPoint: [], command: ["nginx"] },
      prefect: hidden(),
    }),
    ...cannotTell("cannot be seen", "environment variable that its command writes"),
  },
  "a proxy of another kind": {
    stack: behindAlb({
      definitions: containers(hidden(), { name: "envoy", image: "envoyproxy/envoy:v1.31", ports: [8080] }),
      target: { container: "envoy", port: 8080 },
    }),
    ...cannotTell('container "envoy" takes the requests, and whether it asks for a login cannot be seen'),
  },
  "a gateway whose stream block passes a range of ports on": {
    stack: throughStream(9005),
    ...reject("its stream block passes connections on unread"),
  },
  "a gateway that is asked on a port beside its stream block's range": {
    stack: throughStream(9011),
    ...cannotTell("on which nothing that is seen of it listens"),
  },
  "a configuration from a heredoc": {
    stack: started(`cat > /tmp/nginx.conf <<'EOF'\n${gated}EOF\nnginx -c /tmp/nginx.conf -g 'daemon off;'`),
  },
  "an open configuration from a heredoc": {
    stack: started(`cat > /tmp/nginx.conf <<'EOF'\n${openSite}EOF\nnginx -c /tmp/nginx.conf`),
    ...reject("nothing here asks"),
  },
  "a configuration in base64": {
    stack: started(`echo "$CONF" | base64 -d > /etc/nginx/nginx.conf && nginx -g 'daemon off;'`, {
      CONF: Buffer.from(gated).toString("base64"),
    }),
  },
  "an open configuration in base64": {
    stack: started(`echo "$CONF" | base64 -d > /etc/nginx/nginx.conf && nginx`, {
      CONF: Buffer.from(openSite).toString("base64"),
    }),
    ...reject("nothing here asks"),
  },
  "a site file of the official image": {
    stack: started(`printf '%s' "$SITE" > /etc/nginx/conf.d/default.conf; nginx -g 'daemon off;'`, {
      SITE: `server { listen 8080; auth_request /oauth2/auth; location / { proxy_pass http://127.0.0.1:4200; } ${authLocation} }`,
    }),
  },
  "a configuration that the script changes afterwards": {
    stack: started(`printf '%s' "$CONF" > /tmp/n.conf; sed -i s/auth_request/#/ /tmp/n.conf; nginx -c /tmp/n.conf`, {
      CONF: gated,
    }),
    ...cannotTell("cannot be seen"),
  },
  "a configuration that the script appends to": {
    stack: started(`printf '%s' "$CONF" > /tmp/n.conf; curl http://x >> /tmp/n.conf; nginx -c /tmp/n.conf`, {
      CONF: gated,
    }),
    ...cannotTell("cannot be seen"),
  },
  "a configuration from a secret": {
    stack: behindAlb({
      definitions: containers(hidden(), nginx("", { environment: {}, secrets: ["NGINX_CONF"] }), oauth2Proxy()),
      target: toNginx,
    }),
    ...cannotTell("container"),
  },
  "oauth2-proxy alone as the reverse proxy": {
    stack: behindOauth2Proxy({}),
  },
  "oauth2-proxy alone with open routes": {
    stack: behindOauth2Proxy({ OAUTH2_PROXY_SKIP_AUTH_REGEX: "^/api" }),
    ...reject("oauth2-proxy", "skip-auth-regex"),
  },
  "oauth2-proxy alone with all of its settings in a file": {
    stack: behindAlb({
      definitions: containers(
        hidden(),
        oauth2Proxy({}, { environment: { OAUTH2_PROXY_CONFIG: "/etc/oauth2-proxy.cfg" }, ports: [4180] }),
      ),
      target: { container: "oauth2-proxy", port: 4180 },
    }),
    ...reject("oauth2-proxy's config lets requests in, or hides what does"),
  },
  "oauth2-proxy alone with open routes, before a Prefect that asks": {
    stack: behindOauth2Proxy({ OAUTH2_PROXY_SKIP_AUTH_REGEX: "^/api" }, {}, authString),
  },
  "oauth2-proxy alone with a configuration that may add a credential, before a Prefect that asks": {
    stack: behindOauth2Proxy({ OAUTH2_PROXY_ALPHA_CONFIG: "/etc/oauth2-proxy.yaml" }, {}, authString),
    ...cannotTell("alpha-config"),
  },
  "oauth2-proxy alone with open routes and an environment file, before a Prefect that asks": {
    stack: behindOauth2Proxy(
      { OAUTH2_PROXY_SKIP_AUTH_REGEX: "^/api" },
      { environmentFiles: [{ type: "s3", value: "arn:aws:s3:::acme/login.env" }] },
      authString,
    ),
    ...cannotTell("skip-auth-regex"),
  },
  "oauth2-proxy alone with an environment file": {
    stack: behindOauth2Proxy({}, { environmentFiles: [{ type: "s3", value: "arn:aws:s3:::acme/login.env" }] }),
    ...cannotTell("its environment files cannot be seen"),
  },
  "an oauth2-proxy for everybody at an issuer whose name only begins like Google's": {
    stack: behindOauth2Proxy(
      { OAUTH2_PROXY_OIDC_ISSUER_URL: "https://accounts.google.com.example.com" },
      { secrets: [] },
    ),
  },
  "an oauth2-proxy for everybody at GitLab": {
    stack: behindOauth2Proxy({ OAUTH2_PROXY_OIDC_ISSUER_URL: "https://gitlab.com" }, { secrets: [] }),
    ...reject("every account of a public identity provider"),
  },
  "an auth string on a Prefect that the balancer and a gateway reach": {
    stack: behindAlb({ definitions: containers(prefect(authString), nginx(gated), oauth2Proxy()) }),
  },
};
