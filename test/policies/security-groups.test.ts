import assert from "node:assert/strict";
import { isEmpty, isInternet, mayHoldVpcAddress } from "../../policies/graph/cidr";
import { Graph, property } from "../../policies/graph/model";
import type { Groups } from "../../policies/graph/security-group-rules";
import { type Admission, SecurityGroups } from "../../policies/graph/security-groups";
import { matcher } from "../../policies/graph/trust";
import { group } from "./support/pieces";
import { asResources, built, declare, type Declared, type Form, later, ref, register } from "./support/stack";

type Rule = Record<string, unknown>;

const tcp = { protocol: "tcp", fromPort: 4200, toPort: 4200 };
const from = (...cidrBlocks: unknown[]): Rule => ({ ...tcp, cidrBlocks });
const [all, office, cloud] = ["0.0.0.0/0", "203.0.113.0/24", "13.32.0.0/15"];
const open = from(all);
/** Known when finished. */
const ofVpc = built(["vpc"], "10.0.0.0/16");
const vpc = declare("aws:ec2/vpc:Vpc", "vpc", {});
const defaultOfVpc = ref("vpc", "defaultSecurityGroupId");
const mine = ref("group", "id");

const separate = (securityGroupId: unknown, inputs: Rule): Declared =>
  declare("aws:ec2/securityGroupRule:SecurityGroupRule", "rule", { type: "ingress", securityGroupId, ...inputs });
/** A group that admits a list of prefixes with these entries. */
const byList = (...cidrs: unknown[]): Declared[] => [
  group("group", { ...tcp, prefixListIds: [ref("list", "id")] }),
  declare("aws:ec2/managedPrefixList:ManagedPrefixList", "list", {
    ...{ entries: cidrs.map((cidr) => ({ cidr })), maxEntries: 5, addressFamily: "IPv4" },
  }),
];

interface Row {
  readonly stack: readonly Declared[];
  /** The groups that somebody opens a connection to. @default the one that is called so */
  readonly on?: readonly unknown[];
  /** Those of the sender. */
  readonly by?: readonly unknown[];
  readonly trusted?: readonly string[];
  readonly port?: number;
}

function placed({ stack, on = [mine], by = [], trusted = [] }: Row, form: Form): [SecurityGroups, Groups, Groups] {
  const holder = (name: string, securityGroups: readonly unknown[]): Declared =>
    declare("aws:lb/loadBalancer:LoadBalancer", name, { securityGroups });
  const all = register([...stack, holder("to", on), holder("from", by)], form);
  const graph = new Graph(asResources(all), matcher(trusted));
  const groups = new SecurityGroups(graph);
  const named = (name: string): Groups => {
    const [found] = graph.resources.filter((each) => each.name === name);
    return groups.named(property(found ?? assert.fail(), "securityGroups"));
  };
  return [groups, named("to"), named("from")];
}

/** `internet by group`: for certain, by the rules that these hold. */
function text({ addresses, certain, via }: Admission): string {
  const who = isInternet(addresses) ? "internet" : mayHoldVpcAddress(addresses) ? "VPC" : "few";
  if (certain) return `${who} by ${via.map(({ name }) => name).join()}`;
  assert.deepEqual(via, []);
  return isEmpty(addresses) ? "nobody" : who;
}

/** In preview, and when finished where that is something else. */
type Expected = string | readonly [preview: string, finished: string];

function each(rows: Readonly<Record<string, Row & { is: Expected }>>, of: (row: Row, form: Form) => string): void {
  for (const [name, row] of Object.entries(rows)) {
    const [preview, finished] = typeof row.is === "string" ? [row.is, row.is] : row.is;
    it(`${name}: ${preview}`, () => assert.equal(of(row, "preview"), preview));
    it(`${name}, finished: ${finished}`, () => assert.equal(of(row, "finished"), finished));
  }
}

