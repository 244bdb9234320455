import {
  alb,
  authString,
  type ContainerPiece,
  containers,
  forward,
  fromAlb,
  gated,
  group,
  hidden,
  listener,
  login,
  nginx,
  oauth2Proxy,
  open,
  prefect,
  service,
  targetGroup,
  task,
} from "../../support/pieces";
import { type Declared, declare, ref } from "../../support/stack";

/** Two stacks of which the pack says nothing. Every case is one of them with one thing changed. */

const serverSettings = { PREFECT_SERVER_API_KEEPALIVE_TIMEOUT: "75" };
const databaseSecrets = ["PREFECT_SERVER_DATABASE_HOST", "PREFECT_SERVER_DATABASE_PASSWORD"];

/** A Prefect server behind a load balancer that logs people in with Cognito. */
export function soundAlb(
  options: { prefect?: Partial<ContainerPiece>; beside?: ContainerPiece[]; definitions?: unknown } = {},
): Declared[] {
  const server = prefect({ environment: serverSettings, secrets: databaseSecrets, ...options.prefect });
  return [
    ...identity("https://prefect.example.com/oauth2/idpresponse"),
    ...balancer(4200, [login({ sessionTimeout: 28_800 }), forward]),
    task(options.definitions ?? containers(server, ...(options.beside ?? []))),
    service({ container: "prefect", port: 4200 }, { desiredCount: 1 }),
    ...data(),
  ];
}

/** A Prefect server behind nginx and oauth2-proxy in its task. */
export function soundGateway(
  options: {
    conf?: string;
    nginx?: Partial<ContainerPiece>;
    proxy?: Record<string, string>;
    proxyPiece?: Partial<ContainerPiece>;
    prefect?: Partial<ContainerPiece>;
  } = {},
): Declared[] {
  const proxy = oauth2Proxy({ ...hardened, ...options.proxy }, options.proxyPiece);
  const server = hidden({
    environment: serverSettings,
    secrets: [...databaseSecrets, ...authString.secrets],
    ...options.prefect,
  });
  return [
    ...identity("https://prefect.example.com/oauth2/callback"),
    ...balancer(8080, [forward]),
    task(containers(server, nginx(options.conf ?? gated, options.nginx), proxy)),
    service({ container: "nginx", port: 8080 }, { desiredCount: 1 }),
    ...data(),
  ];
}

/** The gateway behind a network load balancer without groups, which comes with an address of the VPC. */
export function soundNetwork(options: Parameters<typeof soundGateway>[0] = {}): Declared[] {
  const outer = { loadBalancerArn: ref("alb"), port: 443, protocol: "TCP", defaultActions: [forward] };
  return soundGateway(options)
    .filter(({ name }) => name !== "http" && name !== "albGroup")
    .map((each) => {
      if (each.name === "alb")
        return { ...each, inputs: { loadBalancerType: "network", internal: false, subnets: ["s"] } };
      if (each.name === "taskGroup") return group("taskGroup", { ...fromAlb(8080), securityGroups: [], ...inVpc });
      return each.name === "https" ? { ...each, inputs: outer } : each;
    });
}

/** Another server in a service of its own that listens on this port, for a target group "secondTg". */
export function secondServer(port: number, ...ingress: Record<string, unknown>[]): Declared[] {
  return [
    group("secondGroup", ...ingress),
    declare("aws:ecs/taskDefinition:TaskDefinition", "secondTask", {
      family: "second",
      networkMode: "awsvpc",
      containerDefinitions: containers(
        prefect({
          command: ["prefect", "server", "start", "--host", "0.0.0.0", "--port", String(port)],
          environment: serverSettings,
          secrets: databaseSecrets,
          ports: [port],
        }),
      ),
    }),
    declare("aws:lb/targetGroup:TargetGroup", "secondTg", { port, protocol: "HTTP", targetType: "ip" }),
    declare("aws:ecs/service:Service", "second", {
      taskDefinition: ref("secondTask"),
      networkConfiguration: { subnets: ["s"], securityGroups: [ref("secondGroup", "id")] },
      loadBalancers: [{ targetGroupArn: ref("secondTg"), containerName: "prefect", containerPort: port }],
    }),
  ];
}

const inVpc = { cidrBlocks: ["10.0.0.0/16"] };

const hardened = {
  OAUTH2_PROXY_INSECURE_OIDC_SKIP_NONCE: "false",
  OAUTH2_PROXY_CODE_CHALLENGE_METHOD: "S256",
  OAUTH2_PROXY_REVERSE_PROXY: "true",
  OAUTH2_PROXY_TRUSTED_PROXY_IPS: "127.0.0.1/32",
  OAUTH2_PROXY_REDIRECT_URL: "https://prefect.example.com/oauth2/callback",
  OAUTH2_PROXY_COOKIE_SAMESITE: "lax",
  OAUTH2_PROXY_COOKIE_EXPIRE: "12h",
  OAUTH2_PROXY_COOKIE_REFRESH: "15m",
};

/** A pool where an administrator makes the people, and its client. */
function identity(callback: string): Declared[] {
  return [
    declare("aws:cognito/userPool:UserPool", "pool", { adminCreateUserConfig: { allowAdminCreateUserOnly: true } }),
    declare("aws:cognito/userPoolClient:UserPoolClient", "client", {
      userPoolId: ref("pool", "id"),
      callbackUrls: [callback],
      supportedIdentityProviders: ["COGNITO"],
    }),
  ];
}

function balancer(port: number, actions: unknown[]): Declared[] {
  return [
    group("albGroup", open(443), open(80)),
    group("taskGroup", fromAlb(port)),
    alb({ internal: false, dropInvalidHeaderFields: true }),
    targetGroup(port),
    listener(actions, { sslPolicy: "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09", certificateArn: "arn:c" }),
    declare("aws:lb/listener:Listener", "http", {
      loadBalancerArn: ref("alb"),
      port: 80,
      protocol: "HTTP",
      defaultActions: [{ type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } }],
    }),
  ];
}

/** The database, what is secret, and who may do what. */
function data(): Declared[] {
  return [
    declare("random:index/randomPassword:RandomPassword", "password", { length: 40, result: secretValue }),
    declare("aws:rds/instance:Instance", "database", {
      engine: "postgres",
      storageEncrypted: true,
      backupRetentionPeriod: 7,
      publiclyAccessible: false,
      password: secretValue,
      skipFinalSnapshot: true,
    }),
    declare("aws:secretsmanager/secretVersion:SecretVersion", "secret", {
      secretString: JSON.stringify({ host: "database.example.com", password: secretValue }),
    }),
    declare("aws:iam/rolePolicy:RolePolicy", "start", {
      role: "task",
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          { Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: "*" },
          { Effect: "Allow", Action: ["iam:PassRole"], Resource: "arn:aws:iam::123456789012:role/flows-*" },
        ],
      }),
    }),
  ];
}

/** Never to be in a message. */
export const secretValue = "hunter2-Never-Print-This";

/** The stack with other inputs of one resource; undefined takes one away. */
export function changed(stack: readonly Declared[], name: string, inputs: Record<string, unknown>): Declared[] {
  if (!stack.some((resource) => resource.name === name)) throw new Error(`no ${name} in the stack`);
  return stack.map((resource) =>
    resource.name === name
      ? {
          ...resource,
          inputs: Object.fromEntries(
            Object.entries({ ...resource.inputs, ...inputs }).filter(([, value]) => value !== undefined),
          ),
        }
      : resource,
  );
}
