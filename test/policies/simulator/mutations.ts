import type { Action, Balancer, Cloud, Condition, Container, Ingress, Listener, Service } from "./cloud";

/** A deployment with one thing changed, as a tired engineer changes it. */
export interface Mutation {
  readonly name: string;
  readonly cloud: Cloud;
}

type Edits<T> = readonly (readonly [what: string, change: Partial<T>])[];
type Named = { readonly name: string };
type Part = { [K in keyof Cloud]: Cloud[K][number] extends Named ? K : never }[keyof Cloud];

/** Every single edit of a deployment that this list knows: each part changed, taken away, and others put beside it. */
export function mutationsOf(cloud: Cloud): Mutation[] {
  return [
    ...each(cloud, "groups", ({ ingress }) => [
      ...ingress.flatMap((rule, index) =>
        ruleEdits(cloud, rule).map(
          ([what, changed]) => [`rule ${index} ${what}`, { ingress: replaced(ingress, index, changed) }] as const,
        ),
      ),
      ...[80, 443, 4200, 8080].map(
        (port) => [`admits the world to ${port}`, { ingress: [...ingress, world(port)] }] as const,
      ),
      [
        "admits the world to everything",
        { ingress: [...ingress, { ...world(0), protocol: "-1" as const, to: 65535 }] },
      ],
    ]),
    ...each(
      cloud,
      "balancers",
      ({ internal, groups }): Edits<Balancer> => [
        [internal ? "faces the internet" : "is internal", { internal: !internal }],
        ["has the default group", { groups: undefined }],
        ["becomes a network load balancer without groups", { kind: "network", groups: undefined }],
        ...cloud.groups.map(
          ({ name }) => [`has the group ${name} too`, { groups: [...(groups ?? []), name] }] as const,
        ),
      ],
    ),
    ...each(
      cloud,
      "listeners",
      ({ actions, protocol }): Edits<Listener> => [
        ...actionEdits(cloud, actions, protocol === "HTTPS").map(
          ([what, changed]) => [what, { actions: changed }] as const,
        ),
        ["wants certificates", { clientCertificates: "verify" }],
        ["takes certificates", { clientCertificates: "passthrough" }],
      ],
    ),
    ...each(cloud, "rules", ({ actions, conditions, priority }) => [
      ...actionEdits(cloud, actions, true).map(([what, changed]) => [what, { actions: changed }] as const),
      ...conditions.map(
        (_, index) => [`without condition ${index}`, { conditions: conditions.toSpliced(index, 1) }] as const,
      ),
      ...conditionEdits().map(([what, more]) => [what, { conditions: [...conditions, more] }] as const),
      ["comes first", { priority: 0 }],
      ["comes last", { priority: priority + 100 }],
    ]).filter(({ cloud: { rules } }) => rules.every(({ conditions }) => conditions.length > 0)),
    ...each(cloud, "services", (service) => serviceEdits(cloud, service)),
    ...(["rules", "listeners", "groups"] as const).flatMap((part) => gone(cloud, part)),
    ...besides(cloud),
  ];
}

function each<K extends Part>(
  cloud: Cloud,
  part: K,
  edits: (one: Cloud[K][number]) => Edits<Cloud[K][number]>,
): Mutation[] {
  return cloud[part].flatMap((one, index) =>
    edits(one).map(([what, change]) => ({
      name: `${one.name} ${what}`,
      cloud: { ...cloud, [part]: replaced<object>(cloud[part], index, { ...one, ...change }) },
    })),
  );
}

function replaced<T>(all: readonly T[], index: number, by: T): T[] {
  return all.map((one, at) => (at === index ? by : one));
}

function gone(cloud: Cloud, part: "rules" | "listeners" | "groups"): Mutation[] {
  return cloud[part].map(({ name }) => ({
    name: `${name} is gone`,
    cloud: {
      ...cloud,
      [part]: cloud[part].filter((one) => one.name !== name),
      ...(part === "listeners" ? { rules: cloud.rules.filter(({ listener }) => listener !== name) } : {}),
    },
  }));
}

function world(port: number): Ingress {
  return { protocol: "tcp", from: port, to: port, cidrs: ["0.0.0.0/0"], members: [] };
}

