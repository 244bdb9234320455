import { type Declared, declare, ref } from "./stack";

/** Pieces of which the cases are made. Names: alb, https, tg, service, task, albGroup, taskGroup. */

export interface ContainerPiece {
  name: string;
  image?: string;
  command?: string[];
  entryPoint?: string[];
  environment?: Record<string, string>;
  secrets?: string[];
  environmentFiles?: { type: string; value: string }[];
  ports?: number[];
}

export function containers(...pieces: ContainerPiece[]): string {
  return JSON.stringify(
    pieces.map(({ environment = {}, secrets = [], ports = [], ...rest }) => ({
      ...rest,
      environment: Object.entries(environment).map(([name, value]) => ({ name, value })),
      secrets: secrets.map((name) => ({
        name,
        valueFrom: `arn:aws:secretsmanager:eu-west-1:123456789012:secret:s:${name}::`,
      })),
      portMappings: ports.map((containerPort) => ({ containerPort })),
    })),
  );
}

export function prefect(more: Partial<ContainerPiece> = {}): ContainerPiece {
  return {
    name: "prefect",
    image: "prefecthq/prefect:3.8.8-python3.12",
    command: ["prefect", "server", "start", "--host", "0.0.0.0"],
    ports: [4200],
    ...more,
  };
}

/** Prefect alone in its task, which asks nobody. */
export const bare = containers(prefect());

/** Prefect as it stands behind a gateway. */
export function hidden(more: Partial<ContainerPiece> = {}): ContainerPiece {
  return prefect({ command: ["prefect", "server", "start", "--host", "127.0.0.1"], ports: [], ...more });
}

export const authString = { secrets: ["PREFECT_SERVER_API_AUTH_STRING"] };

export function nginx(conf: string, more: Partial<ContainerPiece> = {}): ContainerPiece {
  return {
    name: "nginx",
    image: "nginxinc/nginx-unprivileged:1.30.4-alpine",
    entryPoint: ["/bin/sh", "-ec"],
    command: [
      `printf '%s\\n' "$HTPASSWD" > /tmp/htpasswd\nprintf '%s' "$NGINX_CONF" > /tmp/nginx.conf\nexec nginx -c /tmp/nginx.conf -g 'daemon off;'\n`,
    ],
    environment: { NGINX_CONF: conf },
    secrets: ["HTPASSWD"],
    ports: [8080],
    ...more,
  };
}

export function oauth2Proxy(
  environment: Record<string, string> = {},
  more: Partial<ContainerPiece> = {},
): ContainerPiece {
  return {
    name: "oauth2-proxy",
    image: "quay.io/oauth2-proxy/oauth2-proxy:v7.15.3-alpine",
    environment: {
      OAUTH2_PROXY_PROVIDER: "oidc",
      OAUTH2_PROXY_UPSTREAMS: "static://202",
      OAUTH2_PROXY_EMAIL_DOMAINS: "*",
      OAUTH2_PROXY_HTTP_ADDRESS: "127.0.0.1:4180",
      ...environment,
    },
    secrets: ["OAUTH2_PROXY_OIDC_ISSUER_URL", "OAUTH2_PROXY_CLIENT_SECRET"],
    ...more,
  };
}

export const authLocation = `location = /oauth2/auth {
  internal;
  proxy_pass_request_body off;
  proxy_set_header Content-Length "";
  proxy_pass http://127.0.0.1:4180;
}`;

/** A server on 8080 whose directives are these. */
export function site(body: string, http = ""): string {
  return `events {}\nhttp {\n${http}\nserver {\nlisten 8080;\n${body}\n}\n}\n`;
}

export const gated = site(`auth_request /oauth2/auth;
location / { proxy_pass http://127.0.0.1:4200; }
location /oauth2/ { auth_request off; proxy_pass http://127.0.0.1:4180; }
${authLocation}`);

/** On Fargate, unless the network mode is one that Fargate does not know. */
export function task(definitions: unknown, more: Record<string, unknown> = {}): Declared {
  const { networkMode = "awsvpc" } = more;
  return declare("aws:ecs/taskDefinition:TaskDefinition", "task", {
    family: "app",
    requiresCompatibilities: [networkMode === "awsvpc" ? "FARGATE" : "EC2"],
    containerDefinitions: definitions,
    ...more,
    networkMode,
  });
}

