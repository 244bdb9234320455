import assert from "node:assert/strict";
import fc from "fast-check";
import { formatBlock, last, overlaps, parseBlock } from "../../local/providers/awsx/cidr";
import { ipv6Block } from "../../local/providers/awsx/ipv6";
import { layout, type LayoutArgs, subnetName } from "../../local/providers/awsx/subnets";

const ZONES = ["eu-west-1a", "eu-west-1b", "eu-west-1c"];
const args = (more: Partial<LayoutArgs>): LayoutArgs => ({
  cidrBlock: "10.0.0.0/16",
  zones: ZONES,
  specs: undefined,
  strategy: "Legacy",
  zoneMask: undefined,
  ...more,
});
const blocks = (more: Partial<LayoutArgs>) =>
  layout(args(more)).map((subnet) => `${subnetName("v", subnet)} ${formatBlock(subnet.block)}`);

describe("the subnets of an awsx VPC", () => {
  it("divide a /16 over three zones as awsx does by default", () => {
    assert.deepEqual(blocks({}), [
      "v-private-1 10.0.0.0/19",
      "v-private-2 10.0.64.0/19",
      "v-private-3 10.0.128.0/19",
      "v-public-1 10.0.32.0/20",
      "v-public-2 10.0.96.0/20",
      "v-public-3 10.0.160.0/20",
    ]);
  });

  it("follow the order of their specs with the strategy Auto and go by type with Legacy", () => {
    const specs = [
      { type: "Public", cidrMask: 24 },
      { type: "Private", cidrMask: 20 },
      { type: "Isolated", cidrMask: 24 },
    ] as const;
    const zones = ZONES.slice(0, 1);
    assert.deepEqual(blocks({ specs: [...specs], strategy: "Auto", zones }), [
      "v-public-1 10.0.0.0/24",
      "v-private-1 10.0.16.0/20",
      "v-isolated-1 10.0.32.0/24",
    ]);
    assert.deepEqual(blocks({ specs: [...specs], strategy: "Legacy", zones }), [
      "v-private-1 10.0.0.0/20",
      "v-public-1 10.0.16.0/24",
      "v-isolated-1 10.0.17.0/24",
    ]);
  });

  it("never overlap, whatever is asked for, or the request is refused", () => {
    const spec = fc.record({
      type: fc.constantFrom("Public", "Private", "Isolated" as const),
      cidrMask: fc.option(fc.integer({ min: 18, max: 28 }), { nil: undefined }),
    });
    const request = fc.record({
      strategy: fc.constantFrom("Legacy", "Auto", "AutoMerge" as const),
      zones: fc.integer({ min: 1, max: 3 }),
      mask: fc.integer({ min: 16, max: 22 }),
      specs: fc.option(fc.array(spec, { minLength: 1, maxLength: 5 }), { nil: undefined }),
    });
    let made = 0;
    fc.assert(
      fc.property(request, ({ strategy, zones, mask, specs }) => {
        const cidrBlock = `10.4.0.0/${mask}`;
        const named = specs?.map(({ type, cidrMask }, index) => ({
          type,
          name: `s${index}`,
          ...(cidrMask ? { cidrMask } : {}),
        }));
        let subnets: ReturnType<typeof layout>;
        try {
          subnets = layout(args({ cidrBlock, zones: ZONES.slice(0, zones), strategy, specs: named }));
        } catch (error) {
          assert.match((error as Error).message, /overlap|too large|at least \/26|at most 32 bits/);
          return;
        }
        made += 1;
        const names = subnets.map((subnet) => subnetName("v", subnet));
        assert.equal(new Set(names).size, names.length);
        for (const one of subnets) {
          for (const other of subnets) assert.ok(one === other || !overlaps(one.block, other.block));
          // With specs of one's own, awsx itself can leave the VPC: AWS then refuses the subnet.
          if (specs === undefined) assert.ok(last(one.block) <= last(parseBlock(cidrBlock)));
        }
      }),
    );
    assert.ok(made > 10);
  });

  it("report every mistake in their specs at once", () => {
    const specs = [{ type: "Public", size: 100 }, { type: "Public" }] as const;
    assert.throws(
      () => layout(args({ specs: [...specs], strategy: "Auto" })),
      /sizes are invalid: 100[\s\S]*require unique names|require unique names[\s\S]*sizes are invalid: 100/,
    );
  });

  it("leave no gap with the strategy Exact", () => {
    const exact = (masks: number[]) =>
      layout(
        args({
          zones: ["a"],
          strategy: "Exact",
          specs: masks.map((cidrMask, index) => ({ type: "Public", name: `s${index}`, cidrMask })),
        }),
      );
    assert.equal(exact([17, 17]).length, 2);
    assert.throws(() => exact([17, 18]), /gaps in the subnet ranges/);
  });

  it("have each their own /64 of the VPC's IPv6 range", () => {
    assert.equal(ipv6Block("2a05:d018:abc:100::/56", 3), "2a05:d018:abc:103::/64");
    assert.throws(() => ipv6Block("", 0), /require the VPC to have an IPv6 CIDR block/);
  });
});
