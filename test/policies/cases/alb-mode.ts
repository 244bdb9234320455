import {
  albModeWith as stackWith,
  api,
  balancer,
  forwardTo,
  gate,
  gateSite,
  group,
  header,
  listener,
  machinesOnly,
  paths,
  rule,
  targetGroup,
  tcp,
  token,
  toPrefect,
} from "../support/alb-mode";
import { authString, containers, hidden, login, open, prefect, refuse, site } from "../support/pieces";
import { declare, ref } from "../support/stack";
import { type Cases, cannotTell, reject } from "./case";

/** The task with this site in its gate. */
const gateWith = (conf: string): Record<string, unknown> => ({
  containerDefinitions: containers(prefect(), gate(conf)),
});
const open8080 = 'location "/api/": ';

const accelerator = [
  declare("aws:globalaccelerator/listener:Listener", "edge", {
    acceleratorArn: "arn:accelerator",
    protocol: "TCP",
    portRanges: [{ fromPort: 80, toPort: 80 }],
  }),
  declare("aws:globalaccelerator/endpointGroup:EndpointGroup", "endpoints", {
    listenerArn: ref("edge"),
    endpointConfigurations: [{ endpointId: ref("inner") }],
  }),
];

/** `access: alb` as it is, and every single edit that opens it or leaves it closed. */
export const albModeCases: Cases = {
  "the stack whose load balancer logs people in": { stack: stackWith({}) },
  "without machine tokens": { stack: stackWith({ tokens: undefined }) },
  "with private workers: no rule for machines": { stack: stackWith({ machines: undefined }) },
  "tokens of a user pool": {
    stack: stackWith({
      tokens: {
        actions: [
          {
            type: "jwt-validation",
            jwtValidation: { issuer: ref("pool", "endpoint"), jwksEndpoint: ref("pool", "arn") },
          },
          forwardTo("tg"),
        ],
      },
    }),
  },
  "under a prefix": {
    stack: stackWith({
      tokens: { conditions: [paths("/prefect/api", "/prefect/api/*"), header("Authorization", "Bearer *")] },
      api: { conditions: [paths("/prefect/api", "/prefect/api/*")] },
      pages: { conditions: [paths("/prefect", "/prefect/*")] },
    }),
  },
  "pages that answer 401 in place of a login": {
    stack: stackWith({ pages: { actions: [login({ onUnauthenticatedRequest: "deny" }), forwardTo("tg")] } }),
  },
  "sockets and other sites are let to the login": { stack: stackWith({ sockets: undefined, otherSites: undefined }) },
  "the internal group is open to the world": {
    stack: stackWith({ innerGroup: { ingress: [open(80)] } }),
  },
  "a network load balancer as the internal one": {
    stack: stackWith({
      inner: { internal: true, loadBalancerType: "network" },
      innerTargets: { protocol: "TCP" },
      innerListener: { protocol: "TCP" },
    }),
  },
  "sign-out without a login: the gate has nothing there": {
    stack: stackWith({ signOut: { actions: [forwardTo("gate")] } }),
  },
  "the gate's site lets other paths to Prefect, after a password": {
    stack: stackWith({ task: gateWith(site(`location / { ${machinesOnly} }`)) }),
  },
  "public addresses whose group admits the balancers only": {
    stack: stackWith({
      service: {
        networkConfiguration: { subnets: ["subnet-1"], assignPublicIp: true, securityGroups: [ref("taskGroup", "id")] },
      },
    }),
  },
  "a port that is open to the world on a task without a public address": {
    stack: stackWith({ taskGroup: { ingress: [open(4200), open(8080)] } }),
  },
  "no login on pages, Prefect asks for its auth string": {
    stack: stackWith({
      pages: { actions: [forwardTo("tg")] },
      task: { containerDefinitions: containers(prefect(authString), gate(gateSite(machinesOnly))) },
    }),
  },

  // The rules.
  "no login on pages": {
    stack: stackWith({ pages: { actions: [forwardTo("tg")] } }),
    ...reject('aws.lb.ListenerRule "pages"', 'actions of aws.lb.ListenerRule "pages"'),
  },
  "no login on the API": {
    stack: stackWith({ api: { actions: [forwardTo("tg")] } }),
    ...reject('aws.lb.ListenerRule "api"'),
  },
  "a login on pages that lets strangers pass": {
    stack: stackWith({ pages: { actions: [login({ onUnauthenticatedRequest: "allow" }), forwardTo("tg")] } }),
    ...reject('"pages"', "lets requests without a session pass"),
  },
  "a login on the API that lets strangers pass": {
    stack: stackWith({ api: { actions: [login({ onUnauthenticatedRequest: "allow" }), forwardTo("tg")] } }),
    ...reject('"api"', "lets requests without a session pass"),
  },
  "a default that forwards": {
    stack: stackWith({ https: { defaultActions: [forwardTo("tg")] } }),
    ...reject('aws.lb.Listener "https": on HTTPS port 443, its default action forwards'),
  },
  "a default that forwards to both groups": {
    stack: stackWith({
      https: {
        defaultActions: [
          {
            type: "forward",
            forward: {
              targetGroups: [
                { arn: ref("gate"), weight: 1 },
                { arn: ref("tg"), weight: 0 },
              ],
            },
          },
        ],
      },
    }),
    ...reject('aws.lb.Listener "https"'),
  },
  "a rule before the others that forwards": {
    stack: stackWith({}, rule("early", 1, [paths("/hooks/*")], [forwardTo("tg")])),
    ...reject('aws.lb.ListenerRule "early"'),
  },
  "a rule behind the others that forwards, under another host": {
    stack: stackWith(
      {},
      declare("aws:lb/listenerRule:ListenerRule", "late", {
        listenerArn: ref("https"),
        priority: 90,
        conditions: [paths("/*")],
        actions: [forwardTo("tg")],
      }),
    ),
    ...reject('aws.lb.ListenerRule "late"'),
  },
  "a rule behind the others of which they leave nothing": {
    stack: stackWith({}, rule("late", 90, [paths("/api/flows/*")], [forwardTo("tg")])),
  },
  "a rule with a secret header": {
    stack: stackWith({}, rule("early", 1, [header("X-Secret", "let-me-in")], [forwardTo("tg")])),
    ...reject('aws.lb.ListenerRule "early"'),
  },
  "a health check that is open": {
    stack: stackWith(
      {},
      rule("health", 1, [paths("/api/health"), { httpRequestMethod: { values: ["GET"] } }], [forwardTo("tg")]),
    ),
  },
  "a rule for bearers without the check of the token": {
    stack: stackWith({ tokens: { actions: [forwardTo("tg")] } }),
    ...reject('aws.lb.ListenerRule "tokens"'),
  },
  "tokens of GitHub without a claim": {
    stack: stackWith({ tokens: { actions: [token({}), forwardTo("tg")] } }),
    ...reject('"tokens"', "public issuer", "repository_owner"),
  },
  "tokens of GitHub with an audience alone, which every job may choose": {
    stack: stackWith({ tokens: { actions: [token({ aud: "prefect" }), forwardTo("tg")] } }),
    ...reject('"tokens"', "an audience alone is the caller's choice"),
  },
  "tokens of GitHub with a branch's name, which every repository may have": {
    stack: stackWith({ tokens: { actions: [token({ aud: "prefect", ref: "refs/heads/main" }), forwardTo("tg")] } }),
    ...reject('"tokens"'),
  },
  "tokens of GitHub with an owner": {
    stack: stackWith({ tokens: { actions: [token({ repository_owner: "acme" }), forwardTo("tg")] } }),
  },
  "the port 80 that forwards in place of the redirect": {
    stack: stackWith({ http: { defaultActions: [forwardTo("tg")] } }),
    ...reject('aws.lb.Listener "http": on HTTP port 80'),
  },
  "a second listener without a login": {
    stack: stackWith(
      { albGroup: { ingress: [open(443), open(8443)] } },
      listener("test", "alb", 8443, "HTTPS", [forwardTo("tg")]),
    ),
    ...reject('aws.lb.Listener "test": on HTTPS port 8443'),
  },
  "a second listener on a port that the group keeps shut": {
    stack: stackWith({}, listener("test", "alb", 8443, "HTTPS", [forwardTo("tg")])),
  },

  // The gate.
  "the rule for machines goes to Prefect": {
    stack: stackWith({ machines: { actions: [forwardTo("tg")] } }),
    ...reject('aws.lb.ListenerRule "machines"', 'container "prefect" is a Prefect API server on port 4200'),
  },
  "the gate asks for no password": {
    stack: stackWith({ task: gateWith(gateSite(toPrefect)) }),
    ...reject('aws.lb.ListenerRule "machines"', `${open8080}nothing here asks for a login`),
  },
  "the gate's password is switched off": {
    stack: stackWith({ task: gateWith(gateSite(machinesOnly.replace("auth_basic Prefect", "auth_basic off"))) }),
    ...reject(`${open8080}the login is switched off here`),
  },
  "the gate has no password file": {
    stack: stackWith({
      task: gateWith(gateSite(machinesOnly.replace("auth_basic_user_file /tmp/htpasswd;", ""))),
    }),
    ...reject("auth_basic without auth_basic_user_file"),
  },
  "the gate lets a network in": {
    stack: stackWith({ task: gateWith(gateSite(`satisfy any; allow 10.0.0.0/8; ${machinesOnly}`)) }),
    ...reject("satisfy any beside allow"),
  },
  "the gate's other paths lead to Prefect": {
    stack: stackWith({ task: gateWith(gateSite(machinesOnly).replace("return 404;", toPrefect)) }),
    ...reject('location "/": nothing here asks for a login'),
  },
  "the gate's sign-out leads to Prefect": {
    stack: stackWith({ task: gateWith(gateSite(machinesOnly).replace(/return 302 [^;]*;/, toPrefect)) }),
    ...reject('location "= /sign-out": nothing here asks for a login'),
  },
  "a gate whose configuration is in its image": {
    stack: stackWith({
      task: {
        containerDefinitions: containers(prefect(), {
          name: "gate",
          image: "acme/nginx:1",
          entryPoint: ["nginx"],
          ports: [8080],
        }),
      },
    }),
    ...cannotTell("what it lets through cannot be seen"),
  },
  "the gate's target group at Prefect's port": {
    stack: stackWith({
      service: {
        loadBalancers: [
          { targetGroupArn: ref("tg"), containerName: "prefect", containerPort: 4200 },
          { targetGroupArn: ref("gate"), containerName: "prefect", containerPort: 4200 },
        ],
      },
      innerTargets: undefined,
      innerListener: undefined,
    }),
    ...reject('aws.lb.ListenerRule "machines"'),
  },

  // The network.
  "public addresses and a port that is open to the world": {
    stack: stackWith({
      taskGroup: { ingress: [open(4200)] },
      service: {
        networkConfiguration: { subnets: ["subnet-1"], assignPublicIp: true, securityGroups: [ref("taskGroup", "id")] },
      },
    }),
    ...reject("gives its tasks public addresses"),
  },
  "the internal balancer faces the internet": {
    stack: stackWith({ inner: { internal: false }, innerGroup: { ingress: [open(80)] } }),
    ...reject('aws.lb.LoadBalancer "inner": faces the internet'),
  },
  "the internal balancer faces the internet, its group does not": { stack: stackWith({ inner: { internal: false } }) },
  "an internal network load balancer that faces the internet": {
    stack: stackWith({
      inner: { internal: false, loadBalancerType: "network", securityGroups: [] },
      innerTargets: { protocol: "TCP" },
      innerListener: { protocol: "TCP" },
      taskGroup: { ingress: [{ ...tcp(4200), cidrBlocks: ["10.0.0.0/8"] }] },
    }),
    ...reject("a network load balancer never authenticates"),
  },
  "an accelerator before the internal balancer": {
    stack: stackWith({ innerGroup: { ingress: [open(80)] } }, ...accelerator),
    ...reject("Global Accelerator takes connections from the internet"),
  },
  "a network load balancer beside it": {
    stack: stackWith(
      {
        service: {
          loadBalancers: [
            { targetGroupArn: ref("tg"), containerName: "prefect", containerPort: 4200 },
            { targetGroupArn: ref("gate"), containerName: "gate", containerPort: 8080 },
            { targetGroupArn: ref("innerTargets"), containerName: "prefect", containerPort: 4200 },
            { targetGroupArn: ref("wireTargets"), containerName: "prefect", containerPort: 4200 },
          ],
        },
        taskGroup: { ingress: [{ ...tcp(4200), cidrBlocks: ["10.0.0.0/8"] }] },
      },
      balancer("wire", { loadBalancerType: "network" }),
      targetGroup("wireTargets", 4200, { protocol: "TCP" }),
      listener("wireListener", "wire", 4200, "TCP", [forwardTo("wireTargets")]),
    ),
    ...reject('aws.lb.LoadBalancer "wire": faces the internet'),
  },
  "a second service of the same task with a public address": {
    stack: stackWith(
      {},
      group("worldGroup", open(4200)),
      declare("aws:ecs/service:Service", "second", {
        taskDefinition: ref("task"),
        networkConfiguration: {
          subnets: ["subnet-1"],
          assignPublicIp: true,
          securityGroups: [ref("worldGroup", "id")],
        },
      }),
    ),
    ...reject('aws.ecs.Service "second": gives its tasks public addresses'),
  },
  "Prefect on loopback behind a gate that asks": {
    stack: stackWith({
      tokens: undefined,
      api: { actions: [refuse] },
      pages: { actions: [refuse] },
      innerListener: undefined,
      innerTargets: undefined,
      service: { loadBalancers: [{ targetGroupArn: ref("gate"), containerName: "gate", containerPort: 8080 }] },
      task: { containerDefinitions: containers(hidden(), gate(gateSite(machinesOnly))) },
    }),
  },
  "the whole API open at the load balancer": {
    stack: stackWith({}, rule("early", 1, [api], [forwardTo("tg")])),
    ...reject('aws.lb.ListenerRule "early"'),
  },
};
