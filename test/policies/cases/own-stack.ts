import type { Edit } from "../support/recorded";
import { type Declared, declare, ref } from "../support/stack";

/** What somebody does to this repository's own stack, and what the pack says. */
export interface OwnStackCase {
  readonly edit?: Edit;
  readonly added?: readonly Declared[];
  /** Fragments of the one violation; accepted without. */
  readonly rejects?: readonly string[];
}

interface Variable {
  name: string;
  value?: string;
}

interface Container {
  name: string;
  command?: string[];
  portMappings?: { containerPort: number }[];
  environment?: Variable[];
  secrets?: Variable[];
}

type Change = (containers: Container[]) => Container[];

/** The server's task with these changes made to its containers, one after the other. */
function task(...changes: Change[]): Edit {
  const changed = (text: unknown): string =>
    JSON.stringify(changes.reduce((all, change) => change(all), JSON.parse(text as string) as Container[]));
  return { "TaskDefinition prefect-server-task": { containerDefinitions: changed } };
}

function container(name: string, change: (container: Container) => Container): Change {
  return (all) => all.map((each) => (each.name === name ? change(each) : each));
}

function environment(name: string, change: (all: Variable[]) => Variable[]): Edit {
  return task(container(name, (each) => ({ ...each, environment: change(each.environment ?? []) })));
}

function conf(...replacements: readonly [from: string, to: string][]): Edit {
  const replaced = (text: string): string =>
    replacements.reduce((conf, [from, to]) => {
      if (!conf.includes(from)) throw new Error(`NGINX_CONF holds no ${from}`);
      return conf.replace(from, () => to);
    }, text);
  return environment("nginx", (all) =>
    all.map((entry) => (entry.name === "NGINX_CONF" ? { ...entry, value: replaced(entry.value ?? "") } : entry)),
  );
}

function proxySetting(name: string, value: string): Edit {
  return environment("oauth2-proxy", (all) => [...all.filter((entry) => entry.name !== name), { name, value }]);
}

const withoutAuthString = container("prefect", (each) => ({
  ...each,
  secrets: each.secrets?.filter(({ name }) => name !== "PREFECT_SERVER_API_AUTH_STRING"),
}));
const onEveryAddress = container("prefect", (each) => ({
  ...each,
  command: each.command?.map((word) => (word === "127.0.0.1" ? "0.0.0.0" : word)),
}));
const published = container("prefect", (each) => ({ ...each, portMappings: [{ containerPort: 4200 }] }));
const prefectAlone: Change = (all) => all.filter(({ name }) => name === "prefect" || name === "rds-ca");

const to = (value: unknown) => (): unknown => value;
const listOf = (value: unknown): object[] => value as object[];

/** What stands on 8080 today goes to Prefect's port. */
const aimedAtPrefect: Edit = {
  "TargetGroup prefect-gateway-nginx": { port: to(4200) },
  "SecurityGroupIngressRule prefect-server-public-nginx-in": { fromPort: to(4200), toPort: to(4200) },
  "SecurityGroupEgressRule prefect-server-public-nginx-out": { fromPort: to(4200), toPort: to(4200) },
  "Service prefect-server-service": {
    loadBalancers: (all) => listOf(all).map((each) => ({ ...each, containerName: "prefect", containerPort: 4200 })),
  },
};

/** A second way through the same load balancer, past the gateway. */
const secondWay: Edit = {
  "Service prefect-server-service": {
    loadBalancers: (all) => [
      ...listOf(all),
      { targetGroupArn: ref("TargetGroup side"), containerName: "prefect", containerPort: 4200 },
    ],
  },
};
const secondTarget = declare("aws:lb/targetGroup:TargetGroup", "side", {
  port: 4200,
  protocol: "HTTP",
  targetType: "ip",
});
const secondRule = declare("aws:lb/listenerRule:ListenerRule", "side", {
  listenerArn: ref("Listener prefect-lb-https"),
  priority: 50,
  conditions: [{ pathPattern: { values: ["/side/*"] } }],
  actions: [{ type: "forward", targetGroupArn: ref("TargetGroup side") }],
});
const ingress = (name: string, port: number, from: Record<string, unknown>): Declared =>
  declare("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", name, {
    securityGroupId: ref("SecurityGroup prefect-server-access", "id"),
    ipProtocol: "tcp",
    fromPort: port,
    toPort: port,
    ...from,
  });