describe("security groups admit", () => {
  const admitted = (row: Row, form: Form): string => {
    const [groups, to] = placed(row, form);
    return text(groups.admitted(to, row.port ?? 4200));
  };
  const admits = (...rules: Rule[]): Pick<Row, "stack"> => ({ stack: [group("group", ...rules)] });
  each(
    {
      everybody: { ...admits(open), is: "internet by group" },
      "an office": { ...admits(from(office)), is: "few" },
      "all protocols by their word": {
        stack: [group("group"), separate(mine, { ...open, protocol: "all", fromPort: 0, toPort: 0 })],
        is: "internet by rule",
      },
      "TCP by its number": { ...admits({ ...open, protocol: "6" }), is: "internet by group" },
      UDP: { ...admits({ ...open, protocol: "udp" }), is: "nobody" },
      "a protocol that is not known": {
        ...admits({ ...open, fromPort: 53, toPort: 53, protocol: later("udp") }),
        is: ["internet", "nobody"],
      },
      "a first port that is not known": {
        ...admits({ ...open, fromPort: later("4200") }),
        is: ["internet", "internet by group"],
      },
      "a last port that is not known": {
        ...admits({ ...open, fromPort: 53, toPort: later("53") }),
        is: ["internet", "nobody"],
      },
      "TCP on port 0": { ...admits({ ...open, fromPort: 0, toPort: 0 }), is: "nobody" },
      "TCP on any port": { ...admits({ ...open, fromPort: -1, toPort: -1 }), is: "internet by group" },
      "everybody beside what is not known": { ...admits(from(all, later(office))), is: "internet by group" },
      "an office beside what is not known": { ...admits(from(office, later(office))), is: ["internet", "few"] },
      "an office and, in another rule, what is not known": {
        ...admits(from(office), from(later(office))),
        is: ["internet", "few"],
      },
      "everybody and, in another rule, what is not known": {
        ...admits(open, from(later(office))),
        is: "internet by group",
      },
      "the VPC": { stack: [vpc, group("group", from(ofVpc))], is: "VPC" },
      "the VPC by its second range": {
        stack: [
          { ...vpc, type: "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation" },
          group("group", from(ofVpc)),
        ],
        is: "VPC",
      },
      "the VPC that a component makes": {
        stack: [{ ...vpc, type: "awsx:ec2:Vpc" }, group("group", from(ofVpc))],
        is: "VPC",
      },
      "the VPC, and a group in the same rule": {
        stack: [vpc, group("other"), group("group", { ...from(ofVpc), securityGroups: [ref("other", "id")] })],
        is: "VPC",
      },
      "what a rule says that is made of the VPC": {
        stack: [vpc, declare("aws:ec2/securityGroup:SecurityGroup", "group", { ingress: built(["vpc"], "") })],
        is: ["internet", "nobody"],
      },
      "its own members, and everybody in a rule elsewhere": {
        stack: [group("group", { ...tcp, self: true }), separate(mine, open)],
        is: "internet by rule",
      },
      "what a rule of a group that is not known says": {
        stack: [group("group"), separate(later("sg-9"), open)],
        is: ["internet", "nobody"],
      },
      "whom a group of another stack does": { stack: [], on: ["sg-1"], is: "internet" },
      "everybody, beside a group of another stack": { ...admits(open), on: ["sg-1", mine], is: "internet by group" },
      "whom a group of another stack does, beside an office": {
        ...{ ...admits(from(office)), on: ["sg-1", mine] },
        is: "internet",
      },
      "whom a group that is not known does, beside an office": {
        ...{ ...admits(from(office)), on: [later("sg-1"), mine] },
        is: "internet",
      },
      "whom the default group does, beside an office": {
        ...{ stack: [vpc, group("group", from(office)), separate(defaultOfVpc, open)], on: [mine, defaultOfVpc] },
        is: "internet by group,rule",
      },
      "nobody by the default group, beside an office": {
        ...{ stack: [vpc, group("group", from(office))], on: [mine, defaultOfVpc] },
        is: "few",
      },
      "a list with everybody": { stack: byList(all), is: "internet by group" },
      "a list with an office": { stack: byList(office), is: "few" },
      "a list with an office and what is not known": { stack: byList(office, later(office)), is: ["internet", "few"] },
      "a list with everybody and what is not known": { stack: byList(all, later(office)), is: "internet by group" },
      "a list that is trusted": { ...admits({ ...tcp, prefixListIds: ["pl-1"] }), trusted: ["pl-1"], is: "nobody" },
      "a list of AWS": { ...admits({ ...tcp, prefixListIds: ["pl-1"] }), is: "internet" },
      "a list of the stack that is called trusted": {
        stack: byList(all),
        trusted: ["id:list"],
        is: "internet by group",
      },
      "whom a rule says of a trusted group": {
        ...{ stack: [separate("sg-1", open)], on: ["sg-1"], trusted: ["sg-*"] },
        is: "internet by rule",
      },
      "whom a rule says of another trusted group": {
        ...{ stack: [separate("sg-2", open)], on: ["sg-1"], trusted: ["sg-*"] },
        is: "nobody",
      },
      "by the default group nobody": { stack: [], on: [], is: "nobody" },
      "by the default group whom a rule of it says": {
        ...{ stack: [vpc, separate(defaultOfVpc, open)], on: [] },
        is: "internet by rule",
      },
      "by the default group of the VPC whom a rule of it says": {
        ...{ stack: [vpc, separate(defaultOfVpc, from(office))], on: [defaultOfVpc] },
        is: "few",
      },
      "by the default group of the default VPC whom a rule of it says": {
        stack: [{ ...vpc, type: "aws:ec2/defaultVpc:DefaultVpc" }, separate(defaultOfVpc, from(office))],
        ...{ on: [defaultOfVpc], is: "few" },
      },
      "whom a group of another stack does, beside a VPC": {
        ...{ stack: [vpc, separate(defaultOfVpc, from(office))], on: ["sg-1"] },
        is: "internet",
      },
    },
    admitted,
  );
});

