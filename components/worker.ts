import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { MachineCredential } from "../render/machine-credential";
import { clientSecrets, workerCommand, workerEnvironment, workerHealthCheck } from "../render/prefect-env";
import { FargateService } from "./fargate-service";
import type { JsonSecret } from "./json-secret";
import type { AwsPlace } from "./support/aws-place";
import { environment, images } from "./support/containers";
import { allowBetween, allowHttpsOut } from "./support/security-rules";

export interface WorkerArgs {
  place: AwsPlace;
  vpcId: pulumi.Input<string>;
  /** Private subnets with a way out. */
  subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  clusterArn: pulumi.Input<string>;
  /** `https://prefect.example.com/api` or `http://prefect.internal/api` */
  apiUrl: string;
  /** Where people open Prefect. */
  url: string;
  /** What the API asks for. @default nothing: the entrance below is closed to everybody else */
  machineSecret?: JsonSecret<keyof MachineCredential>;
  /** The internal load balancer. @default - the API is on the internet */
  entrance?: { securityGroupId: pulumi.Input<string>; port: number };
  /** The work pool, of type process; the first worker makes it. */
  pool: string;
  count: number;
  cpu: number;
  memoryMiB: number;
  logRetentionDays: number;
}

/** Workers of one process work pool: flow runs are processes in their tasks. Nobody reaches them, they only call. */
export class Worker extends pulumi.ComponentResource {
  constructor(name: string, args: WorkerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("prefect:compute:Worker", name, {}, opts);
    const group = new aws.ec2.SecurityGroup(
      `${name}-access`,
      { vpcId: args.vpcId, description: "Workers of Prefect" },
      { parent: this },
    );
    const { machineSecret, entrance } = args;
    const rules = [
      allowHttpsOut(`${name}-https-out`, group.id, "API of Prefect, images, secrets, logs", { parent: this }),
      ...(entrance
        ? allowBetween(
            `${name}-api`,
            { from: group.id, to: entrance.securityGroupId, port: entrance.port, description: "Workers to the API" },
            { parent: this },
          )
        : []),
    ];
    new FargateService(
      name,
      {
        place: args.place,
        clusterArn: args.clusterArn,
        cpu: args.cpu,
        memoryMiB: args.memoryMiB,
        containers: [
          {
            name: "worker",
            image: images.prefect,
            essential: true,
            command: workerCommand(args.pool),
            environment: environment(workerEnvironment(args)),
            secrets: machineSecret?.variables(clientSecrets) ?? [],
            healthCheck: { command: workerHealthCheck, interval: 30, timeout: 5, retries: 3, startPeriod: 120 },
            // Fargate's longest: flow runs that are nearly done may finish.
            stopTimeout: 120,
            // Flow runs are child processes: somebody has to reap the orphans.
            linuxParameters: { initProcessEnabled: true, capabilities: { drop: ["ALL"] } },
          },
        ],
        secrets: machineSecret ? [machineSecret] : [],
        subnetIds: args.subnetIds,
        securityGroupId: group.id,
        count: args.count,
        logRetentionDays: args.logRetentionDays,
      },
      { parent: this, dependsOn: rules },
    );
    this.registerOutputs();
  }
}
