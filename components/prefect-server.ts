import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { MachineCredential } from "../render/machine-credential";
import { ports } from "../render/ports";
import {
  caBundleFetch,
  databaseSecrets,
  serverAuthString,
  serverCommand,
  serverEnvironment,
  serverHealthCheck,
} from "../render/prefect-env";
import { Database, type DatabaseSecretKey } from "./database";
import { FargateService } from "./fargate-service";
import type { JsonSecret } from "./json-secret";
import type { AwsPlace } from "./support/aws-place";
import { type Container, environment, images, lockedDown } from "./support/containers";
import { allowBetween, allowHttpsOut } from "./support/security-rules";

export interface PrefectServerArgs {
  place: AwsPlace;
  vpcId: pulumi.Input<string>;
  /** Private subnets with a way out. */
  subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  clusterArn: pulumi.Input<string>;
  domain: string;
  cpu: number;
  memoryMiB: number;
  /** The gateway's containers and what they read. */
  gateway: { containers: Container[]; secret: { arnPattern: pulumi.Output<string>; versionId: pulumi.Output<string> } };
  machineSecret: JsonSecret<keyof MachineCredential>;
  databaseSecret: JsonSecret<DatabaseSecretKey>;
  databaseSecurityGroupId: pulumi.Input<string>;
  loadBalancerSecurityGroupId: pulumi.Input<string>;
  targetGroupArn: pulumi.Input<string>;
  logRetentionDays: number;
}

const caVolume = "rds-ca";
const caDirectory = "/etc/rds-ca";
const caFile = `${caDirectory}/bundle.pem`;

/** One task: Prefect, bound to loopback, and the gateway that alone can reach it. */
export class PrefectServer extends pulumi.ComponentResource {
  constructor(name: string, args: PrefectServerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("prefect:compute:PrefectServer", name, {}, opts);
    const parent = { parent: this };
    const group = new aws.ec2.SecurityGroup(
      `${name}-access`,
      { vpcId: args.vpcId, description: "Prefect's server task" },
      parent,
    );
    const rules = [
      ...allowBetween(
        `${name}-gateway`,
        {
          from: args.loadBalancerSecurityGroupId,
          to: group.id,
          port: ports.nginx,
          description: "Load balancer to the gateway",
        },
        parent,
      ),
      ...allowBetween(
        `${name}-database`,
        {
          from: group.id,
          to: args.databaseSecurityGroupId,
          port: Database.port,
          description: "Prefect to its database",
        },
        parent,
      ),
      allowHttpsOut(`${name}-https-out`, group.id, "Images, secrets, logs, login, RDS certificates", parent),
    ];

    new FargateService(
      name,
      {
        place: args.place,
        clusterArn: args.clusterArn,
        cpu: args.cpu,
        memoryMiB: args.memoryMiB,
        containers: [...prefectContainers(args), ...args.gateway.containers],
        volumes: [caVolume],
        secrets: [args.machineSecret, args.databaseSecret, args.gateway.secret],
        subnetIds: args.subnetIds,
        securityGroupId: group.id,
        count: 1,
        loadBalancer: {
          targetGroupArn: args.targetGroupArn,
          container: "nginx",
          port: ports.nginx,
          // The first start runs every migration.
          gracePeriodSec: 300,
        },
        logRetentionDays: args.logRetentionDays,
      },
      // A task without its rules cannot start, and a deployment gives up after a few that do not.
      { ...parent, dependsOn: rules },
    );
    this.registerOutputs();
  }
}

function prefectContainers(args: PrefectServerArgs): Container[] {
  return [
    {
      name: "rds-ca",
      image: images.prefect,
      essential: false,
      entryPoint: args.place.region.apply((region) => caBundleFetch(region, caFile).slice(0, 1)),
      command: args.place.region.apply((region) => caBundleFetch(region, caFile).slice(1)),
      mountPoints: [{ sourceVolume: caVolume, containerPath: caDirectory }],
      ...lockedDown(16),
    },
    {
      name: "prefect",
      image: images.prefect,
      essential: true,
      command: serverCommand,
      environment: environment(serverEnvironment({ domain: args.domain, caFile })),
      secrets: [
        ...args.databaseSecret.variables(databaseSecrets),
        ...args.machineSecret.variables({ authString: serverAuthString }),
      ],
      dependsOn: [{ containerName: "rds-ca", condition: "SUCCESS" }],
      mountPoints: [{ sourceVolume: caVolume, containerPath: caDirectory, readOnly: true }],
      healthCheck: { command: serverHealthCheck, interval: 10, timeout: 5, retries: 6, startPeriod: 300 },
      stopTimeout: 60,
      ...lockedDown(256),
    },
  ];
}
