import {
  alb,
  authString,
  behindAlb,
  containers,
  fromAlb,
  forward,
  gated,
  group,
  listener,
  login,
  nginx,
  oauth2Proxy,
  open,
  path,
  prefect,
  refuse,
  rule,
  service,
  targetGroup,
  task,
} from "../support/pieces";
import { built, type Declared, declare, ref } from "../support/stack";
import { type Cases, cannotTell, reject } from "./case";

const bare = containers(prefect());

const tokensOf = (issuer: string): Record<string, unknown> => ({
  type: "jwt-validation",
  jwtValidation: { issuer, jwksEndpoint: "https://login.example.com/keys" },
});
const sourceIp = (...values: string[]): Record<string, unknown> => ({ sourceIp: { values } });

function networkBalancer(
  more: Record<string, unknown> = {},
  taskIngress = [open(4200)],
  groupMore: Record<string, unknown> = {},
): Declared[] {
  return [
    group("taskGroup", ...taskIngress),
    declare("aws:lb/loadBalancer:LoadBalancer", "alb", { loadBalancerType: "network", subnets: ["a"], ...more }),
    targetGroup(4200, { protocol: "TCP", ...groupMore }),
    listener([forward], { protocol: "TLS" }),
    task(bare),
    service({ container: "prefect", port: 4200 }),
  ];
}

/** A login before Prefect, none before the gate of the same task; the service names the groups of the two. */
function twoGroups(ofPrefect: string, ofGate: string): Declared[] {
  return behindAlb({
    definitions: containers(prefect(), nginx(gated), oauth2Proxy()),
    actions: [login(), forward],
    taskIngress: [fromAlb(4200), fromAlb(8080)],
    service: {
      loadBalancers: [
        { targetGroupArn: ref(ofPrefect), containerName: "prefect", containerPort: 4200 },
        { targetGroupArn: ref(ofGate), containerName: "nginx", containerPort: 8080 },
      ],
    },
    more: [
      declare("aws:lb/targetGroup:TargetGroup", "gate", { port: 8080, protocol: "HTTP", targetType: "ip" }),
      rule("open", 1, [path("/machines/*")], [{ type: "forward", targetGroupArn: ref("gate") }]),
    ],
  });
}

