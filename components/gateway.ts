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
import { ports } from "../render/ports";
import { JsonSecret } from "./json-secret";
import type { AwsPlace } from "./support/aws-place";
import { type Container, environment, images, lockedDown } from "./support/containers";

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
  /** Networks of the load balancer; known in preview. */
  trustedProxyCidrs: pulumi.Output<string[]>;
  /** The load balancer's, in seconds. */
  idleTimeoutSec: number;
}

/** nginx and oauth2-proxy: the two containers before Prefect, and the secrets they read. They run in Prefect's task. */
export class Gateway extends pulumi.ComponentResource {
  readonly containers: Container[];
  readonly secret: JsonSecret<keyof typeof oauth2ProxySecrets | "signOutUrl">;

  constructor(name: string, args: GatewayArgs, opts?: pulumi.ComponentResourceOptions) {
    super("prefect:identity:Gateway", name, {}, opts);
    // 32 characters of 6 bits: oauth2-proxy reads them as base64url, a key of 24 bytes.
    const cookie = new random.RandomPassword(`${name}-cookie`, { length: 32, special: false }, { parent: this });
    this.secret = new JsonSecret(
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
      nginxConf({ domain: args.login.domain, trustedProxyCidrs, idleTimeoutSec: args.idleTimeoutSec }),
    );
    this.containers = [
      {
        name: "nginx",
        image: images.nginx,
        essential: true,
        entryPoint: ["/bin/sh", "-ec"],
        command: [gatewayStart()],
        environment: environment({ [gatewayEnvironment.conf]: conf }),
        secrets: [
          ...args.machineSecret.variables({ basic: gatewayEnvironment.basic, htpasswd: gatewayEnvironment.htpasswd }),
          ...this.secret.variables({ signOutUrl: gatewayEnvironment.signOutUrl }),
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
        secrets: this.secret.variables(oauth2ProxySecrets),
        ...lockedDown(16),
      },
    ];
    this.registerOutputs();
  }
}
