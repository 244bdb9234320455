import { type ContainerPiece, containers, gated, nginx, oauth2Proxy, prefect, site } from "../support/pieces";
import { built, type Declared, declare, hostOf, ref, type Reference } from "../support/stack";
import type { Accelerator, Action, Api, Cloud, Condition, Container, Distribution, Ingress, Machine } from "./cloud";

/** How a deployment may be written: the judges must not care. */
export interface Style {
  readonly module: "lb" | "alb";
  readonly rules: "inline" | "rule" | "ingress";
}

/** The deployment as a Pulumi program would declare it. */
export function declared(cloud: Cloud, { module, rules }: Style): Declared[] {
  const ofGroups = (names: readonly string[] | undefined): object =>
    names === undefined ? {} : { securityGroups: names.map((name) => ref(name, "id")) };
  return [
    ...cloud.groups.flatMap(({ name, ingress }) => group(name, ingress, rules)),
    ...cloud.balancers.map(({ name, kind, internal, groups }) =>
      declare(`aws:${module}/loadBalancer:LoadBalancer`, name, {
        subnets: ["subnet-1"],
        ...(kind === "network" ? { loadBalancerType: kind } : {}),
        ...(internal ? { internal } : {}),
        ...ofGroups(groups),
      }),
    ),
    ...cloud.listeners.map(({ name, balancer, port, protocol, clientCertificates, actions }) =>
      declare(`aws:${module}/listener:Listener`, name, {
        loadBalancerArn: ref(balancer),
        port,
        protocol,
        defaultActions: actions.map(action),
        ...(clientCertificates === "off"
          ? {}
          : {
              mutualAuthentication: {
                mode: clientCertificates,
                ...(clientCertificates === "verify" ? { trustStoreArn: "arn:store" } : {}),
              },
            }),
      }),
    ),
    ...cloud.rules.map(({ name, listener, priority, conditions, actions }) =>
      declare(`aws:${module}/listenerRule:ListenerRule`, name, {
        listenerArn: ref(listener),
        priority,
        conditions: conditions.map(condition),
        actions: actions.map(action),
      }),
    ),
    ...cloud.targetGroups.flatMap(({ name, port, holds, keepsClientAddress }) => [
      declare(`aws:${module}/targetGroup:TargetGroup`, name, {
        port,
        protocol: "TCP",
        targetType: typeof holds === "object" ? "alb" : holds === "machines" ? "instance" : "ip",
        ...(keepsClientAddress === undefined ? {} : { preserveClientIp: String(keepsClientAddress) }),
      }),
      ...(typeof holds === "object" ? [attachment(module, name, ref(holds.balancer), port)] : []),
    ]),
    ...cloud.machines.flatMap((machine) => [
      declare("aws:ec2/instance:Instance", machine.name, {
        userData: script(machine),
        associatePublicIpAddress: machine.publicAddress,
        vpcSecurityGroupIds: machine.groups.map((name) => ref(name, "id")),
      }),
      ...machine.targets.map((name) => attachment(module, name, ref(machine.name, "id"), undefined, machine.name)),
    ]),
    ...cloud.accelerators.flatMap(accelerator),
    ...cloud.distributions.flatMap(distribution),
    ...cloud.apis.flatMap(api),
    ...cloud.services.flatMap(({ name, publicAddress, groups, targets, containers: all }) => [
      declare("aws:ecs/taskDefinition:TaskDefinition", `${name}-task`, {
        family: name,
        networkMode: "awsvpc",
        containerDefinitions: containers(...all.flatMap(pieces)),
      }),
      declare("aws:servicediscovery/service:Service", `${name}-registry`, { name }),
      declare("aws:ecs/service:Service", name, {
        taskDefinition: ref(`${name}-task`),
        serviceRegistries: { registryArn: ref(`${name}-registry`) },
        networkConfiguration: { subnets: ["subnet-1"], assignPublicIp: publicAddress, ...ofGroups(groups) },
        loadBalancers: targets.map(({ group: target, container, port }) => ({
          targetGroupArn: ref(target),
          containerName: container,
          containerPort: port,
        })),
      }),
    ]),
  ];
}