const fromBalancer = { referencedSecurityGroupId: ref("SecurityGroup prefect-lb-access", "id") };
const fromAnywhere = { cidrIpv4: "0.0.0.0/0" };

const publicAddress: Edit = {
  "Service prefect-server-service": {
    networkConfiguration: (network) => ({ ...(network as object), assignPublicIp: true }),
  },
};

/** A network load balancer beside the other one, to this port of the task. */
function networkBalancer(port: number): Declared[] {
  return [
    declare("aws:lb/loadBalancer:LoadBalancer", "nlb", { loadBalancerType: "network", subnets: ["subnet-1"] }),
    declare("aws:lb/targetGroup:TargetGroup", "side", { port, protocol: "TCP", targetType: "ip" }),
    declare("aws:lb/listener:Listener", "nlb", {
      loadBalancerArn: ref("LoadBalancer nlb"),
      port: 443,
      protocol: "TCP",
      defaultActions: [{ type: "forward", targetGroupArn: ref("TargetGroup side") }],
    }),
    ingress("side", port, { cidrIpv4: "10.0.0.0/16" }),
  ];
}

/** From the internet to the container, by the names that the program gives. */
const wholeWay = [
  'aws.lb.LoadBalancer "prefect-lb-alb": faces the internet; aws.vpc.SecurityGroupIngressRule "prefect-lb-https-in" admits the internet to port 443',
  '-> aws.lb.Listener "prefect-lb-https": listens on HTTPS port 443',
  '-> aws.lb.ListenerRule "prefect-gateway-domain": ',
  '-> aws.lb.TargetGroup "prefect-gateway-nginx": passes every request on',
  '-> aws.ecs.Service "prefect-server-service": its tasks take them on port 4200 of container "prefect"',
  '-> container "prefect" is a Prefect API server on port 4200 and lets everybody in: PREFECT_SERVER_API_AUTH_STRING is not set on it',
];

