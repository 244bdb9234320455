import assert from "node:assert/strict";
import type { CloudResource } from "../../local/cloud/contract";
import { Driver, type Properties, text } from "./client";

const TASK = "aws:ecs/taskDefinition:TaskDefinition";
const LB = "aws:lb/loadBalancer:LoadBalancer";
const LISTENER = "aws:lb/listener:Listener";

/** [type, inputs, outputs that have to match]. */
const table: [string, Properties, Record<string, RegExp>][] = [
  [
    LB,
    { subnets: ["s"] },
    {
      arn: /^arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer\/app\/web-[0-9a-f]{7}\/[0-9a-f]{16}$/,
      dnsName: /^web-[0-9a-f]{7}-\d+\.eu-west-1\.elb\.amazonaws\.com$/,
    },
  ],
  ["aws:lb/targetGroup:TargetGroup", { targetType: "lambda" }, { arn: /:targetgroup\/web-[0-9a-f]{7}\/[0-9a-f]{16}$/ }],
  ["aws:secretsmanager/secret:Secret", {}, { arn: /:secret:web-[0-9a-f]{7}-\w{6}$/ }],
  [
    "aws:cognito/userPool:UserPool",
    {},
    { arn: /:userpool\/eu-west-1_\w{9}$/, endpoint: /^cognito-idp\.eu-west-1\.amazonaws\.com\/eu-west-1_\w{9}$/ },
  ],
  [
    "aws:cognito/userPoolClient:UserPoolClient",
    { userPoolId: "p", generateSecret: true },
    { clientSecret: /^\w{51}$/ },
  ],
  [
    "aws:rds/instance:Instance",
    { instanceClass: "c", engine: "postgres", identifier: "db" },
    { endpoint: /^db\.\w{12}\.eu-west-1\.rds\.amazonaws\.com:5432$/ },
  ],
  ["aws:iam/role:Role", { assumeRolePolicy: "{}" }, { arn: /^arn:aws:iam::123456789012:role\/web-[0-9a-f]{7}$/ }],
  [
    "aws:servicediscovery/httpNamespace:HttpNamespace",
    {},
    { arn: /^arn:aws:servicediscovery:eu-west-1:123456789012:/ },
  ],
];

