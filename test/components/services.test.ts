import assert from "node:assert/strict";
import { worldOf } from "./support/systems";

const group = (name: string) => `arn:aws:lb:eu-west-1:123456789012:${name}`;
const toPrefect = { targetGroupArn: group("prefect-login-prefect"), containerName: "prefect", containerPort: 4200 };
const toGate = { targetGroupArn: group("prefect-login-gate"), containerName: "gate", containerPort: 8080 };
const inside = { targetGroupArn: group("prefect-internal-prefect"), containerName: "prefect", containerPort: 4200 };
const toNginx = { containerName: "nginx", containerPort: 8080 };

describe("The services", function () {
  // The AWS SDK is loaded on first use.
  this.timeout(20_000);

  for (const [name, targets] of [
    ["gateway", [{ ...toNginx, targetGroupArn: group("prefect-gateway-nginx") }]],
    [
      "gateway private",
      [
        { ...toNginx, targetGroupArn: group("prefect-gateway-nginx") },
        { ...toNginx, targetGroupArn: group("prefect-internal-nginx") },
      ],
    ],
    ["alb", [toPrefect, toGate, inside]],
    ["alb private by network", [toPrefect, toGate, inside]],
    ["alb public", [toPrefect, toGate]],
  ] as const) {
    it(`are reached by these target groups: ${name}`, async () => {
      const world = await worldOf(name);
      const { loadBalancers } = world.only("aws:ecs/service:Service", "prefect-server-service").inputs;
      assert.deepEqual(loadBalancers, targets);
      const worker = world.only("aws:ecs/service:Service", "prefect-worker-service").inputs;
      assert.equal(worker.loadBalancers, undefined);
    });
  }

  for (const [system, server, worker] of [
    [
      "gateway",
      ["prefect-machines-credential", "prefect-db-login", "prefect-gateway-login"],
      ["prefect-machines-credential"],
    ],
    ["alb", ["prefect-db-login", "prefect-login-out"], []],
    [
      "alb public",
      ["prefect-db-login", "prefect-machines-credential", "prefect-login-out"],
      ["prefect-machines-credential"],
    ],
  ] as const) {
    it(`start new tasks when a secret changes, and keep the old ones until those are healthy: ${system}`, async () => {
      for (const [name, count, secrets] of [
        ["prefect-server-service", 1, server],
        ["prefect-worker-service", 2, worker],
      ] as const) {
        const { inputs } = (await worldOf(system)).only("aws:ecs/service:Service", name);
        assert.deepEqual(inputs.triggers, { secrets: secrets.map((secret) => `${secret}-version-1`).join(",") });
        assert.equal(inputs.forceNewDeployment, true);
        assert.equal(inputs.desiredCount, count);
        assert.deepEqual([inputs.deploymentMinimumHealthyPercent, inputs.deploymentMaximumPercent], [100, 200]);
        assert.deepEqual(inputs.deploymentCircuitBreaker, { enable: true, rollback: true });
        assert.equal(inputs.networkConfiguration.assignPublicIp, false);
        assert.deepEqual(inputs.networkConfiguration.subnets, ["subnet-b1", "subnet-b2"]);
      }
    });
  }
});

describe("The tasks' roles", function () {
  this.timeout(20_000);
  const logs = (group: string) => ({
    Effect: "Allow",
    Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
    Resource: `arn:aws:logs:eu-west-1:123456789012:log-group:${group}-0a1b2c3:log-stream:*`,
  });
  const secrets = (...names: string[]) => ({
    Effect: "Allow",
    Action: "secretsmanager:GetSecretValue",
    Resource: names.map((name) => `arn:aws:secretsmanager:eu-west-1:123456789012:secret:${name}-secret-0a1b2c3-??????`),
  });

  for (const [name, server, worker] of [
    [
      "gateway",
      [secrets("prefect-machines-credential", "prefect-db-login", "prefect-gateway-login")],
      [secrets("prefect-machines-credential")],
    ],
    ["alb", [secrets("prefect-db-login", "prefect-login-out")], []],
    [
      "alb public",
      [secrets("prefect-db-login", "prefect-machines-credential", "prefect-login-out")],
      [secrets("prefect-machines-credential")],
    ],
  ] as const) {
    it(`start each task with its own secrets and logs, and let what runs in it do nothing: ${name}`, async () => {
      const world = await worldOf(name);
      const statements = (policy: string) =>
        JSON.parse(world.only("aws:iam/rolePolicy:RolePolicy", policy).inputs.policy).Statement;
      assert.deepEqual(statements("prefect-server-start"), [logs("prefect-server-logs"), ...server]);
      assert.deepEqual(statements("prefect-worker-start"), [logs("prefect-worker-logs"), ...worker]);
      const policies = world.all("aws:iam/rolePolicy:RolePolicy").map(({ inputs }) => inputs.role);
      assert.deepEqual(policies.sort(), ["prefect-server-execution-0a1b2c3", "prefect-worker-execution-0a1b2c3"]);
    });
  }

  it("are taken by ECS alone, for tasks of this account and region", async () => {
    const roles = (await worldOf("alb")).all("aws:iam/role:Role");
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
  });
});

describe("The database", function () {
  this.timeout(20_000);

  it("is private, encrypted and under a password of its own", async () => {
    const world = await worldOf("gateway");
    const { inputs, secrets } = world.only("aws:rds/instance:Instance");
    assert.equal(inputs.publiclyAccessible, false);
    assert.equal(inputs.storageEncrypted, true);
    assert.equal(inputs.deletionProtection, true);
    assert.equal(inputs.skipFinalSnapshot, false);
    assert.equal(inputs.manageMasterUserPassword, undefined);
    assert.deepEqual(secrets, ["password"]);
    assert.deepEqual(inputs.vpcSecurityGroupIds, ["prefect-db-access-id"]);
    assert.deepEqual(world.only("aws:rds/subnetGroup:SubnetGroup").inputs.subnetIds, ["subnet-c1", "subnet-c2"]);
    assert.deepEqual(world.only("aws:rds/parameterGroup:ParameterGroup").inputs.parameters, [
      { name: "rds.force_ssl", value: "1" },
    ]);
  });

  it("is reached with what its secret holds", async () => {
    const { inputs, secrets } = (await worldOf("gateway")).only(
      "aws:secretsmanager/secretVersion:SecretVersion",
      "prefect-db-login-version",
    );
    assert.deepEqual(secrets, ["secretString"]);
    assert.deepEqual(JSON.parse(inputs.secretString), {
      user: "prefect",
      password: "p".repeat(40),
      host: "prefect-db-instance.rds.amazonaws.com",
      port: "5432",
      name: "prefect",
    });
  });
});
