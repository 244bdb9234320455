import { type Addresses, everywhere, nowhere, parseCidr, union } from "./cidr";
import { type Graph, kept, property, type Resource, type ResourceValue } from "./model";
import { types, vpcRangeSources } from "./types";
import { Value } from "./values";

/** The security groups on a network interface. */
export interface Groups {
  readonly keys: readonly string[];
  /** Some group is not in the stack: its rules cannot be seen. */
  readonly unseen: boolean;
  /** They are of machines that are not in the stack. @default false */
  readonly isElsewhere?: boolean;
}

/** One rule of a group. */
export interface Door {
  readonly ports: readonly [first: number, last: number];
  /** From where it may admit, */
  readonly addresses: Addresses;
  /** and from where it does for certain. */
  readonly known: Addresses;
  /** Keys of the groups whose members are admitted. */
  readonly groups: readonly string[];
  readonly holder: Resource;
}

/** Addresses that a rule names. */
interface Source {
  readonly addresses: Addresses;
  /** False where they cannot be seen and are taken at their worst. */
  readonly certain: boolean;
}
const unseenSource: Source = { addresses: everywhere, certain: false };

/** Stands for a group that cannot be told: it may be any. */
export const anyGroup = "*";
/** Every VPC's default group, as one: taken to admit its own members, as AWS makes it, whatever a resource says of it. */
export const defaultGroup = "default";
const groupTypes: readonly string[] = [...types.securityGroup, ...types.defaultSecurityGroup];
/** A VPC stands for its default group. */
const groupsOrVpc: readonly string[] = [...groupTypes, ...types.vpc];
const allPorts: readonly [number, number] = [0, 65535];
const vpcRange = parseCidr("10.0.0.0/8") ?? nowhere;

/** The rules of all security groups in the stack, whichever resource form they are written in. */
export class SecurityGroupRules {
  private readonly graph: Graph;
  private readonly doors = new Map<string, Door[]>();

  constructor(graph: Graph) {
    this.graph = graph;
    for (const group of graph.ofType(types.securityGroup)) this.addInline(group, [group.urn]);
    for (const group of graph.ofType(types.defaultSecurityGroup)) this.addInline(group, [defaultGroup]);
    for (const rule of graph.ofType(types.securityGroupRule)) {
      const type = property(rule, "type");
      if (type.word() === "egress") continue;
      const keys = this.keysOf(property(rule, "securityGroupId"));
      this.add(keys, rule, {
        protocol: property(rule, "protocol"),
        from: property(rule, "fromPort"),
        to: property(rule, "toPort"),
        ranges: [property(rule, "cidrBlocks"), property(rule, "ipv6CidrBlocks")],
        prefixLists: property(rule, "prefixListIds"),
        groups: property(rule, "sourceSecurityGroupId"),
        self: property(rule, "self"),
      });
    }
    for (const rule of graph.ofType(types.ingressRule)) {
      this.add(this.keysOf(property(rule, "securityGroupId")), rule, {
        protocol: property(rule, "ipProtocol"),
        from: property(rule, "fromPort"),
        to: property(rule, "toPort"),
        ranges: [property(rule, "cidrIpv4"), property(rule, "cidrIpv6")],
        prefixLists: property(rule, "prefixListId"),
        groups: property(rule, "referencedSecurityGroupId"),
      });
    }
  }

  /** The groups that a property names. Omitted or empty: the VPC's default group, AWS's default for an interface. */
  named(value: ResourceValue | readonly ResourceValue[]): Groups {
    const elements = value instanceof Value ? value.list() : value;
    if (elements.length === 0) return { keys: [defaultGroup], unseen: false };
    const lists = elements.map((element) => this.keysOf(element, groupsOrVpc));
    // Elements of several lists may name the same group.
    const areFound =
      value instanceof Value
        ? this.graph.areFound(elements, groupsOrVpc)
        : elements.every(({ isUnknownList }, index) => !isUnknownList && !lists[index]?.every(isUnseen));
    return { keys: [...new Set(lists.flat())], unseen: !areFound };
  }

  /** The rules of these groups, and those of which it is not known whose they are. */
  doorsOf({ keys }: Groups): Door[] {
    return [...keys, anyGroup].flatMap((key) => this.doors.get(key) ?? []);
  }

