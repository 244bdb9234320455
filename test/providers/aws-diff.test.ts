import assert from "node:assert/strict";
import { Driver, type Properties, UNKNOWN } from "./client";

const json = JSON.stringify;
const task = (container: Properties) => ({
  family: "app",
  containerDefinitions: json([{ name: "web", image: "nginx:1", ...container }]),
});
const lb = (more: Properties): Properties => ({ subnets: ["a", "b"], ...more });
const rule = (more: Properties): Properties => ({
  type: "ingress",
  fromPort: 1,
  toPort: 1,
  protocol: "tcp",
  securityGroupId: "sg",
  ...more,
});
const service = (more: Properties): Properties => ({ taskDefinition: "app:1", cluster: "c", ...more });
const database = (more: Properties): Properties => ({ instanceClass: "db.t4g.micro", engine: "postgres", ...more });

/** [type, before, after, detailed diff, deleteBeforeReplace]. */
const table: [string, Properties, Properties, Record<string, string>, boolean?][] = [
  [
    "aws:ecs/taskDefinition:TaskDefinition",
    task({}),
    task({ image: "nginx:2" }),
    { containerDefinitions: "update-replace" },
    false,
  ],
  ["aws:ecs/taskDefinition:TaskDefinition", task({}), task({ cpu: 0, essential: true, environment: [] }), {}],
  ["aws:ecs/taskDefinition:TaskDefinition", task({}), { ...task({}), tags: { a: "b" } }, { tags: "add" }],
  ["aws:ecs/service:Service", service({}), service({ taskDefinition: "app:2" }), { taskDefinition: "update" }],
  ["aws:ecs/service:Service", service({}), service({ cluster: "d" }), { cluster: "update-replace" }],
  ["aws:lb/loadBalancer:LoadBalancer", lb({}), lb({ internal: true }), { internal: "add-replace" }, false],
  [
    "aws:lb/loadBalancer:LoadBalancer",
    lb({ name: "own" }),
    lb({ name: "own", internal: true }),
    { internal: "add-replace" },
    true,
  ],
  ["aws:lb/loadBalancer:LoadBalancer", lb({}), { subnets: ["b", "a"] }, {}],
  ["aws:lb/loadBalancer:LoadBalancer", lb({ internal: true }), lb({}), {}],
  ["aws:lb/targetGroup:TargetGroup", { port: 80 }, { port: 81 }, { port: "update-replace" }],
  [
    "aws:lb/listener:Listener",
    { loadBalancerArn: "a", defaultActions: [{ type: "forward", targetGroupArn: "t" }] },
    { loadBalancerArn: "a", defaultActions: [{ type: "forward", targetGroupArn: "u" }] },
    { "defaultActions[0].targetGroupArn": "update" },
  ],
  [
    "aws:lb/listener:Listener",
    { loadBalancerArn: "a", defaultActions: [] },
    { loadBalancerArn: UNKNOWN, defaultActions: [] },
    { loadBalancerArn: "update-replace" },
  ],
  [
    "aws:ec2/securityGroup:SecurityGroup",
    { description: "a" },
    { description: "b" },
    { description: "update-replace" },
  ],
  ["aws:ec2/securityGroupRule:SecurityGroupRule", rule({}), rule({ toPort: 2 }), { toPort: "update-replace" }, true],
  ["aws:rds/instance:Instance", database({}), database({ instanceClass: "db.t4g.large" }), { instanceClass: "update" }],
  [
    "aws:rds/instance:Instance",
    database({}),
    database({ storageEncrypted: true }),
    { storageEncrypted: "add-replace" },
  ],
  [
    "aws:secretsmanager/secretVersion:SecretVersion",
    { secretId: "s", secretString: "a" },
    { secretId: "s", secretString: "b" },
    { secretString: "update-replace" },
  ],
  [
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    { role: "r", policyArn: "a" },
    { role: "r", policyArn: "b" },
    { policyArn: "update-replace" },
    true,
  ],
  [
    "aws:iam/role:Role",
    { assumeRolePolicy: '{"Statement":[{"Action":"a"}]}' },
    { assumeRolePolicy: '{ "Statement": [{ "Action": ["a"] }] }' },
    {},
  ],
];

describe("the difference between two programs", function () {
  // Reading a type's declarations for the first time takes a while on a busy machine.
  this.timeout(20_000);

  let aws: Driver;
  before(async () => {
    aws = await Driver.aws();
  });
  after(() => aws.close());

  for (const [type, before, after, detailed, deleteBeforeReplace] of table) {
    const what = Object.entries(detailed)
      .map(([path, kind]) => `${path}: ${kind}`)
      .join(", ");
    it(`of ${type} from ${json(before)} to ${json(after)} is ${what || "nothing"}`, async () => {
      const diff = await aws.diff(type, "web", before, after);
      assert.deepEqual(diff.detailed, detailed);
      assert.equal(diff.changes, what !== "");
      if (deleteBeforeReplace !== undefined) assert.equal(diff.deleteBeforeReplace, deleteBeforeReplace);
    });
  }
});