function ruleEdits(cloud: Cloud, rule: Ingress): [string, Ingress][] {
  return [
    ["admits the world", { ...rule, cidrs: ["0.0.0.0/0"] }],
    ["admits the world in two halves", { ...rule, cidrs: ["0.0.0.0/1", "128.0.0.0/1"] }],
    ["admits an office", { ...rule, cidrs: ["203.0.113.0/24"], members: [] }],
    ["admits the VPC", { ...rule, cidrs: ["10.0.0.0/8"] }],
    ["admits nobody", { ...rule, cidrs: [], members: [] }],
    ["is for every port", { ...rule, from: 0, to: 65535 }],
    ["is for every protocol", { ...rule, protocol: "-1" }],
    ["is for UDP", { ...rule, protocol: "udp" }],
    ...cloud.groups.map(({ name }): [string, Ingress] => [
      `admits ${name} too`,
      { ...rule, members: [...rule.members, name] },
    ]),
  ];
}

function actionEdits(cloud: Cloud, actions: readonly Action[], https: boolean): [string, Action[]][] {
  const logins = actions.flatMap((action, index) => (action.kind === "login" ? [index] : []));
  const tokens = actions.flatMap((action, index) => (action.kind === "token" ? [index] : []));
  const last = actions.length - 1;
  return [
    ...[...logins, ...tokens].map((index): [string, Action[]] => ["asks nobody", actions.toSpliced(index, 1)]),
    ...logins.flatMap((index): [string, Action[]][] =>
      (["allow", "deny", "authenticate", undefined] as const).map((otherwise) => [
        `answers strangers with ${otherwise ?? "the default"}`,
        replaced(actions, index, { kind: "login", otherwise }),
      ]),
    ),
    ...tokens.flatMap((index): [string, Action[]][] => {
      const token = actions[index];
      if (token?.kind !== "token") return [];
      return [
        ["takes every token", replaced(actions, index, { ...token, claims: [] })],
        ["takes tokens for an audience", replaced(actions, index, { ...token, claims: ["aud"] })],
        [
          "takes tokens of an own issuer",
          replaced(actions, index, { ...token, issuer: "https://login.example.com", claims: [] }),
        ],
      ];
    }),
    ...(https && logins.length + tokens.length === 0
      ? [["asks for a login", [{ kind: "login", otherwise: undefined }, ...actions]] satisfies [string, Action[]]]
      : []),
    ["refuses", replaced(actions, last, { kind: "refuse" })],
    ["redirects", replaced(actions, last, { kind: "redirect" })],
    ...cloud.targetGroups.map(({ name }): [string, Action[]] => [
      `forwards to ${name}`,
      replaced(actions, last, { kind: "forward", to: [name] }),
    ]),
    [
      "forwards to every group",
      replaced(actions, last, { kind: "forward", to: cloud.targetGroups.map(({ name }) => name) }),
    ],
  ];
}

function conditionEdits(): [string, Condition][] {
  return [
    ["only for an office", { kind: "source", values: ["203.0.113.0/24"] }],
    ["only for the internet", { kind: "source", values: ["0.0.0.0/1", "128.0.0.0/1"] }],
    ["only with a secret header", { kind: "header", header: "X-Secret", values: ["let-me-in"] }],
    ["only to be read", { kind: "method", values: ["GET"] }],
  ];
}

function serviceEdits(cloud: Cloud, service: Service): [string, Partial<Service>][] {
  const { targets, containers, groups } = service;
  const listens = (port: number): string => (port === 8080 ? "gateway" : "prefect");
  const usable = containers.flatMap((container): number[] =>
    container.kind === "prefect"
      ? container.address === "0.0.0.0"
        ? [4200]
        : []
      : container.kind === "gateway"
        ? [8080]
        : [],
  );
  return [
    ["has public addresses", { publicAddress: true }],
    ["has the default group", { groups: undefined }],
    ...cloud.groups.map(({ name }): [string, Partial<Service>] => [
      `has the group ${name} too`,
      { groups: [...(groups ?? []), name] },
    ]),
    ...cloud.groups.map(({ name }): [string, Partial<Service>] => [`has the group ${name} alone`, { groups: [name] }]),
    ...targets.flatMap((target, index): [string, Partial<Service>][] => [
      [`is out of ${target.group}`, { targets: targets.toSpliced(index, 1) }],
      ...usable
        .filter((port) => port !== target.port)
        .map((port): [string, Partial<Service>] => [
          `stands in ${target.group} with port ${port}`,
          { targets: replaced(targets, index, { ...target, port, container: listens(port) }) },
        ]),
    ]),
    ...containers.flatMap((container, index): [string, Partial<Service>][] =>
      containerEdits(service, container).map(([what, changed]) => [
        what,
        { containers: replaced(containers, index, changed) },
      ]),
    ),
    ...containers.flatMap((container, index): [string, Partial<Service>][] =>
      container.kind === "gateway" && !targets.some(({ port }) => port === 8080)
        ? [["has no gateway", { containers: containers.toSpliced(index, 1) }]]
        : [],
    ),
  ];
}

