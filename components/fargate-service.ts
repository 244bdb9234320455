import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type AwsPlace, arn } from "./support/aws-place";
import type { Container } from "./support/containers";
import type { SecretReference } from "./support/entrance";

export interface FargateServiceArgs {
  place: AwsPlace;
  clusterArn: pulumi.Input<string>;
  /** CPU units; 1024 are one vCPU. */
  cpu: number;
  memoryMiB: number;
  containers: Container[];
  /** Empty volumes that containers share, by name. @default none */
  volumes?: string[];
  /** What the containers read at their start; a new version of one starts new tasks. */
  secrets: SecretReference[];
  subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  securityGroupId: pulumi.Input<string>;
  count: number;
  /** Target groups and the container that each leads to. @default none */
  targets?: { targetGroupArn: pulumi.Input<string>; container: string; port: number }[];
  /** Seconds after a task's start in which failing health checks of its targets do not count. */
  gracePeriodSec?: number;
  logRetentionDays: number;
}

/** A service on Fargate with roles, logs and task definition of its own; new tasks are healthy before old ones go. */
export class FargateService extends pulumi.ComponentResource {
  constructor(name: string, args: FargateServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("prefect:compute:FargateService", name, {}, opts);
    const parent = { parent: this };
    // Several containers may read the same one.
    const secrets = [...new Set(args.secrets)];
    const logs = new aws.cloudwatch.LogGroup(`${name}-logs`, { retentionInDays: args.logRetentionDays }, parent);

    // Two roles: what ECS needs to start the task, and what the programs in it may do, which is nothing.
    const assumeRolePolicy = trust(args.place);
    const executionRole = new aws.iam.Role(`${name}-execution`, { assumeRolePolicy }, parent);
    const taskRole = new aws.iam.Role(`${name}-task`, { assumeRolePolicy }, parent);
    const executionPolicy = new aws.iam.RolePolicy(
      `${name}-start`,
      {
        role: executionRole.name,
        policy: pulumi.jsonStringify({
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
              Resource: arn(args.place, "logs", pulumi.interpolate`log-group:${logs.name}:log-stream:*`),
            },
            // A statement without resources is refused (IAM, MalformedPolicyDocument).
            ...(secrets.length === 0
              ? []
              : [
                  {
                    Effect: "Allow",
                    Action: "secretsmanager:GetSecretValue",
                    Resource: secrets.map(({ arnPattern }) => arnPattern),
                  },
                ]),
          ],
        }),
      },
      parent,
    );

    const definition = new aws.ecs.TaskDefinition(
      `${name}-task`,
      {
        family: name,
        requiresCompatibilities: ["FARGATE"],
        networkMode: "awsvpc",
        cpu: String(args.cpu),
        memory: String(args.memoryMiB),
        runtimePlatform: { operatingSystemFamily: "LINUX", cpuArchitecture: "X86_64" },
        executionRoleArn: executionRole.arn,
        taskRoleArn: taskRole.arn,
        volumes: args.volumes?.map((volume) => ({ name: volume })),
        containerDefinitions: pulumi.jsonStringify(
          args.containers.map((container) => ({
            ...container,
            logConfiguration: {
              logDriver: "awslogs",
              options: {
                "awslogs-group": logs.name,
                "awslogs-region": args.place.region,
                "awslogs-stream-prefix": "prefect",
                // A CloudWatch that does not answer must not stop Prefect.
                mode: "non-blocking",
                "max-buffer-size": "4m",
              },
            },
          })),
        ),
      },
      parent,
    );

    new aws.ecs.Service(
      `${name}-service`,
      {
        cluster: args.clusterArn,
        taskDefinition: definition.arn,
        desiredCount: args.count,
        launchType: "FARGATE",
        networkConfiguration: {
          subnets: args.subnetIds,
          securityGroups: [args.securityGroupId],
          assignPublicIp: false,
        },
        loadBalancers: args.targets?.map(({ targetGroupArn, container, port }) => ({
          targetGroupArn,
          containerName: container,
          containerPort: port,
        })),
        healthCheckGracePeriodSeconds: args.gracePeriodSec,
        deploymentMinimumHealthyPercent: 100,
        deploymentMaximumPercent: 200,
        deploymentCircuitBreaker: { enable: true, rollback: true },
        // `pulumi up` ends when the tasks are healthy, and fails when they are not.
        waitForSteadyState: true,
        // ECS hands out secrets when a task starts and never again.
        forceNewDeployment: true,
        triggers: { secrets: pulumi.all(secrets.map(({ versionId }) => versionId)).apply((ids) => ids.join(",")) },
        propagateTags: "SERVICE",
        enableEcsManagedTags: true,
      },
      { ...parent, dependsOn: [executionPolicy] },
    );
    this.registerOutputs();
  }
}

/** Who may take a role: ECS, for tasks of this account and region (Amazon ECS task execution IAM role). */
function trust(place: AwsPlace): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: "sts:AssumeRole",
        Principal: { Service: "ecs-tasks.amazonaws.com" },
        Condition: {
          StringEquals: { "aws:SourceAccount": place.accountId },
          ArnLike: { "aws:SourceArn": arn(place, "ecs", "*") },
        },
      },
    ],
  });
}
