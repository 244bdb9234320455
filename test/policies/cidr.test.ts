import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type Addresses,
  difference,
  everywhere,
  insideVpc,
  intersection,
  isEmpty,
  isInternet,
  mayHoldServiceAddress,
  mayHoldVpcAddress,
  nowhere,
  parseCidr,
  union,
} from "../../policies/graph/cidr";

const of = (...cidrs: string[]): Addresses => union(...cidrs.map((cidr) => parseCidr(cidr) ?? assert.fail(cidr)));
const internet = (...cidrs: string[]): boolean => isInternet(of(...cidrs));

describe("address ranges", () => {
  it("count as the internet from more than a /8 or a v6 /32 of public addresses", () => {
    for (const cidr of ["0.0.0.0/0", "0.0.0.0/1", "8.0.0.0/7", "::/0", "2000::/31"]) assert.ok(internet(cidr), cidr);
    for (const cidr of ["8.0.0.0/8", "10.0.0.0/8", "2000::/32", "fc00::/7", "203.0.113.7"])
      assert.ok(!internet(cidr), cidr);
    assert.ok(internet("8.0.0.0/8", "9.0.0.0/8"));
    assert.ok(internet("8.0.0.0/8", "203.0.113.7"));
    assert.ok(internet("2000::/32", "2001::1"));
    assert.ok(!internet("8.0.0.0/8", "8.1.0.0/16", "10.0.0.0/8"));
    assert.ok(!internet("2000::/32", "fc00::/7"));
    assert.ok(!internet("2000::/32", "::1"));
  });

  it("are the same however a range is cut in two", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 31 }), fc.nat(0xffffffff), (length, address) => {
        const dotted = (n: number): string => [24, 16, 8, 0].map((bits) => (n >>> bits) & 255).join(".");
        const size = 2 ** (32 - length);
        const first = Math.floor(address / size) * size;
        const whole = internet(`${dotted(first)}/${length}`);
        return internet(`${dotted(first)}/${length + 1}`, `${dotted(first + size / 2)}/${length + 1}`) === whole;
      }),
    );
  });

  it("may hold an address of an AWS service from 4096 of IPv4 or more than a /48 of IPv6", () => {
    for (const cidr of ["203.0.112.0/20", "2600:9000::/47"]) assert.ok(mayHoldServiceAddress(of(cidr)), cidr);
    for (const cidr of ["203.0.112.0/21", "2600:9000::/48", "10.0.0.0/8", "fc00::/7"])
      assert.ok(!mayHoldServiceAddress(of(cidr)), cidr);
    assert.ok(!mayHoldServiceAddress(difference(of("203.0.112.0/20"), of("203.0.112.0"))));
    assert.ok(!mayHoldServiceAddress(of("203.0.112.0/21", "10.0.0.0/8")));
    assert.ok(!mayHoldServiceAddress(of("2600:9000::/48", "fc00::/7")));
  });

  it("are private between these, and public beside them", () => {
    const bounds = [
      ["9.255.255.255", "10.0.0.0", "10.255.255.255", "11.0.0.0"],
      ["100.63.255.255", "100.64.0.0", "100.127.255.255", "100.128.0.0"],
      ["126.255.255.255", "127.0.0.0", "127.255.255.255", "128.0.0.0"],
      ["169.253.255.255", "169.254.0.0", "169.254.255.255", "169.255.0.0"],
      ["172.15.255.255", "172.16.0.0", "172.31.255.255", "172.32.0.0"],
      ["192.167.255.255", "192.168.0.0", "192.168.255.255", "192.169.0.0"],
    ];
    for (const [before = "", first = "", last = "", after = ""] of bounds) {
      for (const address of [before, after]) assert.ok(!mayHoldVpcAddress(of(address)), address);
      for (const address of [first, last]) assert.ok(mayHoldVpcAddress(of(address)), address);
    }
    assert.ok(mayHoldVpcAddress(of("2000::1")));
    // More than the internet's threshold each, if they were public.
    for (const cidr of ["fc00::/7", "fe80::/10"]) assert.ok(!internet(cidr), cidr);
    assert.ok(internet("fb00::/8") && internet("fec0::/10"));
    assert.deepEqual(insideVpc.v6, everywhere.v6);
  });

  it("are empty only without an address of either family", () => {
    assert.deepEqual([nowhere, of("10.0.0.1"), of("::1")].map(isEmpty), [true, false, false]);
  });
});

