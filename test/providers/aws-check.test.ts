import assert from "node:assert/strict";
import { Driver, type Properties, UNKNOWN, text } from "./client";

describe("Check of an AWS resource", function () {
  // Reading a type's declarations for the first time takes a while on a busy machine.
  this.timeout(20_000);

  let aws: Driver;
  before(async () => {
    aws = await Driver.aws();
  });
  after(() => aws.close());

  /** [type, property, pattern of the automatic name of a resource called "Web"]. */
  const names: [string, string, RegExp, Properties][] = [
    ["aws:lb/loadBalancer:LoadBalancer", "name", /^Web-[0-9a-f]{7}$/, {}],
    ["aws:secretsmanager/secret:Secret", "name", /^Web-[0-9a-f]{7}$/, {}],
    ["aws:cloudwatch/logGroup:LogGroup", "name", /^Web-[0-9a-f]{7}$/, {}],
    ["aws:rds/subnetGroup:SubnetGroup", "name", /^web-[0-9a-f]{7}$/, { subnetIds: [] }],
    [
      "aws:elasticache/replicationGroup:ReplicationGroup",
      "replicationGroupId",
      /^web-[0-9a-f]{7}$/,
      { description: "d" },
    ],
    ["aws:s3/bucket:Bucket", "bucket", /^web-[0-9a-f]{7}$/, {}],
    ["aws:sqs/queue:Queue", "name", /^Web-[0-9a-f]{7}\.fifo$/, { fifoQueue: true }],
    ["aws:kms/alias:Alias", "name", /^alias\/Web-[0-9a-f]{7}$/, { targetKeyId: "k" }],
  ];
  for (const [type, property, pattern, inputs] of names) {
    it(`names ${type} by ${property}, the same in every run of one seed`, async () => {
      const first = await aws.check(type, "Web", inputs);
      const second = await aws.check(type, "Web", inputs);
      assert.match(text(first.inputs[property]), pattern);
      assert.equal(first.inputs[property], second.inputs[property]);
      assert.ok((first.inputs.__defaults as string[]).includes(property));
    });
  }

  const unnamed: [string, string, Properties][] = [
    ["aws:rds/instance:Instance", "identifier", { instanceClass: "db.t4g.micro" }],
    ["aws:acm/certificate:Certificate", "name", {}],
    ["aws:lb/loadBalancer:LoadBalancer", "name", { namePrefix: "web-" }],
  ];
  for (const [type, property, inputs] of unnamed) {
    it(`leaves ${property} of ${type} with ${Object.keys(inputs).join() || "nothing"} to AWS`, async () => {
      assert.equal((await aws.check(type, "web", inputs)).inputs[property], undefined);
    });
  }

  it("keeps the automatic name of an existing resource and a given name as it is", async () => {
    const type = "aws:ecs/cluster:Cluster";
    const old = { name: "main-0123abc", __defaults: ["name"] };
    assert.equal((await aws.check(type, "main", {}, old)).inputs.name, "main-0123abc");
    assert.equal((await aws.check(type, "main", { name: "own" }, old)).inputs.name, "own");
  });

  it("refuses a name that does not fit with its random part, as the bridge does", async () => {
    const name = "a-load-balancer-with-a-long-name";
    const { failures } = await aws.check("aws:lb/loadBalancer:LoadBalancer", name, {});
    assert.deepEqual(failures, [`name '${name}-' plus 7 random chars is longer than maximum length 32`]);
  });

  /** [type, inputs, all failures]. */
  const wrong: [string, Properties, string[]][] = [
    [
      "aws:lb/listener:Listener",
      { port: "x", defualtActions: [] },
      [
        "expected number type, got string type. Examine values at 'web.port'.",
        "Invalid or unknown key. Examine values at 'web.defualtActions'.",
        "Missing required property 'defaultActions'",
        "Missing required property 'loadBalancerArn'",
      ],
    ],
    [
      "aws:lb/listener:Listener",
      { loadBalancerArn: "l", port: 70_000, protocol: "FTP", defaultActions: [{ targetGroupArn: "t" }] },
      ["Missing required property 'defaultActions[0].type'"],
    ],
    [
      "aws:lb/listener:Listener",
      { loadBalancerArn: "l", port: 70_000, defaultActions: [{ type: "forwards" }] },
      [
        "expected port to be in the range (1 - 65535), got 70000. Examine values at 'web.port'.",
        'expected type to be one of ["authenticate-cognito" "authenticate-oidc" "fixed-response" "forward" "jwt-validation" "redirect"], got forwards. Examine values at \'web.defaultActions[0].type\'.',
      ],
    ],
    [
      "aws:ecs/service:Service",
      { loadBalancers: { targetGroupArn: "t" } },
      ["expected array type, got object type. Examine values at 'web.loadBalancers'."],
    ],
    [
      "aws:ecs/taskDefinition:TaskDefinition",
      { family: "f", containerDefinitions: "{}" },
      [/container_definitions is invalid/.source],
    ],
  ];
  for (const [type, inputs, expected] of wrong) {
    it(`of ${type} reports all that is wrong with ${JSON.stringify(inputs)}`, async () => {
      const { failures } = await aws.check(type, "web", inputs);
      assert.equal(failures.length, expected.length, failures.join("\n"));
      expected.forEach((text) =>
        assert.ok(
          failures.some((failure) => failure.includes(text)),
          `${text}\n${failures.join("\n")}`,
        ),
      );
    });
  }

  it("takes unknown values for every type and required property", async () => {
    const { failures } = await aws.check("aws:lb/listener:Listener", "web", {
      loadBalancerArn: UNKNOWN,
      port: UNKNOWN,
      protocol: UNKNOWN,
      defaultActions: UNKNOWN,
    });
    assert.deepEqual(failures, []);
  });

  it("turns policies into JSON and scalars into the type that the property has", async () => {
    const role = await aws.check("aws:iam/role:Role", "r", { assumeRolePolicy: { Version: "1", Statement: [] } });
    assert.deepEqual(JSON.parse(text(role.inputs.assumeRolePolicy)), { Version: "1", Statement: [] });
    const open = await aws.check("aws:iam/role:Role", "r", { assumeRolePolicy: { Statement: [UNKNOWN] } });
    assert.equal(open.inputs.assumeRolePolicy, UNKNOWN);
    const task = await aws.check("aws:ecs/taskDefinition:TaskDefinition", "t", {
      family: "f",
      cpu: 256,
      containerDefinitions: "[]",
    });
    assert.equal(task.inputs.cpu, "256");
  });

  it("adds defaults with __defaults in every object, and the provider's default tags", async () => {
    const tagged = await Driver.aws({ settings: { "aws:config:defaultTags": '{"tags":{"team":"flows","env":"x"}}' } });
    try {
      const type = "aws:lb/targetGroup:TargetGroup";
      const { inputs } = await tagged.check(type, "tg", { healthCheck: { path: "/" }, tags: { env: "dev" } });
      assert.deepEqual(inputs.tags, { team: "flows", env: "dev" });
      const healthCheck = inputs.healthCheck as Properties;
      assert.equal(healthCheck.interval, 30);
      assert.deepEqual(inputs.__defaults, ["deregistrationDelay", "name", "targetType"]);
      assert.ok((healthCheck.__defaults as string[]).includes("interval"));
    } finally {
      tagged.close();
    }
  });
});
