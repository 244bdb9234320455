import { asking, innerSubnet } from "../support/inside";
import { autoscaledMachines, docker, instance } from "../support/machines";
import { service } from "../support/other-services";
import { bare, containers, fromAlb, group, open, targetGroup, task } from "../support/pieces";
import { built, declare, type Declared, ref } from "../support/stack";
import { cannotTell, type Cases, reject } from "./case";

/** Classic load balancers: before ECS services, instances and auto scaling groups, and behind CloudFront. */

const elb = (more: Record<string, unknown> = {}, name = "elb"): Declared =>
  declare("aws:elb/loadBalancer:LoadBalancer", name, {
    securityGroups: [ref("albGroup", "id")],
    listeners: [{ lbPort: 80, lbProtocol: "http", instancePort: 4200, instanceProtocol: "http" }],
    ...more,
  });

/** An ECS service that names it. */
const before = (
  more: Record<string, unknown> = {},
  ingress: Record<string, unknown> = open(80),
  definitions = bare,
  loadBalancers: unknown[] = [{ elbName: ref("elb", "id"), containerName: "prefect", containerPort: 4200 }],
): Declared[] => [
  group("albGroup", ingress),
  elb(more),
  task(definitions, { networkMode: "bridge" }),
  declare("aws:ecs/service:Service", "service", { taskDefinition: ref("task"), loadBalancers }),
];

/** An instance whose group admits the balancer, and these that tell the balancer of it. */
const machine = (more: Record<string, unknown>, others: Declared[] = [], admits = fromAlb(4200)): Declared[] => [
  ...instance({ userData: docker, associatePublicIpAddress: false }, admits),
  group("albGroup", open(80)),
  elb(more),
  ...others,
];

/** An auto scaling group likewise. */
const machines = (
  of: Record<string, unknown>,
  others: Declared[] = [],
  more: Record<string, unknown> = {},
): Declared[] => [...autoscaledMachines(of, fromAlb(4200)), group("albGroup", open(80)), elb(more), ...others];

const range = (cidr: string): Record<string, unknown> => ({ ...open(80), cidrBlocks: [cidr] });

/** A distribution whose origin it is by its name, and the headers that it adds. */
const cdn = (...customHeaders: Record<string, unknown>[]): Declared =>
  declare("aws:cloudfront/distribution:Distribution", "cdn", {
    enabled: true,
    origins: [
      {
        originId: "elb",
        domainName: ref("elb", "dnsName"),
        customHeaders,
        customOriginConfig: { httpPort: 80, httpsPort: 443, originProtocolPolicy: "http-only" },
      },
    ],
    defaultCacheBehavior: { targetOriginId: "elb" },
  });

