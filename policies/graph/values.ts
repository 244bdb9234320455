/**
 * The only reader of resource properties. @pulumi/policy hands them wrapped in a proxy that throws on any unknown leaf,
 * and turns that throw into an advisory note: an unguarded read lets an exposed stack pass. Here the raw object behind
 * the proxy is read, and every value is known, unknown or omitted.
 */

const unknownText = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** What stands for a value that preview cannot know (@pulumi/policy's proxy.ts; the same in every Pulumi SDK). */
const unknownSentinels: ReadonlySet<string> = new Set([
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7", // boolean
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421", // number
  unknownText,
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2", // array
  "030794c1-ac77-496b-92df-f27374a8bd58", // asset
  "e48ece36-62e2-4504-bad9-02848725956a", // archive
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff", // object
]);

/** By its length first: a set would read every long text whole, to hash it. */
function isSentinel(raw: unknown): boolean {
  return typeof raw === "string" && raw.length === 36 && unknownSentinels.has(raw);
}

/** Properties as the policy SDK deserialized them, with sentinels for what is unknown. */
export type RawProperties = Readonly<Record<string, unknown>>;

/** The object behind @pulumi/policy's proxy; an object that is not such a proxy is returned as it is. */
export function rawProperties(props: unknown): RawProperties {
  if (!isObject(props)) return {};
  const target: unknown = Reflect.get(props, "__getSpecialProxyTarget");
  return isObject(target) ? target : props;
}

const mostTexts = 10_000;
const deepest = 40;

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/**
 * One property value: known, unknown (only the deployment tells), or omitted (AWS's default applies).
 * `source` is where it came from, so that an unknown can be followed to the resources it depends on.
 */
export class Value<Source = unknown> {
  private readonly raw: unknown;
  readonly source: Source;
  /** The top-level property that holds this value: Pulumi records dependencies by it. */
  readonly property: string;
  /** It stands for all elements of an unknown list: how many there are is not known either. */
  readonly isUnknownList: boolean;

  constructor(raw: unknown, source: Source, property: string, isUnknownList = false) {
    this.raw = raw;
    this.source = source;
    this.property = property;
    this.isUnknownList = isUnknownList;
  }

  get isUnknown(): boolean {
    return isSentinel(this.raw);
  }

  get isOmitted(): boolean {
    return this.raw === undefined || this.raw === null;
  }

  get isKnown(): boolean {
    return !this.isUnknown && !this.isOmitted;
  }

  /** A field of an object. Of an unknown: unknown. Of anything else: omitted. */
  get(key: string): Value<Source> {
    if (this.isUnknown) return this;
    const has = isObject(this.raw) && !Array.isArray(this.raw) && Object.hasOwn(this.raw, key);
    return new Value(has ? this.raw[key] : undefined, this.source, this.property);
  }

  /** Whether anything inside is unknown, or too deep to be looked at. */
  holdsUnknown(): boolean {
    const open: { raw: unknown; depth: number }[] = [{ raw: this.raw, depth: 0 }];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (isSentinel(next.raw) || next.depth > deepest) return true;
      if (isObject(next.raw))
        for (const inner of Object.values(next.raw)) open.push({ raw: inner, depth: next.depth + 1 });
    }
    return false;
  }

  /** All texts inside, in their order, as far as they are known: of a long or deep value the first ones. */
  texts(): string[] {
    const found: string[] = [];
    const open: { raw: unknown; depth: number }[] = [{ raw: this.raw, depth: 0 }];
    for (let next = open.pop(); next !== undefined && found.length < mostTexts; next = open.pop()) {
      const { raw, depth } = next;
      if (typeof raw === "string" && !isSentinel(raw)) found.push(raw);
      if (!isObject(raw) || depth > deepest) continue;
      for (const inner of Object.values(raw).reverse()) open.push({ raw: inner, depth: depth + 1 });
    }
    return found;
  }

  /** This value and all objects inside, in their order: of a long or deep value the first ones. */
  inside(): Value<Source>[] {
    const found: Value<Source>[] = [];
    const open: { raw: unknown; depth: number }[] = [{ raw: this.raw, depth: 0 }];
    for (let next = open.pop(); next !== undefined && found.length < mostTexts; next = open.pop()) {
      if (!isObject(next.raw) || next.depth > deepest) continue;
      if (!Array.isArray(next.raw)) found.push(new Value(next.raw, this.source, this.property));
      for (const inner of Object.values(next.raw).reverse()) open.push({ raw: inner, depth: next.depth + 1 });
    }
    return found;
  }

  /** A part of this value, cut out by the caller: it comes from the same place. */
  of(part: string): Value<Source> {
    return new Value(part, this.source, this.property);
  }

  /** The same as if it were not known: for a text that cannot be read, only what it was made from tells. */
  unread(): Value<Source> {
    return new Value(unknownText, this.source, this.property);
  }

  /** The names of an object's fields. */
  keys(): string[] {
    return isObject(this.raw) && !Array.isArray(this.raw) ? Object.keys(this.raw) : [];
  }

  /** The elements of a list; one value stands for a list of one; an unknown list is one unknown element. */
  list(): Value<Source>[] {
    if (this.isOmitted) return [];
    if (this.isUnknown) return [new Value(this.raw, this.source, this.property, true)];
    if (!Array.isArray(this.raw)) return [this];
    return this.raw.map((element: unknown) => new Value(element, this.source, this.property));
  }

  /** Text, also of a number or boolean; undefined where it is not known to be one of these. */
  text(): string | undefined {
    if (this.isUnknown) return undefined;
    if (typeof this.raw === "string") return this.raw;
    return typeof this.raw === "number" || typeof this.raw === "boolean" ? String(this.raw) : undefined;
  }

  /** Lower-case text, for values that AWS and its provider compare without regard to case. */
  word(): string | undefined {
    return this.text()?.toLowerCase();
  }

  /** An integer, also when written as text; undefined where it is not known to be one. */
  integer(): number | undefined {
    const text = this.text();
    return text !== undefined && /^-?\d{1,15}$/.test(text.trim()) ? Number(text) : undefined;
  }

  /** A boolean, also when written as text; undefined where it is not known to be one. */
  flag(): boolean | undefined {
    const word = this.word();
    return word === "true" ? true : word === "false" ? false : undefined;
  }

  /** The document in a JSON string (AWS takes several that way); undefined if it is not known or not JSON. */
  json(): Value<Source> | undefined {
    const text = this.text();
    if (text === undefined) return undefined;
    try {
      return new Value(JSON.parse(text) as unknown, this.source, this.property);
    } catch {
      return undefined; // the parser's own message quotes the text, which may hold a secret
    }
  }
}
