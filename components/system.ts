import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { healthCheckPath, ports } from "../render/ports";
import { clientSecrets } from "../render/prefect-env";
import { Database } from "./database";
import { Gateway } from "./gateway";
import { type IdentityArgs, identityFor } from "./identity";
import { LoadBalancer } from "./load-balancer";
import { MachineAccess } from "./machine-access";
import { Network, type NetworkArgs } from "./network";
import { PrefectServer } from "./prefect-server";
import { awsPlace } from "./support/aws-place";
import { Worker } from "./worker";

/** What to deploy; the units are in the names, the meanings in settings.ts. */
export interface SystemArgs extends IdentityArgs {
  hostedZone?: string;
  certificateArn?: string;
  network: NetworkArgs;
  database: { instanceClass: string; allocatedStorageGb: number; backupRetentionDays: number };
  server: { cpu: number; memoryMiB: number };
  workers: { pool: string; count: number; cpu: number; memoryMiB: number };
  logRetentionDays: number;
}

/** Above the 20 s between two pings on Prefect's sockets, and above its longest answers: its statements end after 10 s. */
const idleTimeoutSec = 60;

/** Prefect on Fargate behind a login: everything, in the order in which a request meets it. */
export class System extends pulumi.ComponentResource {
  /** Where people point their browser. */
  readonly url: pulumi.Output<string>;
  /** `PREFECT_API_URL` of workers and other programs. */
  readonly apiUrl: pulumi.Output<string>;
  /** Secret: the environment of a Prefect client. */
  readonly workerEnv: pulumi.Output<Record<string, string>>;
  /** Cognito only. */
  readonly userPoolId?: pulumi.Output<string>;

  constructor(name: string, args: SystemArgs, opts?: pulumi.ComponentResourceOptions) {
    super("prefect:index:System", name, {}, opts);
    const parent = { parent: this };
    const { domain, deletionProtection, logRetentionDays } = args;
    const url = `https://${domain}`;
    const apiUrl = `${url}/api`;
    const place = awsPlace(this);

    const network = new Network(`${name}-network`, args.network, parent);
    const { vpcId, privateSubnetIds } = network;
    const loadBalancer = new LoadBalancer(
      `${name}-lb`,
      {
        vpcId,
        subnetIds: network.publicSubnetIds,
        domain,
        hostedZone: args.hostedZone,
        certificateArn: args.certificateArn,
        targetPort: ports.nginx,
        healthCheckPath,
        idleTimeoutSec,
        deletionProtection,
      },
      parent,
    );
    const machines = new MachineAccess(`${name}-machines`, { place }, parent);
    const identity = identityFor(`${name}-people`, args, place, parent);
    const gateway = new Gateway(
      `${name}-gateway`,
      {
        place,
        ...identity,
        machineSecret: machines.secret,
        trustedProxyCidrs: network.cidrs,
        idleTimeoutSec,
      },
      parent,
    );
    const database = new Database(
      `${name}-db`,
      { place, vpcId, subnetIds: network.databaseSubnetIds, ...args.database, deletionProtection },
      parent,
    );
    const cluster = new aws.ecs.Cluster(`${name}-cluster`, {}, parent);
    const server = new PrefectServer(
      `${name}-server`,
      {
        place,
        vpcId,
        subnetIds: privateSubnetIds,
        clusterArn: cluster.arn,
        domain,
        ...args.server,
        gateway,
        machineSecret: machines.secret,
        databaseSecret: database.secret,
        databaseSecurityGroupId: database.securityGroupId,
        loadBalancerSecurityGroupId: loadBalancer.securityGroupId,
        targetGroupArn: loadBalancer.targetGroupArn,
        logRetentionDays,
      },
      // The subnets are known before their way out exists.
      { ...parent, dependsOn: [network] },
    );
    new Worker(
      `${name}-worker`,
      {
        place,
        vpcId,
        subnetIds: privateSubnetIds,
        clusterArn: cluster.arn,
        apiUrl,
        machineSecret: machines.secret,
        ...args.workers,
        logRetentionDays,
      },
      // A worker that finds no API ends, and after three such ends ECS takes its deployment for broken.
      { ...parent, dependsOn: [server] },
    );

    this.url = pulumi.output(url);
    this.apiUrl = pulumi.output(apiUrl);
    this.workerEnv = machines.credential.apply(
      ({ authString, customHeaders }): Record<string, string> => ({
        PREFECT_API_URL: apiUrl,
        [clientSecrets.authString]: authString,
        [clientSecrets.customHeaders]: customHeaders,
      }),
    );
    this.userPoolId = identity.userPoolId;
    this.registerOutputs({ url: this.url, apiUrl: this.apiUrl, userPoolId: this.userPoolId });
  }
}
