import { fromVpc } from "../support/inside";
import { address, behindProxy, namedMiddle, service } from "../support/other-services";
import {
  alb,
  authString,
  behindAlb,
  containers,
  forward,
  fromAlb,
  gated,
  group,
  hidden,
  listener,
  nginx,
  oauth2Proxy,
  open,
  prefect,
  site,
  targetGroup,
} from "../support/pieces";
import { built, declare, type Declared, ref } from "../support/stack";
import { cannotTell, type Cases, reject } from "./case";

/** Reverse proxies in other services: Prefect itself faces nobody. */

/** Prefect under this name of ECS Service Connect, and an nginx that goes to flows-api. */
const connected = (name: Record<string, unknown>): Declared[] =>
  behindProxy(containers(nginx(site("location / { proxy_pass http://flows-api; }")))).flatMap((each) => {
    if (each.name === "registry") return [];
    if (each.name !== "prefect") return [each];
    const { serviceRegistries: _, ...inputs } = each.inputs;
    const serviceConnectConfiguration = { enabled: true, services: [name] };
    return [declare(each.type, each.name, { ...inputs, serviceConnectConfiguration })];
  });

export const toPrefect = `proxy_pass ${address};`;

/** A public service whose task holds Prefect and this nginx before it. */
const inOwnTask = (
  conf: string,
  admits: Record<string, unknown>[] = [open(8080), { ...open(4200), cidrBlocks: ["10.0.0.0/8"] }],
): Declared[] => [
  group("taskGroup", ...admits),
  declare("aws:servicediscovery/service:Service", "registry", { name: "prefect" }),
  ...service("prefect", containers(prefect(), nginx(conf)), "taskGroup", true, {
    serviceRegistries: { registryArn: ref("registry") },
  }),
];

/** A function of strangers may call the proxy, and with a credential of its own. */
const calledByFunction = (publicly: boolean, proxyGroup: unknown): Declared[] => [
  ...namedMiddle(
    behindProxy(containers(nginx(site(`location / { ${toPrefect} }`))), {
      publicly,
      prefect: containers(prefect(authString)),
    }),
  ).map((each) => {
    if (each.name === "proxyGroup")
      return group("proxyGroup", { ...fromAlb(8080), securityGroups: undefined, cidrBlocks: ["10.0.0.0/8"] });
    if (each.name !== "proxy") return each;
    const { networkConfiguration, ...inputs } = each.inputs as { networkConfiguration: object };
    return declare(each.type, each.name, {
      ...inputs,
      networkConfiguration: { ...networkConfiguration, securityGroups: [proxyGroup] },
    });
  }),
  declare("aws:lambda/function:Function", "function", {
    environment: { variables: { TARGET: "http://middle.internal:8080" } },
    vpcConfig: { subnetIds: ["subnet-1"], securityGroupIds: [ref("proxyGroup", "id")] },
  }),
  declare("aws:lambda/functionUrl:FunctionUrl", "url", {
    functionName: ref("function", "arn"),
    authorizationType: "NONE",
  }),
];