describe("members of other groups", () => {
  const other = group("other");
  const theirs = ref("other", "id");
  const naming = (name: unknown): Declared => group("group", { ...tcp, securityGroups: [name] });
  const unknownRules = declare("aws:ec2/securityGroup:SecurityGroup", "group", { ingress: later("") });
  each(
    {
      "of the same, which admits itself": { ...of({ ...tcp, self: true }), by: [mine], is: "admitted and named" },
      "of the same, which says that it does not": { ...of({ ...tcp, self: false }), by: [mine], is: "neither" },
      "of the same, which may": {
        ...of({ ...tcp, self: later("false") }),
        by: [mine],
        is: ["admitted and named", "neither"],
      },
      "which a rule names": { stack: [other, naming(theirs)], by: [theirs], is: "admitted and named" },
      "of which a rule names another": { stack: [other, naming(theirs)], by: [mine], is: "neither" },
      "where a rule names one that is not known": {
        ...{ stack: [other, naming(later("sg-9"))], by: [theirs] },
        is: ["admitted and named", "neither"],
      },
      "where no rule is known": { stack: [other, unknownRules], by: [theirs], is: ["admitted and named", "neither"] },
      "in the default group, as the target is": { stack: [vpc], on: [], by: [defaultOfVpc], is: "admitted" },
      "not in the default group, as the target is": { stack: [other], on: [], by: [theirs], is: "neither" },
      "that cannot be seen": { stack: [group("group")], by: ["sg-1"], is: "admitted" },
      "before a group that cannot be seen": { stack: [other], on: ["sg-1"], by: [theirs], is: "admitted" },
    },
    (row, form) => {
      const [groups, to, by] = placed(row, form);
      const is = [groups.admitsMembers(to, 4200, by) && "admitted", groups.namesMembers(to, by) && "named"];
      return is.filter(Boolean).join(" and ") || "neither";
    },
  );

  it("are not what has no group", () => {
    const [groups, to] = placed({ stack: [], on: [] }, "finished");
    assert.ok(!groups.admitsMembers(to, 4200, undefined));
  });

  function of(rule: Rule): Pick<Row, "stack"> {
    return { stack: [group("group", rule)] };
  }
});

describe("the groups of several lists", () => {
  const unseen = (securityGroups: unknown, twice: boolean): boolean => {
    const holder = declare("aws:lb/loadBalancer:LoadBalancer", "to", { securityGroups });
    const graph = new Graph(asResources(register([group("group"), holder], "preview")));
    const [found] = graph.resources.filter(({ name }) => name === "to");
    const list = property(found ?? assert.fail(), "securityGroups").list();
    return new SecurityGroups(graph).named(twice ? [...list, ...list] : list).unseen;
  };

  it("may be the same", () => assert.ok(!unseen([mine], true)));
  it("are not seen where one is of another stack", () => assert.ok(unseen([mine, "sg-1"], false)));
  it("are not seen where one is not known", () => assert.ok(unseen([later("sg-1")], false)));
  it("are not seen where a list is not known", () => assert.ok(unseen(built(["group"], ""), false)));
});

describe("a way through security groups", () => {
  const rows = (name: string, rule: Rule, ...is: readonly [string, string, string, string]): void => {
    const row = { stack: [vpc, group("group", rule)] };
    for (const [index, kind] of (["strangers", "service", "inside", "forwarded"] as const).entries())
      each({ [`of ${kind} where ${name} may`]: { ...row, is: is[index] ?? "" } }, (_, form) => {
        const [groups, to] = placed(row, form);
        const passage = groups.passage(to, 4200, { kind, groups: undefined });
        return passage === undefined
          ? "none"
          : `${passage.certain ? "" : "maybe "}${text({ ...passage, certain: false, via: [] })}`;
      });
  };
  rows("everybody", open, "internet", "internet", "internet", "internet");
  rows("an office", from(office), "none", "none", "none", "none");
  rows("a part of the internet", from(cloud), "none", "maybe few", "none", "none");
  rows("public addresses alone", from("8.0.0.0/7"), "internet", "internet", "none", "internet");
  rows("the VPC", from(ofVpc), "none", "none", "VPC", "internet");
  rows("a group of AWS", { ...tcp, securityGroups: ["sg-9"] }, "none", "none", "internet", "internet");
  rows("a group not known", { ...tcp, securityGroups: [later("sg-9")] }, "none", "none", "internet", "internet");
  rows("its own members", { ...tcp, self: true }, "none", "none", "none", "none");

  it("is not certain where the groups cannot be seen", () => {
    const [groups, to] = placed({ stack: [], on: ["sg-1"] }, "finished");
    for (const kind of ["strangers", "service", "inside", "forwarded"] as const)
      assert.equal(groups.passage(to, 4200, { kind, groups: undefined })?.certain, false);
  });
});

describe("a rule for one port", () => {
  const ports = { "4200 to 4200": true, "4200 to 4300": false, "4000 to 4200": false, "443 to 443": false };
  for (const [range, is] of Object.entries(ports))
    it(`names 4200, ${range}: ${is}`, () => {
      const [fromPort = "", , toPort = ""] = range.split(" ");
      const [groups, to] = placed({ stack: [group("group", { ...open, fromPort, toPort })] }, "finished");
      assert.equal(groups.namesPort(to, 4200), is);
    });
});
