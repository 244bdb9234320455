import assert from "node:assert/strict";
import { Graph, property, type ResourceValue } from "../../policies/graph/model";
import { assignPublicAddresses, mayHaveIpv6, standsInside } from "../../policies/graph/subnets";
import { matcher } from "../../policies/graph/trust";
import { asResources, built, declare, type Declared, type Form, later, ref, register } from "./support/stack";

const subnet = (inputs: Record<string, unknown> = {}, name = "subnet"): Declared =>
  declare("aws:ec2/subnet:Subnet", name, { vpcId: "vpc-1", ...inputs });
const table = (...routes: unknown[]): Declared => declare("aws:ec2/routeTable:RouteTable", "table", { routes });
const association = (inputs: Record<string, unknown> = {}, name = "association"): Declared =>
  declare("aws:ec2/routeTableAssociation:RouteTableAssociation", name, {
    ...{ subnetId: ref("subnet", "id"), routeTableId: ref("table", "id") },
    ...inputs,
  });
const mine = ref("subnet", "id");
const nat = { cidrBlock: "0.0.0.0/0", natGatewayId: "nat-1" };

/** Subnets as a load balancer of the stack names them. */
function named(
  stack: readonly Declared[],
  subnets: readonly unknown[],
  form: Form,
  trusted: readonly string[] = [],
): {
  graph: Graph;
  values: ResourceValue[];
} {
  const balancer = declare("aws:lb/loadBalancer:LoadBalancer", "balancer", { subnets });
  const graph = new Graph(asResources(register([...stack, balancer], form)), matcher(trusted));
  const [found] = graph.resources.filter(({ name }) => name === "balancer");
  return { graph, values: property(found ?? assert.fail(), "subnets").list() };
}

describe("a subnet has no way in", () => {
  const isInside = (
    stack: readonly Declared[],
    on: readonly unknown[],
    form: Form,
    trusted?: readonly string[],
  ): boolean => {
    const { graph, values } = named(stack, on, form, trusted);
    return standsInside(graph, values);
  };
  const routed = (...routes: unknown[]): Declared[] => [subnet(), table(...routes), association()];
  const rows: Readonly<Record<string, readonly [stack: Declared[], is: boolean, on?: unknown[], trusted?: string[]]>> =
    {
      "by a table without routes": [routed(), true],
      "by a route to NAT": [routed(nat), true],
      "by a route to NAT that is not made yet": [routed({ ...nat, natGatewayId: ref("nat", "id") }), true],
      "by a route to an egress-only gateway": [routed({ ipv6CidrBlock: "::/0", egressOnlyGatewayId: "eigw-1" }), true],
      "by a route to a peer": [routed({ cidrBlock: "10.1.0.0/16", vpcPeeringConnectionId: "pcx-1" }), true],
      "by the local route": [routed({ cidrBlock: "10.0.0.0/16", gatewayId: "local" }), true],
      "by a route to a gateway": [routed({ cidrBlock: "0.0.0.0/0", gatewayId: "igw-1" }), false],
      "by a route to a gateway beside one to NAT": [routed(nat, { cidrBlock: "1.0.0.0/8", gatewayId: "igw-1" }), false],
      "by a route to nothing": [routed({ cidrBlock: "0.0.0.0/0" }), false],
      "by the VPC's default table": [
        [subnet(), { ...table(nat), type: "aws:ec2/defaultRouteTable:DefaultRouteTable" }, association()],
        true,
      ],
      "by a table of another stack": [[subnet(), association({ routeTableId: "rtb-1" })], false],
      "by its VPC's main table": [[subnet(), table()], false],
      "by two tables, of which one is of another stack": [
        [...routed(), association({ routeTableId: "rtb-1" }, "other")],
        false,
      ],
      "in another stack": [routed(), false, ["subnet-1"]],
      "in another stack, beside one": [routed(), false, [mine, "subnet-1"]],
      "in another stack, and is trusted": [[], true, ["subnet-1"], ["subnet-1"]],
      "in another stack, and is trusted, beside one": [routed(), true, [mine, "subnet-1"], ["subnet-1"]],
      "where there is none": [routed(), false, []],
      "by a separate route to NAT": [
        [...routed(), declare("aws:ec2/route:Route", "route", { routeTableId: ref("table", "id"), ...nat })],
        true,
      ],
      "by a separate route to a gateway": [
        [
          ...routed(),
          declare("aws:ec2/route:Route", "route", { routeTableId: ref("table", "id"), gatewayId: "igw-1" }),
        ],
        false,
      ],
    };
  for (const [name, [stack, is, on = [mine], trusted]] of Object.entries(rows))
    for (const form of ["preview", "finished"] as const)
      it(`${name}, ${form}: ${is}`, () => assert.equal(isInside(stack, on, form, trusted), is));

  const outward = [
    ...["gatewayId", "transitGatewayId", "vpcEndpointId", "networkInterfaceId", "carrierGatewayId"],
    ...["localGatewayId", "coreNetworkArn", "instanceId", "odbNetworkArn"],
  ];
  for (const other of outward)
    it(`unless a route may be by ${other}`, () => {
      assert.ok(
        !isInside(routed({ ...nat, natGatewayId: later("nat-1"), [other]: later(undefined) }), [mine], "preview"),
      );
    });

  it("unless its table may be another one, which has a way", () => {
    const other = declare("aws:ec2/routeTable:RouteTable", "other", { routes: [{ gatewayId: "igw-1" }] });
    const either = association({ routeTableId: built(["table", "other"], "id:table") });
    assert.ok(!isInside([subnet(), table(), other, either], [mine], "preview"));
  });

  it("unless its routes or one of them are not known", () => {
    for (const routes of [later([]), [nat, later({})]])
      assert.ok(!isInside([subnet(), { ...table(), inputs: { routes } }, association()], [mine], "preview"));
  });
});

