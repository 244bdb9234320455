import { after, bitsFor, type Block, size } from "./cidr";
import { type LayoutArgs, type Subnet, type SubnetSpec, zoneBlocks } from "./subnets";

/** Subnets in the order of their specs, one behind the other (subnetDistributorNew.ts). */
export function autoLayout(args: LayoutArgs): Subnet[] {
  const zones = zoneBlocks(args);
  const zoneMask = zones[0]?.mask ?? 32;
  const specs = args.specs ?? defaultSpecs(zoneMask);
  if (specs.length === 0) throw new Error("No subnets specified");
  const evenMask = zoneMask + bitsFor(specs.length);
  const masks = specs.map(({ cidrMask }) => cidrMask ?? evenMask);
  const wanted = masks.reduce((sum, mask) => sum + size(mask), 0);
  if (wanted > size(zoneMask)) {
    throw new Error(
      `Subnets are too large for VPC. VPC has ${size(zoneMask)} addresses, but subnets require ${wanted} addresses.`,
    );
  }
  return zones.flatMap((zone, index) => {
    let previous: Block | undefined;
    return specs.map((spec, position) => {
      const mask = masks[position] ?? evenMask;
      const block: Block = previous ? after(previous, mask) : { start: zone.start, mask };
      previous = block;
      return { spec, zone: args.zones[index] ?? "", zoneNumber: index + 1, block };
    });
  });
}

/** Private, then public of half its size; at most a /16 of each zone is used. */
function defaultSpecs(zoneMask: number): SubnetSpec[] {
  if (zoneMask > 26) {
    throw new Error(
      `Automatic subnet creation requires a VPC with at least /26 available per AZ, but only /${zoneMask} is available.` +
        "If you do need very small subnets, please specify them explicitly.",
    );
  }
  const mask = Math.max(zoneMask, 16);
  return [
    { type: "Private", cidrMask: mask + 1 },
    { type: "Public", cidrMask: mask + 2 },
  ];
}

/** What the program says of a type completes that type's default; named subnets come on top. */
export function mergedWithDefaults(specs: SubnetSpec[]): SubnetSpec[] | undefined {
  if (specs.length === 0) return undefined;
  const defaults: SubnetSpec[] = [{ type: "Private" }, { type: "Public" }];
  const isOverride = (spec: SubnetSpec) =>
    spec.name === undefined && defaults.some(({ type }) => type.toLowerCase() === spec.type.toLowerCase());
  const overrides = specs.filter(isOverride);
  const merged = defaults.map((spec) => ({
    ...spec,
    ...overrides.find(({ type }) => type.toLowerCase() === spec.type.toLowerCase()),
  }));
  return [...merged, ...specs.filter((spec) => !isOverride(spec))];
}
