import { namedBy } from "./types";
import { type RawProperties, Value } from "./values";

/** A resource as the policies see it. */
export interface Resource {
  readonly urn: string;
  readonly type: string;
  /** The logical name: what the user wrote. */
  readonly name: string;
  readonly parent: string | undefined;
  /** What the program passed, seen by validateResource; undefined if it was not seen. */
  readonly inputs: RawProperties | undefined;
  /** What the provider answered; in preview an omitted property that AWS fills in is unknown here. */
  readonly outputs: RawProperties;
  /** URNs on which each top-level property depends. */
  readonly dependencies: ReadonlyMap<string, readonly string[]>;
}

export type ResourceValue = Value<Resource>;

/** The property, as an input: outputs cannot tell an omitted value from an unknown one, and may be those of before. */
export function property(resource: Resource, name: string): ResourceValue {
  return new Value(own(resource.inputs ?? resource.outputs, name), resource, name);
}

/** What the provider computed: an id, an ARN. */
export function computed(resource: Resource, name: string): ResourceValue {
  return new Value(own(resource.outputs, name), resource, name);
}

function own(properties: RawProperties, name: string): unknown {
  return Object.hasOwn(properties, name) ? properties[name] : undefined;
}

/**
 * The class as a program writes it and the name: `aws.lb.Listener "web-https"`, `kubernetes.apps.v1.Deployment "prefect"`,
 * `random.RandomPassword "password"`. What is at a package's top is of a module "index" in type tokens
 * (https://www.pulumi.com/docs/iac/guides/building-extending/packages/schema/).
 */
export function label(resource: Resource): string {
  const [pkg = "", module = "", cls = ""] = resource.type.split(":");
  const [group = "", version = ""] = module.split("/");
  const path = pkg === "kubernetes" ? [group.split(".")[0], version] : [group === "index" ? "" : group];
  return `${[pkg, ...path, cls].filter(Boolean).join(".")} ${JSON.stringify(resource.name)}`;
}

/** Resources of the stack and how they refer to each other. */
export class Graph {
  /** Whether the pack's configuration says of a thing outside the stack that it lets nobody in without a login. */
  readonly isTrusted: (text: string) => boolean;
  /** Sorted by URN: the engine hands them in no fixed order. */
  readonly resources: readonly Resource[];
  private readonly byUrn = new Map<string, Resource>();
  private readonly byIdentity = new Map<string, Resource[]>();
  private readonly children = new Map<string, Resource[]>();
  private readonly ofTypes = new Map<string, readonly Resource[]>();
  private readonly naming = new Map<string, ReadonlyMap<Resource, readonly Resource[]>>();

  constructor(resources: readonly Resource[], isTrusted: (text: string) => boolean = () => false) {
    this.isTrusted = isTrusted;
    this.resources = [...resources].sort((a, b) => (a.urn < b.urn ? -1 : 1));
    for (const resource of this.resources) {
      this.byUrn.set(resource.urn, resource);
      if (resource.parent !== undefined) append(this.children, resource.parent, resource);
      for (const identity of identities(resource)) append(this.byIdentity, identity, resource);
    }
  }

  ofType(types: readonly string[]): readonly Resource[] {
    return kept(this.ofTypes, types.join(), () => this.resources.filter(({ type }) => types.includes(type)));
  }

  /** The resources of `types` that name this one, a resource of `targets`, at a path: `origins.vpcOriginConfig`. */
  thatName(target: Resource, types: readonly string[], path: string, targets: readonly string[]): readonly Resource[] {
    const index = kept(this.naming, `${types.join()} ${path} ${targets.join()}`, () => {
      const [first = "", ...inner] = path.split(".");
      const all = new Map<Resource, Resource[]>();
      for (const resource of this.ofType(types)) {
        const values = inner.reduce(
          (found, field) => found.flatMap((value) => value.get(field).list()),
          property(resource, first).list(),
        );
        const named = new Set(values.flatMap((value) => this.referred(value, targets)));
        for (const each of named) append(all, each, resource);
      }
      return all;
    });
    return index.get(target) ?? [];
  }

  /**
   * The resources of these types that a value names: by id, ARN or name where it is known, by Pulumi's recorded
   * dependencies where it is not. Dependencies are kept per top-level property, so several may come back; none means that
   * the value names something outside the stack.
   */
  referred(value: ResourceValue, types: readonly string[]): Resource[] {
    const text = value.text();
    if (text !== undefined) {
      const named = this.named(text, types);
      // Not every provider repeats the id among a resource's outputs: those that do not are found by dependency. What is not
      // made yet has an id that nobody could write down.
      return named.length > 0
        ? named
        : this.dependedOn(value.source, value.property, types).filter((resource) => computed(resource, "id").isOmitted);
    }
    return value.isUnknown ? this.dependedOn(value.source, value.property, types) : [];
  }

