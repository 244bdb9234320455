import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { nginxConf } from "../../render/nginx";
import { System, type SystemArgs } from "../../components/system";
import { assertGolden } from "../support/golden";
import { build, type Registered, type World } from "../support/world";

const args: SystemArgs = {
  access: "gateway",
  path: "/",
  workersEndpoint: "public",
  internal: { domain: "prefect.internal", loadBalancer: "application", allowedCidrs: [] },
  domain: "prefect.example.com",
  hostedZone: "example.com",
  identity: { type: "cognito", mfa: "optional" },
  allowedGroups: ["data-team"],
  session: { lifetimeHours: 12, refreshMinutes: 15 },
  deletionProtection: true,
  network: { type: "new", cidr: "10.0.0.0/16", availabilityZones: 2, natGateways: "single" },
  database: { instanceClass: "db.t4g.micro", allocatedStorageGb: 20, backupRetentionDays: 7 },
  server: { cpu: 512, memoryMiB: 2048 },
  workers: { pool: "default", count: 2, cpu: 512, memoryMiB: 1024 },
  logRetentionDays: 30,
};
const system = (changes: Partial<SystemArgs> = {}) => new System("prefect", { ...args, ...changes });
const secretArn = (name: string) => `arn:aws:secretsmanager:eu-west-1:123456789012:secret:${name}-0a1b2c3`;
const password = "p".repeat(40);

