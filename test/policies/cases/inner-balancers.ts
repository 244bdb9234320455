import { fromVpc, innerSubnet, internalAlb, internalNlb } from "../support/inside";
import { service } from "../support/other-services";
import { bare, containers, group, open, task } from "../support/pieces";
import { declare, type Declared, ref } from "../support/stack";
import { cannotTell, type Cases } from "./case";

/** Tunnels and proxies that do not show where they lead, before internal load balancers. */

const tunnel = { name: "tunnel", image: "cloudflare/cloudflared:2026.1.0", command: ["tunnel", "run"] };
const proxy = { name: "web", image: "acme/nginx:1", ports: [8080] };

/** A service of this container, public where it is a proxy. */
const front = (piece: Parameters<typeof containers>[0]): Declared[] => [
  group("frontGroup", ...(piece === proxy ? [open(8080)] : [])),
  ...service("front", containers(piece), "frontGroup", piece === proxy),
];

const fromFront = (port: number): Record<string, unknown> => ({
  ...fromVpc(port),
  cidrBlocks: [],
  securityGroups: [ref("frontGroup", "id")],
});

/** The balancer, in a subnet without a way in, before Prefect on a machine's own ports. */
const classic = (ingress: Record<string, unknown>): Declared[] => [
  ...innerSubnet(),
  group("elbGroup", ingress),
  declare("aws:elb/loadBalancer:LoadBalancer", "elb", {
    internal: true,
    securityGroups: [ref("elbGroup", "id")],
    listeners: [{ lbPort: 80, lbProtocol: "http", instancePort: 4200, instanceProtocol: "http" }],
  }),
  task(bare, { networkMode: "bridge" }),
  declare("aws:ecs/service:Service", "service", {
    taskDefinition: ref("task"),
    loadBalancers: [{ elbName: ref("elb", "id"), containerName: "prefect", containerPort: 4200 }],
  }),
];

const byAlb = cannotTell("may pass requests on", 'aws.lb.LoadBalancer "alb": is where it passes them on');
const byElb = cannotTell("may pass requests on", 'aws.elb.LoadBalancer "elb": is where it passes them on');

export const innerBalancerCases: Cases = {
  "a named tunnel in another service, which only an internal balancer admits": {
    stack: internalAlb(front(tunnel), { albIngress: [fromFront(443)] }),
    ...byAlb,
  },
  "a named tunnel in another service, which only an internal balancer for others admits": {
    stack: internalAlb(front(tunnel), { albIngress: [{ ...open(443), cidrBlocks: ["203.0.113.0/24"] }] }),
  },
  "a named tunnel in another service, which only an internal classic balancer admits": {
    stack: [...front(tunnel), ...classic(fromFront(80))],
    ...byElb,
    // The machines' own groups are not seen either.
    count: 2,
  },
  "a proxy that shows nothing, whose group an internal balancer names": {
    stack: internalAlb(front(proxy), { albIngress: [fromFront(443)] }),
    ...byAlb,
  },
  "a proxy that shows nothing, whose group no internal balancer names": {
    stack: internalAlb(front(proxy), { albIngress: [fromVpc(443)] }),
  },
  "a proxy that shows nothing, beside an internal balancer without groups": { stack: internalNlb(front(proxy)) },
  "a proxy that shows nothing, whose group an internal classic balancer names": {
    stack: [...front(proxy), ...classic(fromFront(80))],
    ...byElb,
  },
};