function attachment(module: string, group: string, targetId: Reference, port?: number, of = group): Declared {
  return declare(`aws:${module}/targetGroupAttachment:TargetGroupAttachment`, `${group}-${of}-attachment`, {
    targetGroupArn: ref(group),
    targetId,
    ...(port === undefined ? {} : { port }),
  });
}

function script({ address, authString }: Machine): string {
  const secret = authString ? "export PREFECT_SERVER_API_AUTH_STRING=admin:secret\n" : "";
  return `#!/bin/bash\npip install prefect\n${secret}prefect server start --host ${address}\n`;
}

function accelerator({ name, balancer, port, enabled }: Accelerator): Declared[] {
  return [
    declare("aws:globalaccelerator/accelerator:Accelerator", name, { enabled }),
    declare("aws:globalaccelerator/listener:Listener", `${name}-listener`, {
      acceleratorArn: ref(name),
      portRanges: [{ fromPort: port, toPort: port }],
    }),
    declare("aws:globalaccelerator/endpointGroup:EndpointGroup", `${name}-endpoints`, {
      listenerArn: ref(`${name}-listener`),
      endpointConfigurations: [{ endpointId: ref(balancer) }],
    }),
  ];
}

function distribution({ name, balancer, way, port, signed, enabled }: Distribution): Declared[] {
  const ports = { httpPort: 80, httpsPort: 443, originProtocolPolicy: port === 80 ? "http-only" : "https-only" };
  const origin =
    way === "vpc"
      ? { domainName: "inside", vpcOriginConfig: { vpcOriginId: ref(`${name}-origin`, "id") } }
      : { domainName: ref(balancer, "dnsName"), customOriginConfig: ports };
  return [
    ...(way === "vpc"
      ? [
          declare("aws:cloudfront/vpcOrigin:VpcOrigin", `${name}-origin`, {
            vpcOriginEndpointConfig: { arn: ref(balancer), ...ports },
          }),
        ]
      : []),
    declare("aws:cloudfront/distribution:Distribution", name, {
      enabled,
      origins: [{ originId: "only", ...origin }],
      defaultCacheBehavior: { targetOriginId: "only", ...(signed ? { trustedKeyGroups: ["keys"] } : {}) },
    }),
  ];
}

function api({ name, to, linkGroups, authorization }: Api): Declared[] {
  const place = "listener" in to ? ref(to.listener) : "service" in to ? ref(`${to.service}-registry`) : undefined;
  return [
    declare("aws:apigatewayv2/api:Api", name, { protocolType: "HTTP" }),
    declare("aws:apigatewayv2/vpcLink:VpcLink", `${name}-link`, {
      securityGroupIds: linkGroups.map((each) => ref(each, "id")),
    }),
    declare("aws:apigatewayv2/integration:Integration", `${name}-integration`, {
      apiId: ref(name, "id"),
      integrationType: "HTTP_PROXY",
      ...("balancer" in to
        ? { integrationUri: built([to.balancer], `http://${hostOf(to.balancer, "dnsName")}/`) }
        : { connectionType: "VPC_LINK", connectionId: ref(`${name}-link`, "id"), integrationUri: place }),
    }),
    declare("aws:apigatewayv2/route:Route", `${name}-route`, {
      apiId: ref(name, "id"),
      routeKey: "$default",
      authorizationType: authorization,
      target: built([`${name}-integration`], `integrations/id:${name}-integration`),
    }),
  ];
}

