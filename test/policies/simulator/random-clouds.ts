import fc from "fast-check";
import type {
  Accelerator,
  Action,
  Api,
  Cloud,
  Condition,
  Container,
  Distribution,
  Ingress,
  Listener,
  Machine,
  Rule,
  Service,
} from "./cloud";

/** Deployments around one or two services, small enough to be read when the judges disagree. */

const ranges = ["0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1", "203.0.113.0/24", "8.0.0.0/8", "9.0.0.0/8", "8.0.0.0/7"];
const ports = [4200, 8080, 9000];
const some = <T>(...values: T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
const often = <T>(usual: T, ...others: T[]): fc.Arbitrary<T> =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(usual) }, { weight: 2, arbitrary: some(...others) });

const targetGroupNames = ["tg-a", "tg-b"];
/** What listeners forward to: machines now and then. */
const forwardNames = [...targetGroupNames, "tg-machines"];
const groupNames = ["sg-front", "sg-task"];

function ingress(ports_: readonly number[], everyPort: boolean): fc.Arbitrary<Ingress> {
  return fc
    .record({
      protocol: often<Ingress["protocol"]>("tcp", "udp", "-1"),
      port: some(...ports_),
      wide: often(everyPort, !everyPort),
      cidrs: fc.oneof(
        { weight: 4, arbitrary: fc.constant<string[]>(["0.0.0.0/0"]) },
        { weight: 2, arbitrary: fc.constant<string[]>(["10.0.0.0/16"]) },
        { weight: 2, arbitrary: fc.subarray([...ranges, "10.0.0.0/16", "10.0.0.0/8"], { maxLength: 3 }) },
      ),
      members: fc.oneof(
        { weight: 2, arbitrary: fc.constant<string[]>([]) },
        { weight: 2, arbitrary: fc.subarray(groupNames, { minLength: 1 }) },
      ),
    })
    .map(({ protocol, port, wide, cidrs, members }) => ({
      protocol,
      from: wide ? 0 : port,
      to: wide ? 65535 : port,
      cidrs,
      members,
    }));
}

const condition: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({
    kind: some("path" as const),
    values: fc.subarray(["/*", "/api/*", "/api/health", "/api/ready", "/ui?", "/API/*", "*"], {
      minLength: 1,
      maxLength: 2,
    }),
  }),
  fc.record({
    kind: some("host" as const),
    values: fc.subarray(["prefect.example.com", "*.example.com", "*"], { minLength: 1, maxLength: 2 }),
  }),
  fc.record({ kind: some("method" as const), values: fc.subarray(["GET", "POST"], { minLength: 1 }) }),
  fc.record({ kind: some("source" as const), values: fc.subarray(ranges, { minLength: 1, maxLength: 2 }) }),
  fc.record({ kind: some("header" as const), header: some("X-Secret"), values: some(["let-me-in"], ["*"]) }),
);

const forward: fc.Arbitrary<Action> = fc.record({
  kind: some("forward" as const),
  to: fc.oneof(
    { weight: 4, arbitrary: fc.subarray(targetGroupNames, { minLength: 1 }) },
    { weight: 1, arbitrary: fc.subarray(forwardNames, { minLength: 1 }) },
  ),
});
const final = fc.oneof(
  { weight: 3, arbitrary: forward },
  { weight: 2, arbitrary: some<Action>({ kind: "refuse" }, { kind: "redirect" }) },
);
const before: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: some("login" as const),
      otherwise: often<"authenticate" | "deny" | "allow" | undefined>(undefined, "authenticate", "deny", "allow"),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: some("token" as const),
      issuer: some("https://login.example.com", "https://token.actions.githubusercontent.com"),
      claims: some<string[]>([], ["repository_owner"], ["aud"]),
    }),
  },
);
/** Logins exist on HTTPS listeners only. */
const actions = (https: boolean): fc.Arbitrary<Action[]> =>
  https
    ? fc.tuple(fc.option(before, { nil: undefined }), final).map(([first, last]) => (first ? [first, last] : [last]))
    : final.map((last) => [last]);

const groups = (usual: string): fc.Arbitrary<string[] | undefined> =>
  often<string[] | undefined>([usual], undefined, groupNames);

