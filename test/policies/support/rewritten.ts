import { type Declared, declare, type Registered, unknown } from "./stack";

/** The same stack, written or registered in another way. */

/** aws.lb for aws.alb and the other way round, also under their old names. */
export function withTwins(stack: readonly Declared[]): Declared[] {
  const twin: Readonly<Record<string, string>> = {
    lb: "alb",
    alb: "elasticloadbalancingv2",
    elasticloadbalancingv2: "applicationloadbalancing",
    applicationloadbalancing: "lb",
  };
  return stack.map((resource) => ({
    ...resource,
    type: resource.type.replace(/^aws:(\w+)\/(?=loadBalancer:|listener|targetGroup)/, (whole, module: string) =>
      twin[module] === undefined ? whole : `aws:${twin[module]}/`,
    ),
  }));
}

/** Inline rules of security groups as resources of their own. */
export function withSeparateRules(stack: readonly Declared[], form: "rule" | "ingress"): Declared[] {
  return stack.flatMap((resource) => {
    const ingress = resource.inputs["ingress"];
    if (resource.type !== "aws:ec2/securityGroup:SecurityGroup" || !Array.isArray(ingress)) return [resource];
    const inputs = Object.fromEntries(Object.entries(resource.inputs).filter(([name]) => name !== "ingress"));
    const rules = (ingress as Record<string, unknown>[]).flatMap((rule, index) =>
      (form === "rule" ? asRules(rule) : asIngress(rule, resource.name)).map((source, at) =>
        declare(
          form === "rule"
            ? "aws:ec2/securityGroupRule:SecurityGroupRule"
            : "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
          `${resource.name}-${index}-${at}`,
          {
            securityGroupId: { $of: resource.name, $attribute: "id" },
            fromPort: rule["fromPort"],
            toPort: rule["toPort"],
            ...source,
          },
        ),
      ),
    );
    return [{ ...resource, inputs }, ...rules];
  });
}

const listed = (rule: Record<string, unknown>, name: string): unknown[] => (rule[name] as unknown[] | undefined) ?? [];

function asRules(rule: Record<string, unknown>): Record<string, unknown>[] {
  const common = { type: "ingress", protocol: rule["protocol"] };
  const ranges = ["cidrBlocks", "ipv6CidrBlocks", "prefixListIds"].filter((name) => listed(rule, name).length > 0);
  return [
    ...(ranges.length > 0 ? [{ ...common, ...Object.fromEntries(ranges.map((name) => [name, rule[name]])) }] : []),
    ...listed(rule, "securityGroups").map((sourceSecurityGroupId) => ({ ...common, sourceSecurityGroupId })),
    ...(rule["self"] === true ? [{ ...common, self: true }] : []),
  ];
}

function asIngress(rule: Record<string, unknown>, group: string): Record<string, unknown>[] {
  const common = { ipProtocol: rule["protocol"] };
  return [
    ...listed(rule, "cidrBlocks").map((cidrIpv4) => ({ ...common, cidrIpv4 })),
    ...listed(rule, "ipv6CidrBlocks").map((cidrIpv6) => ({ ...common, cidrIpv6 })),
    ...listed(rule, "prefixListIds").map((prefixListId) => ({ ...common, prefixListId })),
    ...listed(rule, "securityGroups").map((referencedSecurityGroupId) => ({ ...common, referencedSecurityGroupId })),
    ...(rule["self"] === true ? [{ ...common, referencedSecurityGroupId: { $of: group, $attribute: "id" } }] : []),
  ];
}

/** Every resource inside a remote component of its own: dependencies then name the component. */
export function wrapped(registered: readonly Registered[]): Registered[] {
  const components = new Map(
    registered.map(({ urn, name, parent }) => [
      urn,
      {
        type: "acme:index:Wrapper",
        name,
        urn: `urn:pulumi:dev::project::acme:index:Wrapper::${name}-${urn.length}`,
        parent,
        inputs: {},
        outputs: {},
        propertyDependencies: {},
      } satisfies Registered,
    ]),
  );
  return registered.flatMap((resource): Registered[] => {
    const component = components.get(resource.urn);
    if (component === undefined) return [resource];
    const inside = (urns: string[]): string[] => urns.map((urn) => components.get(urn)?.urn ?? urn);
    return [
      component,
      {
        ...resource,
        parent: component.urn,
        propertyDependencies: Object.fromEntries(
          Object.entries(resource.propertyDependencies).map(([property, urns]) => [property, inside(urns)]),
        ),
      },
    ];
  });
}

/** Under other logical names, all of which still say what they said. */
export function renamed(registered: readonly Registered[]): Registered[] {
  const other = (urn: string): string => `${urn}-renamed-9`;
  return registered.map((resource) => ({
    ...resource,
    name: `${resource.name}-renamed-9`,
    urn: other(resource.urn),
    parent: resource.parent === undefined ? undefined : other(resource.parent),
    propertyDependencies: Object.fromEntries(
      Object.entries(resource.propertyDependencies).map(([property, urns]) => [property, urns.map(other)]),
    ),
  }));
}

