import { isIPv4 } from "node:net";
import { Netmask } from "netmask";
import type { CloudResource } from "../contract";

/** One rule of a security group, for one other side. */
export interface Rule {
  direction: "ingress" | "egress";
  /** `tcp`, `udp`, `icmp` or a protocol's number; undefined: all of them. */
  protocol?: string;
  /** First and last port, or ICMP type and code; undefined: all of them. */
  ports?: { from: number; to: number };
  /** An IPv4 block, a security group's id or a prefix list's id. */
  peer: string;
}

const ruleTypes: Record<string, "ingress" | "egress" | undefined> = {
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": "ingress",
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": "egress",
  "aws:ec2/securityGroupRule:SecurityGroupRule": undefined,
};
const groupTypes = ["aws:ec2/securityGroup:SecurityGroup", "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"];

export function isGroup(type: string): boolean {
  return groupTypes.includes(type);
}

/** Of which group a resource declares rules; undefined when it declares none. */
export function groupOf({ type, id, properties }: CloudResource): string | undefined {
  if (isGroup(type)) return id;
  return type in ruleTypes ? String(properties.securityGroupId) : undefined;
}

/** A rule in any of the three ways in which @pulumi/aws has them. */
interface DeclaredRule {
  protocol?: string;
  ipProtocol?: string;
  fromPort?: number;
  toPort?: number;
  cidrIpv4?: string;
  cidrBlocks?: string[];
  prefixListId?: string;
  prefixListIds?: string[];
  referencedSecurityGroupId?: string;
  sourceSecurityGroupId?: string;
  securityGroups?: string[];
  self?: boolean;
}

/**
 * The rules that a resource declares: `ingress` and `egress` of a group, or one rule of its own. A group has no others:
 * the provider takes away the rule that lets all traffic out, with which EC2 makes it.
 *
 * @throws Error in EC2's words when it would refuse one
 */
export function rulesOf({ type, id, properties }: CloudResource): Rule[] {
  if (!isGroup(type)) {
    const declared = properties as DeclaredRule & { type?: Rule["direction"]; securityGroupId?: string };
    return expanded(declared, ruleTypes[type] ?? declared.type ?? "ingress", String(declared.securityGroupId));
  }
  return (["ingress", "egress"] as const).flatMap((direction) =>
    ((properties[direction] ?? []) as DeclaredRule[]).flatMap((declared) => expanded(declared, direction, id)),
  );
}

/** What a VPC's default group has: all between its members, and all to anywhere ("Default security groups for your VPCs"). */
export function defaultRules(groupId: string): Rule[] {
  return [
    { direction: "ingress", peer: groupId },
    { direction: "egress", peer: "0.0.0.0/0" },
  ];
}

/** IPv6 is left out: nobody here has such an address. */
function expanded(declared: DeclaredRule, direction: Rule["direction"], groupId: string): Rule[] {
  const given = String(declared.ipProtocol ?? declared.protocol ?? "-1").toLowerCase();
  const protocol = { "-1": undefined, all: undefined, "6": "tcp", "17": "udp", "1": "icmp" }[given];
  const known = given === "-1" || given === "all" || protocol !== undefined;
  if (!known && !/^(tcp|udp|icmp|icmpv6|\d+)$/.test(given)) {
    throw new Error(`InvalidParameterValue: Invalid value '${given}' for IP protocol. Unknown protocol.`);
  }
  const peers = [
    ...[declared.cidrIpv4 ?? [], declared.cidrBlocks ?? []].flat().map(ipv4Block),
    ...[declared.prefixListId ?? [], declared.prefixListIds ?? []].flat(),
    ...[declared.referencedSecurityGroupId ?? [], declared.sourceSecurityGroupId ?? []].flat().map(withoutOwner),
    ...(declared.securityGroups ?? []).map(withoutOwner),
    ...(declared.self ? [groupId] : []),
  ];
  const rule: Omit<Rule, "peer"> = { direction, protocol: known ? protocol : given, ports: portsOf(declared) };
  return peers.map((peer) => ({ ...rule, peer }));
}

function portsOf({ fromPort, toPort }: DeclaredRule): Rule["ports"] {
  if (fromPort === undefined || fromPort === null || fromPort < 0) return undefined;
  return { from: fromPort, to: toPort ?? fromPort };
}

/** A group of a peered VPC is written `ACCOUNT/GROUP`. */
function withoutOwner(groupId: string): string {
  return groupId.slice(groupId.indexOf("/") + 1);
}

/** EC2 takes a block with host bits for the network that it lies in. @throws Error in EC2's words */
export function ipv4Block(cidr: string): string {
  const [address = "", bits = ""] = cidr.split("/");
  if (!isIPv4(address) || !/^([0-9]|[12][0-9]|3[0-2])$/.test(bits)) {
    throw new Error(`InvalidParameterValue: CIDR block ${cidr} is malformed`);
  }
  return new Netmask(cidr).toString();
}
