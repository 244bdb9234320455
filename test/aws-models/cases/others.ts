import type { Inputs } from "../translate";
import { type Cases, set } from "./case";

/** By type of resource. */
export const others: Record<string, Cases> = {
  "aws:cognito/userPool:UserPool": {
    "an unknown word": [
      "prefect-people-pool",
      set("mfaConfiguration", "MAYBE"),
      /MfaConfiguration: got "MAYBE", allowed OFF, ON, OPTIONAL$/,
    ],
    "passwords of five letters": [
      "prefect-people-pool",
      (inputs) => (inputs.passwordPolicy.minimumLength = 5),
      /PasswordPolicy\.MinimumLength: got 5, allowed 6 to 99$/,
    ],
  },
  "aws:cognito/userPoolClient:UserPoolClient": {
    "no pool": ["prefect-people-gateway", set("userPoolId", undefined), /UserPoolId: got nothing, and it is required$/],
    "a flow that does not exist": [
      "prefect-people-gateway",
      set("allowedOauthFlows", ["password"]),
      /AllowedOAuthFlows\[0\]: got "password"/,
    ],
    "a token of four minutes": [
      "prefect-people-gateway",
      set("accessTokenValidity", 4),
      /got 240 seconds, allowed 300 to 86400$/,
    ],
    "a callback without TLS": [
      "prefect-people-gateway",
      set("callbackUrls", ["http://example.com/"]),
      /CallbackURLs\[0\]: got "http:/,
    ],
  },
  "aws:cognito/userPoolDomain:UserPoolDomain": {
    "a reserved word": ["prefect-people-login", set("domain", "my-aws-login"), /Domain: got "my-aws-login"/],
    capitals: ["prefect-people-login", set("domain", "Login"), /Domain: got "Login"/],
  },
  "aws:cognito/identityProvider:IdentityProvider": {
    "a name with an underscore": [
      "prefect-people-Keycloak",
      set("providerName", "My_IdP"),
      /ProviderName: got "My_IdP"/,
    ],
    "no client": [
      "prefect-people-Keycloak",
      (inputs) => delete inputs.providerDetails.client_id,
      /ProviderDetails: got no client_id/,
    ],
  },
  "aws:ecs/taskDefinition:TaskDefinition": {
    "memory that Fargate has not": ["prefect-server-task", set("memory", "2049"), /memory: got 2049 with cpu 512/],
    "an unknown member of a container": [
      "prefect-server-task",
      inContainers(([one]) => (one!.readOnly = true)),
      /readOnly: got a member/,
    ],
    "a text for a number": [
      "prefect-server-task",
      inContainers(([one]) => (one!.stopTimeout = "60")),
      /stopTimeout: got "60", allowed a whole/,
    ],
    "a stop that takes too long": [
      "prefect-worker-task",
      inContainers(([one]) => (one!.stopTimeout = 121)),
      /stopTimeout: got 121, allowed up to 120$/,
    ],
    "a check before the last one ended": [
      "prefect-worker-task",
      inContainers(([one]) => (one!.healthCheck.startPeriod = 301)),
      /startPeriod: got 301, allowed 0 to 300$/,
    ],
    "a task that is too large": [
      "prefect-worker-task",
      inContainers(([one]) => one!.environment.push({ name: "X", value: "x".repeat(70_000) })),
      /got \d+ bytes with all else, allowed up to 65536$/,
    ],
    "a container to wait for that is not there": [
      "prefect-worker-task",
      inContainers(([one]) => (one!.dependsOn = [{ containerName: "db", condition: "HEALTHY" }])),
      /worker\.dependsOn: got db/,
    ],
  },
  "aws:ecs/service:Service": {
    "a port that no container has": [
      "prefect-server-service",
      (inputs) => (inputs.loadBalancers[0].containerPort = 4201),
      /loadBalancers: got prefect:4201/,
    ],
    "an unknown input": [
      "prefect-server-service",
      set("loadBalancerz", []),
      /loadBalancerz: got a member of that name/,
    ],
  },
  "aws:ec2/securityGroup:SecurityGroup": {
    "an apostrophe": ["prefect-lb-access", set("description", "Prefect's"), /Description: got "Prefect's"/],
  },
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": {
    "a protocol that does not exist": ["prefect-lb-https-in", set("ipProtocol", "https"), /IpProtocol: got "https"/],
    "a group that is none": [
      "prefect-lb-https-in",
      set("securityGroupId", "prefect"),
      /GroupId: got "prefect", allowed sg-/,
    ],
  },
  "aws:iam/rolePolicy:RolePolicy": {
    "a policy that is too long": [
      "prefect-server-start",
      set("policy", "x".repeat(10_241)),
      /PolicyDocument: got 10241 characters/,
    ],
  },
  "aws:cloudwatch/logGroup:LogGroup": {
    "a month of 31 days": [
      "prefect-server-logs",
      set("retentionInDays", 31),
      /retentionInDays: got 31, allowed 1, 3, 5, /,
    ],
  },
  "aws:secretsmanager/secret:Secret": {
    "a name that looks like an ARN's end": [
      "prefect-db-login-secret",
      set("name", "prefect-secret"),
      /Name: got "prefect-secret"/,
    ],
  },
  "aws:rds/instance:Instance": {
    "backups for too long": [
      "prefect-db-instance",
      set("backupRetentionPeriod", 36),
      /BackupRetentionPeriod: got 36, allowed 0 to 35$/,
    ],
    "a disk that grows beyond what there is": [
      "prefect-db-instance",
      set("maxAllocatedStorage", 65_537),
      /MaxAllocatedStorage: got 65537/,
    ],
    "no last snapshot": [
      "prefect-db-instance",
      set("finalSnapshotIdentifier", undefined),
      /FinalDBSnapshotIdentifier: got nothing/,
    ],
  },
  "aws:acm/certificate:Certificate": {
    "a name that is too long": [
      "prefect-lb-certificate",
      set("domainName", `${"a".repeat(60)}.example.com`),
      /DomainName: got 72 characters/,
    ],
  },
  "aws:route53/record:Record": {
    "a type that does not exist": ["prefect-lb-record", set("type", "ALIAS"), /ResourceRecordSet\.Type: got "ALIAS"/],
    "a lifetime of an alias": ["prefect-lb-record", set("ttl", 300), /TTL: got one of an alias/],
  },
};

function inContainers(edit: (containers: Inputs[]) => void): (inputs: Inputs) => void {
  return (inputs) => {
    const containers = JSON.parse(inputs.containerDefinitions as string) as Inputs[];
    edit(containers);
    inputs.containerDefinitions = JSON.stringify(containers);
  };
}