const applicationListener = (
  name: string,
  balancer: string,
  port: number,
): fc.Arbitrary<{ listener: Listener; rules: Rule[] }> =>
  some(true, false, true).chain((https) =>
    fc
      .record({
        clientCertificates: https
          ? fc.oneof(
              { weight: 6, arbitrary: fc.constant("off" as const) },
              { weight: 1, arbitrary: some("passthrough" as const, "verify" as const) },
            )
          : fc.constant("off" as const),
        actions: actions(https),
        rules: fc.array(fc.tuple(fc.array(condition, { minLength: 1, maxLength: 2 }), actions(https)), {
          maxLength: 3,
        }),
        order: fc.shuffledSubarray([10, 20, 30], { minLength: 3 }),
      })
      .map(({ clientCertificates, actions: own, rules, order }) => ({
        listener: { name, balancer, port, protocol: https ? "HTTPS" : "HTTP", clientCertificates, actions: own },
        rules: rules.map(([conditions, ruleActions], index) => ({
          name: `${name}-rule-${index}`,
          listener: name,
          priority: order[index] ?? 0,
          conditions: conditions.filter((each, at) => conditions.findIndex((other) => other.kind === each.kind) === at),
          actions: ruleActions,
        })),
      })),
  );

const containers: fc.Arbitrary<Container[]> = fc
  .record({
    main: some<"prefect" | "application">("prefect", "prefect", "prefect", "prefect", "application"),
    address: often<"0.0.0.0" | "127.0.0.1">("0.0.0.0", "127.0.0.1"),
    authString: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
    gateway: some<boolean | undefined>(undefined, undefined, true, false),
    proxy: fc.option(fc.record({ to: some("server", "other"), asks: often(false, true) }), { nil: undefined, freq: 3 }),
  })
  .map(({ main, address, authString, gateway, proxy }) => [
    ...(main === "application" && proxy !== undefined ? [{ kind: "proxy" as const, ...proxy }] : []),
    ...(main === "prefect" ? [{ kind: "prefect" as const, address, authString }] : [{ kind: "application" as const }]),
    ...(main === "prefect" && gateway !== undefined ? [{ kind: "gateway" as const, asks: gateway }] : []),
  ]);

function service(name: string): fc.Arbitrary<Service> {
  return fc
    .record({
      publicAddress: often(false, true),
      groups: groups("sg-task"),
      containers,
      groupsTargeted: fc.subarray(targetGroupNames, { minLength: name === "server" ? 1 : 0 }),
      port: some(...ports),
    })
    .map(({ groupsTargeted, port, containers: all, ...rest }) => {
      const prefect = all.find((each) => each.kind === "prefect");
      const gateway = all.some((each) => each.kind === "gateway" || each.kind === "proxy");
      // A balancer aimed at a loopback address serves nobody: the pack refuses it for what is meant, so it is left out.
      const usable = [
        ...(prefect?.kind === "prefect" && prefect.address === "0.0.0.0" ? [4200] : []),
        ...(gateway ? [8080] : []),
        9000,
      ];
      const chosen = usable.includes(port) ? port : (usable[0] ?? 9000);
      const container = chosen === 8080 ? "gateway" : chosen === 4200 || prefect ? "prefect" : "application";
      return {
        ...rest,
        name,
        containers: all,
        targets: groupsTargeted.map((group) => ({ group, container, port: chosen })),
      };
    });
}

/** What stands before the balancers, and a machine beside the tasks: each now and then. */
const sometimes = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
  fc.oneof({ weight: 5, arbitrary: fc.constant<T[]>([]) }, { weight: 2, arbitrary: arbitrary.map((one) => [one]) });
const balancerName = some("alb", "nlb");

const accelerator: fc.Arbitrary<Accelerator> = fc.record({
  name: some("accelerator"),
  balancer: balancerName,
  port: some(80, 443),
  enabled: often(true, false),
});
const distribution: fc.Arbitrary<Distribution> = fc.record({
  name: some("cdn"),
  balancer: balancerName,
  way: some("vpc" as const, "name" as const),
  port: some<80 | 443>(80, 443),
  signed: often(false, true),
  enabled: often(true, true, false),
});
const api: fc.Arbitrary<Api> = fc.record({
  name: some("api"),
  to: some<Api["to"]>(
    { listener: "https" },
    { listener: "http" },
    { listener: "tcp" },
    { service: "server" },
    { balancer: "alb" },
  ),
  linkGroups: fc.subarray(groupNames, { minLength: 1 }),
  authorization: often<Api["authorization"]>("NONE", "AWS_IAM"),
});
const machine: fc.Arbitrary<Machine> = fc
  .record({
    name: some("machine"),
    publicAddress: often(false, true),
    groups: fc.subarray(groupNames, { minLength: 1 }),
    targets: fc.subarray(["tg-machines"]),
    address: often<"0.0.0.0" | "127.0.0.1">("0.0.0.0", "127.0.0.1"),
    authString: often(false, false, true),
  })
  // As with tasks: a balancer aimed at a loopback address is refused for what is meant, so it is left out.
  .map((each) => (each.address === "127.0.0.1" ? { ...each, targets: [] } : each));