describe("a CIDR block", () => {
  const one = (address: string): bigint => {
    const { v4, v6 } = of(address);
    return [...v4, ...v6][0]?.[0] ?? assert.fail(address);
  };

  it("is read from the first to the last address, whatever bits are set beyond its length", () => {
    assert.deepEqual(of("10.1.2.3/8"), { v4: [[0x0a000000n, 0x0affffffn]], v6: [] });
    assert.deepEqual(of(" 203.0.113.7 "), { v4: [[0xcb007107n, 0xcb007107n]], v6: [] });
    assert.deepEqual(of("2001:db8:ffff::1/32").v6, [
      [0x20010db8000000000000000000000000n, 0x20010db8ffffffffffffffffffffffffn],
    ]);
    assert.deepEqual(of("0.0.0.0/0", "::/0"), everywhere);
  });

  it("is the same however an IPv6 address is written", () => {
    const written = [
      ["1:2:3:4:5:6:7:8", 0x00010002000300040005000600070008n],
      ["::", 0n],
      ["::1", 1n],
      ["1::", 0x00010000000000000000000000000000n],
      ["1:2::7:8", 0x00010002000000000000000000070008n],
      ["::FFFF:203.0.113.78", 0xffffcb00714en],
      ["64:ff9b::192.168.210.254", 0x0064ff9b0000000000000000c0a8d2fen],
      ["1:2:3:4:5:6:10.20.30.40", 0x0001000200030004000500060a141e28n],
      ["fe80::1:2%eth0.12", 0xfe800000000000000000000000010002n],
    ] as const;
    for (const [address, number] of written) assert.equal(one(address), number, address);
  });

  it("is refused where it is none", () => {
    const broken = ["", "any", "10.0.0", "0.0.0.0/33", "300.0.0.0/8", "::/129", "1.2.3.4/8/8", "10.0.0.0/"];
    for (const text of [...broken, "10.0.0.0/x8", "10.0.0.0/8x", "10.0.0.0/-8", "10.0.0.0/0x8", "10.0.0.0/1e1"])
      assert.equal(parseCidr(text), undefined, text);
  });
});

describe("sets of addresses", () => {
  // Every set of the addresses 0 to 4, of both families.
  const sets = Array.from({ length: 32 }, (_, bits) => [0, 1, 2, 3, 4].filter((address) => bits & (1 << address)));
  /** One by one, in this order. */
  const made = (set: readonly number[]): Addresses =>
    union(...set.map((address) => of(`0.0.0.${address}`, `::${address}`)));
  const ranges = (set: readonly number[]): Addresses => {
    const starts = set.filter((address) => !set.includes(address - 1));
    const ends = set.filter((address) => !set.includes(address + 1));
    const all = starts.map((start, index) => [BigInt(start), BigInt(ends[index] ?? 0)] as const);
    return { v4: all, v6: all };
  };

  it("are kept sorted and in one piece each, in whatever order they come", () => {
    for (const set of sets) {
      assert.deepEqual(made(set), ranges(set));
      assert.deepEqual(made([...set].reverse()), ranges(set));
    }
    assert.deepEqual(of("10.0.0.0/8", "10.1.0.0/16"), of("10.0.0.0/8"));
    assert.deepEqual(of("10.1.0.0/16", "10.0.0.0/8"), of("10.0.0.0/8"));
    assert.deepEqual(of("10.0.0.0/16", "10.0.0.0/8"), of("10.0.0.0/8"));
  });

  it("are united, cut and taken from each other as sets are", () => {
    const both = sets.map((set) => [set, made(set)] as const);
    for (const [left, a] of both)
      for (const [right, b] of both) {
        assert.deepEqual(union(a, b), ranges([0, 1, 2, 3, 4].filter((n) => left.includes(n) || right.includes(n))));
        assert.deepEqual(intersection(a, b), ranges(left.filter((n) => right.includes(n))));
        assert.deepEqual(difference(a, b), ranges(left.filter((n) => !right.includes(n))));
      }
  });
});
