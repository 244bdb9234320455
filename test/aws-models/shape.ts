/** What a service model says of a value: a shape of botocore's service-2.json, as far as it can be checked. */
export interface Shape extends Limit {
  type: string;
  /** Of a structure. */
  members?: Record<string, Reference>;
  required?: string[];
  /** Exactly one member. */
  union?: boolean;
  /** Anything that JSON can say. */
  document?: boolean;
  /** Of a list. */
  member?: Reference;
  /** Of a map. */
  key?: Reference;
  value?: Reference;
  documentation?: string;
}

/** Numbers: the least and the greatest; texts: characters; lists and maps: entries. */
export interface Limit {
  enum?: string[];
  pattern?: string;
  min?: number;
  max?: number;
}

export interface Reference {
  shape: string;
  documentation?: string;
}

export interface Shapes {
  shapes: Record<string, Shape>;
  /**
   * Beyond the model, by shape (`SslPolicyName`), by a structure's member (`CreateSecurityGroupRequest.GroupName`) or by
   * the entries of such a list (`HostHeaderConditionConfig.Values[]`).
   */
  limits: Record<string, Limit>;
}

/**
 * What the service would refuse of a value, all of it, each as `path: got ..., allowed ...`. Members that are undefined
 * are absent, as in JSON.
 */
export function problemsIn(model: Shapes, shape: string, value: unknown, path = shape): string[] {
  return new Check(model).of(shape, value, path);
}

class Check {
  private readonly model: Shapes;

  constructor(model: Shapes) {
    this.model = model;
  }

  /** @param owner the member that the value is of: `CreateRuleInput.Conditions` */
  of(name: string, value: unknown, path: string, owner = ""): string[] {
    const shape = this.model.shapes[name];
    if (!shape) throw new Error(`the model has no shape ${name}`);
    const limits = [shape, this.model.limits[name], this.model.limits[owner]].filter((limit) => limit !== undefined);
    const between = (size: number, unit: string) => within(path, size, unit, limits);
    if (shape.document) return [];
    switch (shape.type) {
      case "structure":
        return isPlainObject(value) ? this.structure(name, shape, value, path) : [wrong(path, value, "an object")];
      case "list": {
        if (!Array.isArray(value)) return [wrong(path, value, "a list")];
        const element = part(shape.member, name);
        const entries = value.flatMap((entry, index) => this.of(element, entry, `${path}[${index}]`, `${owner}[]`));
        return [...between(value.length, "entries"), ...entries];
      }
      case "map": {
        if (!isPlainObject(value)) return [wrong(path, value, "an object")];
        const entries = Object.entries(value).flatMap(([key, entry]) => [
          ...this.of(part(shape.key, name), key, `${path}'s key`),
          ...this.of(part(shape.value, name), entry, `${path}.${key}`),
        ]);
        return [...between(Object.keys(value).length, "entries"), ...entries];
      }
      case "string":
        return typeof value === "string" ? text(path, value, limits) : [wrong(path, value, "a text")];
      case "integer":
      case "long":
        if (!Number.isSafeInteger(value)) return [wrong(path, value, "a whole number")];
        return [...between(value as number, ""), ...listed(path, value as number, limits)];
      case "float":
      case "double":
        return Number.isFinite(value) ? between(value as number, "") : [wrong(path, value, "a number")];
      case "boolean":
        return typeof value === "boolean" ? [] : [wrong(path, value, "true or false")];
      case "timestamp":
        return typeof value === "string" && !Number.isNaN(Date.parse(value)) ? [] : [wrong(path, value, "a time")];
      case "blob":
        return typeof value === "string" ? between(Buffer.byteLength(value), "bytes") : [wrong(path, value, "bytes")];
      default:
        throw new Error(`${name} is of type ${shape.type}, which this does not know`);
    }
  }

  private structure(name: string, shape: Shape, value: Record<string, unknown>, path: string): string[] {
    const { members = {}, required: wanted = [], union = false } = shape;
    const given = Object.entries(value).filter(([, content]) => content !== undefined);
    const missing = wanted.filter((member) => value[member] === undefined);
    return [
      ...missing.map((member) => `${path}.${member}: got nothing, and it is required`),
      ...(union && given.length !== 1 ? [`${path}: got ${given.length} members, allowed exactly one`] : []),
      ...given.flatMap(([member, content]) => {
        const reference = Object.hasOwn(members, member) ? members[member] : undefined;
        if (!reference)
          return [`${path}.${member}: got a member of that name, allowed ${Object.keys(members).join(", ")}`];
        return this.of(reference.shape, content, `${path}.${member}`, `${name}.${member}`);
      }),
    ];
  }
}

function text(path: string, value: string, limits: Limit[]): string[] {
  return [
    // AWS counts characters, not UTF-16 units.
    ...within(path, [...value].length, "characters", limits),
    ...listed(path, value, limits),
    ...limits.flatMap(({ pattern }) =>
      pattern !== undefined && !whole(pattern).test(value) ? [wrong(path, value, pattern)] : [],
    ),
  ];
}

function listed(path: string, value: string | number, limits: Limit[]): string[] {
  return limits.flatMap(({ enum: words }) =>
    words && !words.includes(String(value)) ? [wrong(path, value, words.join(", "))] : [],
  );
}

function within(path: string, size: number, unit: string, limits: Limit[]): string[] {
  return limits.flatMap(({ min = -Infinity, max = Infinity }) => {
    if (size >= min && size <= max) return [];
    const range = max === Infinity ? `${min} or more` : min === -Infinity ? `up to ${max}` : `${min} to ${max}`;
    return [`${path}: got ${`${size} ${unit}`.trim()}, allowed ${range}`];
  });
}

/**
 * The services compare the whole text, also where a pattern has no anchors. The patterns are Java's: those with `\p{L}`
 * need JavaScript's unicode mode, the others may escape what that mode forbids to, and `(?s)` is a flag in JavaScript.
 */
function whole(pattern: string): RegExp {
  const [, dotAll, rest] = /^(\(\?s\))?(.*)$/s.exec(pattern) ?? [];
  return new RegExp(`^(?:${rest})$`, `${dotAll ? "s" : ""}${pattern.includes("\\p{") ? "u" : ""}`);
}

function wrong(path: string, value: unknown, allowed: string): string {
  return `${path}: got ${value === undefined ? "nothing" : JSON.stringify(value)}, allowed ${allowed}`;
}

function part(reference: Reference | undefined, name: string): string {
  if (!reference) throw new Error(`the model says nothing of what is in ${name}`);
  return reference.shape;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
