import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { gateConf } from "../render/gate";
import { gatewayEnvironment, gatewayStart } from "../render/gateway-start";
import { pages, problems } from "../render/gateway-pages";
import type { MachineCredential } from "../render/machine-credential";
import { type Paths, pathsBelow } from "../render/paths";
import { healthCheckPath, ports } from "../render/ports";
import { serverHealthPath } from "../render/prefect-env";
import type { Identity } from "./identity";
import { JsonSecret } from "./json-secret";
import type { AwsPlace } from "./support/aws-place";
import { type Container, environment, images, lockedDown } from "./support/containers";
import type { Entrance, Front, SecretReference } from "./support/entrance";
import { allowHttpsOut } from "./support/security-rules";
import { targetGroup } from "./support/target-group";

export interface AlbLoginArgs {
  place: AwsPlace;
  vpcId: pulumi.Input<string>;
  domain: string;
  /** Where Prefect is on the domain: `/` or `/prefect`. */
  path: string;
  identity: Identity;
  /** The public load balancer. */
  loadBalancer: { listenerArn: pulumi.Input<string>; securityGroupId: pulumi.Input<string> };
  /** The credential of machines that come in here. @default - none do, but by `tokens` */
  machineSecret?: JsonSecret<keyof MachineCredential>;
  /** The action that lets programs with a token in. @default - none come in by token */
  tokens?: pulumi.Input<Action>;
  /** Networks of the load balancers; known in preview. */
  trustedProxyCidrs: pulumi.Output<string[]>;
  /** The load balancer's, in seconds. */
  idleTimeoutSec: number;
}

type Action = aws.types.input.lb.ListenerRuleAction;
type Condition = aws.types.input.lb.ListenerRuleCondition;

/**
 * The load balancer's login: rules of the listener, each of which either answers by itself or asks who it is before it
 * forwards. Beside Prefect stands the gate, an nginx for what a load balancer cannot do.
 */
export class AlbLogin extends pulumi.ComponentResource implements Front {
  readonly containers: Container[];
  readonly secrets: SecretReference[];
  readonly entrances: Entrance[];

  constructor(name: string, args: AlbLoginArgs, opts?: pulumi.ComponentResourceOptions) {
    super("prefect:identity:AlbLogin", name, {}, opts);
    const parent = { parent: this };
    const { place, vpcId, path, loadBalancer, identity } = args;
    // Token and user info endpoints; the load balancer needs them at every login.
    allowHttpsOut(`${name}-https-out`, loadBalancer.securityGroupId, "The identity provider", parent);
    const http = { vpcId, protocol: "HTTP" as const };
    const prefect = targetGroup(
      `${name}-prefect`,
      { ...http, port: ports.prefect, healthCheckPath: serverHealthPath(path) },
      parent,
    );
    const gate = targetGroup(`${name}-gate`, { ...http, port: ports.nginx, healthCheckPath }, parent);
    const rules = this.rules(name, args, prefect.arn, gate.arn);

    const secret = new JsonSecret(
      `${name}-out`,
      { place, description: "Where signing out leads", values: { signOutUrl: identity.signOutUrl } },
      parent,
    );
    this.containers = [this.gate(args, secret)];
    this.secrets = args.machineSecret ? [args.machineSecret, secret] : [secret];
    const ready = (arn: pulumi.Output<string>) =>
      pulumi.all([arn, ...rules.map((rule) => rule.arn)]).apply(([first]) => first ?? "");
    this.entrances = [
      { name: "public-prefect", targetGroupArn: ready(prefect.arn), container: "prefect", port: ports.prefect },
      { name: "public-gate", targetGroupArn: ready(gate.arn), container: "gate", port: ports.nginx },
    ].map((entrance) => ({ ...entrance, securityGroupId: loadBalancer.securityGroupId }));
    this.registerOutputs();
  }

