import { after, bitsFor, type Block, formatAddress, formatBlock, last, overlaps, parseBlock, size } from "./cidr";
import { autoLayout, mergedWithDefaults } from "./subnets-auto";
import { legacyLayout } from "./subnets-legacy";

export type SubnetType = "Public" | "Private" | "Isolated" | "Unused";
export type SubnetStrategy = "Legacy" | "Auto" | "AutoMerge" | "Exact";

/** awsx.types.input.ec2.SubnetSpecArgs. */
export interface SubnetSpec {
  type: SubnetType;
  name?: string;
  /** Prefix length. */
  cidrMask?: number;
  /** Number of addresses: another way to say cidrMask. */
  size?: number;
  /** One an availability zone. */
  cidrBlocks?: string[];
  assignIpv6AddressOnCreation?: boolean;
  tags?: Record<string, unknown>;
}

export interface Subnet {
  spec: SubnetSpec;
  zone: string;
  /** Position of the zone, from 1: part of the resource's name. */
  zoneNumber: number;
  block: Block;
}

export interface LayoutArgs {
  cidrBlock: string;
  zones: string[];
  specs: SubnetSpec[] | undefined;
  strategy: SubnetStrategy;
  zoneMask: number | undefined;
}

/**
 * Divides a VPC's range as awsx does (pulumi-awsx: awsx/ec2/subnetDistributorLegacy.ts and subnetDistributorNew.ts).
 *
 * @throws Error with all that is wrong with the specs, or naming the subnets that overlap.
 */
export function layout(args: LayoutArgs): Subnet[] {
  const { zones, strategy } = args;
  const specs = args.specs && normalised(args.specs, zones.length);
  const explicit = specs?.some((spec) => spec.cidrBlocks !== undefined) === true;
  if (strategy === "AutoMerge" && explicit) {
    throw new Error(
      'subnetStrategy="AutoMerge" does not support subnetSpecs with explicit cidrBlocks. ' +
        'Use subnetStrategy="Auto" or "Exact" to fully specify the subnet layout.',
    );
  }
  const subnets = choose({ ...args, specs }, explicit);
  validate(subnets, args);
  return subnets;
}

function choose(args: LayoutArgs, explicit: boolean): Subnet[] {
  const { strategy, specs, zones } = args;
  if (strategy === "Legacy" || (specs === undefined && strategy === "Exact")) return legacyLayout(args);
  if (specs && explicit) {
    return zones.flatMap((zone, index) =>
      specs.map((spec) => ({ spec, zone, zoneNumber: index + 1, block: parseBlock(spec.cidrBlocks?.[index] ?? "") })),
    );
  }
  return autoLayout(strategy === "AutoMerge" ? { ...args, specs: mergedWithDefaults(specs ?? []) } : args);
}

/** The name of a subnet and of all that belongs to it. */
export function subnetName(vpc: string, { spec, zoneNumber }: Pick<Subnet, "spec" | "zoneNumber">): string {
  return `${vpc}-${spec.name ?? spec.type.toLowerCase()}-${zoneNumber}`;
}

/** Sizes and masks agree, blocks are there for every zone, names are unique: all problems at once. */
function normalised(specs: SubnetSpec[], zones: number): SubnetSpec[] {
  const issues = [...duplicates(specs)];
  const explicit = specs.some((spec) => spec.cidrBlocks !== undefined);
  const result = specs.map((spec, index) => {
    const mask = spec.size === undefined ? undefined : 32 - Math.log2(spec.size);
    if (mask !== undefined && !Number.isInteger(mask)) {
      issues.push(`The following subnet sizes are invalid: ${spec.size}. Valid sizes are powers of 2.`);
    } else if (mask !== undefined && spec.cidrMask !== undefined && mask !== spec.cidrMask) {
      issues.push(
        `Subnet size ${spec.size} does not match the expected size for a /${spec.cidrMask} subnet (${size(spec.cidrMask)}).`,
      );
    }
    if (explicit && spec.cidrBlocks === undefined) {
      issues.push("If any subnet spec has explicit cidrBlocks, all subnets must have explicit cidrBlocks.");
    } else if (spec.cidrBlocks && spec.cidrBlocks.length !== zones) {
      issues.push(
        `The number of CIDR blocks in subnetSpecs[${index}] must match the number of availability zones (${zones}).`,
      );
    }
    const own = spec.cidrMask ?? mask;
    if (own !== undefined && spec.cidrBlocks?.some((block) => parseBlock(block).mask !== own)) {
      issues.push(`The cidrMask in subnetSpecs[${index}] must match all cidrBlocks or be left undefined.`);
    }
    return own === undefined ? spec : { ...spec, cidrMask: own };
  });
  if (issues.length > 0) throw new Error(`Invalid subnet specifications:\n - ${issues.join("\n - ")}`);
  return result;
}

function duplicates(specs: SubnetSpec[]): string[] {
  const keys = specs.map(({ type, name }) => JSON.stringify([type.toLowerCase(), name]));
  const repeated = specs.filter((_spec, index) => keys.indexOf(keys[index] ?? "") !== index);
  return [...new Set(repeated.map(({ type }) => type.toLowerCase()))].map(
    (type) =>
      `Multiple subnet specs of type "${type}" require unique names. You can have at most one unnamed subnet per type. ` +
      'All other subnets of the same type must have unique "name" properties to avoid duplicate resource names.',
  );
}

function validate(subnets: Subnet[], { cidrBlock, strategy }: LayoutArgs): void {
  const label = (subnet: Subnet) => `${subnetName("vpc", subnet).slice(4)}: ${formatBlock(subnet.block)}`;
  const clashing = subnets.filter((one) => subnets.some((other) => other !== one && overlaps(one.block, other.block)));
  if (clashing.length > 0) {
    throw new Error(
      "The following subnets overlap with at least one other subnet. Make the CIDR for the VPC larger, reduce the size " +
        `of the subnets per AZ, or use less Availability Zones:\n\n${clashing.map((subnet, index) => `${index + 1}. ${label(subnet)}`).join("\n")}\n`,
    );
  }
  if (strategy !== "Exact") return;
  const vpc = parseBlock(cidrBlock);
  const gaps: string[] = [];
  let expected = vpc.start;
  for (const subnet of subnets) {
    if (subnet.block.start !== expected) gaps.push(`before ${label(subnet)} (expected ${formatAddress(expected)})`);
    expected = after(subnet.block, subnet.block.mask).start;
  }
  if (expected !== last(vpc) + 1)
    gaps.push(`after ${formatAddress(expected - 1)} (VPC ends at ${formatAddress(last(vpc))})`);
  if (gaps.length > 0) {
    throw new Error(`There are gaps in the subnet ranges. Please fix the following gaps: ${gaps.join(", ")}`);
  }
}

/** The part of the VPC that belongs to each zone: even parts, their number rounded up to a power of two. */
export function zoneBlocks({ cidrBlock, zones, zoneMask }: LayoutArgs): Block[] {
  const vpc = parseBlock(cidrBlock);
  const mask = zoneMask ?? vpc.mask + bitsFor(zones.length);
  return zones.map((_zone, index) => ({ start: vpc.start + index * size(mask), mask }));
}
