import { behindOauth2Proxy } from "../support/oauth2-proxy";
import { authString, behindAlb, behindGateway, containers, gated, hidden, open, refuse, site } from "../support/pieces";
import { ref } from "../support/stack";
import { cannotTell, type Cases, reject } from "./case";

/** Images of one's own that variables of oauth2-proxy tell. */

/** An image of one's own of which the secrets alone tell what it is. */
const ownLogin = { name: "login", image: "acme/login:1", secrets: ["OAUTH2_PROXY_CLIENT_SECRET"], ports: [8080] };

export const ownImageCases: Cases = {
  "an image of one's own that oauth2-proxy's variables tell": {
    stack: behindOauth2Proxy({}, { image: "acme/login:1" }),
    ...cannotTell(
      'container "oauth2-proxy" may let requests without a login through: it is an image of one\'s own',
      'let the command of container "oauth2-proxy" start oauth2-proxy',
    ),
  },
  "an image of one's own whose command starts oauth2-proxy": {
    stack: behindOauth2Proxy({}, { image: "acme/login:1", command: ["/bin/oauth2-proxy"] }),
  },
  "an image of one's own with open routes of oauth2-proxy's": {
    stack: behindOauth2Proxy({ OAUTH2_PROXY_SKIP_AUTH_REGEX: "^/api" }, { image: "acme/login:1" }),
    ...reject("is oauth2-proxy and lets requests without a login through", "skip-auth-regex"),
  },
  "an image of one's own with oauth2-proxy's secrets alone, on a port of its own": {
    stack: behindAlb({
      definitions: containers(hidden(), ownLogin),
      target: { container: "login", port: 8080 },
    }),
    ...cannotTell("it is an image of one's own"),
  },
  "an image of one's own with oauth2-proxy's secrets, on a port that the balancer does not reach": {
    stack: behindAlb({
      definitions: containers(hidden(), ownLogin, { name: "web", image: "acme/web:1", ports: [3000] }),
      target: { container: "web", port: 3000 },
    }),
    ...cannotTell('container "web" takes the requests'),
  },
  "an image of one's own with oauth2-proxy's secrets, at a public address": {
    stack: behindAlb({
      definitions: containers(hidden(), ownLogin),
      actions: [refuse],
      taskIngress: [open(8080)],
      service: {
        loadBalancers: undefined,
        networkConfiguration: { assignPublicIp: true, securityGroups: [ref("taskGroup", "id")] },
      },
    }),
    ...cannotTell("it is an image of one's own"),
  },
  "a gateway whose nginx has a variable of oauth2-proxy's": {
    stack: behindGateway(gated, {
      prefect: hidden(),
      nginx: { environment: { NGINX_CONF: gated, OAUTH2_PROXY_HTTP_ADDRESS: "127.0.0.1:4180" } },
    }),
  },
  "a gateway that sends all to an image of one's own with oauth2-proxy's variables": {
    stack: behindGateway(site("location / { proxy_pass http://127.0.0.1:4180; }"), {
      prefect: hidden(),
      proxy: { OAUTH2_PROXY_UPSTREAMS: "http://127.0.0.1:4200" },
      piece: { image: "acme/login:1" },
    }),
    ...cannotTell('container "nginx" is nginx and lets requests without a login through: location "/"'),
  },
  "a gateway that sends all to an oauth2-proxy before Prefect": {
    stack: behindGateway(site("location / { proxy_pass http://127.0.0.1:4180; }"), {
      prefect: hidden(),
      proxy: { OAUTH2_PROXY_UPSTREAMS: "http://127.0.0.1:4200" },
    }),
  },
  "an image of one's own before a Prefect that asks": {
    stack: behindOauth2Proxy({}, { image: "acme/login:1", secrets: [] }, authString),
  },
  "an image of one's own that may hold a credential, before a Prefect that asks": {
    stack: behindOauth2Proxy({}, { image: "acme/login:1" }, authString),
    ...cannotTell("it is an image of one's own"),
  },
  "an auth_request to an image of one's own that oauth2-proxy's variables tell": {
    stack: behindGateway(gated, { prefect: hidden(), piece: { image: "acme/login:1" } }),
    ...cannotTell("what oauth2-proxy asks for is not known: it is an image of one's own"),
  },
  "an auth_request to an image of one's own beside a location that asks nobody": {
    stack: behindGateway(
      gated.replace(
        "location / {",
        "location /open { auth_request off; proxy_pass http://127.0.0.1:4200; }\nlocation / {",
      ),
      { prefect: hidden(), piece: { image: "acme/login:1" } },
    ),
    ...reject('location "/open": the login is switched off here'),
  },
};
