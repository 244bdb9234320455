import { after, type Block, overlaps, size } from "./cidr";
import { type LayoutArgs, type Subnet, type SubnetSpec, type SubnetType, zoneBlocks } from "./subnets";

/** Private subnets first, then public, then isolated: the default strategy (subnetDistributorLegacy.ts). */
export function legacyLayout(args: LayoutArgs): Subnet[] {
  // The legacy strategy does not know availabilityZoneCidrMask.
  const zones = zoneBlocks({ ...args, zoneMask: undefined });
  const { specs } = args;
  if (specs === undefined) return defaultLayout(args, zones);
  return zones.flatMap((zone, index) => {
    const place = { zone: args.zones[index] ?? "", zoneNumber: index + 1 };
    return zoneLayout(zone, specs).map((subnet) => ({ ...subnet, ...place }));
  });
}

/** Half of a zone is private, a quarter public, a quarter left free. */
function defaultLayout({ zones }: LayoutArgs, blocks: Block[]): Subnet[] {
  const part = (type: SubnetType, block: (zone: Block) => Block): Subnet[] =>
    blocks.map((zone, index) => ({
      spec: { type },
      zone: zones[index] ?? "",
      zoneNumber: index + 1,
      block: fits(block(zone)),
    }));
  return [
    ...part("Private", ({ start, mask }) => ({ start, mask: mask + 1 })),
    ...part("Public", ({ start, mask }) => ({ start: start + size(mask + 1), mask: mask + 2 })),
  ];
}

const widest: Record<string, number> = { Private: 19, Public: 20, Isolated: 24 };

function zoneLayout(zone: Block, specs: SubnetSpec[]): { spec: SubnetSpec; block: Block }[] {
  const extra = specs.length === 1 ? 0 : 1;
  const result: { spec: SubnetSpec; block: Block }[] = [];
  let current: Block = { start: zone.start - 1, mask: 32 };
  for (const type of ["Private", "Public", "Isolated"] as const) {
    // A type starts behind the last subnet of the type before it, and its n-th subnet is the n-th block of its size.
    const previous = result.at(-1)?.block;
    const base = previous ? previous.start + size(previous.mask) : zone.start;
    const own = specs.filter((spec) => spec.type.toLowerCase() === type.toLowerCase());
    own.forEach((spec, index) => {
      const mask = spec.cidrMask ?? Math.max(zone.mask + extra, widest[type] ?? 0);
      const wanted = fits({ start: base + index * size(mask), mask });
      const block = overlaps(current, wanted) ? after(current, mask) : wanted;
      result.push({ spec: { ...spec, type }, block });
      current = block;
    });
  }
  return result;
}

function fits(block: Block): Block {
  if (block.mask > 32) throw new Error(`Requested a /${block.mask} subnet, but a VPC's subnets have at most 32 bits.`);
  return block;
}