  /** In the order in which the load balancer asks them; what is below may rely on what is above. */
  private rules(
    name: string,
    { domain, path, identity, loadBalancer, machineSecret, tokens }: AlbLoginArgs,
    prefect: pulumi.Input<string>,
    gate: pulumi.Input<string>,
  ): aws.lb.ListenerRule[] {
    const paths = pathsBelow(path);
    const own = pages(paths, paths.signOut);
    const api = onPath(paths.api, `${paths.api}/*`);
    const basic = header("Authorization", "Basic *");
    const toPrefect = forward(prefect);
    const toGate = forward(gate);
    const rule = (role: string, priority: number, conditions: Condition[], actions: pulumi.Input<Action>[]) =>
      new aws.lb.ListenerRule(
        `${name}-${role}`,
        {
          listenerArn: loadBalancer.listenerArn,
          priority,
          conditions: [{ hostHeader: { values: [domain] } }, ...conditions],
          actions,
        },
        { parent: this },
      );
    return [
      ...(tokens ? [rule("tokens", 10, [api, header("Authorization", "Bearer *")], [tokens, toPrefect])] : []),
      ...(machineSecret
        ? [
            // A password that Prefect's UI stored under this name once: it never forgets it, whatever the answer. The
            // session counts. Only the browser itself says same-origin, and it says so of no other site's page.
            rule(
              "own-pages",
              15,
              [api, basic, header("Sec-Fetch-Site", "same-origin")],
              [identity.authenticate("deny"), toPrefect],
            ),
            // Led to the gate by a header that anyone may send: the gate asks for the credential.
            rule("machines", 20, [api, basic], [toGate]),
          ]
        : []),
      // The session's cookies are SameSite=None, so other sites' pages could open sockets with them; the UI opens none.
      // Without this header no WebSocket begins (RFC 6455, 4.2.1).
      rule("sockets", 30, [header("Sec-WebSocket-Key", "*")], [answer("401", problems.unauthorized)]),
      // Nor may they send forms with them. Prefect's own tokens against that are on as well.
      rule(
        "other-sites",
        40,
        [header("Sec-Fetch-Site", "*-site"), { httpRequestMethod: { values: ["POST"] } }],
        [answer("403", problems.otherSite)],
      ),
      rule(
        "sign-out",
        50,
        [onPath(paths.signOut), { httpRequestMethod: { values: ["POST"] } }],
        [identity.authenticate("authenticate"), toGate],
      ),
      rule("sign-out-page", 51, [onPath(paths.signOut)], [page(own.signOut)]),
      rule("signed-out", 52, [onPath(paths.signedOut)], [page(own.signedOut)]),
      // A redirect to the identity provider would fail in the UI's calls without a word.
      rule(
        "api",
        60,
        [onPath(paths.api, `${paths.api}/*`, `${paths.base}/ui-settings`)],
        [identity.authenticate("deny"), toPrefect],
      ),
      rule("pages", 70, below(paths), [identity.authenticate("authenticate"), toPrefect]),
    ];
  }

  private gate(
    { domain, path, machineSecret, trustedProxyCidrs, idleTimeoutSec }: AlbLoginArgs,
    secret: JsonSecret<"signOutUrl">,
  ): Container {
    const machines = machineSecret !== undefined;
    const { conf, basic, htpasswd, signOutUrl } = gatewayEnvironment;
    const text = trustedProxyCidrs.apply((cidrs) =>
      gateConf({ domain, path, machines, trustedProxyCidrs: cidrs, idleTimeoutSec }),
    );
    return {
      name: "gate",
      image: images.nginx,
      essential: true,
      entryPoint: ["/bin/sh", "-ec"],
      command: [gatewayStart({ machines })],
      environment: environment({ [conf]: text }),
      secrets: [...(machineSecret?.variables({ basic, htpasswd }) ?? []), ...secret.variables({ signOutUrl })],
      portMappings: [{ containerPort: ports.nginx, protocol: "tcp" }],
      ...lockedDown(128),
    };
  }
}

function onPath(...values: string[]): Condition {
  return { pathPattern: { values } };
}

/** Everything at the root; below a prefix that and nothing else. */
function below({ base }: Paths): Condition[] {
  return base === "" ? [] : [onPath(base, `${base}/*`)];
}

function header(httpHeaderName: string, value: string): Condition {
  return { httpHeader: { httpHeaderName, values: [value] } };
}

function forward(targetGroupArn: pulumi.Input<string>): Action {
  return { type: "forward", targetGroupArn };
}

function answer(statusCode: string, messageBody: string, contentType = "application/json"): Action {
  return { type: "fixed-response", fixedResponse: { contentType, messageBody, statusCode } };
}

function page(html: string): Action {
  return answer("200", html, "text/html");
}
