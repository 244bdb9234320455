import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { strictTransportSecurity, uiPolicy } from "../render/nginx-headers";
import { pathsBelow } from "../render/paths";
import { healthCheckPath, ports } from "../render/ports";
import { clientEnvironment, clientSecrets, serverHealthPath } from "../render/prefect-env";
import { AlbLogin } from "./alb-login";
import { Database } from "./database";
import { Gateway } from "./gateway";
import { type IdentityArgs, identityFor } from "./identity";
import { InternalLoadBalancer } from "./internal-load-balancer";
import { LoadBalancer } from "./load-balancer";
import { MachineAccess } from "./machine-access";
import { MachineTokens, type TokenRules } from "./machine-tokens";
import { Network, type NetworkArgs } from "./network";
import { PrefectServer } from "./prefect-server";
import { awsPlace } from "./support/aws-place";
import { Worker } from "./worker";

/** What to deploy; the units are in the names, the meanings in settings/. */
export interface SystemArgs extends IdentityArgs {
  hostedZone?: string;
  certificateArn?: string;
  workersEndpoint: "private" | "public";
  internal: { domain: string; loadBalancer: "application" | "network"; allowedCidrs: string[] };
  machineTokens?: TokenRules;
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
  /** Secret: the environment of a Prefect client that calls where workers do. */
  readonly workerEnv: pulumi.Output<Record<string, string>>;
  /** Secret: what programs from outside need to come in with a token; with `machineTokens` only. */
  readonly tokenAccess?: pulumi.Output<Record<string, string>>;
  /** Cognito only. */
  readonly userPoolId?: pulumi.Output<string>;

  constructor(name: string, args: SystemArgs, opts?: pulumi.ComponentResourceOptions) {
    super("prefect:index:System", name, {}, opts);
    const parent = { parent: this };
    const { access, domain, path, deletionProtection, logRetentionDays } = args;
    const paths = pathsBelow(path);
    const url = `https://${domain}${paths.base}`;
    const inVpc = args.workersEndpoint === "private";
    const apiUrl = inVpc ? `http://${args.internal.domain}${paths.api}` : `https://${domain}${paths.api}`;
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
        idleTimeoutSec,
        // The gateway's nginx sets them, another one on pages of its own.
        answerHeaders: access === "alb" ? { contentSecurityPolicy: uiPolicy, strictTransportSecurity } : undefined,
        deletionProtection,
      },
      parent,
    );
    const internal = inVpc
      ? new InternalLoadBalancer(
          `${name}-internal`,
          {
            vpcId,
            subnetIds: privateSubnetIds,
            domain: args.internal.domain,
            type: args.internal.loadBalancer,
            allowedCidrs: args.internal.allowedCidrs,
            target:
              access === "gateway"
                ? { container: "nginx", port: ports.nginx, healthCheckPath }
                : { container: "prefect", port: ports.prefect, healthCheckPath: serverHealthPath(path) },
            idleTimeoutSec,
            deletionProtection,
          },
          parent,
        )
      : undefined;
    // Behind the load balancer's login and inside the VPC nothing asks for it.
    const machines =
      access === "gateway" || !inVpc ? new MachineAccess(`${name}-machines`, { place }, parent) : undefined;
    const identity = identityFor(`${name}-people`, args, place, parent);
    const tokens = args.machineTokens
      ? new MachineTokens(
          `${name}-tokens`,
          {
            rules: args.machineTokens,
            domain,
            apiUrl: `https://${domain}${paths.api}`,
            pool: identity.pool,
            region: place.region,
          },
          parent,
        )
      : undefined;
    const front = { place, vpcId, loadBalancer, trustedProxyCidrs: network.cidrs, idleTimeoutSec };
    const login =
      access === "gateway" && machines
        ? new Gateway(
            `${name}-gateway`,
            {
              ...front,
              ...identity,
              machineSecret: machines.secret,
              internalDomain: inVpc ? args.internal.domain : undefined,
            },
            parent,
          )
        : new AlbLogin(
            `${name}-login`,
            { ...front, domain, path, identity, machineSecret: machines?.secret, tokens: tokens?.action },
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
        path,
        ...args.server,
        ...(access === "gateway" ? { host: "127.0.0.1", machineSecret: machines?.secret } : { host: "0.0.0.0" }),
        beside: login,
        entrances: [...login.entrances, ...(internal ? [internal.entrance] : [])],
        trustedProxyCidrs: network.cidrs,
        databaseSecret: database.secret,
        databaseSecurityGroupId: database.securityGroupId,
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
        url,
        machineSecret: machines?.secret,
        entrance: internal && { securityGroupId: internal.securityGroupId, port: InternalLoadBalancer.port },
        ...args.workers,
        logRetentionDays,
      },
      // A worker that finds no API ends, and after three such ends ECS takes its deployment for broken.
      { ...parent, dependsOn: internal ? [server, internal] : [server] },
    );

    this.url = pulumi.output(url);
    this.apiUrl = pulumi.output(apiUrl);
    const plain = clientEnvironment({ apiUrl, url });
    this.workerEnv = machines
      ? machines.credential.apply(
          ({ authString, customHeaders }): Record<string, string> => ({
            ...plain,
            [clientSecrets.authString]: authString,
            [clientSecrets.customHeaders]: customHeaders,
          }),
        )
      : pulumi.secret(plain);
    this.tokenAccess = tokens?.access;
    this.userPoolId = identity.pool?.userPoolId;
    this.registerOutputs({ url: this.url, apiUrl: this.apiUrl, userPoolId: this.userPoolId });
  }
}