  /**
   * Whether what these values name is in the stack, or trusted: as many resources of these types are depended on, besides
   * those that are named by themselves, as there are values of one property that do not tell which they name.
   */
  areFound(values: readonly ResourceValue[], types: readonly string[]): boolean {
    const told = new Set(values.flatMap((value) => this.named(value.text() ?? "", types)));
    const untold = values.filter((value) => this.named(value.text() ?? "", types).length === 0 && !this.trusts(value));
    return untold.every((value) => {
      const beside = untold.filter(({ source, property: name }) => source === value.source && name === value.property);
      const left = this.referred(value, types).filter((resource) => !told.has(resource));
      return !value.isUnknownList && beside.length <= left.length;
    });
  }

  /** The resources of these types that have this name, id, ARN or host name. */
  named(text: string, types: readonly string[]): Resource[] {
    return this.byIdentity.get(text)?.filter(({ type }) => types.includes(type)) ?? [];
  }

  childrenOf(resource: Resource): Resource[] {
    return this.withDescendants(resource.urn).filter((each) => each !== resource);
  }

  /** Whether a value names something outside the stack that the pack's configuration trusts. */
  trusts(value: ResourceValue): boolean {
    const text = value.text();
    return text !== undefined && this.isTrusted(text);
  }

  /** Everything that an unknown value may have come from. */
  origins(value: ResourceValue): Resource[] {
    const urns = value.source.dependencies.get(value.property) ?? [];
    return urns.flatMap((urn) => this.byUrn.get(urn) ?? []);
  }

  /** The same, and what is inside of components among them. */
  originsInside(value: ResourceValue): Resource[] {
    return this.origins(value).flatMap(({ urn }) => this.withDescendants(urn));
  }

  private dependedOn(resource: Resource, name: string, types: readonly string[]): Resource[] {
    const seen = new Set<string>();
    let urns: readonly string[] = resource.dependencies.get(name) ?? [];
    // An output may have passed through another resource (an attachment's ARN, a remote component): follow until found.
    while (urns.length > 0) {
      const reached = urns.filter((urn) => !seen.has(urn));
      for (const urn of reached) seen.add(urn);
      const candidates = reached.flatMap((urn) => this.withDescendants(urn));
      const found = candidates.filter((candidate) => types.includes(candidate.type) && candidate !== resource);
      if (found.length > 0) return [...new Set(found)].sort((a, b) => (a.urn < b.urn ? -1 : 1));
      urns = candidates.flatMap((candidate) => [...candidate.dependencies.values()].flat());
    }
    return [];
  }

  /** A remote component stands for its children in dependencies (pulumi/sdk/nodejs/runtime/dependsOn.ts). */
  private withDescendants(urn: string): Resource[] {
    const resource = this.byUrn.get(urn);
    const below: Resource[] = [];
    const open = [urn];
    const seen = new Set(open);
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      for (const child of this.children.get(next) ?? []) {
        if (seen.has(child.urn)) continue;
        seen.add(child.urn);
        below.push(child);
        open.push(child.urn);
      }
    }
    return resource === undefined ? below : [resource, ...below];
  }
}

/** What other resources call it: computed id and ARN, and what its type is named by besides. */
function identities(resource: Resource): Set<string> {
  const { names = [], hosts = [], inner = [], before = "" } = namedBy.get(resource.type) ?? {};
  const read = (name: string): string[] =>
    [property(resource, name), computed(resource, name)].flatMap((value) => value.text() ?? []);
  const ids = [computed(resource, "id")].flatMap((value) => value.text() ?? []);
  const inside = inner.flatMap((path) => {
    const [list = "", field = ""] = path.split(".");
    return property(resource, list)
      .list()
      .flatMap((each) => each.get(field).text() ?? []);
  });
  const given = [...["arn", ...names, ...hosts].flatMap(read), ...hosts.flatMap(read).map(hostOf)];
  return new Set([...ids, ...ids.map((id) => `${before}${id}`), ...given, ...inside].filter(Boolean));
}

/** The host of a URL or address, lower case: `https://Web-1.example.com:8443/x` has `web-1.example.com`. */
export function hostOf(text: string): string {
  const authority = text
    .trim()
    .toLowerCase()
    .replace(/^[a-z][a-z0-9+.-]*:\/\//, "")
    .replace(/[/?#][^]*/, "");
  return authority
    .replace(/^[^@]*@/, "")
    .replace(/:\d*$/, "")
    .replace(/\.$/, "");
}

/** The value under a key, made when it is first asked for. */
export function kept<K, V>(
  map: { get(key: K): V | undefined; set(key: K, value: V): unknown },
  key: K,
  make: () => V,
): V {
  const before = map.get(key);
  if (before !== undefined) return before;
  const made = make();
  map.set(key, made);
  return made;
}

function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
