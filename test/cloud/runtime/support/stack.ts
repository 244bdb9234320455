import type { LocalCloud } from "./local-cloud";

const account = "123456789012";
const region = "eu-west-1";
const assumeRolePolicy = '{"Version":"2012-10-17","Statement":[]}';

export const executionRoleArn = `arn:aws:iam::${account}:role/execution`;
export const secretArn = `arn:aws:secretsmanager:${region}:${account}:secret:database-AbCdEf`;
/** As the program builds it: without the six characters that AWS adds. */
export const partialSecretArn = `arn:aws:secretsmanager:${region}:${account}:secret:database`;
export const subnetCidr = "10.7.1.0/24";

/** A VPC with one subnet, a log group, and an execution role that may write logs. */
export async function putNetworkAndRole(cloud: LocalCloud): Promise<void> {
  await cloud.put("aws:ec2/vpc:Vpc", "vpc-1", { cidrBlock: "10.7.0.0/16" });
  await cloud.put("aws:ec2/subnet:Subnet", "subnet-1", { cidrBlock: subnetCidr, vpcId: "vpc-1" });
  await cloud.put("aws:cloudwatch/logGroup:LogGroup", "test", {
    name: "test",
    arn: `arn:aws:logs:${region}:${account}:log-group:test`,
  });
  await cloud.put("aws:iam/role:Role", "execution", { name: "execution", arn: executionRoleArn, assumeRolePolicy });
  await cloud.put("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "execution-managed", {
    role: "execution",
    policyArn: "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy",
  });
}

export async function putSecret(cloud: LocalCloud, value: string): Promise<void> {
  await cloud.put("aws:secretsmanager/secret:Secret", secretArn, { name: "database", arn: secretArn });
  await cloud.put("aws:secretsmanager/secretVersion:SecretVersion", "database-version", {
    secretId: secretArn,
    secretString: value,
    versionStages: ["AWSCURRENT"],
  });
}

export async function allowSecret(cloud: LocalCloud, resource: string): Promise<void> {
  const policy = {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: resource }],
  };
  await cloud.put("aws:iam/rolePolicy:RolePolicy", "execution-secrets", {
    role: "execution",
    policy: JSON.stringify(policy),
  });
}

export type Container = Record<string, unknown> & { name: string };

/** A container of Debian's Python image that runs a shell script. */
export function shell(name: string, script: string, more: Record<string, unknown> = {}): Container {
  return {
    name,
    image: "public.ecr.aws/docker/library/python:3.12-slim",
    entryPoint: ["/bin/sh", "-ec"],
    command: [script],
    stopTimeout: 1,
    logConfiguration: {
      logDriver: "awslogs",
      options: { "awslogs-group": "test", "awslogs-stream-prefix": "t", "awslogs-region": region },
    },
    ...more,
  };
}

/** For `shell`: a program that does nothing about signals ends with the first one, having an init before it. */
export const quickToStop = { linuxParameters: { initProcessEnabled: true } };

let revision = 0;

/** @returns the ARN of the revision */
export async function putTaskDefinition(
  cloud: LocalCloud,
  family: string,
  containers: Container[],
  more: Record<string, unknown> = {},
): Promise<string> {
  revision += 1;
  const arn = `arn:aws:ecs:${region}:${account}:task-definition/${family}:${revision}`;
  await cloud.put("aws:ecs/taskDefinition:TaskDefinition", family, {
    ...{ arn, family, revision, executionRoleArn, networkMode: "awsvpc" },
    containerDefinitions: JSON.stringify(containers),
    ...more,
  });
  return arn;
}

export async function putService(
  cloud: LocalCloud,
  name: string,
  taskDefinition: string,
  more: Record<string, unknown> = {},
): Promise<void> {
  const arn = `arn:aws:ecs:${region}:${account}:service/test/${name}`;
  await cloud.put("aws:ecs/service:Service", arn, {
    ...{ arn, name, taskDefinition, desiredCount: 1, waitForSteadyState: true },
    networkConfiguration: { subnets: ["subnet-1"] },
    ...more,
  });
}

/** A service of one task with these containers, from the definition to the steady state. */
export async function runService(
  cloud: LocalCloud,
  name: string,
  containers: Container[],
  more: Record<string, unknown> = {},
): Promise<void> {
  await putService(cloud, name, await putTaskDefinition(cloud, name, containers), more);
}
