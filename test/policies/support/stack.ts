import type { Resource } from "../../../policies/graph/model";
import { completed } from "./required";

/** Small declared stacks, and what Pulumi would hand a policy pack of them in preview and when finished. */

/** A property whose value another resource computes. */
export interface Reference {
  readonly $of: string;
  readonly $attribute: string;
}

export interface Declared {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly parent?: string;
}

export interface Registered {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  readonly parent: string | undefined;
  readonly inputs: Record<string, unknown>;
  readonly outputs: Record<string, unknown>;
  readonly propertyDependencies: Record<string, string[]>;
}

/** Some providers do not repeat the id among the outputs: then only dependencies tell who is meant. */
export type Form = "preview" | "finished" | "finished without ids";

export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** What AWS fills in where the program says nothing: unknown in a preview's outputs (Optional and Computed). */
const filledIn: Readonly<Record<string, readonly string[]>> = {
  LoadBalancer: ["internal", "securityGroups", "subnets", "subnetMappings", "ipAddressType", "name"],
  Listener: ["protocol"],
  ListenerRule: ["priority"],
  SecurityGroup: ["ingress", "egress", "vpcId", "name"],
  TargetGroup: ["name", "healthCheck", "preserveClientIp"],
  Service: ["launchType", "iamRole"],
};

/** What providers answer besides, whether or not somebody asks. */
const answered: Readonly<Record<string, readonly string[]>> = {
  LoadBalancer: ["dnsName"],
  Instance: ["publicDns", "privateDns"],
  Distribution: ["domainName"],
  FunctionUrl: ["functionUrl"],
};

/** Inputs that are undefined are left out, as Pulumi leaves them out. */
export function declare(type: string, name: string, given: Declared["inputs"], parent?: string): Declared {
  const said = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const inputs = completed(type, said);
  return parent === undefined ? { type, name, inputs } : { type, name, inputs, parent };
}

/** An attribute of another resource of the stack; of a name that is not in it: of something outside. */
export function ref(name: string, attribute = "arn"): Reference {
  return { $of: name, $attribute: attribute };
}

/** A value built from others: unknown in preview as a whole. */
export function built(from: readonly string[], value: unknown): unknown {
  return { $of: from.join(","), $attribute: "", $value: value };
}

/** A value that is built from nothing of the stack, and known once it is finished. */
export const later = (value: unknown): unknown => built(["elsewhere"], value);

/** The resources that a value refers to. */
export function namesIn(value: unknown): string[] {
  return [...resolve(value, () => unknown).names];
}

export function register(stack: readonly Declared[], form: Form): Registered[] {
  const urns = new Map(stack.map((resource) => [resource.name, urnOf(resource)]));
  const asked = attributesAsked(stack);
  const given = new Map(stack.map(({ name, inputs }) => [name, inputs]));
  // What the program says itself is known in preview too.
  const attributeOf = (name: string, attribute: string): unknown => {
    const said = given.get(name)?.[attribute];
    if (typeof said === "string") return said;
    return form === "preview" ? unknown : idOf(name, attribute);
  };
  return stack.map((resource) => {
    const inputs: Record<string, unknown> = {};
    const propertyDependencies: Record<string, string[]> = {};
    for (const [property, value] of Object.entries(resource.inputs)) {
      const { resolved, names } = resolve(value, attributeOf);
      inputs[property] = resolved;
      const known = [...names].flatMap((name) => urns.get(name) ?? []);
      if (known.length > 0) propertyDependencies[property] = known;
    }
    const cls = resource.type.split(":").at(-1) ?? "";
    const attributes = new Set(["id", "arn", ...(answered[cls] ?? []), ...(asked.get(resource.name) ?? [])]);
    if (form === "finished without ids") attributes.delete("id");
    const computed = Object.fromEntries(
      [...attributes].map((attribute) => [attribute, form === "preview" ? unknown : idOf(resource.name, attribute)]),
    );
    const omitted = (filledIn[cls] ?? []).filter((property) => form === "preview" && !(property in inputs));
    return {
      type: resource.type,
      name: resource.name,
      urn: urnOf(resource),
      parent: resource.parent === undefined ? undefined : urns.get(resource.parent),
      inputs,
      outputs: { ...computed, ...inputs, ...Object.fromEntries(omitted.map((property) => [property, unknown])) },
      propertyDependencies,
    };
  });
}

function urnOf({ type, name }: Declared): string {
  return `urn:pulumi:dev::project::${type}::${name}`;
}

/** What others ask of each resource: its provider answers that besides id and ARN. */
function attributesAsked(stack: readonly Declared[]): ReadonlyMap<string, ReadonlySet<string>> {
  const asked = new Map<string, Set<string>>();
  const note = (name: string, attribute: string): string => {
    const before = asked.get(name) ?? new Set();
    if (attribute !== "") asked.set(name, before.add(attribute));
    return "";
  };
  for (const { inputs } of stack) for (const value of Object.values(inputs)) resolve(value, note);
  return asked;
}

const hosts = /^(?:dnsName|domainName|fqdn|publicDns|privateDns|serviceUrl|apiEndpoint|functionUrl|endpoint)$/;

/** What an attribute of a resource is in these tests, once it is made. */
export function idOf(name: string, attribute: string): string {
  return hosts.test(attribute) ? hostOf(name, attribute) : `${attribute}:${name}`;
}

/** The host name that AWS gives a resource. */
export function hostOf(name: string, attribute: string): string {
  return `${name}.${attribute}.amazonaws.com`.toLowerCase();
}

/** As the pack's own search takes them, without the policy server between. */
export function asResources(registered: readonly Registered[]): Resource[] {
  return registered.map(({ propertyDependencies, ...resource }) => ({
    ...resource,
    dependencies: new Map(Object.entries(propertyDependencies)),
  }));
}

/** A value with its references replaced by what `attributeOf` says, and the names that they named. */
export function resolve(
  value: unknown,
  attributeOf: (name: string, attribute: string) => unknown,
): { resolved: unknown; names: ReadonlySet<string> } {
  const names = new Set<string>();
  const inside = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(inside);
    if (typeof part !== "object" || part === null) return part;
    if ("$of" in part) {
      const { $of, $attribute } = part as Reference;
      for (const name of $of.split(",")) names.add(name);
      const attribute = attributeOf($of, $attribute);
      return "$value" in part && attribute !== unknown ? part.$value : attribute;
    }
    return Object.fromEntries(Object.entries(part).map(([key, field]) => [key, inside(field)]));
  };
  return { resolved: inside(value), names };
}