export const loadBalancerCases: Cases = {
  "an ALB that forwards straight to Prefect": {
    stack: behindAlb({ definitions: bare }),
    ...reject(
      'aws.lb.LoadBalancer "alb": faces the internet',
      'aws.ec2.SecurityGroup "albGroup" admits the internet to port 443',
      'aws.lb.Listener "https"',
      'aws.lb.TargetGroup "tg"',
      'aws.ecs.Service "service"',
      'container "prefect" is a Prefect API server on port 4200',
      "PREFECT_SERVER_API_AUTH_STRING is not set",
      "authenticate-oidc or authenticate-cognito",
    ),
  },
  "the same with aws.alb": {
    stack: behindAlb({ definitions: bare, module: "alb" }),
    ...reject('aws.alb.LoadBalancer "alb"', 'aws.alb.Listener "https"'),
  },
  "an ALB that says internal: false": {
    stack: behindAlb({ definitions: bare, alb: { internal: false } }),
    ...reject("faces the internet"),
  },
  "an internal ALB": { stack: behindAlb({ definitions: bare, alb: { internal: true } }) },
  "an ALB whose internal is not known": {
    stack: behindAlb({ definitions: bare, alb: { internal: built(["taskGroup"], "true") } }),
    preview: { cannotTell: ["may reach", "internal is not known"] },
  },
  "an ALB without security groups, hence in the VPC's closed default group": {
    stack: behindAlb({ definitions: bare }).map((r) =>
      r.name === "alb" ? declare(r.type, r.name, { subnets: ["a"] }) : r,
    ),
  },
  "an ALB in a default group that the stack opens": {
    stack: [
      ...behindAlb({ definitions: bare, taskIngress: [open(4200)] }).map((r) =>
        r.name === "alb" ? declare(r.type, r.name, { subnets: ["a"] }) : r,
      ),
      declare("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "default", { vpcId: "vpc-1", ingress: [open(443)] }),
    ],
    ...reject('aws.ec2.DefaultSecurityGroup "default" admits the internet'),
  },
  "a login on the default action": { stack: behindAlb({ definitions: bare, actions: [login(), forward] }) },
  "a login with another case and order": {
    stack: behindAlb({
      definitions: bare,
      actions: [
        { ...forward, type: "Forward", order: 2 },
        { ...login({ onUnauthenticatedRequest: "DENY" }), type: "Authenticate-Cognito", order: 1 },
      ],
    }),
  },
  "a login that lets strangers pass": {
    stack: behindAlb({ definitions: bare, actions: [login({ onUnauthenticatedRequest: "allow" }), forward] }),
    ...reject("onUnauthenticatedRequest lets requests without a session pass"),
  },
  "a login whose onUnauthenticatedRequest is not known": {
    stack: behindAlb({
      definitions: bare,
      actions: [login({ onUnauthenticatedRequest: built(["taskGroup"], "deny") }), forward],
    }),
    preview: { cannotTell: ["onUnauthenticatedRequest is not known"] },
  },
  "an action list that is not known at all": {
    stack: behindAlb({
      definitions: bare,
      actions: { $of: "tg", $attribute: "", $value: [{ type: "forward", targetGroupArn: "arn:tg" }] },
    }),
    ...reject('aws.lb.Listener "https"'),
    preview: { cannotTell: ['aws.lb.Listener "https"'] },
  },
  "a default that refuses and a rule that forwards without a login": {
    stack: behindAlb({ definitions: bare, actions: [refuse], more: [rule("api", 10, [path("/api/*")], [forward])] }),
    ...reject(
      'aws.lb.ListenerRule "api": its conditions (paths, hosts, headers, methods) are the caller\'s choice',
      'actions of aws.lb.ListenerRule "api"',
    ),
  },
  "a login on /api only, with an open default": {
    stack: behindAlb({
      definitions: bare,
      actions: [forward],
      more: [rule("api", 10, [path("/api/*")], [login(), forward])],
    }),
    ...reject("its default action forwards without an authenticate action"),
  },
  "a deny rule on /api with an open default": {
    stack: behindAlb({ definitions: bare, actions: [forward], more: [rule("api", 10, [path("/api/*")], [refuse])] }),
    ...reject("its default action"),
  },
  "a rule for everything that logs in, before an open default": {
    stack: behindAlb({
      definitions: bare,
      actions: [forward],
      more: [rule("all", 10, [path("/*")], [login(), forward])],
    }),
  },
  "a secret header in place of a login": {
    stack: behindAlb({
      definitions: bare,
      actions: [refuse],
      more: [rule("secret", 10, [{ httpHeader: { httpHeaderName: "X-Secret", values: ["s3cr3t-value"] } }], [forward])],
    }),
    ...reject("aws.lb.ListenerRule"),
  },
  "an allow-list of source addresses": {
    stack: behindAlb({
      definitions: bare,
      actions: [refuse],
      more: [rule("office", 10, [sourceIp("203.0.113.0/24")], [forward])],
    }),
  },
  "an allow-list that is the internet in two halves": {
    stack: behindAlb({
      definitions: bare,
      actions: [refuse],
      more: [rule("office", 10, [sourceIp("0.0.0.0/1", "128.0.0.0/1")], [forward])],
    }),
    ...reject("aws.lb.ListenerRule"),
  },
  "the health check, GET only, open beside a login": {
    stack: behindAlb({
      definitions: bare,
      actions: [login(), forward],
      more: [rule("health", 1, [path("/api/health"), { httpRequestMethod: { values: ["GET"] } }], [forward])],
    }),
  },
  "the health check open for every method": {
    stack: behindAlb({
      definitions: bare,
      actions: [login(), forward],
      more: [rule("health", 1, [path("/api/health")], [forward])],
    }),
    ...reject('"health"'),
  },
  "a weighted forward with weight 0": {
    stack: behindAlb({
      definitions: bare,
      actions: [{ type: "forward", forward: { targetGroups: [{ arn: ref("tg"), weight: 0 }] } }],
    }),
    ...reject('aws.lb.TargetGroup "tg"'),
  },
  "client certificates that are verified": {
    stack: behindAlb({
      definitions: bare,
      listener: { mutualAuthentication: { mode: "verify", trustStoreArn: "arn:store" } },
    }),
  },
  "client certificates that are only passed through": {
    stack: behindAlb({ definitions: bare, listener: { mutualAuthentication: { mode: "passthrough" } } }),
    ...reject('aws.lb.Listener "https"'),
  },
  "tokens of an own issuer": {
    stack: behindAlb({
      definitions: bare,
      actions: [tokensOf("https://login.example.com"), forward],
    }),
  },
  "tokens that anyone can get": {
    stack: behindAlb({
      definitions: bare,
      actions: [tokensOf("https://token.actions.githubusercontent.com"), forward],
    }),
    ...reject("public issuer"),
  },
  "tokens of an issuer whose name only begins like a public one's": {
    stack: behindAlb({
      definitions: bare,
      actions: [tokensOf("https://token.actions.githubusercontent.com.example.com"), forward],
    }),
  },
  "tokens of a public issuer with a port and a path": {
    stack: behindAlb({
      definitions: bare,
      actions: [tokensOf("https://Token.Actions.GithubUserContent.com:443/acme"), forward],
    }),
    ...reject("public issuer"),
  },
  "tokens of a public issuer for one audience": {
    stack: behindAlb({
      definitions: bare,
      actions: [
        {
          type: "jwt-validation",
          jwtValidation: {
            issuer: "https://token.actions.githubusercontent.com",
            jwksEndpoint: "https://x",
            additionalClaims: [{ name: "repository_owner", format: "single-string", values: ["acme"] }],
          },
        },
        forward,
      ],
    }),
  },
  "Prefect's own auth string": { stack: behindAlb({ definitions: containers(prefect(authString)) }) },
  "an empty auth string": {
    stack: behindAlb({ definitions: containers(prefect({ environment: { PREFECT_SERVER_API_AUTH_STRING: "" } })) }),
    ...reject("PREFECT_SERVER_API_AUTH_STRING is empty"),
  },
  "the client's auth string in place of the server's": {
    stack: behindAlb({ definitions: containers(prefect({ secrets: ["PREFECT_API_AUTH_STRING"] })) }),
    ...reject("is not set on it"),
  },
  "an auth string on a version that ignores it": {
    stack: behindAlb({
      definitions: containers(prefect({ ...authString, image: "prefecthq/prefect:3.1.7-python3.12" })),
    }),
    ...reject("ignores the auth string"),
  },
  "Prefect 2": {
    stack: behindAlb({
      definitions: containers(
        prefect({ ...authString, image: "docker.io/prefecthq/prefect:2.20.1", command: ["prefect", "orion", "start"] }),
      ),
    }),
    ...reject("ignores the auth string"),
  },
  "a worker of the same image": {
    stack: behindAlb({
      definitions: containers(prefect({ command: ["prefect", "worker", "start", "--pool", "p"], ports: [8080] })),
      target: { container: "prefect", port: 8080 },
    }),
  },
  "another application on an open ALB": {
    stack: behindAlb({
      definitions: containers({ name: "web", image: "acme/web:1", ports: [80] }),
      target: { container: "web", port: 80 },
    }),
  },
  "another application whose definitions are not known": {
    stack: behindAlb({
      definitions: built(["albGroup"], containers({ name: "web", image: "acme/web:1", ports: [80] })),
      target: { container: "web", port: 80 },
    }),
  },
  "Prefect whose definitions are not known in preview": {
    stack: behindAlb({ definitions: built(["albGroup"], bare) }),
    ...reject('aws.ecs.Service "service"'),
    preview: {
      cannotTell: ["may reach", 'built from outputs of aws.ec2.SecurityGroup "albGroup"', "secrets[].valueFrom"],
    },
  },
  "Prefect whose definitions hold a generated password that is not known in preview": {
    stack: behindAlb({
      definitions: built(["password"], bare),
      more: [declare("random:index/randomPassword:RandomPassword", "password", { length: 32 })],
    }),
    ...reject('aws.ecs.Service "service"'),
    preview: { cannotTell: ['built from outputs of random.RandomPassword "password"'] },
  },
  "a task definition outside the stack, on Prefect's port": {
    stack: behindAlb({ definitions: bare, service: { taskDefinition: "prefect-server:12" } }).filter(
      ({ name }) => name !== "task",
    ),
    ...cannotTell("may reach", "is not in this stack"),
  },
  "a task definition by its family and revision": {
    stack: behindAlb({ definitions: bare, service: { taskDefinition: built(["task"], "app:7") } }),
    ...reject('container "prefect" is a Prefect API server on port 4200'),
  },
  "an auth string in small letters": {
    stack: behindAlb({ definitions: containers(prefect({ secrets: ["prefect_server_api_auth_string"] })) }),
  },
  "an auth string beside an empty one in small letters": {
    stack: behindAlb({
      definitions: containers(prefect({ ...authString, environment: { prefect_server_api_auth_string: "" } })),
    }),
    ...reject("PREFECT_SERVER_API_AUTH_STRING is empty"),
  },
  "an auth string on an image without a version": {
    stack: behindAlb({ definitions: containers(prefect({ ...authString, image: "acme/prefect-server@sha256:00" })) }),
    ...cannotTell("the Prefect version of its image cannot be seen"),
  },
  "an auth string that the command takes away": {
    stack: behindAlb({
      definitions: containers(
        prefect({
          ...authString,
          entryPoint: ["env", "-u", "PREFECT_SERVER_API_AUTH_STRING"],
        }),
      ),
    }),
    ...reject("its command touches PREFECT_SERVER_API_AUTH_STRING"),
  },
  "an auth string that the command may drop": {
    stack: behindAlb({ definitions: containers(prefect({ ...authString, entryPoint: ["env", "-i"] })) }),
    ...cannotTell("its command may drop its environment"),
  },
  "a login on a listener of another stack's balancer": {
    stack: [
      group("taskGroup", open(4200)),
      targetGroup(4200),
      rule("rule", 5, [path("/*")], [login(), forward]),
      task(bare),
      service({ container: "prefect", port: 4200 }),
    ],
  },
  "no login on a listener of another stack's balancer": {
    stack: [
      group("taskGroup", open(4200)),
      targetGroup(4200),
      rule("rule", 5, [path("/*")], [forward]),
      task(bare),
      service({ container: "prefect", port: 4200 }),
    ],
    ...cannotTell("may reach", "not in this stack", 'aws.lb.ListenerRule "rule"'),
  },
  "a target group of another stack": {
    stack: [
      group("taskGroup", open(4200)),
      task(bare),
      service(undefined, {
        loadBalancers: [{ targetGroupArn: "arn:elsewhere", containerName: "prefect", containerPort: 4200 }],
      }),
    ],
    ...cannotTell("a target group that is not in this stack"),
  },
  "task groups that keep the balancer out": { stack: behindAlb({ definitions: bare, taskIngress: [fromAlb(9999)] }) },
  "a public NLB": {
    stack: networkBalancer(),
    ...reject("a network load balancer never authenticates", "it has no security group"),
  },
  "an internal NLB": { stack: networkBalancer({ internal: true }) },
  "an NLB whose groups admit an office": {
    stack: [
      ...networkBalancer({ securityGroups: [ref("albGroup", "id")] }),
      group("albGroup", { protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["203.0.113.0/24"] }),
    ],
  },
  "an NLB before tasks that admit the VPC only": {
    stack: networkBalancer({}, [{ protocol: "tcp", fromPort: 4200, toPort: 4200, cidrBlocks: ["10.0.0.0/16"] }]),
    ...reject("a network load balancer never authenticates"),
  },
  "an NLB that keeps client addresses before tasks that admit the VPC only": {
    stack: networkBalancer({}, [{ protocol: "tcp", fromPort: 4200, toPort: 4200, cidrBlocks: ["10.0.0.0/16"] }], {
      preserveClientIp: "true",
    }),
  },
  "an NLB that keeps client addresses before tasks that admit its group beside the VPC": {
    stack: [
      ...networkBalancer(
        { securityGroups: [ref("albGroup", "id")] },
        [fromAlb(4200), { protocol: "tcp", fromPort: 4200, toPort: 4200, cidrBlocks: ["10.0.0.0/16"] }],
        { preserveClientIp: "true" },
      ),
      group("albGroup", open(443)),
    ],
    ...reject("a network load balancer never authenticates"),
  },
  "a dual-stack NLB that keeps client addresses before tasks that admit the VPC only": {
    stack: networkBalancer(
      { ipAddressType: "dualstack" },
      [{ protocol: "tcp", fromPort: 4200, toPort: 4200, cidrBlocks: ["10.0.0.0/16"] }],
      { preserveClientIp: "true" },
    ),
    ...reject("a network load balancer never authenticates"),
  },
  "an open default that earlier rules leave to IPv6": {
    stack: behindAlb({
      definitions: bare,
      actions: [forward],
      albIngress: [{ ...open(443), ipv6CidrBlocks: ["::/0"] }],
      more: [
        rule("half", 1, [sourceIp("0.0.0.0/1")], [login(), forward]),
        rule("other-half", 2, [sourceIp("128.0.0.0/1"), path("/*")], [refuse]),
      ],
    }),
    ...reject("its default action forwards without an authenticate action"),
  },
  "an open default that earlier rules leave nothing of, by addresses": {
    stack: behindAlb({
      definitions: bare,
      actions: [forward],
      more: [
        rule("half", 1, [sourceIp("0.0.0.0/1")], [login(), forward]),
        rule("other-half", 2, [sourceIp("128.0.0.0/1"), path("/*")], [refuse]),
      ],
    }),
  },
  "an open rule behind one that takes all of it": {
    stack: behindAlb({
      definitions: bare,
      actions: [refuse],
      more: [
        rule("first", 1, [path("/api/*", "/ui*")], [login(), forward]),
        rule("second", 2, [path("/api/flows/*", "/ui?"), { hostHeader: { values: ["a.example.com"] } }], [forward]),
      ],
    }),
  },
  "an open rule behind one that takes some of it": {
    stack: behindAlb({
      definitions: bare,
      actions: [refuse],
      more: [
        rule("first", 1, [path("/api/flows/*")], [login(), forward]),
        rule("second", 2, [path("/api/*")], [forward]),
      ],
    }),
    ...reject('aws.lb.ListenerRule "second"'),
  },
  "a public NLB in front of an internal ALB": {
    stack: [
      ...behindAlb({ definitions: bare, alb: { internal: true }, albIngress: [open(443)] }),
      declare("aws:lb/loadBalancer:LoadBalancer", "nlb", { loadBalancerType: "network", subnets: ["a"] }),
      declare("aws:lb/targetGroup:TargetGroup", "nlbTargets", {
        port: 443,
        protocol: "TCP",
        targetType: "alb",
        vpcId: "vpc-1",
      }),
      declare("aws:lb/targetGroupAttachment:TargetGroupAttachment", "attachment", {
        targetGroupArn: ref("nlbTargets"),
        targetId: ref("alb"),
        port: 443,
      }),
      declare("aws:lb/listener:Listener", "nlbListener", {
        loadBalancerArn: ref("nlb"),
        port: 443,
        protocol: "TCP",
        defaultActions: [{ type: "forward", targetGroupArn: ref("nlbTargets") }],
      }),
    ],
    ...reject('aws.lb.LoadBalancer "nlb"', 'aws.lb.LoadBalancer "alb": is its target'),
  },
  "a classic load balancer": {
    stack: [
      group("albGroup", open(80)),
      declare("aws:elb/loadBalancer:LoadBalancer", "elb", {
        securityGroups: [ref("albGroup", "id")],
        listeners: [{ lbPort: 80, lbProtocol: "http", instancePort: 4200 }],
      }),
      task(bare, { networkMode: "bridge" }),
      declare("aws:ecs/service:Service", "service", {
        taskDefinition: ref("task"),
        loadBalancers: [{ elbName: ref("elb", "id"), containerName: "prefect", containerPort: 4200 }],
      }),
    ],
    ...reject("a classic load balancer cannot authenticate"),
  },
  "two balancers, of which the internal one is open": {
    stack: [
      ...behindAlb({
        definitions: bare,
        actions: [login(), forward],
        service: {
          loadBalancers: [
            { targetGroupArn: ref("tg"), containerName: "prefect", containerPort: 4200 },
            { targetGroupArn: ref("innerTargets"), containerName: "prefect", containerPort: 4200 },
          ],
        },
      }),
      declare("aws:lb/loadBalancer:LoadBalancer", "inner", { internal: true, securityGroups: [ref("albGroup", "id")] }),
      declare("aws:lb/targetGroup:TargetGroup", "innerTargets", { port: 4200, protocol: "HTTP", targetType: "ip" }),
      declare("aws:lb/listener:Listener", "innerListener", {
        loadBalancerArn: ref("inner"),
        port: 80,
        protocol: "HTTP",
        defaultActions: [{ type: "forward", targetGroupArn: ref("innerTargets") }],
      }),
    ],
  },
  "two target groups of one service, told apart by their ports in preview": { stack: twoGroups("tg", "gate") },
  // Pulumi records that loadBalancers depends on both, not which entry names which: preview takes them by their ports.
  "two target groups of one service that its entries swap": {
    stack: twoGroups("gate", "tg"),
    ...reject('aws.lb.ListenerRule "open"', 'aws.lb.TargetGroup "gate"', 'on port 4200 of container "prefect"'),
    preview: {},
  },
  "a balancer without a listener": {
    stack: [
      group("albGroup", open(443)),
      alb(),
      targetGroup(4200),
      task(bare),
      group("taskGroup"),
      service({ container: "prefect", port: 4200 }),
    ],
  },
};
