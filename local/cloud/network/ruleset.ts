import type { Rule } from "./security-group-rules";

/** An address and the security groups that it carries, as an elastic network interface does. */
export interface GuardedAddress {
  address: string;
  groupIds: readonly string[];
  /** One that the internet knows it by. Rules that name a group mean the private addresses of its members only. */
  isPublic: boolean;
}

export interface RulesetArgs {
  guarded: readonly GuardedAddress[];
  /** All that a group lets pass. */
  rulesOf: (groupId: string) => readonly Rule[];
  /** The blocks of a prefix list. */
  prefixList: (id: string) => readonly string[];
  /** What is outside every VPC and reached through a NAT gateway. */
  outside: string;
  /** The address that a NAT gateway gives to what goes there. */
  natAddress: string;
}

const table = "table ip security_groups";

/**
 * The whole of nftables' input, replacing in one transaction what was before.
 *
 * A connection has to pass the egress rules of its source and the ingress rules of its destination; answers always
 * pass, also of connections whose rule has gone since: "Your security groups use connection tracking", "When you change a
 * security group rule, its tracked connections are not immediately interrupted" (EC2 user guide, "Security group
 * connection tracking"). What is refused is dropped, never answered.
 */
export function ruleset(args: RulesetArgs): string {
  const { guarded, outside, natAddress } = args;
  const passes = (name: string, hook: string, chain: "from" | "to", unless: string) => [
    `chain ${name} {`,
    `type filter hook ${hook}; policy accept;`,
    ...(unless ? [`${unless} accept`] : []),
    "ct state established,related accept",
    ...(guarded.length > 0 ? [dispatch(guarded, chain)] : []),
    "}",
  ];
  return [
    `${table}`,
    `delete ${table}`,
    `${table} {`,
    ...guarded.flatMap((own) => [
      ...chainOf(`from_${own.address}`, own, "egress", args),
      ...chainOf(`to_${own.address}`, own, "ingress", args),
    ]),
    // A task's packets come in by its interface, the daemon's (load balancers, databases) start here.
    ...passes("leaving_task", "prerouting priority 0", "from", `iifname "lo"`),
    ...passes("leaving_daemon", "output priority 0", "from", ""),
    // A public address is reached from inside a VPC by way of a NAT gateway: nobody there sees who it was.
    "chain nat_gateway {",
    "type nat hook input priority 100; policy accept;",
    `iifname != "lo" ip daddr ${outside} snat to ${natAddress}`,
    "}",
    ...passes("reaching_daemon", "input priority 200", "to", ""),
    ...passes("reaching_task", "postrouting priority 0", "to", `oifname "lo"`),
    "}",
    "",
  ].join("\n");
}

function dispatch(guarded: readonly GuardedAddress[], chain: "from" | "to"): string {
  const entries = guarded.map(({ address }) => `${address} : jump ${chain}_${address}`);
  return `ip ${chain === "from" ? "saddr" : "daddr"} vmap { ${entries.join(", ")} }`;
}

function chainOf(
  name: string,
  { groupIds }: GuardedAddress,
  direction: Rule["direction"],
  args: RulesetArgs,
): string[] {
  const rules = groupIds.flatMap((id) => args.rulesOf(id)).filter((rule) => rule.direction === direction);
  const lines = rules.flatMap((rule) => blocksOf(rule.peer, args).map((block) => statement(rule, block)));
  return [`chain ${name} {`, ...new Set(lines), "drop", "}"];
}

function blocksOf(peer: string, { guarded, prefixList }: RulesetArgs): readonly string[] {
  if (peer.startsWith("pl-")) return prefixList(peer);
  if (peer.includes("/")) return [peer];
  return guarded.filter(({ groupIds, isPublic }) => groupIds.includes(peer) && !isPublic).map(({ address }) => address);
}

function statement({ direction, protocol, ports }: Rule, block: string): string {
  const match = block === "0.0.0.0/0" ? [] : [`ip ${direction === "ingress" ? "saddr" : "daddr"} ${block}`];
  return [...match, ...protocolMatch(protocol, ports), "return"].join(" ");
}

function protocolMatch(protocol: Rule["protocol"], ports: Rule["ports"]): string[] {
  if (protocol === undefined) return [];
  if (ports && (protocol === "tcp" || protocol === "udp")) return [`${protocol} dport ${ports.from}-${ports.to}`];
  if (ports && protocol === "icmp") {
    return [`icmp type ${ports.from}`, ...(ports.to < 0 ? [] : [`icmp code ${ports.to}`])];
  }
  return [`meta l4proto ${protocol === "icmpv6" ? "ipv6-icmp" : protocol}`];
}
