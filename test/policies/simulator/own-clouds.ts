import type { Cloud, Ingress, Rule } from "./cloud";

/** This repository's two stacks, as deployments of the simulator: everything on the way to Prefect asks for a login. */

const world = (port: number): Ingress => ({ protocol: "tcp", from: port, to: port, cidrs: ["0.0.0.0/0"], members: [] });
const from = (port: number, ...members: string[]): Ingress => ({
  protocol: "tcp",
  from: port,
  to: port,
  cidrs: [],
  members,
});

const nothingBefore = { machines: [], accelerators: [], distributions: [], apis: [] };
const worker = {
  name: "worker",
  publicAddress: false,
  groups: ["sg-worker"],
  targets: [],
  containers: [{ kind: "application" as const }],
};
const redirect = {
  name: "http",
  balancer: "alb",
  port: 80,
  protocol: "HTTP" as const,
  clientCertificates: "off" as const,
  actions: [{ kind: "redirect" as const }],
};
const https = {
  name: "https",
  balancer: "alb",
  port: 443,
  protocol: "HTTPS" as const,
  clientCertificates: "off" as const,
  actions: [{ kind: "refuse" as const }],
};

/** `access: gateway`: the balancer forwards the domain to nginx, which asks; Prefect listens on loopback. */
export const gatewayCloud: Cloud = {
  ...nothingBefore,
  groups: [
    { name: "sg-front", ingress: [world(443), world(80)] },
    { name: "sg-task", ingress: [from(8080, "sg-front")] },
    { name: "sg-worker", ingress: [] },
  ],
  balancers: [{ name: "alb", kind: "application", internal: false, groups: ["sg-front"] }],
  listeners: [https, redirect],
  rules: [
    {
      name: "domain",
      listener: "https",
      priority: 10,
      conditions: [{ kind: "host", values: ["prefect.example.com"] }],
      actions: [{ kind: "forward", to: ["tg-gateway"] }],
    },
  ],
  targetGroups: [
    { name: "tg-gateway", port: 8080, holds: "addresses", keepsClientAddress: undefined },
    { name: "tg-spare", port: 4200, holds: "addresses", keepsClientAddress: undefined },
  ],
  services: [
    {
      name: "server",
      publicAddress: false,
      groups: ["sg-task"],
      targets: [{ group: "tg-gateway", container: "gateway", port: 8080 }],
      containers: [
        { kind: "prefect", address: "127.0.0.1", authString: false },
        { kind: "gateway", asks: true },
      ],
    },
    worker,
  ],
};

const login = { kind: "login" as const, otherwise: undefined };
const deny = { kind: "login" as const, otherwise: "deny" as const };
const api = { kind: "path" as const, values: ["/api", "/api/*"] };
const host = { kind: "host" as const, values: ["prefect.example.com"] };
const rule = (name: string, priority: number, conditions: Rule["conditions"], actions: Rule["actions"]): Rule => ({
  name,
  listener: "https",
  priority,
  conditions: [host, ...conditions],
  actions,
});
const toPrefect = { kind: "forward" as const, to: ["tg-prefect"] };
const toGate = { kind: "forward" as const, to: ["tg-gate"] };

/** `access: alb`: the balancer logs people in before it forwards to Prefect; workers come by an internal one. */
export const albCloud: Cloud = {
  ...nothingBefore,
  groups: [
    { name: "sg-front", ingress: [world(443), world(80)] },
    { name: "sg-inner", ingress: [from(80, "sg-worker"), { ...from(80), cidrs: ["10.20.0.0/16"] }] },
    { name: "sg-task", ingress: [from(4200, "sg-front", "sg-inner"), from(8080, "sg-front")] },
    { name: "sg-worker", ingress: [] },
  ],
  balancers: [
    { name: "alb", kind: "application", internal: false, groups: ["sg-front"] },
    { name: "inner", kind: "application", internal: true, groups: ["sg-inner"] },
  ],
  listeners: [
    https,
    redirect,
    {
      name: "inside",
      balancer: "inner",
      port: 80,
      protocol: "HTTP",
      clientCertificates: "off",
      actions: [{ kind: "forward", to: ["tg-inner"] }],
    },
  ],
  rules: [
    rule(
      "tokens",
      1,
      [api, { kind: "header", header: "Authorization", values: ["Bearer *"] }],
      [
        { kind: "token", issuer: "https://token.actions.githubusercontent.com", claims: ["aud", "repository_owner"] },
        toPrefect,
      ],
    ),
    rule("machines", 2, [api, { kind: "header", header: "Authorization", values: ["Basic *"] }], [toGate]),
    rule("sockets", 3, [{ kind: "header", header: "Sec-WebSocket-Key", values: ["*"] }], [{ kind: "refuse" }]),
    rule(
      "sign-out",
      4,
      [
        { kind: "path", values: ["/sign-out"] },
        { kind: "method", values: ["POST"] },
      ],
      [login, toGate],
    ),
    rule("api", 5, [api], [deny, toPrefect]),
    rule("pages", 6, [{ kind: "path", values: ["/*"] }], [login, toPrefect]),
  ],
  targetGroups: [
    { name: "tg-prefect", port: 4200, holds: "addresses", keepsClientAddress: undefined },
    { name: "tg-gate", port: 8080, holds: "addresses", keepsClientAddress: undefined },
    { name: "tg-inner", port: 4200, holds: "addresses", keepsClientAddress: undefined },
  ],
  services: [
    {
      name: "server",
      publicAddress: false,
      groups: ["sg-task"],
      targets: [
        { group: "tg-prefect", container: "prefect", port: 4200 },
        { group: "tg-gate", container: "gateway", port: 8080 },
        { group: "tg-inner", container: "prefect", port: 4200 },
      ],
      containers: [
        { kind: "prefect", address: "0.0.0.0", authString: false },
        { kind: "gateway", asks: true },
      ],
    },
    worker,
  ],
};