describe("an AWS resource that is made", function () {
  // Reading a type's declarations for the first time takes a while on a busy machine.
  this.timeout(20_000);

  let aws: Driver;
  beforeEach(async () => {
    aws = await Driver.aws();
  });
  afterEach(() => aws.close());

  for (const [type, inputs, outputs] of table) {
    it(`has identifiers in AWS's form: ${type}`, async () => {
      const { properties } = await aws.create(type, "web", inputs);
      for (const [property, pattern] of Object.entries(outputs)) assert.match(text(properties[property]), pattern);
    });
  }

  it("has AWS's defaults where the program said nothing", async () => {
    const { properties } = await aws.create(LB, "web", { subnets: ["s"] });
    assert.equal(properties.internal, false);
    assert.equal(properties.ipAddressType, "ipv4");
    const loadBalancerArn = text(properties.arn);
    const listener = await aws.create(LISTENER, "http", {
      loadBalancerArn,
      port: 80,
      defaultActions: [{ type: "forward", targetGroupArn: "t" }],
    });
    assert.equal(listener.properties.protocol, "HTTP");
    assert.deepEqual(listener.properties.defaultActions, [{ type: "forward", targetGroupArn: "t", order: 1 }]);
  });

  it("authenticates by default when it is a listener that authenticates, and only with TLS", async () => {
    const cognito = { userPoolArn: "a", userPoolClientId: "c", userPoolDomain: "d" };
    const defaultActions = [{ type: "authenticate-cognito", authenticateCognito: cognito }];
    const inputs = { loadBalancerArn: "arn:x:loadbalancer/app/a/b", port: 443, defaultActions };
    const { properties } = await aws.create(LISTENER, "https", { ...inputs, protocol: "HTTPS", certificateArn: "c" });
    const [action] = properties.defaultActions as Properties[];
    assert.equal((action?.authenticateCognito as Properties).onUnauthenticatedRequest, "authenticate");
    await assert.rejects(
      aws.create(LISTENER, "bare", { ...inputs, port: 444, protocol: "HTTPS" }),
      /certificate must be specified/,
    );
    await assert.rejects(
      aws.create(LISTENER, "http", { ...inputs, port: 80, protocol: "HTTP" }),
      /only on HTTPS listeners/,
    );
  });

  it("is a new revision when it is a changed task definition, and the old one's end leaves the new one", async () => {
    const inputs = { family: "app", containerDefinitions: "[]" };
    const first = await aws.create(TASK, "app", inputs);
    const second = await aws.create(TASK, "app", { ...inputs, cpu: "256" });
    assert.match(text(first.properties.arn), /task-definition\/app:1$/);
    assert.match(text(second.properties.arn), /task-definition\/app:2$/);
    await aws.delete(TASK, "app", first);
    const found = await aws.invoke("aws:ecs/getTaskDefinition:getTaskDefinition", { taskDefinition: "app" });
    assert.equal(found.arn, second.properties.arn);
  });

  it("gets the next priority that is free when it is a listener rule", async () => {
    const inputs = {
      listenerArn: "arn:x:listener/app/a/b/c",
      actions: [{ type: "forward", targetGroupArn: "t" }],
      conditions: [{}],
    };
    await aws.create("aws:lb/listenerRule:ListenerRule", "a", { ...inputs, priority: 10 });
    const next = await aws.create("aws:lb/listenerRule:ListenerRule", "b", inputs);
    assert.equal(next.properties.priority, 11);
    await assert.rejects(
      aws.create("aws:lb/listenerRule:ListenerRule", "c", { ...inputs, priority: 10 }),
      /PriorityInUse/,
    );
  });

  it("has to lie within its VPC and beside the others when it is a subnet", async () => {
    const { id: vpcId } = await aws.create("aws:ec2/vpc:Vpc", "net", { cidrBlock: "10.1.0.0/16" });
    const subnet = (cidrBlock: string) => aws.create("aws:ec2/subnet:Subnet", cidrBlock, { vpcId, cidrBlock });
    await subnet("10.1.0.0/24");
    await subnet("10.1.1.0/24");
    await assert.rejects(subnet("10.2.0.0/24"), /InvalidSubnet.Range: The CIDR '10.2.0.0\/24'/);
    await assert.rejects(subnet("10.1.0.0/20"), /InvalidSubnet.Conflict: The CIDR '10.1.0.0\/20'/);
  });

  it("may not take another's name, but its own again after an interrupted update", async () => {
    const type = "aws:cognito/userPoolDomain:UserPoolDomain";
    const inputs = { domain: "login", userPoolId: "p" };
    await aws.create(type, "one", inputs);
    await assert.rejects(aws.create(type, "two", inputs), /Domain already associated/);
    assert.equal((await aws.create(type, "one", inputs)).id, "login");
  });

  it("can be read again by its id", async () => {
    const { id, properties } = await aws.create("aws:ec2/vpc:Vpc", "net", { cidrBlock: "10.1.0.0/16" });
    const read = await aws.read("aws:ec2/vpc:Vpc", "net", id);
    assert.equal(read.id, id);
    assert.equal(read.properties.cidrBlock, "10.1.0.0/16");
    assert.equal(read.properties.arn, properties.arn);
  });

  it("refuses a function that it does not have by name", async () => {
    await assert.rejects(aws.invoke("aws:lex/getBot:getBot", {}), /does not have the function aws:lex\/getBot:getBot/);
  });
});

describe("an AWS resource with a cloud behind it", function () {
  // Reading a type's declarations for the first time takes a while on a busy machine.
  this.timeout(20_000);

  it("is handed over complete, takes the cloud's outputs, and is taken down there", async () => {
    const calls: { put: CloudResource[]; deleted: unknown[] } = { put: [], deleted: [] };
    const cloud = {
      put: async (resource: CloudResource) => {
        calls.put.push(resource);
        return { address: "10.0.0.7" };
      },
      delete: async (key: unknown) => void calls.deleted.push(key),
    };
    const aws = await Driver.aws({ cloud });
    try {
      const type = "aws:rds/instance:Instance";
      const made = await aws.create(type, "db", { instanceClass: "c", engine: "postgres", password: "p" });
      assert.equal(made.properties.address, "10.0.0.7");
      assert.equal(calls.put[0]?.type, type);
      assert.equal(calls.put[0]?.id, made.id);
      assert.equal(calls.put[0]?.properties.password, "p");
      assert.equal(calls.put[0]?.properties.port, 5432);
      await aws.delete(type, "db", made);
      assert.deepEqual(calls.deleted, [{ type, id: made.id }]);
    } finally {
      aws.close();
    }
  });

  it("fails with the cloud's own words, and leaves nothing behind there", async () => {
    const deleted: { type: string }[] = [];
    const put = () => Promise.reject(new Error("service app was unable to place a task"));
    const aws = await Driver.aws({ cloud: { put, delete: async (key) => void deleted.push(key) } });
    try {
      await assert.rejects(aws.create("aws:ecs/cluster:Cluster", "c", {}), /service app was unable to place a task/);
      assert.deepEqual(
        deleted.map(({ type }) => type),
        ["aws:ecs/cluster:Cluster"],
      );
    } finally {
      aws.close();
    }
  });
});