/** A balancer aimed at a loopback address serves nobody: the pack refuses it for what is meant, so it is left out. */
function containerEdits({ targets }: Service, container: Container): [string, Container][] {
  if (container.kind === "gateway")
    return [
      [
        container.asks ? "has a gateway that asks nobody" : "has a gateway that asks",
        { ...container, asks: !container.asks },
      ],
    ];
  if (container.kind !== "prefect") return [];
  const aimedAt = targets.some(({ port }) => port === 4200);
  return [
    [
      container.authString ? "has no auth string" : "has an auth string",
      { ...container, authString: !container.authString },
    ],
    ...(container.address === "127.0.0.1"
      ? [["listens on every address", { ...container, address: "0.0.0.0" }] satisfies [string, Container]]
      : aimedAt
        ? []
        : [["listens on loopback", { ...container, address: "127.0.0.1" }] satisfies [string, Container]]),
  ];
}

/** Other ways in, put beside what is there. */
function besides(cloud: Cloud): Mutation[] {
  const targetGroups = cloud.targetGroups.map(({ name }) => name);
  const wire = {
    name: "wire",
    balancer: "nlb",
    port: 443,
    protocol: "TCP" as const,
    clientCertificates: "off" as const,
  };
  return [
    ...targetGroups.flatMap((name) =>
      [true, false].map((internal) => ({
        name: `an ${internal ? "internal" : "open"} network load balancer to ${name}`,
        cloud: {
          ...cloud,
          balancers: [...cloud.balancers, { name: "nlb", kind: "network" as const, internal, groups: ["sg-front"] }],
          listeners: [...cloud.listeners, { ...wire, actions: [{ kind: "forward" as const, to: [name] }] }],
        },
      })),
    ),
    ...targetGroups.map((name) => ({
      name: `a rule before all others to ${name}`,
      cloud: {
        ...cloud,
        rules: [
          ...cloud.rules,
          {
            name: "early",
            listener: "https",
            priority: 0,
            conditions: [{ kind: "path" as const, values: ["/hooks/*"] }],
            actions: [{ kind: "forward" as const, to: [name] }],
          },
        ],
      },
    })),
    ...cloud.balancers.flatMap(({ name }) =>
      [80, 443].map((port) => ({
        name: `an accelerator before port ${port} of ${name}`,
        cloud: { ...cloud, accelerators: [{ name: "accelerator", balancer: name, port, enabled: true }] },
      })),
    ),
    ...cloud.balancers.flatMap(({ name }) =>
      (["vpc", "name"] as const).flatMap((way) =>
        ([80, 443] as const).map((port) => ({
          name: `a distribution before port ${port} of ${name} by ${way}`,
          cloud: {
            ...cloud,
            distributions: [{ name: "cdn", balancer: name, way, port, signed: false, enabled: true }],
          },
        })),
      ),
    ),
    ...cloud.listeners.flatMap(({ name }) =>
      cloud.groups.map((group) => ({
        name: `an API before ${name} from ${group.name}`,
        cloud: {
          ...cloud,
          apis: [{ name: "api", to: { listener: name }, linkGroups: [group.name], authorization: "NONE" as const }],
        },
      })),
    ),
    ...cloud.groups.map((group) => ({
      name: `an API before the tasks from ${group.name}`,
      cloud: {
        ...cloud,
        apis: [{ name: "api", to: { service: "server" }, linkGroups: [group.name], authorization: "NONE" as const }],
      },
    })),
    ...cloud.groups.flatMap((group) =>
      [true, false].map((asks) => ({
        name: `a public proxy in ${group.name} that asks ${asks ? "" : "nobody"}`,
        cloud: {
          ...cloud,
          groups: [...cloud.groups, { name: "sg-proxy", ingress: [world(8080)] }],
          services: [
            ...cloud.services,
            {
              name: "proxy",
              publicAddress: true,
              groups: ["sg-proxy", group.name],
              targets: [],
              containers: [{ kind: "proxy" as const, to: "server", asks }],
            },
          ],
        },
      })),
    ),
  ];
}