describe("public addresses of what starts in subnets", () => {
  const rows: Readonly<Record<string, readonly [stack: Declared[], is: string, on?: unknown[], trusted?: string[]]>> = {
    "which say nothing": [[subnet()], "no"],
    "which give them": [[subnet({ mapPublicIpOnLaunch: true })], "yes"],
    "which give none": [[subnet({ mapPublicIpOnLaunch: false })], "no"],
    "which may give them": [[subnet({ mapPublicIpOnLaunch: later(false) })], "maybe"],
    "which are default ones": [[{ ...subnet(), type: "aws:ec2/defaultSubnet:DefaultSubnet" }], "yes"],
    "which are default ones and give none": [
      [{ ...subnet({ mapPublicIpOnLaunch: false }), type: "aws:ec2/defaultSubnet:DefaultSubnet" }],
      "no",
    ],
    "which are not named": [[subnet()], "yes", []],
    "of another stack": [[], "maybe", ["subnet-1"]],
    "of another stack, which are trusted": [[], "no", ["subnet-1"], ["subnet-1"]],
    "of which one is of another stack": [[subnet()], "maybe", [mine, "subnet-1"]],
    "of which one is made and the other is nothing of the stack": [
      [subnet({ id: "subnet-1" })],
      "maybe",
      [mine, later("subnet-2")],
    ],
    "of which one is of another stack and another gives them": [
      [subnet({ mapPublicIpOnLaunch: true })],
      "yes",
      [mine, "subnet-1"],
    ],
  };
  for (const [name, [stack, is, on = [mine], trusted]] of Object.entries(rows))
    it(`${name}: ${is}`, () => {
      const { graph, values } = named(stack, on, "preview", trusted);
      assert.equal(assignPublicAddresses(graph, values), is);
    });
});

describe("IPv6 addresses of what starts in subnets", () => {
  const rows: readonly (readonly [inputs: Record<string, unknown>, is: boolean])[] = [
    [{}, false],
    [{ ipv6CidrBlock: "2600:1f00::/64" }, true],
    [{ ipv6IpamPoolId: "ipam-pool-1" }, true],
    [{ ipv6Native: true }, true],
    [{ ipv6Native: false, assignIpv6AddressOnCreation: false }, false],
    [{ assignIpv6AddressOnCreation: true }, true],
    [{ assignIpv6AddressOnCreation: later(false) }, true],
  ];
  for (const [inputs, is] of rows)
    it(`${JSON.stringify(inputs)}: ${is}`, () => {
      const { graph, values } = named([subnet(), subnet(inputs, "other")], [mine, ref("other", "id")], "preview");
      assert.equal(mayHaveIpv6(graph, values), is);
    });
});
