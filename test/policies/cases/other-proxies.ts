import { address, behindProxy, namedMiddle, service } from "../support/other-services";
import {
  authString,
  containers,
  fromAlb,
  gated,
  group,
  hidden,
  nginx,
  oauth2Proxy,
  prefect,
  site,
} from "../support/pieces";
import { declare, ref } from "../support/stack";
import { cannotTell, type Cases, reject } from "./case";
import { toPrefect } from "./proxies";

/** Proxies in other services that are no nginx, several in a row, and applications that may be one. */

/** An oauth2-proxy without upstreams. */
const loginProxy = {
  name: "oauth2-proxy",
  image: "quay.io/oauth2-proxy/oauth2-proxy:v7.15.3-alpine",
  ports: [8080],
  environment: { OAUTH2_PROXY_PROVIDER: "oidc", OAUTH2_PROXY_HTTP_ADDRESS: "0.0.0.0:8080" },
};

const haproxy = { name: "haproxy", image: "haproxy:3.1", ports: [8080] };

const inOtherService = (environment: Record<string, string>, piece: Parameters<typeof oauth2Proxy>[1] = {}): string =>
  containers(
    oauth2Proxy(
      { OAUTH2_PROXY_UPSTREAMS: address, OAUTH2_PROXY_HTTP_ADDRESS: "0.0.0.0:8080", ...environment },
      { ports: [8080], ...piece },
    ),
  );

