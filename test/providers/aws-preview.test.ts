import assert from "node:assert/strict";
import { Driver, type Properties, UNKNOWN } from "./client";

const LISTENER = "aws:lb/listener:Listener";
const forward = { type: "forward", targetGroupArn: UNKNOWN };
const oidc = {
  authorizationEndpoint: "https://id/authorize",
  clientId: "c",
  clientSecret: "s",
  issuer: "https://id",
  tokenEndpoint: "https://id/token",
  userInfoEndpoint: "https://id/userinfo",
};

/** [type, inputs, what is unknown, what is known]: which is which follows from @pulumi/aws's declarations. */
const table: [string, Properties, string[], Properties][] = [
  [
    "aws:lb/loadBalancer:LoadBalancer",
    { subnets: [UNKNOWN] },
    ["arn", "dnsName", "internal", "securityGroups", "ipAddressType", "subnetMappings", "zoneId", "vpcId"],
    {
      loadBalancerType: "application",
      idleTimeout: 60,
      enableHttp2: true,
      enableDeletionProtection: false,
      subnets: [UNKNOWN],
    },
  ],
  ["aws:lb/loadBalancer:LoadBalancer", { internal: true, subnets: ["a"] }, ["arn"], { internal: true }],
  [
    "aws:lb/listenerRule:ListenerRule",
    { listenerArn: "l", actions: [forward], conditions: [{}] },
    ["priority", "arn"],
    {},
  ],
  [
    "aws:ec2/securityGroup:SecurityGroup",
    {},
    ["ingress", "egress", "vpcId", "ownerId"],
    { description: "Managed by Pulumi" },
  ],
  ["aws:ec2/subnet:Subnet", { vpcId: "v" }, ["availabilityZone", "arn"], { mapPublicIpOnLaunch: false, vpcId: "v" }],
  [
    "aws:rds/instance:Instance",
    { instanceClass: "db.t4g.micro", engine: "postgres" },
    ["address", "endpoint", "port", "identifier", "resourceId", "multiAz"],
    { engine: "postgres", publiclyAccessible: false, region: "eu-west-1" },
  ],
  ["aws:secretsmanager/secret:Secret", {}, ["arn", "policy"], { recoveryWindowInDays: 30 }],
  ["aws:cognito/userPool:UserPool", {}, ["arn", "endpoint", "passwordPolicy", "domain"], { mfaConfiguration: "OFF" }],
  [
    "aws:cognito/userPoolClient:UserPoolClient",
    { userPoolId: UNKNOWN },
    ["clientSecret", "callbackUrls"],
    { userPoolId: UNKNOWN },
  ],
  [
    "aws:ecs/taskDefinition:TaskDefinition",
    { family: "f", containerDefinitions: "[]" },
    ["arn", "revision", "networkMode"],
    { family: "f" },
  ],
  [
    "aws:iam/role:Role",
    { assumeRolePolicy: { Version: "2012-10-17" } },
    ["arn", "uniqueId"],
    { path: "/", assumeRolePolicy: '{"Version":"2012-10-17"}' },
  ],
  [
    "aws:ec2/vpc:Vpc",
    { cidrBlock: "10.0.0.0/16", tags: { a: "b" } },
    ["arn", "defaultSecurityGroupId"],
    { enableDnsSupport: true, tagsAll: { a: "b" } },
  ],
];

describe("the preview of an AWS resource", function () {
  // Reading a type's declarations for the first time takes a while on a busy machine.
  this.timeout(20_000);

  let aws: Driver;
  before(async () => {
    aws = await Driver.aws();
  });
  after(() => aws.close());

  for (const [type, inputs, unknown, known] of table) {
    it(`of ${type} with ${Object.keys(inputs).join(", ") || "nothing"} leaves open what AWS decides`, async () => {
      const outputs = await aws.preview(type, "web", inputs);
      for (const property of unknown) assert.equal(outputs[property], UNKNOWN, property);
      for (const [property, value] of Object.entries(known)) assert.deepEqual(outputs[property], value, property);
    });
  }

  it("keeps the known parts of a listener's actions, unknown leaf by leaf", async () => {
    const outputs = await aws.preview(LISTENER, "https", {
      loadBalancerArn: UNKNOWN,
      protocol: "HTTPS",
      defaultActions: [{ type: "authenticate-oidc", authenticateOidc: oidc }, forward],
    });
    const open = {
      onUnauthenticatedRequest: UNKNOWN,
      scope: UNKNOWN,
      sessionCookieName: UNKNOWN,
      sessionTimeout: UNKNOWN,
    };
    assert.deepEqual(outputs.defaultActions, [
      { type: "authenticate-oidc", authenticateOidc: { ...oidc, ...open }, order: UNKNOWN },
      { type: "forward", targetGroupArn: UNKNOWN, order: UNKNOWN },
    ]);
    assert.equal(outputs.protocol, "HTTPS");
  });

  it("shows the names that a certificate has to prove before it shows how", async () => {
    const outputs = await aws.preview("aws:acm/certificate:Certificate", "c", {
      domainName: "a.example",
      validationMethod: "DNS",
    });
    const how = { resourceRecordName: UNKNOWN, resourceRecordType: UNKNOWN, resourceRecordValue: UNKNOWN };
    assert.deepEqual(outputs.domainValidationOptions, [{ domainName: "a.example", ...how }]);
  });

  it("of a changed resource keeps what AWS decided before", async () => {
    const made = await aws.create("aws:ec2/securityGroup:SecurityGroup", "sg", { vpcId: "vpc-1" });
    const outputs = await aws.update(
      "aws:ec2/securityGroup:SecurityGroup",
      "sg",
      made,
      { vpcId: "vpc-1", tags: { a: "b" } },
      true,
    );
    assert.equal(outputs.arn, made.properties.arn);
    assert.deepEqual(outputs.tagsAll, { a: "b" });
  });
});
