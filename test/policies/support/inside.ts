import { authString, bare, behindAlb, containers, forward, group, open, prefect, rule, task } from "./pieces";
import { built, declare, type Declared, ref } from "./stack";

/** Prefect that faces nobody by itself, and what may stand before it. */

/** Containers of a Prefect that asks for its own auth string. */
export const asking = containers(prefect(authString));

/** An action that lets nobody in. */
export const noEntry = { type: "fixed-response", fixedResponse: { contentType: "text/plain", statusCode: "403" } };

/** A rule for the VPC's addresses. */
export const fromVpc = (port: number): Record<string, unknown> => ({
  protocol: "tcp",
  fromPort: port,
  toPort: port,
  cidrBlocks: ["10.0.0.0/16"],
});

/** A subnet "inner" of the stack with no way in from the internet. */
export function innerSubnet(): Declared[] {
  return [
    declare("aws:ec2/subnet:Subnet", "inner", { vpcId: "vpc-1", cidrBlock: "10.0.1.0/24" }),
    declare("aws:ec2/routeTable:RouteTable", "innerRoutes", {
      vpcId: "vpc-1",
      routes: [{ cidrBlock: "0.0.0.0/0", natGatewayId: "nat-1" }],
    }),
    declare("aws:ec2/routeTableAssociation:RouteTableAssociation", "innerAssociation", {
      subnetId: ref("inner", "id"),
      routeTableId: ref("innerRoutes", "id"),
    }),
  ];
}

/** An internal application load balancer, and these resources. */
export function internalAlb(more: Declared[], options: Partial<Parameters<typeof behindAlb>[0]> = {}): Declared[] {
  return behindAlb({ definitions: bare, alb: { internal: true }, albIngress: [fromVpc(443)], more, ...options });
}

/** A distribution with an interface in the VPC, before the balancer. */
export const cdnInVpc = (domainName = "prefect"): Declared[] => [
  declare("aws:cloudfront/vpcOrigin:VpcOrigin", "origin", {
    vpcOriginEndpointConfig: {
      arn: ref("alb"),
      httpPort: 80,
      httpsPort: 443,
      originProtocolPolicy: "https-only",
    },
  }),
  declare("aws:cloudfront/distribution:Distribution", "cdn", {
    enabled: true,
    origins: [{ originId: "alb", domainName, vpcOriginConfig: { vpcOriginId: ref("origin", "id") } }],
    defaultCacheBehavior: { targetOriginId: "alb" },
  }),
];

/** An internal network load balancer, which links of the first kind lead to. */
export function internalNlb(more: Declared[], definitions = bare): Declared[] {
  return [
    group("taskGroup", fromVpc(4200)),
    declare("aws:lb/loadBalancer:LoadBalancer", "nlb", { loadBalancerType: "network", internal: true }),
    declare("aws:lb/targetGroup:TargetGroup", "tg", { port: 4200, protocol: "TCP", targetType: "ip" }),
    declare("aws:lb/listener:Listener", "tcp", {
      loadBalancerArn: ref("nlb"),
      port: 80,
      protocol: "TCP",
      defaultActions: [forward],
    }),
    task(definitions),
    declare("aws:ecs/service:Service", "service", {
      taskDefinition: ref("task"),
      networkConfiguration: { securityGroups: [ref("taskGroup", "id")] },
      loadBalancers: [{ targetGroupArn: ref("tg"), containerName: "prefect", containerPort: 4200 }],
    }),
    ...more,
  ];
}

/** The same in a group of its own that admits nobody, and that may not be asked about PrivateLink. */
export const behindGroup = (more: Declared[], enforced: string | undefined): Declared[] =>
  internalNlb([group("nlbGroup"), ...more]).map((each) => {
    if (each.name === "taskGroup")
      return group("taskGroup", { ...fromVpc(4200), securityGroups: [ref("nlbGroup", "id")] });
    if (each.name !== "nlb") return each;
    const securityGroups = [ref("nlbGroup", "id")];
    return declare(each.type, each.name, {
      ...each.inputs,
      securityGroups,
      enforceSecurityGroupInboundRulesOnPrivateLinkTraffic: enforced,
    });
  });

/** An HTTP API whose one route leads to the load balancer's listener by a VPC link; each part with these changes. */
export function httpApi(
  route: Record<string, unknown> = {},
  integration: Record<string, unknown> = {},
  api: Record<string, unknown> = {},
): Declared[] {
  return [
    declare("aws:apigatewayv2/api:Api", "api", { protocolType: "HTTP", ...api }),
    group("linkGroup"),
    declare("aws:apigatewayv2/vpcLink:VpcLink", "link", {
      securityGroupIds: [ref("linkGroup", "id")],
      subnetIds: ["subnet-1"],
    }),
    declare("aws:apigatewayv2/integration:Integration", "integration", {
      apiId: ref("api", "id"),
      integrationType: "HTTP_PROXY",
      integrationMethod: "ANY",
      connectionType: "VPC_LINK",
      connectionId: ref("link", "id"),
      integrationUri: ref("https"),
      ...integration,
    }),
    declare("aws:apigatewayv2/route:Route", "route", {
      apiId: ref("api", "id"),
      routeKey: "ANY /{proxy+}",
      target: built(["integration"], "integrations/id:integration"),
      ...route,
    }),
  ];
}

/** A public load balancer whose group admits many addresses, though not the internet: those of AWS's services may be among them. */
export const byName = (api: Declared[], definitions = bare): Declared[] =>
  behindAlb({
    definitions,
    albIngress: [{ protocol: "tcp", fromPort: 80, toPort: 80, cidrBlocks: ["3.0.0.0/9"] }],
    listener: { port: 80, protocol: "HTTP" },
    more: api,
  });

/**
 * A public load balancer that forwards for these addresses alone, fewer than the internet: 13.32.0.0/15 may be those of
 * a service of AWS, 13.32.0.0/24 is too few for that.
 */
export const forRange = (range: string, more: Declared[], definitions = bare): Declared[] =>
  behindAlb({
    definitions,
    albIngress: [open(80)],
    listener: { port: 80, protocol: "HTTP" },
    actions: [noEntry],
    more: [rule("range", 1, [{ sourceIp: { values: [range] } }], [forward]), ...more],
  });