export const classicLoadBalancerCases: Cases = {
  "a classic load balancer whose internal is not known": {
    stack: before({ internal: built(["albGroup"], "true") }),
    preview: { cannotTell: ['aws.elb.LoadBalancer "elb": faces the internet'] },
  },
  "a classic load balancer whose groups are another stack's": {
    stack: before({ securityGroups: ["sg-0123"] }),
    ...cannotTell('aws.elb.LoadBalancer "elb": faces the internet'),
  },
  "a classic load balancer in private subnets": {
    stack: [...before({ subnets: [ref("inner", "id")] }), ...innerSubnet()],
  },
  "a classic load balancer whose group admits a company": { stack: before({}, range("203.0.0.0/16")) },
  "a classic load balancer whose group opens another port": { stack: before({}, open(443)) },
  "a classic load balancer before a Prefect that asks": { stack: before({}, open(80), asking) },
  "an internal classic load balancer beside a public one of something else": {
    stack: [
      ...before({ internal: true }, open(80), bare, [
        { targetGroupArn: ref("tg"), containerName: "prefect", containerPort: 4200 },
        { elbName: ref("elb", "id"), containerName: "prefect", containerPort: 4200 },
      ]),
      targetGroup(4200),
      elb({}, "web"),
    ],
  },
  "a distribution before a classic load balancer for AWS's ranges": {
    stack: [...before({}, { ...range("13.32.0.0/15"), cidrBlocks: ["13.32.0.0/15", "52.84.0.0/15"] }), cdn()],
    ...cannotTell(
      'aws.cloudfront.Distribution "cdn": its default behaviour asks viewers for no signature',
      'aws.elb.LoadBalancer "elb": is its origin by name',
      'aws.ecs.Service "service": its tasks take them on port 4200 of container "prefect"',
      'aws.cloudfront.Distribution "cdn" that leads there trustedKeyGroups',
    ),
  },
  "a distribution before a classic load balancer for an office": {
    stack: [...before({}, range("203.0.113.0/24")), cdn()],
  },
  "a distribution before an internal classic load balancer, which leads outside nowhere": {
    stack: [...before({ internal: true }), cdn()],
  },
  "a distribution before a public classic load balancer, reported once": {
    stack: [...before(), cdn()],
    ...reject("a classic load balancer cannot authenticate"),
  },
  "a distribution that answers Prefect's question, before a public classic load balancer": {
    stack: [...before({}, open(80), asking), cdn({ name: "Authorization", value: "Basic YTpi" })],
    ...reject('aws.cloudfront.Distribution "cdn"', "what passes requests on adds a credential of its own"),
  },
  "a proxy before an internal classic load balancer": {
    stack: [
      ...before({ internal: true }, { ...open(80), cidrBlocks: ["10.0.0.0/16"] }),
      group("proxyGroup", open(8080)),
      ...service(
        "proxy",
        containers({
          name: "caddy",
          image: "caddy:2",
          environment: { UPSTREAM: "http://elb.dnsname.amazonaws.com" },
          ports: [8080],
        }),
        "proxyGroup",
        true,
      ),
    ],
    ...cannotTell('container "caddy" may pass requests on', 'aws.elb.LoadBalancer "elb"', 'aws.ecs.Service "service"'),
    preview: {},
  },
  "an instance attached to a classic load balancer": {
    stack: machine({}, [
      declare("aws:elb/attachment:Attachment", "attachment", { elb: ref("elb", "id"), instance: ref("server", "id") }),
    ]),
    ...reject('aws.ec2.Instance "server": takes them on port 4200'),
  },
  "the second of two instances behind a classic load balancer": {
    stack: machine({ instances: ["i-0123", ref("server", "id")] }),
    ...reject('aws.ec2.Instance "server": takes them on port 4200'),
  },
  "an instance beside a classic load balancer of something else": {
    stack: machine({ instances: ["i-0123"] }),
    preview: {},
  },
  "an instance that keeps its classic load balancer out": {
    stack: machine({ instances: [ref("server", "id")] }, [], fromAlb(9000)),
  },
  "an auto scaling group that names a classic load balancer": {
    stack: machines({ loadBalancers: [ref("elb", "name")] }),
    ...reject('aws.elb.LoadBalancer "elb": faces the internet', 'aws.autoscaling.Group "servers": takes them'),
  },
  "an auto scaling group attached to a classic load balancer": {
    stack: machines({}, [
      declare("aws:autoscaling/attachment:Attachment", "attachment", {
        elb: ref("elb", "id"),
        autoscalingGroupName: ref("servers", "name"),
      }),
    ]),
    ...reject('aws.elb.LoadBalancer "elb": faces the internet', 'aws.autoscaling.Group "servers": takes them'),
  },
  "an auto scaling group whose traffic source is a classic load balancer": {
    stack: machines({ trafficSources: [{ identifier: ref("elb", "name"), type: "elb" }] }),
    ...reject('aws.elb.LoadBalancer "elb": faces the internet', 'aws.autoscaling.Group "servers": takes them'),
  },
  "an auto scaling group with a classic load balancer attached as its traffic source": {
    stack: machines({}, [
      declare("aws:autoscaling/trafficSourceAttachment:TrafficSourceAttachment", "attachment", {
        autoscalingGroupName: ref("servers", "name"),
        trafficSource: { identifier: ref("elb", "name"), type: "elb" },
      }),
    ]),
    ...reject('aws.elb.LoadBalancer "elb": faces the internet', 'aws.autoscaling.Group "servers": takes them'),
  },
  "an auto scaling group whose traffic source is an internal classic load balancer": {
    stack: machines({ trafficSources: [{ identifier: ref("elb", "name"), type: "elb" }] }, [], { internal: true }),
  },
};