export const otherProxyCases: Cases = {
  "an nginx before a Prefect of its own that asks, and before another one for which it asks": {
    stack: behindProxy(
      containers(
        hidden(authString),
        nginx(
          site(
            `location / { proxy_pass http://127.0.0.1:4200; } location /other { auth_basic x; auth_basic_user_file /tmp/htpasswd; ${toPrefect} }`,
          ),
        ),
      ),
    ),
  },
  "an nginx before a Prefect of its own that asks, and before another one that does not": {
    stack: behindProxy(
      containers(
        hidden(authString),
        nginx(site(`location / { proxy_pass http://127.0.0.1:4200; } location /other { ${toPrefect} }`)),
      ),
    ),
    ...reject('location "/other": nothing here asks for a login'),
  },
  "an nginx in another service that asks oauth2-proxy": {
    stack: behindProxy(containers(nginx(gated.replaceAll("http://127.0.0.1:4200", address)), oauth2Proxy())),
  },
  "an oauth2-proxy in another service": {
    stack: behindProxy(inOtherService({})),
  },
  "an oauth2-proxy in another service that skips the login": {
    stack: behindProxy(inOtherService({ OAUTH2_PROXY_SKIP_AUTH_ROUTES: "^/api" })),
    ...reject("is oauth2-proxy and lets requests without a login through"),
  },
  "an oauth2-proxy in another service that skips the login, before a Prefect that asks": {
    stack: behindProxy(inOtherService({ OAUTH2_PROXY_SKIP_AUTH_ROUTES: "^/api" }), {
      prefect: containers(prefect(authString)),
    }),
  },
  "an oauth2-proxy in another service whose configuration may add a credential, before a Prefect that asks": {
    stack: behindProxy(inOtherService({ OAUTH2_PROXY_ALPHA_CONFIG: "/etc/oauth2-proxy.yaml" }), {
      prefect: containers(prefect(authString)),
    }),
    ...cannotTell("alpha-config"),
  },
  "an image of one's own in another service that oauth2-proxy's variables tell": {
    stack: behindProxy(inOtherService({}, { image: "acme/login:1" })),
    ...cannotTell("may let requests without a login through: it is an image of one's own"),
  },
  "an image of one's own in another service that skips oauth2-proxy's login": {
    stack: behindProxy(inOtherService({ OAUTH2_PROXY_SKIP_AUTH_ROUTES: "^/api" }, { image: "acme/login:1" })),
    ...cannotTell("skip-auth-route"),
  },
  "a proxy of another kind whose settings name Prefect": {
    stack: behindProxy(containers({ ...haproxy, environment: { BACKEND: "prefect.internal:4200" } })),
    ...cannotTell('container "haproxy" may pass requests on'),
  },
  "a proxy of another kind that shows nothing, and that Prefect's group admits": {
    stack: behindProxy(containers(haproxy)),
    ...cannotTell('container "haproxy" may pass requests on'),
  },
  "a proxy of another kind that shows nothing, and that Prefect's group does not admit": {
    stack: behindProxy(containers(haproxy), {
      admits: { ...fromAlb(4200), securityGroups: [ref("otherGroup", "id")] },
    }).concat(group("otherGroup")),
  },
  "an application that is a client of Prefect": {
    stack: behindProxy(
      containers({
        name: "web",
        image: "acme/web:1",
        ports: [8080],
        environment: { PREFECT_API_URL: `${address}/api` },
      }),
    ),
  },
  "an application that is told of an upstream": {
    stack: behindProxy(
      containers({ name: "web", image: "acme/web:1", ports: [8080], environment: { UPSTREAM: address } }),
    ),
    ...cannotTell('container "web" may pass requests on'),
  },
  "two proxies in a row": {
    stack: namedMiddle([
      ...behindProxy(containers(nginx(site(`location / { ${toPrefect} }`))), {
        publicly: false,
        admits: { ...fromAlb(4200), securityGroups: [ref("proxyGroup", "id")] },
      }),
      ...service(
        "front",
        containers(nginx(site("location / { proxy_pass http://middle.internal:8080; }"))),
        "proxyGroup",
        true,
      ),
    ]),
    ...reject('aws.ecs.Service "front"', 'aws.ecs.Service "proxy"', 'aws.ecs.Service "prefect"'),
  },
  "two proxies that lead to one another": {
    stack: namedMiddle([
      ...behindProxy(
        containers(nginx(site(`location / { ${toPrefect} } location /b { proxy_pass http://front.internal:8080; }`))),
      ),
      declare("aws:servicediscovery/service:Service", "frontRegistry", { name: "front" }),
      ...service(
        "front",
        containers(nginx(site("location / { proxy_pass http://middle.internal:8080; }"))),
        "proxyGroup",
        true,
        {
          serviceRegistries: { registryArn: ref("frontRegistry") },
        },
      ),
    ]),
    ...reject('aws.ecs.Service "proxy"'),
  },
  "an oauth2-proxy in another service whose upstreams are a secret, beside a variable that names Prefect": {
    stack: behindProxy(
      containers({
        ...loginProxy,
        environment: { ...loginProxy.environment, OAUTH2_PROXY_SKIP_AUTH_ROUTES: "^/api", NEXT: address },
        secrets: ["OAUTH2_PROXY_UPSTREAMS"],
      }),
    ),
    ...cannotTell("is oauth2-proxy and lets requests without a login through"),
  },
  "an oauth2-proxy in another service whose upstreams are a secret, and that names Prefect nowhere": {
    stack: behindProxy(
      containers({
        ...loginProxy,
        environment: { ...loginProxy.environment, OAUTH2_PROXY_SKIP_AUTH_ROUTES: "^/api" },
        secrets: ["OAUTH2_PROXY_UPSTREAMS"],
      }),
    ),
  },
  "a proxy of another kind that its command tells": {
    stack: behindProxy(
      containers({
        name: "web",
        image: "acme/base:1",
        command: ["haproxy"],
        ports: [8080],
        environment: { A: address },
      }),
    ),
    ...cannotTell('container "web" may pass requests on'),
  },
  "a proxy of another kind before a Prefect that asks: it may add a credential": {
    stack: behindProxy(containers(haproxy), { prefect: containers(prefect(authString)) }),
    ...cannotTell("what passes requests on adds a credential of its own"),
  },
  "an application that is called almost like a proxy": {
    stack: behindProxy(
      containers({ name: "web", image: "acme/haproxy2:1", ports: [8080], environment: { A: address } }),
    ),
  },
  "an application that ends like a proxy": {
    stack: behindProxy(
      containers({ name: "web", image: "acme/myhaproxy:1", ports: [8080], environment: { A: address } }),
    ),
  },
  "an application whose own variable ends as one of Prefect's": {
    stack: behindProxy(
      containers({ name: "web", image: "acme/web:1", ports: [8080], environment: { MY_PREFECT_BACKEND: address } }),
    ),
    ...cannotTell('container "web" may pass requests on'),
  },
  "an application with a secret for an upstream": {
    stack: behindProxy(containers({ name: "web", image: "acme/web:1", ports: [8080], secrets: ["UPSTREAM"] })),
  },
  "an application that names Prefect for no upstream": {
    stack: behindProxy(
      containers({ name: "web", image: "acme/web:1", ports: [8080], environment: { HOMEPAGE: address } }),
    ),
  },
  "a proxy of another kind beside a ConfigMap that names Prefect": {
    stack: [
      ...behindProxy(containers(haproxy), {
        admits: { ...fromAlb(4200), securityGroups: undefined, cidrBlocks: ["10.0.0.0/8"] },
      }),
      declare("kubernetes:core/v1:ConfigMap", "conf", { metadata: { name: "conf" }, data: { "haproxy.cfg": address } }),
    ],
  },
  "an image of one's own in another service that oauth2-proxy's variables tell, without a secret": {
    stack: behindProxy(inOtherService({}, { image: "acme/login:1", secrets: [] })),
    ...cannotTell("may let requests without a login through: it is an image of one's own"),
  },
};