/** Things that name what is not there are left out, as a program could not declare them. */
function consistent(cloud: Cloud): Cloud {
  const has = (all: readonly { name: string }[], name: string): boolean => all.some((each) => each.name === name);
  return {
    ...cloud,
    accelerators: cloud.accelerators.filter(({ balancer }) => has(cloud.balancers, balancer)),
    distributions: cloud.distributions.filter(({ balancer }) => has(cloud.balancers, balancer)),
    apis: cloud.apis.filter(({ to }) =>
      "listener" in to
        ? has(cloud.listeners, to.listener)
        : "service" in to
          ? has(cloud.services, to.service)
          : has(cloud.balancers, to.balancer),
    ),
    services: cloud.services.map((each) => ({
      ...each,
      containers: each.containers.map((container) =>
        container.kind === "proxy" && (container.to === each.name || !has(cloud.services, container.to))
          ? { kind: "application" as const }
          : container,
      ),
    })),
  };
}

export const randomCloud: fc.Arbitrary<Cloud> = fc
  .record({
    front: fc.array(ingress([443, 80], false), { minLength: 1, maxLength: 2 }),
    task: fc.array(ingress(ports, true), { minLength: 1, maxLength: 2 }),
    alb: fc.record({ internal: often(false, true), groups: groups("sg-front") }),
    secure: applicationListener("https", "alb", 443),
    second: fc.option(applicationListener("http", "alb", 80), { nil: undefined, freq: 2 }),
    nlb: fc.option(
      fc.record({
        internal: often(false, true),
        groups: often<string[] | undefined>(undefined, ["sg-front"], ["sg-task"]),
        protocol: some("TCP" as const, "TLS" as const),
        to: some("tg-a", "tg-b", "tg-alb", "tg-machines"),
        keeps: some<boolean | undefined>(undefined, false, true, true),
      }),
      { nil: undefined, freq: 1 },
    ),
    services: fc.tuple(service("server"), fc.option(service("other"), { nil: undefined, freq: 4 })),
    machines: sometimes(machine),
    accelerators: sometimes(accelerator),
    distributions: sometimes(distribution),
    apis: sometimes(api),
  })
  .map(
    ({ front, task, alb, secure, second, nlb, services, ...beside }): Cloud => ({
      ...beside,
      groups: [
        { name: "sg-front", ingress: front },
        { name: "sg-task", ingress: task },
      ],
      balancers: [
        { name: "alb", kind: "application", ...alb },
        ...(nlb ? [{ name: "nlb", kind: "network" as const, internal: nlb.internal, groups: nlb.groups }] : []),
      ],
      listeners: [
        secure.listener,
        ...(second ? [second.listener] : []),
        ...(nlb
          ? [
              {
                name: "tcp",
                balancer: "nlb",
                port: 443,
                protocol: nlb.protocol,
                clientCertificates: "off" as const,
                actions: [{ kind: "forward" as const, to: [nlb.to] }],
              },
            ]
          : []),
      ],
      rules: [...secure.rules, ...(second?.rules ?? [])],
      targetGroups: [
        ...targetGroupNames.map((name) => ({
          name,
          port: 4200,
          holds: "addresses" as const,
          keepsClientAddress: nlb?.to === name ? nlb.keeps : undefined,
        })),
        { name: "tg-alb", port: 443, holds: { balancer: "alb" }, keepsClientAddress: undefined },
        {
          name: "tg-machines",
          port: 4200,
          holds: "machines",
          keepsClientAddress: nlb?.to === "tg-machines" ? nlb.keeps : undefined,
        },
      ],
      services: services.filter((each) => each !== undefined),
    }),
  )
  .map(consistent);
