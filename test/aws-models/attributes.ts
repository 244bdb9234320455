import type { ServiceModel } from "./models";

export type LoadBalancerType = "application" | "network" | "gateway";

/** An attribute of a load balancer, target group or listener, which the model knows by its documentation alone. */
export interface Attribute {
  /** Of load balancers of these types, or of what is attached to them. */
  types: LoadBalancerType[];
  /** Besides a number in `range`; absent where any text will do. */
  allowed?: string[];
  range?: { min: number; max: number };
}

export type AttributeKind = "LoadBalancerAttribute" | "TargetGroupAttribute" | "ListenerAttribute";

const everyType: LoadBalancerType[] = ["application", "network", "gateway"];

/**
 * The attributes by key, read from the documentation of the structure's member Key: headings such as "supported by only
 * Application Load Balancers", below each a list of `<code>key</code> - what it is. The valid range is 1-4000 seconds.`
 */
export function documentedAttributes(model: ServiceModel, kind: AttributeKind): Map<string, Attribute> {
  const documentation = model.shapes[kind]?.members?.Key?.documentation ?? "";
  const found = new Map<string, Attribute>();
  for (const section of documentation.split(/<p>(?=The following attributes? )/).slice(1)) {
    const heading = /^.*?<\/p>/s.exec(section)?.[0] ?? "";
    const named = everyType.filter((type) => heading.toLowerCase().includes(`${type} load balancer`));
    // A list in a list has entries too, but none that begins with a dotted name and a dash.
    for (const item of section.split(/<li> <p> (?=<code>[a-z0-9_]+\.[a-z0-9_.]+<\/code> [-–] )/).slice(1)) {
      const [, key = "", text = ""] = /^<code>(.*?)<\/code> [-–] (.*)$/s.exec(item) ?? [];
      found.set(key, { types: named.length > 0 ? named : everyType, ...values(key, text) });
    }
  }
  return found;
}

function values(key: string, text: string): Pick<Attribute, "allowed" | "range"> {
  const listed = /(?:The value is|The possible values(?: for the attribute)? are)(.*?)(?:\. [A-Z]|$)/s.exec(text)?.[1];
  const words = [...(listed ?? "").matchAll(/<code>(.*?)<\/code>/g)].map(([, word = ""]) => word);
  const numbers =
    /range is (\d+)(?: seconds?)?(?:-| to )(?:1 week \()?(\d+)/.exec(text) ??
    /(?:integer from|values are) (\d+) to (\d+)?/.exec(text);
  if (!numbers && words.length === 0) return key.endsWith(".enabled") ? { allowed: ["true", "false"] } : {};
  const range = numbers && { min: Number(numbers[1]), max: numbers[2] ? Number(numbers[2]) : Infinity };
  // A default outside of the range switches the attribute off.
  const ordinary = /The default(?: value)? is (\d+)/.exec(text)?.[1];
  const off = range && ordinary && !isWithin(range, ordinary) ? [ordinary] : [];
  return { ...(range && { range }), allowed: [...words, ...off] };
}

function isWithin({ min, max }: { min: number; max: number }, value: string): boolean {
  return /^\d+$/.test(value) && Number(value) >= min && Number(value) <= max;
}

/** What the service would refuse of a list of attributes. */
export function attributeProblems(
  known: Map<string, Attribute>,
  type: LoadBalancerType | undefined,
  attributes: { Key: string; Value: string }[],
): string[] {
  return attributes.flatMap(({ Key: key, Value: value }) => {
    const attribute = known.get(key);
    if (!attribute) return [`Attributes: got the key ${key}, allowed ${[...known.keys()].join(", ")}`];
    const { types, allowed, range } = attribute;
    if (type && !types.includes(type))
      return [`Attributes.${key}: got it with type ${type}, allowed with ${types.join(", ")}`];
    if (!allowed || allowed.includes(value) || (range && isWithin(range, value))) return [];
    const expected = [...allowed, ...(range ? [`${range.min} to ${range.max}`] : [])].join(", ");
    return [`Attributes.${key}: got ${JSON.stringify(value)}, allowed ${expected}`];
  });
}