export function service(
  target: { container: string; port: number } | undefined,
  more: Record<string, unknown> = {},
): Declared {
  const loadBalancers =
    target === undefined
      ? {}
      : { loadBalancers: [{ targetGroupArn: ref("tg"), containerName: target.container, containerPort: target.port }] };
  return declare("aws:ecs/service:Service", "service", {
    taskDefinition: ref("task"),
    networkConfiguration: { subnets: ["subnet-1"], securityGroups: [ref("taskGroup", "id")] },
    ...loadBalancers,
    ...more,
  });
}

export function group(name: string, ...ingress: Record<string, unknown>[]): Declared {
  return declare("aws:ec2/securityGroup:SecurityGroup", name, {
    vpcId: "vpc-1",
    ...(ingress.length > 0 ? { ingress } : {}),
  });
}

export const open = (port: number): Record<string, unknown> => ({
  protocol: "tcp",
  fromPort: port,
  toPort: port,
  cidrBlocks: ["0.0.0.0/0"],
});

export const fromAlb = (port: number): Record<string, unknown> => ({
  protocol: "tcp",
  fromPort: port,
  toPort: port,
  securityGroups: [ref("albGroup", "id")],
});

export function alb(more: Record<string, unknown> = {}, module = "lb"): Declared {
  return declare(`aws:${module}/loadBalancer:LoadBalancer`, "alb", {
    securityGroups: [ref("albGroup", "id")],
    subnets: ["subnet-2", "subnet-3"],
    ...more,
  });
}

export function listener(defaultActions: unknown, more: Record<string, unknown> = {}, module = "lb"): Declared {
  return declare(`aws:${module}/listener:Listener`, "https", {
    loadBalancerArn: ref("alb"),
    port: 443,
    protocol: "HTTPS",
    defaultActions,
    ...more,
  });
}

export function rule(
  name: string,
  priority: number | undefined,
  conditions: unknown,
  actions: unknown,
  module = "lb",
): Declared {
  return declare(`aws:${module}/listenerRule:ListenerRule`, name, {
    listenerArn: ref("https"),
    ...(priority === undefined ? {} : { priority }),
    conditions,
    actions,
  });
}

export function targetGroup(port: number, more: Record<string, unknown> = {}, module = "lb"): Declared {
  return declare(`aws:${module}/targetGroup:TargetGroup`, "tg", {
    port,
    protocol: "HTTP",
    targetType: "ip",
    vpcId: "vpc-1",
    ...more,
  });
}

export const forward = { type: "forward", targetGroupArn: ref("tg") };
export const refuse = { type: "fixed-response", fixedResponse: { contentType: "text/plain", statusCode: "404" } };
export const login = (more: Record<string, unknown> = {}): Record<string, unknown> => ({
  type: "authenticate-cognito",
  authenticateCognito: { userPoolArn: ref("pool"), userPoolClientId: "c", userPoolDomain: "d", ...more },
});
export const path = (...values: string[]): Record<string, unknown> => ({ pathPattern: { values } });

/** A public load balancer in front of a service. */
export function behindAlb(options: {
  definitions: unknown;
  target?: { container: string; port: number };
  actions?: unknown;
  alb?: Record<string, unknown>;
  listener?: Record<string, unknown>;
  albIngress?: Record<string, unknown>[];
  taskIngress?: Record<string, unknown>[];
  service?: Record<string, unknown>;
  task?: Record<string, unknown>;
  module?: string;
  more?: Declared[];
}): Declared[] {
  const target = options.target ?? { container: "prefect", port: 4200 };
  const { module = "lb" } = options;
  return [
    group("albGroup", ...(options.albIngress ?? [open(443)])),
    group("taskGroup", ...(options.taskIngress ?? [fromAlb(target.port)])),
    alb(options.alb, module),
    targetGroup(target.port, {}, module),
    listener(options.actions ?? [forward], options.listener, module),
    task(options.definitions, options.task),
    service(target, options.service),
    ...(options.more ?? []),
  ];
}

/** The same with a gateway in the task. */
export function behindGateway(
  conf: string,
  options: {
    proxy?: Record<string, string>;
    /** Further changes to oauth2-proxy's container. */
    piece?: Partial<ContainerPiece>;
    prefect?: ContainerPiece;
    nginx?: Partial<ContainerPiece>;
  } = {},
): Declared[] {
  return behindAlb({
    definitions: containers(
      options.prefect ?? hidden(authString),
      nginx(conf, options.nginx),
      oauth2Proxy(options.proxy, options.piece),
    ),
    target: { container: "nginx", port: 8080 },
  });
}