/** Things that have nothing to do with what is there, though they are of its kinds. */
export function beside(): Declared[] {
  return [
    declare("aws:s3/bucket:Bucket", "unrelated-bucket", { tags: { app: "prefect" } }),
    declare("aws:ec2/securityGroup:SecurityGroup", "unrelated-group", {
      ingress: [{ protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["0.0.0.0/0"] }],
    }),
    declare("aws:lb/loadBalancer:LoadBalancer", "unrelated-alb", {
      securityGroups: [{ $of: "unrelated-group", $attribute: "id" }],
    }),
    declare("aws:lb/targetGroup:TargetGroup", "unrelated-targets", { port: 8000, protocol: "HTTP", targetType: "ip" }),
    declare("aws:lb/listener:Listener", "unrelated-listener", {
      loadBalancerArn: { $of: "unrelated-alb", $attribute: "arn" },
      port: 443,
      protocol: "HTTPS",
      defaultActions: [{ type: "forward", targetGroupArn: { $of: "unrelated-targets", $attribute: "arn" } }],
    }),
    declare("aws:ecs/taskDefinition:TaskDefinition", "unrelated-task", {
      family: "unrelated",
      networkMode: "awsvpc",
      containerDefinitions: JSON.stringify([
        { name: "web", image: "acme/web:1", portMappings: [{ containerPort: 8000 }] },
      ]),
    }),
    declare("aws:ecs/service:Service", "unrelated-service", {
      taskDefinition: { $of: "unrelated-task", $attribute: "arn" },
      networkConfiguration: { assignPublicIp: true, securityGroups: [{ $of: "unrelated-group", $attribute: "id" }] },
      loadBalancers: [
        { targetGroupArn: { $of: "unrelated-targets", $attribute: "arn" }, containerName: "web", containerPort: 8000 },
      ],
    }),
    declare("random:index/randomPassword:RandomPassword", "unrelated-password", { length: 20 }),
  ];
}

/** Trust by URN goes with the name; a range out of a component may be anybody's while it is not known. */
export const excused: ReadonlySet<string> = new Set([
  ...["a resource that is not read and trusted", "a VPC origin for a distribution that is trusted"],
  ...["a range that is the VPC's", "a range that is the VPC's and not known in preview"],
]);

/** Of these nothing but a port, or an address as text, says what runs there. */
export function isOnlyAPort(name: string): boolean {
  return onlyPorts.some((start) => name.startsWith(start));
}

const onlyPorts = [
  ...["an address that is nothing", "an image of one's own on Prefect's port"],
  ...["a public NLB before the fixed address", "an instance that shows no script"],
  ...["an instance by a template of another stack", "a worker of Prefect's that shows no script"],
  ...[
    "a target group that is told of the address of an interface on nothing",
    "an App Runner service of an image of one's own",
  ],
  ...["an Express service of an image of one's own", "a distribution whose origin is called like a Service"],
];

/**
 * One value that is known becomes unknown, at every depth, and a stack that was refused must not be accepted for it; what
 * its property depends on stays what it was.
 */
export function* withUnknown(registered: readonly Registered[]): Generator<{ what: string; stack: Registered[] }> {
  for (const [index, resource] of registered.entries()) {
    for (const [property, value] of Object.entries(resource.inputs)) {
      for (const { path, hidden } of hiddenIn(value, property)) {
        const what = `${resource.type} ${path}`;
        if (saysWhatItIs.test(what) || linksByText.test(what)) continue;
        const changed = {
          ...resource,
          inputs: { ...resource.inputs, [property]: hidden },
          outputs: { ...resource.outputs, [property]: hidden },
        };
        const stack = registered.map((each, at) => (at === index ? changed : each));
        yield { what, stack };
      }
    }
  }
}

function* hiddenIn(value: unknown, path: string): Generator<{ path: string; hidden: unknown }> {
  yield { path, hidden: unknown };
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    for (const { path: deeper, hidden } of hiddenIn(inner, `${path}.${key}`)) {
      const copy: unknown = Array.isArray(value)
        ? value.map((each: unknown, at) => (String(at) === key ? hidden : each))
        : { ...value, [key]: hidden };
      yield { path: deeper, hidden: copy };
    }
  }
}

/**
 * What says that something is a Prefect server: where nothing else does, a stack in which it is unknown is accepted, or
 * every stack with an image of its own registry would be refused in preview.
 */
const saysWhatItIs =
  /containerDefinitions|(?:Release|:Chart) (?:chart|values)|userData|sourceConfiguration|primaryContainer|LaunchSpecification|Version containers|templateBody|cloudrunv2|tags|autoscaling\/group:Group name$|kubernetes:\S+:(?:Deployment|DeploymentPatch|StatefulSet|DaemonSet|Pod|ReplicaSet|ReplicationController|Job|CronJob|Rollout) spec/;
/** What in these stacks links two resources by text alone, with no dependency that Pulumi would keep. */
const linksByText =
  /Integration integrationUri$|Record name$|LaunchTemplate name$|Api body$|Function environment\b|servicediscovery\/service:Service name$|ecs\/service:Service serviceConnectConfiguration\b|DeploymentGroup loadBalancerInfo\b|ConfigMap data\b/;
