import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { gatewayEnvironment, gatewayStart } from "../render/gateway-start";
import type { MachineCredential } from "../render/machine-credential";
import { nginxConf } from "../render/nginx";
import {
  type Oauth2ProxyOptions,
  oauth2ProxyEnvironment,
  oauth2ProxySecrets,
  oauth2ProxyStart,
} from "../render/oauth2-proxy";
import { healthCheckPath, ports } from "../render/ports";
import { JsonSecret } from "./json-secret";
import type { AwsPlace } from "./support/aws-place";
import { type Container, environment, images, lockedDown } from "./support/containers";
import type { Entrance, Front, SecretReference } from "./support/entrance";
import { targetGroup } from "./support/target-group";

export interface GatewayArgs {
  place: AwsPlace;
  /** Who may come in and for how long. */
  login: Oauth2ProxyOptions;
  issuer: pulumi.Input<string>;
  clientId: pulumi.Input<string>;
  clientSecret: pulumi.Input<string>;
  /** Where signing out goes after the own session is gone. */
  signOutUrl: pulumi.Input<string>;
  machineSecret: JsonSecret<keyof MachineCredential>;
  /** The name under which machines come in from inside the VPC. @default - they come in under the domain */
  internalDomain?: string;
  vpcId: pulumi.Input<string>;
  /** The public load balancer. */
  loadBalancer: { listenerArn: pulumi.Input<string>; securityGroupId: pulumi.Input<string> };
  /** Networks of the load balancers; known in preview. */
  trustedProxyCidrs: pulumi.Output<string[]>;
  /** The load balancer's, in seconds. */
  idleTimeoutSec: number;
}

/**
 * nginx and oauth2-proxy, the two containers before Prefect: they run in its task, and the load balancer sends all that
 * is for the domain to the first of them.
 */
export class Gateway extends pulumi.ComponentResource implements Front {
  readonly containers: Container[];
  readonly secrets: SecretReference[];
  readonly entrances: Entrance[];

  constructor(name: string, args: GatewayArgs, opts?: pulumi.ComponentResourceOptions) {
    super("prefect:identity:Gateway", name, {}, opts);
    // 32 characters of 6 bits: oauth2-proxy reads them as base64url, a key of 24 bytes.
    const cookie = new random.RandomPassword(`${name}-cookie`, { length: 32, special: false }, { parent: this });
    const secret = new JsonSecret(
      `${name}-login`,
      {
        place: args.place,
        description: "How the gateway logs people in",
        values: {
          issuer: args.issuer,
          clientId: args.clientId,
          clientSecret: args.clientSecret,
          cookieSecret: cookie.result,
          signOutUrl: args.signOutUrl,
        },
      },
      { parent: this },
    );
    const conf = args.trustedProxyCidrs.apply((trustedProxyCidrs) =>
      nginxConf({
        domain: args.login.domain,
        path: args.login.path,
        internalDomain: args.internalDomain,
        trustedProxyCidrs,
        idleTimeoutSec: args.idleTimeoutSec,
      }),
    );
    this.containers = [
      {
        name: "nginx",
        image: images.nginx,
        essential: true,
        entryPoint: ["/bin/sh", "-ec"],
        command: [gatewayStart({ machines: true })],
        environment: environment({ [gatewayEnvironment.conf]: conf }),
        secrets: [
          ...args.machineSecret.variables({ basic: gatewayEnvironment.basic, htpasswd: gatewayEnvironment.htpasswd }),
          ...secret.variables({ signOutUrl: gatewayEnvironment.signOutUrl }),
        ],
        portMappings: [{ containerPort: ports.nginx, protocol: "tcp" }],
        ...lockedDown(128),
      },
      {
        name: "oauth2-proxy",
        image: images.oauth2Proxy,
        // Without it people are refused; with it essential, its end would be the end of Prefect and its workers' calls.
        essential: false,
        entryPoint: ["/bin/sh", "-ec"],
        command: [oauth2ProxyStart],
        environment: environment(oauth2ProxyEnvironment(args.login)),
        secrets: secret.variables(oauth2ProxySecrets),
        ...lockedDown(16),
      },
    ];
    this.secrets = [args.machineSecret, secret];
    this.entrances = [this.entrance(name, args)];
    this.registerOutputs();
  }
  private entrance(name: string, { vpcId, login, loadBalancer }: GatewayArgs): Entrance {
    const parent = { parent: this };
    const group = targetGroup(`${name}-nginx`, { vpcId, port: ports.nginx, protocol: "HTTP", healthCheckPath }, parent);
    const rule = new aws.lb.ListenerRule(
      `${name}-domain`,
      {
        listenerArn: loadBalancer.listenerArn,
        priority: 100,
        conditions: [{ hostHeader: { values: [login.domain] } }],
        actions: [{ type: "forward", targetGroupArn: group.arn }],
      },
      parent,
    );
    return {
      name: "public-nginx",
      securityGroupId: loadBalancer.securityGroupId,
      targetGroupArn: pulumi.all([group.arn, rule.arn]).apply(([arn]) => arn),
      container: "nginx",
      port: ports.nginx,
    };
  }
}
