import {
  behindAlb,
  type ContainerPiece,
  containers,
  forward,
  login,
  path,
  prefect,
  rule,
} from "../test/policies/support/pieces";
import { type Declared, declare, ref } from "../test/policies/support/stack";

/**
 * As many services behind load balancers of their own as make `count` resources, ten each; every other one is Prefect
 * behind a login, and before some stands a distribution. The pack finds nothing in it, neither violation nor advice.
 */
export function largeStack(count: number): Declared[] {
  return Array.from({ length: count / 10 }, (_, index) => {
    const unit = index % 2 === 1 ? application() : index % 10 === 0 ? behindDistribution() : server();
    return unit.map((resource) => numbered(resource, index));
  }).flat();
}

const text = "a setting of some length, ".repeat(80);

/** Prefect, and the pool that logs people in. */
function server(): Declared[] {
  const settings = { PREFECT_SERVER_API_KEEPALIVE_TIMEOUT: "75", TEXT: text };
  return [
    declare("aws:cognito/userPool:UserPool", "pool", { adminCreateUserConfig: { allowAdminCreateUserOnly: true } }),
    declare("aws:cognito/userPoolClient:UserPoolClient", "client", {
      userPoolId: ref("pool", "id"),
      supportedIdentityProviders: ["COGNITO"],
    }),
    ...balanced(prefect({ environment: settings }), "prefect"),
  ];
}

/** The same with a distribution before the load balancer in the place of a pool of its own. */
function behindDistribution(): Declared[] {
  const origin = declare("aws:cloudfront/vpcOrigin:VpcOrigin", "origin", {
    vpcOriginEndpointConfig: { arn: ref("alb"), httpPort: 80, httpsPort: 443, originProtocolPolicy: "https-only" },
  });
  const distribution = declare("aws:cloudfront/distribution:Distribution", "cdn", {
    enabled: true,
    origins: [{ originId: "alb", domainName: "inside", vpcOriginConfig: { vpcOriginId: ref("origin", "id") } }],
    defaultCacheBehavior: { targetOriginId: "alb" },
  });
  return [...server().filter(({ name }) => name !== "pool" && name !== "client"), origin, distribution];
}

/** Something else. */
function application(): Declared[] {
  return [
    ...balanced({ name: "web", image: "acme/web:1", ports: [4200], environment: { TEXT: text } }, "web"),
    declare("aws:s3/bucket:Bucket", "bucket", { tags: { text } }),
    declare("aws:cloudwatch/logGroup:LogGroup", "logs", { retentionInDays: 7 }),
  ];
}

function balanced(piece: ContainerPiece, container: string): Declared[] {
  const actions = [login({ sessionTimeout: 28_800 }), forward];
  return behindAlb({
    definitions: containers(piece),
    target: { container, port: 4200 },
    alb: { dropInvalidHeaderFields: true },
    listener: { sslPolicy: "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09" },
    actions,
    more: [rule("api", 10, [path("/api/*")], actions)],
  });
}

/** Names and references of the how manieth. */
function numbered(resource: Declared, index: number): Declared {
  const inputs = JSON.parse(
    JSON.stringify(resource.inputs).replace(/("\$of":")([\w-]+)"/g, `$1$2-${index}"`),
  ) as Declared["inputs"];
  return { ...resource, name: `${resource.name}-${index}`, inputs };
}