  private addInline(holder: Resource, keys: readonly string[]): void {
    for (const rule of property(holder, "ingress").list()) {
      this.add(keys, holder, {
        protocol: rule.get("protocol"),
        from: rule.get("fromPort"),
        to: rule.get("toPort"),
        ranges: [rule.get("cidrBlocks"), rule.get("ipv6CidrBlocks")],
        prefixLists: rule.get("prefixListIds"),
        groups: rule.get("securityGroups"),
        self: rule.get("self"),
      });
    }
  }

  private add(
    keys: readonly string[],
    holder: Resource,
    rule: {
      protocol: ResourceValue;
      from: ResourceValue;
      to: ResourceValue;
      ranges: readonly ResourceValue[];
      prefixLists: ResourceValue;
      groups: ResourceValue;
      self?: ResourceValue;
    },
  ): void {
    const protocol = rule.protocol.word();
    const everything = ["-1", "all", undefined].includes(protocol);
    if (!everything && protocol !== "tcp" && protocol !== "6") return;
    const sources = [
      ...rule.ranges.flatMap((list) => list.list()).map((range) => this.range(range)),
      ...rule.prefixLists.list().flatMap((list) => this.prefixList(list)),
    ];
    const hidden = [rule.protocol, rule.from, rule.to].some((value) => value.isUnknown);
    const self = rule.self !== undefined && !rule.self.isOmitted && rule.self.flag() !== false;
    const referenced = rule.groups.list().flatMap((group) => {
      const found = this.keysOf(group);
      return found.length > 0 ? found : [anyGroup];
    });
    this.push(keys, {
      ports: everything ? allPorts : portsBetween(rule.from.integer(), rule.to.integer()),
      addresses: union(...sources.map(({ addresses }) => addresses)),
      known: hidden ? nowhere : union(...sources.filter(({ certain }) => certain).map(({ addresses }) => addresses)),
      groups: self ? [...keys, ...referenced] : referenced,
      holder,
    });
  }

  private push(keys: readonly string[], door: Door): void {
    if (keys.length === 0) kept(this.doors, anyGroup, () => []).push({ ...door, known: nowhere });
    for (const key of keys) kept(this.doors, key, () => []).push(door);
  }

  private range(value: ResourceValue): Source {
    const text = value.text();
    const addresses = text === undefined ? undefined : parseCidr(text);
    if (addresses !== undefined) return { addresses, certain: true };
    // Groups among a rule's dependencies are what it names beside the range; a range is the VPC's or a subnet's.
    const origins = this.graph.origins(value).filter(({ type }) => !groupTypes.includes(type));
    const ofVpc = value.isUnknown && origins.length > 0 && origins.every(({ type }) => vpcRangeSources.includes(type));
    return ofVpc ? { addresses: vpcRange, certain: true } : unseenSource;
  }

  /** A list of the stack is what it holds. AWS's own (CloudFront's: every account's distributions) cannot be seen. */
  private prefixList(value: ResourceValue): Source[] {
    const lists = this.graph.referred(value, types.managedPrefixList);
    if (lists.length === 0) return this.graph.trusts(value) ? [] : [unseenSource];
    const { managedPrefixList, managedPrefixListEntry } = types;
    const entries = lists
      .flatMap((list) => this.graph.thatName(list, managedPrefixListEntry, "prefixListId", managedPrefixList))
      .map((entry) => property(entry, "cidr"));
    const inline = lists.flatMap((list) =>
      property(list, "entries")
        .list()
        .map((entry) => entry.get("cidr")),
    );
    return [...inline, ...entries].map((cidr) => this.range(cidr));
  }

  /** Groups before a VPC: what depends on both names its default group less likely. */
  private keysOf(value: ResourceValue, kinds = groupTypes): string[] {
    const found = this.graph.referred(value, kinds);
    const groups = found.length > 0 ? found : this.graph.referred(value, types.vpc);
    if (groups.length > 0) {
      return groups.map((group) => (types.securityGroup.includes(group.type) ? group.urn : defaultGroup));
    }
    const text = value.text();
    return text === undefined ? [] : [this.graph.isTrusted(text) ? `trusted:${text}` : `id:${text}`];
  }
}

/** Whether a group is in another stack: its rules cannot be seen. */
export function isUnseen(key: string): boolean {
  return key.startsWith("id:");
}

/** -1 is every port, as is an end that is not known. */
function portsBetween(from = 0, to = 65535): readonly [number, number] {
  return [Math.max(from, 0), to < 0 ? 65535 : to];
}
