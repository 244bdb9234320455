import { isIP } from "node:net";

/** A set of addresses of one family as sorted, disjoint, inclusive ranges. */
type Ranges = readonly (readonly [bigint, bigint])[];

/** A set of IPv4 and IPv6 addresses. */
export interface Addresses {
  readonly v4: Ranges;
  readonly v6: Ranges;
}

export const nowhere: Addresses = { v4: [], v6: [] };
export const everywhere: Addresses = { v4: [[0n, (1n << 32n) - 1n]], v6: [[0n, (1n << 128n) - 1n]] };

/** Not routed on the internet: RFC 1918, 6598, 1122, 3927; RFC 4193, 4291. */
const privateAddresses = union(
  ...["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"].map(parsed),
  ...["fc00::/7", "fe80::/10", "::1/128"].map(parsed),
);

function parsed(cidr: string): Addresses {
  return parseCidr(cidr) ?? nowhere;
}

/** The addresses of a CIDR block or a single address; undefined if it is neither. */
export function parseCidr(text: string): Addresses | undefined {
  const [address = "", prefix, ...rest] = text.trim().split("/");
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return undefined;
  const bits = family === 4 ? 32 : 128;
  const length = prefix === undefined ? bits : /^\d{1,3}$/.test(prefix) ? Number(prefix) : -1;
  if (length < 0 || length > bits) return undefined;
  const size = 1n << BigInt(bits - length);
  const first = (numberOf(address) / size) * size;
  const ranges: Ranges = [[first, first + size - 1n]];
  return family === 4 ? { v4: ranges, v6: [] } : { v4: [], v6: ranges };
}

/** Of an IPv6 address, or of an IPv4 one, which may also be the end of one of IPv6: it stands for two groups. */
function numberOf(address: string): bigint {
  const plain = address.replace(/%.+/, "").replace(/[^:]+\..+/, (dotted) => {
    const number = dotted.split(".").reduce((sum, part) => sum * 256n + BigInt(part), 0n);
    return `${(number >> 16n).toString(16)}:${(number & 0xffffn).toString(16)}`;
  });
  const [head = "", tail] = plain.split("::");
  const groups = (part: string | undefined): string[] => (part ? part.split(":") : []);
  const missing = 8 - groups(head).length - groups(tail).length;
  const all = [...groups(head), ...Array<string>(tail === undefined ? 0 : missing).fill("0"), ...groups(tail)];
  return all.reduce((sum, group) => (sum << 16n) + BigInt(`0x${group}`), 0n);
}

export function union(...sets: readonly Addresses[]): Addresses {
  return { v4: merge(sets.flatMap((set) => set.v4)), v6: merge(sets.flatMap((set) => set.v6)) };
}

export function intersection(a: Addresses, b: Addresses): Addresses {
  return { v4: common(a.v4, b.v4), v6: common(a.v6, b.v6) };
}

/** The addresses of the first that are not in the second. */
export function difference(a: Addresses, b: Addresses): Addresses {
  return { v4: without(a.v4, b.v4), v6: without(a.v6, b.v6) };
}

function without(ranges: Ranges, removed: Ranges): Ranges {
  return removed.reduce<Ranges>(
    (left, [from, to]) =>
      left.flatMap(([first, last]) =>
        [[first, lower(last, from - 1n)] as const, [higher(first, to + 1n), last] as const].filter(
          ([low, high]) => low <= high,
        ),
      ),
    ranges,
  );
}

function merge(ranges: Ranges): Ranges {
  const merged: [bigint, bigint][] = [];
  for (const [first, last] of [...ranges].sort((a, b) => (a[0] < b[0] ? -1 : 1))) {
    const previous = merged.at(-1);
    if (previous === undefined || first > previous[1] + 1n) merged.push([first, last]);
    else previous[1] = higher(previous[1], last);
  }
  return merged;
}

function common(a: Ranges, b: Ranges): Ranges {
  return merge(
    a.flatMap(([first, last]) =>
      b.flatMap(([otherFirst, otherLast]): [bigint, bigint][] => {
        const low = higher(first, otherFirst);
        const high = lower(last, otherLast);
        return low <= high ? [[low, high]] : [];
      }),
    ),
  );
}

function lower(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

function higher(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

function size(ranges: Ranges): bigint {
  return ranges.reduce((sum, [first, last]) => sum + last - first + 1n, 0n);
}

/**
 * Whether these addresses are the internet rather than an allow-list: more than a /8 of IPv4 or a /32 of IPv6 that is
 * routed on the internet (the threshold of S3 Block Public Access; taken over the union, so that 0.0.0.0/1 beside
 * 128.0.0.0/1 counts as what it is).
 */
export function isInternet(addresses: Addresses): boolean {
  const inside = intersection(addresses, privateAddresses);
  return size(addresses.v4) - size(inside.v4) > 1n << 24n || size(addresses.v6) - size(inside.v6) > 1n << 96n;
}

/** Addresses that something in a VPC may have: private IPv4 ones, any IPv6 one. */
export const insideVpc: Addresses = { v4: privateAddresses.v4, v6: everywhere.v6 };

/**
 * Whether these may be the public addresses of a service of AWS: CloudFront and API Gateway publish thousands
 * (ip-ranges.json), an office has few. More than 4095 of IPv4, or than a /48 of IPv6.
 */
export function mayHoldServiceAddress(addresses: Addresses): boolean {
  const inside = intersection(addresses, privateAddresses);
  return size(addresses.v4) - size(inside.v4) > 4095n || size(addresses.v6) - size(inside.v6) > 1n << 80n;
}

export function isEmpty({ v4, v6 }: Addresses): boolean {
  return v4.length === 0 && v6.length === 0;
}

/** The addresses of one family. */
export function ofFamily(addresses: Addresses, family: "v4" | "v6"): Addresses {
  return { ...nowhere, [family]: addresses[family] };
}

/** Whether a load balancer's own address in a VPC may be among these: a private IPv4 one, or any IPv6 one. */
export function mayHoldVpcAddress(addresses: Addresses): boolean {
  return addresses.v6.length > 0 || intersection(addresses, privateAddresses).v4.length > 0;
}
