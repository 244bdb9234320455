/** Addresses and security groups, as far as the simulator needs them: IPv4. */
import { isIPv4 } from "node:net";
import type { Cloud, Ingress } from "./cloud";

/** Where a packet comes from: an address and the security groups of the interface that sent it. */
export interface Sender {
  readonly address: number;
  readonly groups: readonly string[];
}

export const defaultGroup = "(default)";
/** RFC 1918: not routed on the internet. */
export const unrouted = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];

/** Security groups are the union of their rules; omitted ones are the VPC's default group, which admits its own members. */
export function admits(cloud: Cloud, names: readonly string[] | undefined, port: number, sender: Sender): boolean {
  const own = names ?? [defaultGroup];
  if (own.includes(defaultGroup) && sender.groups.includes(defaultGroup)) return true;
  return cloud.groups
    .filter(({ name }) => own.includes(name))
    .some(({ ingress }) => ingress.some((rule) => lets(rule, port, sender)));
}

function lets({ protocol, from, to, cidrs, members }: Ingress, port: number, sender: Sender): boolean {
  if (protocol === "udp" || (protocol === "tcp" && (port < from || port > to))) return false;
  return cidrs.some((cidr) => inRange(sender.address, cidr)) || members.some((name) => sender.groups.includes(name));
}

/** One address for each set of addresses that no range of the deployment tells apart, with how many those are. */
export interface Client {
  readonly address: number;
  readonly weight: number;
}

export function clientsOf(cloud: Cloud): Client[] {
  const ranges = [
    ...unrouted,
    ...cloud.groups.flatMap(({ ingress }) => ingress.flatMap(({ cidrs }) => cidrs)),
    ...cloud.rules.flatMap(({ conditions }) =>
      conditions.flatMap((each) => (each.kind === "source" ? each.values : [])),
    ),
  ];
  const edges = new Set([0, 2 ** 32]);
  for (const range of ranges) for (const edge of bounds(range)) edges.add(edge);
  const sorted = [...edges].sort((a, b) => a - b);
  const sets = new Map<string, Client>();
  sorted.slice(0, -1).forEach((address, index) => {
    const weight = (sorted[index + 1] ?? 0) - address;
    if (unrouted.some((range) => inRange(address, range))) return;
    const kind = ranges.map((range) => (inRange(address, range) ? "1" : "0")).join("");
    sets.set(kind, { address: sets.get(kind)?.address ?? address, weight: (sets.get(kind)?.weight ?? 0) + weight });
  });
  return [...sets.values()];
}

export function toNumber(address: string): number {
  if (!isIPv4(address)) throw new Error(`${address} is no IPv4 address`);
  return address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}

function bounds(cidr: string): [first: number, end: number] {
  const [address = "", length = "32"] = cidr.split("/");
  const size = 2 ** (32 - Number(length));
  const first = Math.floor(toNumber(address) / size) * size;
  return [first, first + size];
}

export function inRange(address: number, cidr: string): boolean {
  const [first, end] = bounds(cidr);
  return address >= first && address < end;
}