describe("System", function () {
  // The AWS SDK is loaded on first use.
  this.timeout(20_000);
  let world: World;
  let preview: World;
  before(async () => {
    preview = await build(() => system(), { preview: true });
    world = await build(() => system());
  });

  it("is these resources", () => {
    const lines = world.resources.map(({ type, name }) => `${type} ${name}`).sort();
    assertGolden("resources.txt", `${lines.join("\n")}\n`);
  });

  it("registers the same in a preview, where nothing that AWS computes is known", () => {
    const names = ({ resources }: World) => resources.map(({ type, name }) => `${type} ${name}`).sort();
    assert.deepEqual(names(preview), names(world));
  });

  it("parents every resource and begins its name with its parent's", () => {
    for (const { type, name, parent } of world.resources.filter((one) => one.name !== "prefect")) {
      assert.ok(parent, `${type} ${name} has no parent`);
      assert.ok(name === parent || name.startsWith(`${parent}-`), `${type} ${name} under ${parent}`);
    }
  });

  it("keeps names within what AWS takes with Pulumi's eight characters behind them", () => {
    for (const { type, name } of world.resources) {
      if (/^aws:lb\/(loadBalancer|targetGroup):/.test(type)) assert.ok(name.length <= 24, name);
      if (type === "aws:iam/role:Role") assert.ok(name.length <= 56, name);
    }
  });

  describe("the load balancer", () => {
    it("only redirects on port 80", () => {
      const { inputs } = world.only("aws:lb/listener:Listener", "prefect-lb-http");
      assert.deepEqual([inputs.port, inputs.protocol], [80, "HTTP"]);
      assert.deepEqual(inputs.defaultActions, [
        {
          type: "redirect",
          redirect: { protocol: "HTTPS", port: "443", host: "prefect.example.com", statusCode: "HTTP_301" },
        },
      ]);
    });

    it("forwards on port 443 for the domain alone", () => {
      const { inputs } = world.only("aws:lb/listener:Listener", "prefect-lb-https");
      assert.deepEqual(
        [inputs.port, inputs.protocol, inputs.sslPolicy],
        [443, "HTTPS", "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"],
      );
      assert.equal(inputs.defaultActions[0].type, "fixed-response");
      const rule = world.only("aws:lb/listenerRule:ListenerRule").inputs;
      assert.deepEqual(rule.conditions, [{ hostHeader: { values: ["prefect.example.com"] } }]);
      assert.deepEqual(
        rule.actions.map((action: { type: string }) => action.type),
        ["forward"],
      );
      assert.equal(world.all("aws:lb/listener:Listener").length, 2);
    });

    it("drops odd headers, refuses ambiguous requests and cannot be deleted by mistake", () => {
      const { inputs } = world.only("aws:lb/loadBalancer:LoadBalancer");
      assert.equal(inputs.dropInvalidHeaderFields, true);
      assert.equal(inputs.desyncMitigationMode, "strictest");
      assert.equal(inputs.enableDeletionProtection, true);
      assert.equal(inputs.internal, false);
      assert.deepEqual(inputs.subnets, ["subnet-a1", "subnet-a2"]);
    });

    it("uses a given certificate, and then makes none", async () => {
      const certificateArn = "arn:aws:acm:eu-west-1:123456789012:certificate/1";
      const given = await build(() => system({ certificateArn, hostedZone: undefined }));
      assert.equal(given.only("aws:lb/listener:Listener", "prefect-lb-https").inputs.certificateArn, certificateArn);
      assert.equal(given.all("aws:acm/certificate:Certificate").length, 0);
      assert.equal(given.all("aws:route53/record:Record").length, 0);
    });
  });

  it("opens these ports and no others", () => {
    const rule = ({ type, inputs }: Registered) =>
      [
        type.includes("Ingress") ? "to" : "from",
        inputs.securityGroupId.replace(/-id$/, ""),
        inputs.ipProtocol,
        `${inputs.fromPort}-${inputs.toPort}`,
        inputs.cidrIpv4 ?? inputs.referencedSecurityGroupId.replace(/-id$/, ""),
      ].join(" ");
    const rules = [
      ...world.all("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"),
      ...world.all("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"),
    ];
    assert.deepEqual(rules.map(rule).sort(), [
      "from prefect-lb-access tcp 8080-8080 prefect-server-access",
      "from prefect-server-access tcp 443-443 0.0.0.0/0",
      "from prefect-server-access tcp 5432-5432 prefect-db-access",
      "from prefect-worker-access tcp 443-443 0.0.0.0/0",
      "to prefect-db-access tcp 5432-5432 prefect-server-access",
      "to prefect-lb-access tcp 443-443 0.0.0.0/0",
      "to prefect-lb-access tcp 80-80 0.0.0.0/0",
      "to prefect-server-access tcp 8080-8080 prefect-lb-access",
    ]);
    for (const { inputs } of world.all("aws:ec2/securityGroup:SecurityGroup")) {
      assert.deepEqual([inputs.ingress, inputs.egress], [undefined, undefined]);
    }
  });

  it("gives each task an execution role for its own secrets and logs, and a task role for nothing", () => {
    const statements = (role: string) =>
      JSON.parse(world.only("aws:iam/rolePolicy:RolePolicy", role).inputs.policy).Statement;
    const logs = (group: string) => ({
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: `arn:aws:logs:eu-west-1:123456789012:log-group:${group}-0a1b2c3:log-stream:*`,
    });
    const secrets = (...names: string[]) => ({
      Effect: "Allow",
      Action: "secretsmanager:GetSecretValue",
      Resource: names.map((name) => `${secretArn(name)}-??????`),
    });
    assert.deepEqual(statements("prefect-server-start"), [
      logs("prefect-server-logs"),
      secrets("prefect-machines-credential-secret", "prefect-db-login-secret", "prefect-gateway-login-secret"),
    ]);
    assert.deepEqual(statements("prefect-worker-start"), [
      logs("prefect-worker-logs"),
      secrets("prefect-machines-credential-secret"),
    ]);
    const roles = world.all("aws:iam/role:Role");
    assert.equal(roles.length, 4);
    for (const { inputs } of roles) {
      assert.equal(inputs.managedPolicyArns, undefined);
      assert.deepEqual(JSON.parse(inputs.assumeRolePolicy).Statement, [
        {
          Effect: "Allow",
          Action: "sts:AssumeRole",
          Principal: { Service: "ecs-tasks.amazonaws.com" },
          Condition: {
            StringEquals: { "aws:SourceAccount": "123456789012" },
            ArnLike: { "aws:SourceArn": "arn:aws:ecs:eu-west-1:123456789012:*" },
          },
        },
      ]);
    }
    const policies = world.all("aws:iam/rolePolicy:RolePolicy").map(({ inputs }) => inputs.role);
    assert.deepEqual(policies.sort(), ["prefect-server-execution-0a1b2c3", "prefect-worker-execution-0a1b2c3"]);
  });

  describe("the task definitions", () => {
    for (const task of ["prefect-server-task", "prefect-worker-task"]) {
      it(`${task} is wholly known in a preview, and the same afterwards`, () => {
        assert.deepEqual(preview.containers(task), world.containers(task));
      });

      it(`${task} holds no secret and fits into what ECS takes`, () => {
        const definition = world.only("aws:ecs/taskDefinition:TaskDefinition", task).inputs
          .containerDefinitions as string;
        const values = world
          .all("aws:secretsmanager/secretVersion:SecretVersion")
          .flatMap(({ inputs }) => Object.entries<string>(JSON.parse(inputs.secretString)))
          .filter(([key]) =>
            ["password", "authString", "basic", "htpasswd", "customHeaders", "clientSecret", "cookieSecret"].includes(
              key,
            ),
          );
        assert.equal(values.length, 7);
        for (const [key, value] of values) assert.ok(!definition.includes(value), key);
        assert.ok(!definition.includes("pppp"));
        assert.ok(Buffer.byteLength(definition) < 48 * 1024, `${Buffer.byteLength(definition)} bytes of 64 KiB`);
      });
    }

    it("let the network in at the gateway alone", () => {
      const { nginx, prefect, ...others } = world.containers("prefect-server-task");
      assert.deepEqual(nginx.portMappings, [{ containerPort: 8080, protocol: "tcp" }]);
      assert.deepEqual(prefect.command, ["prefect", "server", "start", "--host", "127.0.0.1", "--port", "4200"]);
      for (const container of [prefect, ...Object.values(others)]) assert.equal(container.portMappings, undefined);
      const [target] = world.only("aws:ecs/service:Service", "prefect-server-service").inputs.loadBalancers;
      assert.deepEqual([target.containerName, target.containerPort], ["nginx", 8080]);
    });

    it("give nginx the configuration of the settings, with the VPC as the load balancer's network", () => {
      const { nginx } = world.containers("prefect-server-task");
      assert.deepEqual(nginx.environment, [
        {
          name: "NGINX_CONF",
          value: nginxConf({ domain: args.domain, path: "/", trustedProxyCidrs: ["10.0.0.0/16"], idleTimeoutSec: 60 }),
        },
      ]);
    });

    it("lock every container of the server down, and none but oauth2-proxy and the fetching of certificates may end", () => {
      for (const [name, container] of Object.entries(world.containers("prefect-server-task"))) {
        assert.equal(container.readonlyRootFilesystem, true, name);
        assert.deepEqual(container.linuxParameters.capabilities, { drop: ["ALL"] }, name);
        assert.equal(container.essential, !["oauth2-proxy", "rds-ca"].includes(name), name);
        assert.equal(container.logConfiguration.options["awslogs-group"], "prefect-server-logs-0a1b2c3", name);
      }
    });

    it("name secrets by what is known before they exist", () => {
      const { prefect, nginx, "oauth2-proxy": proxy } = world.containers("prefect-server-task");
      const { worker } = world.containers("prefect-worker-task");
      const named = (container: { secrets: { name: string; valueFrom: string }[] }) =>
        Object.fromEntries(container.secrets.map(({ name, valueFrom }) => [name, valueFrom]));
      const machines = secretArn("prefect-machines-credential-secret");
      const login = secretArn("prefect-gateway-login-secret");
      const database = secretArn("prefect-db-login-secret");
      assert.deepEqual(named(prefect), {
        PREFECT_SERVER_API_AUTH_STRING: `${machines}:authString::`,
        PREFECT_SERVER_DATABASE_USER: `${database}:user::`,
        PREFECT_SERVER_DATABASE_PASSWORD: `${database}:password::`,
        PREFECT_SERVER_DATABASE_HOST: `${database}:host::`,
        PREFECT_SERVER_DATABASE_PORT: `${database}:port::`,
        PREFECT_SERVER_DATABASE_NAME: `${database}:name::`,
      });
      assert.deepEqual(named(nginx), {
        MACHINE_BASIC: `${machines}:basic::`,
        MACHINE_HTPASSWD: `${machines}:htpasswd::`,
        SIGN_OUT_URL: `${login}:signOutUrl::`,
      });
      assert.deepEqual(named(proxy), {
        OAUTH2_PROXY_OIDC_ISSUER_URL: `${login}:issuer::`,
        OAUTH2_PROXY_CLIENT_ID: `${login}:clientId::`,
        OAUTH2_PROXY_CLIENT_SECRET: `${login}:clientSecret::`,
        OAUTH2_PROXY_COOKIE_SECRET: `${login}:cookieSecret::`,
      });
      assert.deepEqual(named(worker), {
        PREFECT_API_AUTH_STRING: `${machines}:authString::`,
        PREFECT_CLIENT_CUSTOM_HEADERS: `${machines}:customHeaders::`,
      });
    });
  });

  it("starts new tasks when a secret changes, and keeps the old ones until those are healthy", () => {
    for (const [name, count, secrets] of [
      ["prefect-server-service", 1, ["prefect-machines-credential", "prefect-db-login", "prefect-gateway-login"]],
      ["prefect-worker-service", 2, ["prefect-machines-credential"]],
    ] as const) {
      const { inputs } = world.only("aws:ecs/service:Service", name);
      assert.deepEqual(inputs.triggers, { secrets: secrets.map((secret) => `${secret}-version-1`).join(",") });
      assert.equal(inputs.forceNewDeployment, true);
      assert.equal(inputs.desiredCount, count);
      assert.deepEqual([inputs.deploymentMinimumHealthyPercent, inputs.deploymentMaximumPercent], [100, 200]);
      assert.deepEqual(inputs.deploymentCircuitBreaker, { enable: true, rollback: true });
      assert.equal(inputs.networkConfiguration.assignPublicIp, false);
      assert.deepEqual(inputs.networkConfiguration.subnets, ["subnet-b1", "subnet-b2"]);
    }
  });

  it("keeps the database private, encrypted and under a password of its own", () => {
    const { inputs } = world.only("aws:rds/instance:Instance");
    assert.equal(inputs.publiclyAccessible, false);
    assert.equal(inputs.storageEncrypted, true);
    assert.equal(inputs.deletionProtection, true);
    assert.equal(inputs.skipFinalSnapshot, false);
    assert.equal(inputs.manageMasterUserPassword, undefined);
    assert.deepEqual(inputs.vpcSecurityGroupIds, ["prefect-db-access-id"]);
    assert.deepEqual(world.only("aws:rds/subnetGroup:SubnetGroup").inputs.subnetIds, ["subnet-c1", "subnet-c2"]);
    assert.deepEqual(world.only("aws:rds/parameterGroup:ParameterGroup").inputs.parameters, [
      { name: "rds.force_ssl", value: "1" },
    ]);
    assert.deepEqual(
      JSON.parse(
        world.only("aws:secretsmanager/secretVersion:SecretVersion", "prefect-db-login-version").inputs.secretString,
      ),
      { user: "prefect", password, host: "prefect-db-instance.rds.amazonaws.com", port: "5432", name: "prefect" },
    );
  });

  describe("with Cognito", () => {
    it("lets nobody register, offers a second factor and sends people back to the own addresses only", () => {
      const pool = world.only("aws:cognito/userPool:UserPool").inputs;
      assert.deepEqual(pool.adminCreateUserConfig, { allowAdminCreateUserOnly: true });
      assert.equal(pool.mfaConfiguration, "OPTIONAL");
      assert.deepEqual(pool.softwareTokenMfaConfiguration, { enabled: true });
      const client = world.only("aws:cognito/userPoolClient:UserPoolClient").inputs;
      assert.deepEqual(client.callbackUrls, ["https://prefect.example.com/oauth2/callback"]);
      assert.deepEqual(client.logoutUrls, ["https://prefect.example.com/signed-out"]);
      assert.deepEqual(client.allowedOauthFlows, ["code"]);
      assert.equal(client.generateSecret, true);
      assert.equal(world.only("aws:cognito/userPoolDomain:UserPoolDomain").inputs.domain, "prefect-example-com");
      assert.equal(world.only("aws:cognito/userGroup:UserGroup").inputs.name, "data-team");
    });

    it("hands the gateway the pool's issuer, client and sign-out", () => {
      const { inputs } = world.only("aws:secretsmanager/secretVersion:SecretVersion", "prefect-gateway-login-version");
      assert.deepEqual(JSON.parse(inputs.secretString), {
        issuer: "https://cognito-idp.eu-west-1.amazonaws.com/prefect-people-pool-id",
        clientId: "prefect-people-gateway-id",
        clientSecret: "made-by-cognito",
        cookieSecret: "p".repeat(32),
        signOutUrl:
          "https://prefect-example-com.auth.eu-west-1.amazoncognito.com/logout?client_id=prefect-people-gateway-id&logout_uri=https%3A%2F%2Fprefect.example.com%2Fsigned-out",
      });
    });

    it("demands a second factor where the settings do", async () => {
      const strict = await build(() => system({ identity: { type: "cognito", mfa: "required" } }));
      assert.equal(strict.only("aws:cognito/userPool:UserPool").inputs.mfaConfiguration, "ON");
    });
  });

  it("makes no pool for an issuer, and signs out there", async () => {
    const { only, all } = await build(() =>
      system({
        identity: {
          type: "oidc",
          provider: "generic",
          issuer: "https://login.example.com",
          clientId: "prefect",
          scopes: ["openid", "email"],
          groupsClaim: "groups",
          allowedEmailDomains: ["example.com"],
          endpoints: {
            authorization: "https://login.example.com/authorize",
            token: "https://login.example.com/token",
            userInfo: "https://login.example.com/userinfo",
            endSession: "https://login.example.com/logout",
          },
        },
        oidcClientSecret: pulumi.secret("given"),
      }),
    ).then((built) => ({ only: built.only.bind(built), all: built.all.bind(built) }));
    assert.equal(all("aws:cognito/userPool:UserPool").length, 0);
    const { inputs } = only("aws:secretsmanager/secretVersion:SecretVersion", "prefect-gateway-login-version");
    assert.deepEqual(JSON.parse(inputs.secretString), {
      issuer: "https://login.example.com",
      clientId: "prefect",
      clientSecret: "given",
      cookieSecret: "p".repeat(32),
      signOutUrl:
        "https://login.example.com/logout?client_id=prefect&post_logout_redirect_uri=https%3A%2F%2Fprefect.example.com%2Fsigned-out",
    });
  });

  it("uses an existing network, and believes the addresses of its ranges", async () => {
    const existing = await build(() =>
      system({
        network: {
          type: "existing",
          vpcId: "vpc-9",
          publicSubnetIds: ["subnet-1", "subnet-2"],
          privateSubnetIds: ["subnet-3", "subnet-4"],
        },
      }),
    );
    assert.equal(existing.all("awsx:ec2:Vpc").length, 0);
    assert.deepEqual(existing.only("aws:lb/loadBalancer:LoadBalancer").inputs.subnets, ["subnet-1", "subnet-2"]);
    assert.deepEqual(existing.only("aws:rds/subnetGroup:SubnetGroup").inputs.subnetIds, ["subnet-3", "subnet-4"]);
    const conf = existing.containers("prefect-server-task").nginx.environment[0].value as string;
    assert.match(conf, /set_real_ip_from 172\.16\.0\.0\/16;\n {2}set_real_ip_from 172\.17\.0\.0\/16;/);
  });
});