function group(name: string, ingress: readonly Ingress[], form: Style["rules"]): Declared[] {
  const members = (names: readonly string[]): unknown[] => names.map((each) => ref(each, "id"));
  const range = ({ from, to }: Ingress): object => ({ fromPort: from, toPort: to });
  if (form === "inline") {
    // A group's own id is not there yet when its inline rules are written.
    const inline = ingress.map((rule) => ({
      protocol: rule.protocol,
      ...range(rule),
      cidrBlocks: rule.cidrs,
      securityGroups: members(rule.members.filter((each) => each !== name)),
      ...(rule.members.includes(name) ? { self: true } : {}),
    }));
    return [declare("aws:ec2/securityGroup:SecurityGroup", name, inline.length > 0 ? { ingress: inline } : {})];
  }
  const separate = ingress.flatMap((rule, index) =>
    [
      ...(form === "rule" && rule.cidrs.length > 0 ? [{ cidrBlocks: rule.cidrs }] : []),
      ...(form === "ingress" ? rule.cidrs.map((cidrIpv4) => ({ cidrIpv4 })) : []),
      ...members(rule.members).map((member) =>
        form === "rule" ? { sourceSecurityGroupId: member } : { referencedSecurityGroupId: member },
      ),
    ].map((source, at) => {
      const common = { securityGroupId: ref(name, "id"), ...range(rule), ...source };
      const ruleName = `${name}-${index}-${at}`;
      return form === "rule"
        ? declare("aws:ec2/securityGroupRule:SecurityGroupRule", ruleName, {
            type: "ingress",
            protocol: rule.protocol,
            ...common,
          })
        : declare("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", ruleName, {
            ipProtocol: rule.protocol,
            ...common,
          });
    }),
  );
  return [declare("aws:ec2/securityGroup:SecurityGroup", name, {}), ...separate];
}

function action(each: Action): Record<string, unknown> {
  switch (each.kind) {
    case "login":
      return {
        type: "authenticate-cognito",
        authenticateCognito: {
          userPoolArn: "arn:pool",
          userPoolClientId: "client",
          userPoolDomain: "domain",
          ...(each.otherwise === undefined ? {} : { onUnauthenticatedRequest: each.otherwise }),
        },
      };
    case "token":
      return {
        type: "jwt-validation",
        jwtValidation: {
          issuer: each.issuer,
          jwksEndpoint: `${each.issuer}/keys`,
          additionalClaims: each.claims.map((name) => ({ name, format: "single-string", values: ["acme"] })),
        },
      };
    case "forward":
      return each.to.length === 1
        ? { type: "forward", targetGroupArn: ref(each.to[0] ?? "") }
        : { type: "forward", forward: { targetGroups: each.to.map((name) => ({ arn: ref(name), weight: 1 })) } };
    case "refuse":
      return { type: "fixed-response", fixedResponse: { contentType: "text/plain", statusCode: "404" } };
    case "redirect":
      return { type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } };
  }
}

function condition(each: Condition): Record<string, unknown> {
  switch (each.kind) {
    case "path":
      return { pathPattern: { values: each.values } };
    case "host":
      return { hostHeader: { values: each.values } };
    case "method":
      return { httpRequestMethod: { values: each.values } };
    case "source":
      return { sourceIp: { values: each.values } };
    case "header":
      return { httpHeader: { httpHeaderName: each.header, values: each.values } };
  }
}

const openSite = site("location / { proxy_pass http://127.0.0.1:4200; }");

function pieces(each: Container): ContainerPiece[] {
  if (each.kind === "application") return [{ name: "application", image: "acme/web:1", ports: [9000] }];
  if (each.kind === "proxy") {
    const asks = each.asks ? "auth_basic x; auth_basic_user_file /tmp/htpasswd;" : "";
    return [nginx(site(`location / { ${asks} proxy_pass http://${each.to}.internal:4200; }`), { name: "gateway" })];
  }
  if (each.kind === "gateway") {
    return [nginx(each.asks ? gated : openSite, { name: "gateway" }), ...(each.asks ? [oauth2Proxy()] : [])];
  }
  return [
    prefect({
      command: ["prefect", "server", "start", "--host", each.address],
      ports: each.address === "0.0.0.0" ? [4200] : [],
      secrets: each.authString ? ["PREFECT_SERVER_API_AUTH_STRING"] : [],
    }),
  ];
}