export const proxyCases: Cases = {
  "an nginx in another service that asks for nothing": {
    stack: behindProxy(containers(nginx(site(`location / { ${toPrefect} }`)))),
    ...reject(
      'aws.ecs.Service "proxy": gives its tasks public addresses',
      'container "nginx" is nginx and lets requests without a login through: location "/": nothing here asks for a login',
      'aws.ecs.Service "prefect": is where it passes them on',
    ),
  },
  "an nginx in another service that asks for a password": {
    stack: behindProxy(
      containers(nginx(site(`location / { auth_basic x; auth_basic_user_file /tmp/htpasswd; ${toPrefect} }`))),
    ),
  },
  "an nginx in another service with one open location": {
    stack: behindProxy(
      containers(
        nginx(
          gated
            .replaceAll("http://127.0.0.1:4200", address)
            .replace("location / {", `location /api/admin { auth_request off; ${toPrefect} }\nlocation / {`),
        ),
        oauth2Proxy(),
      ),
    ),
    ...reject('location "/api/admin": the login is switched off here'),
  },
  "an nginx in another service with an upstream": {
    stack: behindProxy(
      containers(nginx(site("location / { proxy_pass http://up; }", "upstream up { server prefect.internal:4200; }"))),
    ),
    ...reject('location "/": nothing here asks for a login'),
  },
  "an nginx in another service that nobody reaches": {
    stack: behindProxy(containers(nginx(site(`location / { ${toPrefect} }`))), { publicly: false }),
  },
  "an nginx in another service that goes by an alias of ECS Service Connect": {
    stack: connected({ portName: "http", clientAlias: [{ port: 80, dnsName: "flows-api" }] }),
    ...reject('aws.ecs.Service "prefect": is where it passes them on'),
  },
  "an nginx in another service that goes by a discovery name of ECS Service Connect": {
    stack: connected({ portName: "http", discoveryName: "flows-api", clientAlias: [{ port: 80 }] }),
    ...reject('aws.ecs.Service "prefect": is where it passes them on'),
  },
  "an nginx in another service that goes by an alias of something else": {
    stack: connected({ portName: "http", clientAlias: [{ port: 80, dnsName: "wiki" }] }),
  },
  "an nginx in another service that goes to its own loopback": {
    stack: behindProxy(containers(nginx(site("location / { proxy_pass http://127.0.0.1:4200; }")))),
  },
  "an nginx in another service that goes to a port where a gateway asks": {
    stack: behindProxy(containers(nginx(site("location / { proxy_pass http://prefect.internal:8080; }"))), {
      prefect: containers(hidden(), nginx(gated), oauth2Proxy()),
      admits: { protocol: "tcp", fromPort: 0, toPort: 65535, securityGroups: [ref("proxyGroup", "id")] },
    }),
  },
  "an nginx in another service that goes to a port where nothing listens": {
    stack: behindProxy(containers(nginx(site("location / { proxy_pass http://prefect.internal:4201; }"))), {
      admits: { protocol: "tcp", fromPort: 0, toPort: 65535, securityGroups: [ref("proxyGroup", "id")] },
    }),
  },
  "an nginx in another service that goes elsewhere": {
    stack: behindProxy(containers(nginx(site("location / { proxy_pass http://web.internal:3000; }")))),
  },
  "an nginx in another service that Prefect's group keeps out": {
    stack: behindProxy(containers(nginx(site(`location / { ${toPrefect} }`))), {
      admits: { ...fromAlb(4200), securityGroups: [ref("otherGroup", "id")] },
    }).concat(group("otherGroup")),
  },
  "an nginx in another service before a Prefect that asks": {
    stack: behindProxy(containers(nginx(site(`location / { ${toPrefect} }`))), {
      prefect: containers(prefect(authString)),
    }),
  },
  "an nginx in another service that answers for strangers": {
    stack: behindProxy(
      containers(nginx(site(`location / { proxy_set_header Authorization "Basic eA=="; ${toPrefect} }`))),
      {
        prefect: containers(prefect(authString)),
      },
    ),
    ...reject("what passes requests on adds a credential of its own"),
  },
  "an nginx in Prefect's own task that goes to it by the service's name": {
    stack: inOwnTask(site(`location / { ${toPrefect} }`)),
    ...reject('location "/": nothing here asks for a login', 'aws.ecs.Service "prefect": is where it passes them on'),
  },
  "an nginx in Prefect's own task that goes to it by the service's name, which the group keeps out": {
    stack: inOwnTask(site(`location / { ${toPrefect} }`), [open(8080)]),
  },
  "an nginx in Prefect's own task that asks before it goes to the service's name": {
    stack: inOwnTask(site(`location / { auth_basic x; auth_basic_user_file /tmp/htpasswd; ${toPrefect} }`)),
  },
  "an nginx behind a balancer that goes back to another port of it": {
    stack: behindAlb({
      definitions: containers(nginx(site("location / { proxy_pass http://alb.dnsname.amazonaws.com:8081; }"))),
      target: { container: "nginx", port: 8080 },
      more: [
        declare("aws:lb/listener:Listener", "second", {
          loadBalancerArn: ref("alb"),
          port: 8081,
          protocol: "HTTP",
          defaultActions: [{ type: "forward", targetGroupArn: ref("prefectTargets") }],
        }),
        declare("aws:lb/targetGroup:TargetGroup", "prefectTargets", { port: 4200, protocol: "HTTP", targetType: "ip" }),
        group("prefectGroup", fromAlb(4200)),
        ...service("prefect", containers(prefect()), "prefectGroup", false, {
          loadBalancers: [{ targetGroupArn: ref("prefectTargets"), containerName: "prefect", containerPort: 4200 }],
        }),
      ],
      albIngress: [open(443), { ...fromAlb(8081), securityGroups: [ref("taskGroup", "id")] }],
      taskIngress: [fromVpc(8080)],
    }),
    ...reject('aws.lb.Listener "second"'),
    preview: {},
  },
  "an nginx behind a balancer on a port that is not known in preview": {
    stack: [
      ...behindProxy(containers(nginx(`events {} http { server { listen 3000; location / { ${toPrefect} } } }`)), {
        publicly: false,
      }).map((each) => {
        if (each.name !== "proxy") return each;
        const containerPort = built(["tg"], "3000");
        return declare(each.type, each.name, {
          ...each.inputs,
          loadBalancers: [{ targetGroupArn: ref("tg"), containerName: "nginx", containerPort }],
        });
      }),
      group("albGroup", open(443)),
      alb(),
      targetGroup(3000),
      listener([forward]),
    ].map((each) => (each.name === "proxyGroup" ? group("proxyGroup", fromAlb(3000)) : each)),
    ...reject('location "/": nothing here asks for a login'),
  },
  "an nginx in another service that a function of strangers may call, before a Prefect that asks": {
    stack: calledByFunction(false, ref("proxyGroup", "id")),
    ...cannotTell('aws.lambda.Function "function"', "what passes requests on adds a credential of its own"),
  },
  // Ways round it once more say nothing new.
  "an nginx beside Prefect that also leads to itself": {
    stack: inOwnTask(
      site(
        "location / { proxy_pass http://127.0.0.1:4200; } location /again { proxy_pass http://prefect.internal:8080; }",
      ),
      [open(8080)],
    ),
    ...reject('container "nginx" is nginx and lets requests without a login through: location "/"'),
  },
  // One of two ways to the same proxy brings a credential.
  "an nginx in another service that strangers and their function may call, before a Prefect that asks": {
    stack: calledByFunction(true, "sg-0123456789abcdef0"),
    ...cannotTell('aws.lambda.Function "function"', "what passes requests on adds a credential of its own"),
  },
  "an nginx in another service that asks for Prefect and not for another host": {
    stack: behindProxy(
      containers(
        nginx(
          site(
            `location / { auth_basic x; auth_basic_user_file /tmp/htpasswd; ${toPrefect} } location /wiki { proxy_pass http://wiki.internal:80; }`,
          ),
        ),
      ),
    ),
  },
  "an nginx in another service that writes no credential, before a Prefect that asks": {
    stack: behindProxy(
      containers(
        nginx(
          site(
            `location / { proxy_set_header Authorization ""; proxy_set_header X-User me; proxy_hide_header Authorization; ${toPrefect} }`,
          ),
        ),
      ),
      { prefect: containers(prefect(authString)) },
    ),
  },
  "an nginx in another service that asks for nothing on a port that nobody reaches": {
    stack: behindProxy(
      containers(
        nginx(
          `events {}\nhttp { server { listen 9000; return 404; } server { listen 8080; location / { ${toPrefect} } } }`,
          { ports: [8080, 9000] },
        ),
      ),
      { port: 9000 },
    ),
  },
  "a proxy that passes requests on to itself as well": {
    stack: [
      ...behindProxy(
        containers(
          nginx(
            site(`location / { proxy_pass ${address}; }\nlocation /again/ { proxy_pass http://again.internal:8080; }`),
          ),
        ),
      ).map((each) =>
        each.name === "proxy"
          ? declare(each.type, each.name, { ...each.inputs, serviceRegistries: { registryArn: ref("again") } })
          : each,
      ),
      declare("aws:servicediscovery/service:Service", "again", { name: "again" }),
    ],
    ...reject('aws.ecs.Service "prefect"'),
  },
};
