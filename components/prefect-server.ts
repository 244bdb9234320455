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
import type { Entrance, SecretReference } from "./support/entrance";
import { allowBetween, allowHttpsOut } from "./support/security-rules";

export interface PrefectServerArgs {
  place: AwsPlace;
  vpcId: pulumi.Input<string>;
  /** Private subnets with a way out. */
  subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  clusterArn: pulumi.Input<string>;
  domain: string;
  /** Where Prefect is on the domain: `/` or `/prefect`. */
  path: string;
  /** `127.0.0.1` behind a gateway in the task, `0.0.0.0` where load balancers reach Prefect itself. */
  host: "127.0.0.1" | "0.0.0.0";
  /** What Prefect itself asks everybody for. @default nothing: whoever reaches it is in */
  machineSecret?: JsonSecret<keyof MachineCredential>;
  cpu: number;
  memoryMiB: number;
  /** What stands beside Prefect in the task, and what that reads. */
  beside: { containers: Container[]; secrets: SecretReference[] };
  /** The only ways in. */
  entrances: Entrance[];
  /** Networks of the load balancers; known in preview. */
  trustedProxyCidrs: pulumi.Output<string[]>;
  databaseSecret: JsonSecret<DatabaseSecretKey>;
  databaseSecurityGroupId: pulumi.Input<string>;
  logRetentionDays: number;
}

const caVolume = "rds-ca";
const caDirectory = "/etc/rds-ca";
const caFile = `${caDirectory}/bundle.pem`;

/** One task: Prefect and what stands beside it, reached from the load balancers given and from nowhere else. */
export class PrefectServer extends pulumi.ComponentResource {
  constructor(name: string, args: PrefectServerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("prefect:compute:PrefectServer", name, {}, opts);
    const parent = { parent: this };
    const group = new aws.ec2.SecurityGroup(
      `${name}-access`,
      { vpcId: args.vpcId, description: "Server task of Prefect" },
      parent,
    );
    const rules = [
      ...args.entrances.flatMap((entrance) =>
        allowBetween(
          `${name}-${entrance.name}`,
          {
            from: entrance.securityGroupId,
            to: group.id,
            port: entrance.port,
            description: `Load balancer to ${entrance.container}`,
          },
          parent,
        ),
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
        containers: [...prefectContainers(args), ...args.beside.containers],
        volumes: [caVolume],
        secrets: [...(args.machineSecret ? [args.machineSecret] : []), args.databaseSecret, ...args.beside.secrets],
        subnetIds: args.subnetIds,
        securityGroupId: group.id,
        count: 1,
        targets: args.entrances,
        // The first start runs every migration.
        gracePeriodSec: 300,
        logRetentionDays: args.logRetentionDays,
      },
      // A task without its rules cannot start, and a deployment gives up after a few that do not.
      { ...parent, dependsOn: rules },
    );
    this.registerOutputs();
  }
}

function prefectContainers(args: PrefectServerArgs): Container[] {
  const { domain, path, host } = args;
  const reached = host === "0.0.0.0";
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
      command: serverCommand(host),
      environment: args.trustedProxyCidrs.apply((cidrs) =>
        environment(serverEnvironment({ domain, path, caFile, trustedProxyCidrs: reached ? cidrs : [] })),
      ),
      ...(reached && { portMappings: [{ containerPort: ports.prefect, protocol: "tcp" }] }),
      secrets: [
        ...args.databaseSecret.variables(databaseSecrets),
        ...(args.machineSecret?.variables({ authString: serverAuthString }) ?? []),
      ],
      dependsOn: [{ containerName: "rds-ca", condition: "SUCCESS" }],
      mountPoints: [{ sourceVolume: caVolume, containerPath: caDirectory, readOnly: true }],
      healthCheck: { command: serverHealthCheck(path), interval: 10, timeout: 5, retries: 6, startPeriod: 300 },
      stopTimeout: 60,
      ...lockedDown(256),
    },
  ];
}
