import { containers, login, nginx, open, prefect, refuse, site } from "./pieces";
import { type Declared, declare, ref } from "./stack";

/**
 * The stack in which the load balancer logs people in (`access: alb` of this repository's program): Prefect on 4200 and a
 * small nginx, the gate, on 8080 in one task; a public balancer with a login on every rule that reaches Prefect; an
 * internal one without for the workers.
 */
export function albMode(): Declared[] {
  return [
    group("albGroup", open(443), open(80)),
    group("workerGroup"),
    group("innerGroup", { ...tcp(80), securityGroups: [ref("workerGroup", "id")], cidrBlocks: ["10.20.0.0/16"] }),
    group(
      "taskGroup",
      { ...tcp(4200), securityGroups: [ref("albGroup", "id"), ref("innerGroup", "id")] },
      { ...tcp(8080), securityGroups: [ref("albGroup", "id")] },
    ),
    balancer("alb", { securityGroups: [ref("albGroup", "id")] }),
    balancer("inner", { internal: true, securityGroups: [ref("innerGroup", "id")] }),
    declare("aws:cognito/userPool:UserPool", "pool", {}),
    targetGroup("tg", 4200),
    targetGroup("gate", 8080),
    targetGroup("innerTargets", 4200),
    listener("https", "alb", 443, "HTTPS", [refuse]),
    listener("http", "alb", 80, "HTTP", [
      { type: "redirect", redirect: { protocol: "HTTPS", statusCode: "HTTP_301" } },
    ]),
    listener("innerListener", "inner", 80, "HTTP", [forwardTo("innerTargets")]),
    rule("tokens", 10, [api, header("Authorization", "Bearer *")], [token(), forwardTo("tg")]),
    rule("machines", 20, [api, header("Authorization", "Basic *")], [forwardTo("gate")]),
    rule("sockets", 30, [header("Sec-WebSocket-Key", "*")], [refuse]),
    rule("otherSites", 40, [api, header("Sec-Fetch-Site", "cross-site", "same-site")], [refuse]),
    rule("signOut", 50, [paths("/sign-out"), method("POST")], [login(), forwardTo("gate")]),
    rule("signedOut", 60, [paths("/sign-out", "/signed-out")], [refuse]),
    rule("api", 70, [api], [login({ onUnauthenticatedRequest: "deny" }), forwardTo("tg")]),
    rule("pages", 80, [paths("/", "/*")], [login(), forwardTo("tg")]),
    declare("aws:ecs/taskDefinition:TaskDefinition", "task", {
      family: "prefect",
      networkMode: "awsvpc",
      containerDefinitions: containers(prefect(), gate(gateSite(machinesOnly))),
    }),
    declare("aws:ecs/service:Service", "service", {
      taskDefinition: ref("task"),
      networkConfiguration: { subnets: ["subnet-1"], securityGroups: [ref("taskGroup", "id")] },
      loadBalancers: [
        { targetGroupArn: ref("tg"), containerName: "prefect", containerPort: 4200 },
        { targetGroupArn: ref("gate"), containerName: "gate", containerPort: 8080 },
        { targetGroupArn: ref("innerTargets"), containerName: "prefect", containerPort: 4200 },
      ],
    }),
    declare("aws:ecs/taskDefinition:TaskDefinition", "workerTask", {
      family: "worker",
      networkMode: "awsvpc",
      containerDefinitions: containers(
        prefect({ name: "worker", command: ["prefect", "worker", "start", "--pool", "default"], ports: [] }),
      ),
    }),
    declare("aws:ecs/service:Service", "workers", {
      taskDefinition: ref("workerTask"),
      networkConfiguration: { subnets: ["subnet-1"], securityGroups: [ref("workerGroup", "id")] },
    }),
  ];
}

/** The same with other inputs of some resources; undefined takes one away. */
export function albModeWith(
  changes: Record<string, Record<string, unknown> | undefined>,
  ...added: Declared[]
): Declared[] {
  const stack = albMode();
  for (const name of Object.keys(changes))
    if (!stack.some((each) => each.name === name)) throw new Error(`no resource ${name} in the stack`);
  const kept = stack.filter(({ name }) => !(name in changes) || changes[name] !== undefined);
  return [...kept.map((each) => ({ ...each, inputs: { ...each.inputs, ...changes[each.name] } })), ...added];
}

export const tcp = (port: number): { protocol: string; fromPort: number; toPort: number } => ({
  protocol: "tcp",
  fromPort: port,
  toPort: port,
});

export function group(name: string, ...ingress: Record<string, unknown>[]): Declared {
  return declare("aws:ec2/securityGroup:SecurityGroup", name, { vpcId: "vpc-1", ingress });
}

export function balancer(name: string, inputs: Record<string, unknown>): Declared {
  return declare("aws:lb/loadBalancer:LoadBalancer", name, { subnets: ["subnet-2", "subnet-3"], ...inputs });
}

export function targetGroup(name: string, port: number, inputs: Record<string, unknown> = {}): Declared {
  return declare("aws:lb/targetGroup:TargetGroup", name, { port, protocol: "HTTP", targetType: "ip", ...inputs });
}

export function listener(name: string, of: string, port: number, protocol: string, defaultActions: unknown): Declared {
  return declare("aws:lb/listener:Listener", name, { loadBalancerArn: ref(of), port, protocol, defaultActions });
}

export function rule(name: string, priority: number, conditions: unknown[], actions: unknown[]): Declared {
  const host = { hostHeader: { values: ["prefect.example.com"] } };
  return declare("aws:lb/listenerRule:ListenerRule", name, {
    listenerArn: ref("https"),
    priority,
    conditions: [host, ...conditions],
    actions,
  });
}

export const forwardTo = (name: string): Record<string, unknown> => ({ type: "forward", targetGroupArn: ref(name) });
export const paths = (...values: string[]): Record<string, unknown> => ({ pathPattern: { values } });
export const api = paths("/api", "/api/*");
export const method = (...values: string[]): Record<string, unknown> => ({ httpRequestMethod: { values } });
export const header = (httpHeaderName: string, ...values: string[]): Record<string, unknown> => ({
  httpHeader: { httpHeaderName, values },
});

/** Tokens of a repository's GitHub Actions. */
export function token(
  claims: Record<string, string> = { aud: "prefect", repository: "acme/flows" },
): Record<string, unknown> {
  return {
    type: "jwt-validation",
    jwtValidation: {
      issuer: "https://token.actions.githubusercontent.com",
      jwksEndpoint: "https://token.actions.githubusercontent.com/.well-known/jwks",
      additionalClaims: Object.entries(claims).map(([name, value]) => ({
        name,
        format: "single-string",
        values: [value],
      })),
    },
  };
}

export function gate(conf: string): ReturnType<typeof nginx> {
  return nginx(conf, { name: "gate" });
}

/** What the gate serves: a sign-out that expires the load balancer's cookies, and this under /api. */
export function gateSite(underApi: string): string {
  return site(`location = /sign-out {
add_header Set-Cookie "AWSELBAuthSessionCookie-0=; Max-Age=0; Path=/; Secure" always;
return 302 https://login.example.com/logout;
}
location /api/ { ${underApi} }
location / { return 404; }`);
}

export const toPrefect = "proxy_pass http://127.0.0.1:4200;";
export const machinesOnly = `auth_basic Prefect; auth_basic_user_file /tmp/htpasswd; proxy_set_header Authorization ""; ${toPrefect}`;