export const ownStackCases = {
  "nothing is changed": {},

  // Around the gateway.
  "the gateway is gone": {
    edit: { ...aimedAtPrefect, ...task(prefectAlone, withoutAuthString, published) },
    rejects: ["The internet reaches a Prefect API without a login:", ...wholeWay],
  },
  // Prefect's own authentication: every request to its API, also over WebSocket, has to bring the auth string.
  "the gateway is gone, Prefect keeps its auth string": {
    edit: { ...aimedAtPrefect, ...task(prefectAlone, published) },
  },
  "the gateway is gone, Prefect's auth string is there a second time in small letters": {
    edit: {
      ...aimedAtPrefect,
      ...task(
        prefectAlone,
        published,
        container("prefect", (each) => ({
          ...each,
          environment: [...(each.environment ?? []), { name: "prefect_server_api_auth_string", value: "" }],
        })),
      ),
    },
    rejects: ["PREFECT_SERVER_API_AUTH_STRING is empty"],
  },
  "the load balancer passes the gateway by": {
    edit: { ...aimedAtPrefect, ...task(withoutAuthString, published) },
    rejects: wholeWay,
  },
  "a second rule and target group pass the gateway by": {
    edit: { ...secondWay, ...task(withoutAuthString, published) },
    added: [secondTarget, secondRule, ingress("side", 4200, fromBalancer)],
    rejects: ['aws.lb.ListenerRule "side"', 'aws.lb.TargetGroup "side"', 'port 4200 of container "prefect"'],
  },
  "a second rule and target group pass the gateway by, Prefect keeps its auth string": {
    edit: secondWay,
    added: [secondTarget, secondRule, ingress("side", 4200, fromBalancer)],
  },
  "a second rule and target group whose port the task's group does not admit": {
    edit: { ...secondWay, ...task(withoutAuthString, published) },
    added: [secondTarget, secondRule],
  },
  "a network load balancer to Prefect": {
    edit: { ...secondWay, ...task(withoutAuthString, onEveryAddress, published) },
    added: networkBalancer(4200),
    rejects: ['aws.lb.LoadBalancer "nlb": faces the internet', "a network load balancer never authenticates"],
  },
  "a network load balancer to the gateway": {
    edit: {
      "Service prefect-server-service": {
        loadBalancers: (all) => [
          ...listOf(all),
          { targetGroupArn: ref("TargetGroup side"), containerName: "nginx", containerPort: 8080 },
        ],
      },
    },
    added: networkBalancer(8080),
  },

  // Public addresses and where Prefect listens.
  "public addresses, the gateway's port open to all": {
    edit: publicAddress,
    added: [ingress("open", 8080, fromAnywhere)],
  },
  "public addresses, Prefect's port open to all, Prefect on loopback": {
    edit: { ...publicAddress, ...task(withoutAuthString) },
    added: [ingress("open", 4200, fromAnywhere)],
  },
  "public addresses, Prefect's port open to all, Prefect on every address": {
    edit: { ...publicAddress, ...task(withoutAuthString, onEveryAddress) },
    added: [ingress("open", 4200, fromAnywhere)],
    rejects: [
      'aws.ecs.Service "prefect-server-service": gives its tasks public addresses; aws.vpc.SecurityGroupIngressRule "open" admits the internet to port 4200',
    ],
  },
  "public addresses, Prefect's port open to all, Prefect keeps its auth string": {
    edit: { ...publicAddress, ...task(onEveryAddress) },
    added: [ingress("open", 4200, fromAnywhere)],
  },
  // The security group admits the load balancer to 8080 only, so nobody gets to 4200.
  "Prefect on every address": { edit: task(onEveryAddress) },
  "Prefect on every address, without its auth string": { edit: task(onEveryAddress, withoutAuthString) },
  "Prefect without its auth string behind the gateway": { edit: task(withoutAuthString) },

  // nginx.
  "nginx asks for no login": {
    edit: conf(["auth_request /oauth2/auth;", "auth_request off;"]),
    rejects: ['container "nginx" is nginx and lets requests without a login through', 'location "/": '],
  },
  "nginx asks for both logins": {
    edit: conf(["satisfy any;", "satisfy all;"]),
  },
  "nginx asks for no login under one path": {
    edit: conf([
      "location = /ui-settings {",
      "location /api/admin { auth_request off; auth_basic off; proxy_pass http://prefect; }\nlocation = /ui-settings {",
    ]),
    rejects: ['location "/api/admin": '],
  },
  "nginx lets a network in": {
    edit: conf(["satisfy any;", "satisfy any; allow 10.0.0.0/8;"]),
    rejects: ["satisfy any beside allow"],
  },
  "nginx passes other hosts on": {
    edit: conf(["return 404;", 'proxy_set_header Authorization "Basic eA=="; proxy_pass http://prefect;']),
    rejects: ['location "/": nothing here asks for a login'],
  },
  "nginx asks oauth2-proxy where it always says yes": {
    edit: conf(
      ["auth_request /oauth2/auth;", "auth_request /alive;"],
      [
        "location = /ui-settings {",
        "location = /alive { internal; proxy_pass http://oauth2_proxy/ping; }\nlocation = /ui-settings {",
      ],
    ),
    rejects: ["is not /oauth2/auth"],
  },
  "nginx takes its configuration from its image": {
    edit: task(container("nginx", (each) => ({ ...each, command: ["exec nginx -g 'daemon off;'"] }))),
    rejects: ["cannot be seen"],
  },

  // oauth2-proxy.
  "oauth2-proxy skips the login on a route": {
    edit: proxySetting("OAUTH2_PROXY_SKIP_AUTH_ROUTES", "GET=^/api/flows"),
    rejects: ['location "/": oauth2-proxy\'s skip-auth-route lets requests in'],
  },
  "oauth2-proxy trusts addresses": {
    edit: proxySetting("OAUTH2_PROXY_TRUSTED_IPS", "10.0.0.0/8"),
    rejects: ["trusted-ip"],
  },
  "oauth2-proxy takes everybody at Google": {
    edit: proxySetting("OAUTH2_PROXY_PROVIDER", "google"),
    rejects: ["every account of a public identity provider"],
  },
  "oauth2-proxy has a switch with a word behind it": {
    edit: task(
      container("oauth2-proxy", (each) => ({
        ...each,
        command: each.command?.map((word) =>
          word.replace("oauth2-proxy &", "oauth2-proxy --skip-auth-preflight false &"),
        ),
      })),
    ),
    rejects: ["skip-auth-preflight"],
  },
  "oauth2-proxy reads a file": {
    edit: proxySetting("OAUTH2_PROXY_ALPHA_CONFIG", "/etc/proxy.yaml"),
    rejects: ["alpha-config"],
  },
  "oauth2-proxy is gone": {
    edit: task((all) => all.filter(({ name }) => name !== "oauth2-proxy")),
    rejects: ["is not answered by an oauth2-proxy of this task"],
  },
} satisfies Readonly<Record<string, OwnStackCase>>;
