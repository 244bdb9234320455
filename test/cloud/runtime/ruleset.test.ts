import assert from "node:assert/strict";
import { SecurityGroups } from "../../../local/cloud/network/security-groups";

const groupType = "aws:ec2/securityGroup:SecurityGroup";

describe("The packet filter made of security groups", () => {
  let text = "";
  let groups: SecurityGroups;
  beforeEach(() => {
    text = "";
    groups = new SecurityGroups({
      outside: "198.51.100.0/24",
      natAddress: "203.0.113.20",
      isPublic: (address) => address.startsWith("198."),
      apply: async (ruleset) => void (text = ruleset),
    });
  });

  const put = (type: string, id: string, properties: Record<string, unknown>) =>
    groups.put({ type, id, urn: "", properties });
  /** The statements of an address in one direction. */
  const chain = (name: string) => {
    const lines = text.split("\n");
    const at = lines.indexOf(`chain ${name} {`);
    return lines.slice(at + 1, lines.indexOf("}", at));
  };

  it("lets nothing pass for a group without rules, and all between members of one that is not declared", async () => {
    await put(groupType, "sg-empty", {});
    await groups.guard("10.0.0.5", ["sg-empty"]);
    await groups.guard("10.0.0.6", ["sg-default"]);
    await groups.guard("10.0.0.7", ["sg-default"]);
    for (const name of ["from_10.0.0.5", "to_10.0.0.5"]) assert.deepEqual(chain(name), ["drop"]);
    assert.deepEqual(chain("from_10.0.0.6"), ["return", "drop"]);
    assert.deepEqual(chain("to_10.0.0.6"), ["ip saddr 10.0.0.6 return", "ip saddr 10.0.0.7 return", "drop"]);
  });

  it("has rules of all three kinds, for blocks, groups, the group itself and prefix lists", async () => {
    await put(groupType, "sg-1", {
      ingress: [{ protocol: "tcp", fromPort: 80, toPort: 90, cidrBlocks: ["10.0.0.9/8"], self: true }],
      egress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"], ipv6CidrBlocks: ["::/0"] }],
    });
    await put("aws:ec2/managedPrefixList:ManagedPrefixList", "pl-1", { entries: [{ cidr: "192.0.2.0/25" }] });
    await put("aws:ec2/managedPrefixListEntry:ManagedPrefixListEntry", "e", {
      prefixListId: "pl-1",
      cidr: "192.0.2.128/25",
    });
    await put("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "r1", {
      ...{ securityGroupId: "sg-1", ipProtocol: "udp", fromPort: 53, toPort: 53, prefixListId: "pl-1" },
    });
    await put("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "r2", {
      ...{ securityGroupId: "sg-1", ipProtocol: "icmp", fromPort: 8, toPort: -1, referencedSecurityGroupId: "sg-2" },
    });
    await put("aws:ec2/securityGroupRule:SecurityGroupRule", "r3", {
      ...{ type: "ingress", securityGroupId: "sg-1", protocol: "6", fromPort: 0, toPort: 65535 },
      sourceSecurityGroupId: "123456789012/sg-2",
    });
    await put("aws:ec2/securityGroupRule:SecurityGroupRule", "r4", {
      ...{ type: "ingress", securityGroupId: "sg-1", protocol: "50", cidrBlocks: ["10.1.0.0/16"] },
    });
    await groups.guard("10.0.0.5", ["sg-1"]);
    await groups.guard("10.0.0.6", ["sg-2", "sg-3"]);
    // A load balancer's public address has its groups and is not meant where a rule names one of them.
    await groups.guard("198.51.100.6", ["sg-2"]);
    assert.deepEqual(chain("from_10.0.0.5"), ["return", "drop"]);
    assert.deepEqual(chain("to_10.0.0.5"), [
      "ip saddr 10.0.0.0/8 tcp dport 80-90 return",
      "ip saddr 10.0.0.5 tcp dport 80-90 return",
      "ip saddr 192.0.2.0/25 udp dport 53-53 return",
      "ip saddr 192.0.2.128/25 udp dport 53-53 return",
      "ip saddr 10.0.0.6 icmp type 8 return",
      "ip saddr 10.0.0.6 tcp dport 0-65535 return",
      "ip saddr 10.1.0.0/16 meta l4proto 50 return",
      "drop",
    ]);
    assert.match(text, /vmap \{ 10\.0\.0\.5 : jump to_10\.0\.0\.5, .*198\.51\.100\.6 : jump to_198\.51\.100\.6 \}/);
  });

  it("forgets a rule that is removed and an address that is released", async () => {
    const rule = { type: "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", id: "r", urn: "" };
    const properties = {
      securityGroupId: "sg-1",
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
      cidrIpv4: "0.0.0.0/0",
    };
    await put(groupType, "sg-1", {});
    await groups.put({ ...rule, properties });
    await groups.guard("10.0.0.5", ["sg-1"]);
    assert.deepEqual(chain("from_10.0.0.5"), ["tcp dport 443-443 return", "drop"]);
    await groups.remove({ ...rule, properties });
    assert.deepEqual(chain("from_10.0.0.5"), ["drop"]);
    await groups.release("10.0.0.5");
    assert.doesNotMatch(text, /10\.0\.0\.5/);
  });

  it("refuses what EC2 refuses, and stays as it was", async () => {
    const rule = { securityGroupId: "sg-1", fromPort: 1, toPort: 2 };
    const type = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
    await assert.rejects(put(type, "r", { ...rule, ipProtocol: "tcp", cidrIpv4: "10.0.0.0/33; drop" }), /is malformed/);
    await assert.rejects(put(type, "r", { ...rule, ipProtocol: "tpc", cidrIpv4: "10.0.0.0/8" }), /Unknown protocol/);
    assert.equal(text, "");
  });
});
