/**
 * The n-th /64 of a VPC's IPv6 range.
 *
 * @throws Error when the VPC has no IPv6 range.
 */
export function ipv6Block(vpc: string | undefined, index: number): string {
  const [prefix = "", mask = ""] = (vpc ?? "").split("/");
  if (prefix === "" || Number(mask) > 64) {
    throw new Error(
      "Subnets with assignIpv6AddressOnCreation=true require the VPC to have an IPv6 CIDR block. Set assignGeneratedIpv6CidrBlock=true or provide ipv6CidrBlock.",
    );
  }
  const [head = "", tail] = prefix.split("::");
  const left = head.split(":").filter(Boolean);
  const right = (tail ?? "").split(":").filter(Boolean);
  const groups =
    tail === undefined ? left : [...left, ...Array<string>(8 - left.length - right.length).fill("0"), ...right];
  const network = groups.slice(0, 4).reduce((sum, group) => (sum << 16n) + BigInt(`0x${group}`), 0n) + BigInt(index);
  const words = [48n, 32n, 16n, 0n].map((shift) => ((network >> shift) & 0xffffn).toString(16));
  return `${words.join(":")}::/64`;
}
