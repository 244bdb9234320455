import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { compare, type Row } from "../../bench/neighbours/comparison";
import { neighboursPage } from "../../bench/neighbours/page";
import { neighbours } from "../../bench/neighbours/rules";
import { root } from "../../local/paths";
import { alb, group, listener, open, service } from "../policies/support/pieces";
import { type Declared, declare, ref, register } from "../policies/support/stack";

const [publicLoadBalancer, httpsListener, publicTask, internetFacing] = neighbours;
const http = (...actions: unknown[]): Declared[] => [listener(actions, { protocol: "HTTP", port: 80 })];
const redirect = (to: Record<string, unknown>): Record<string, unknown> => ({
  type: "redirect",
  redirect: { statusCode: "HTTP_301", ...to },
});
const forward = { type: "forward", targetGroupArn: "arn:tg" };
const all = (protocol: string, toPort: number): Record<string, unknown> => ({ ...open(0), protocol, toPort });
const network = (assignPublicIp: boolean): Record<string, unknown> => ({
  networkConfiguration: { subnets: ["subnet-1"], assignPublicIp },
});
const ruleType = "aws:ec2/securityGroupRule:SecurityGroupRule";
const ingressRuleType = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const apart = (type: string, more: Record<string, unknown>): Declared[] => [
  alb(),
  group("albGroup"),
  declare(type, "rule", { securityGroupId: ref("albGroup", "id"), fromPort: 0, toPort: 0, ...more }),
];

/** What each says of small stacks, as its makers' own page and examples have it. */
const cases = [
  [publicLoadBalancer, "an internal load balancer", [alb({ internal: true })], false],
  [publicLoadBalancer, "a load balancer that says nothing", [alb()], true],
  [publicLoadBalancer, "a gateway load balancer", [alb({ loadBalancerType: "gateway" })], false],
  [publicLoadBalancer, "a classic one", [declare("aws:elb/loadBalancer:LoadBalancer", "lb", { listeners: [] })], true],
  [httpsListener, "HTTPS that forwards to anything", [listener([forward])], false],
  [httpsListener, "TCP", [listener([forward], { protocol: "TCP", port: 4200 })], false],
  [httpsListener, "HTTP that forwards", http(forward), true],
  [httpsListener, "HTTP that redirects to HTTPS", http(redirect({ protocol: "HTTPS" })), false],
  [httpsListener, "HTTP that redirects to HTTP", http(redirect({ protocol: "HTTP" })), true],
  [httpsListener, "HTTP that redirects with the protocol it had", http(redirect({ port: "443" })), false],
  [httpsListener, "no protocol", [listener([forward], { protocol: undefined })], true],
  [publicTask, "a task with a public address", [service(undefined, network(true))], true],
  [publicTask, "a task without", [service(undefined, network(false))], false],
  [publicTask, "a task that says nothing", [service(undefined)], false],
  [internetFacing, "port 443 for everybody", [alb(), group("albGroup", open(443))], false],
  [internetFacing, "everything for everybody", [alb(), group("albGroup", all("-1", 0))], true],
  [internetFacing, "every port for everybody", [alb(), group("albGroup", all("tcp", 65535))], true],
  [internetFacing, "every port but the last", [alb(), group("albGroup", all("tcp", 65534))], false],
  [internetFacing, "the same inside", [alb({ internal: true }), group("albGroup", all("-1", 0))], false],
  [
    internetFacing,
    "a rule apart",
    apart(ruleType, { type: "ingress", protocol: "-1", cidrBlocks: ["0.0.0.0/0"] }),
    true,
  ],
  [internetFacing, "a way out", apart(ruleType, { type: "egress", protocol: "-1", cidrBlocks: ["0.0.0.0/0"] }), false],
  [internetFacing, "a newer rule apart", apart(ingressRuleType, { ipProtocol: "-1", cidrIpv6: "::/0" }), true],
  [internetFacing, "half of the internet", apart(ingressRuleType, { ipProtocol: "-1", cidrIpv4: "0.0.0.0/1" }), false],
] as const;

describe("the neighbours of the pack", () => {
  for (const [neighbour, what, stack, complains] of cases) {
    it(`${neighbour?.name} ${complains ? "complains of" : "says nothing of"} ${what}`, () => {
      assert.equal(neighbour?.complains(register(stack, "finished")), complains);
    });
  }

  let rows: readonly Row[] = [];
  before(() => {
    rows = compare();
  });

  it("the pack errs on none of the finished stacks, and each neighbour both ways", () => {
    const [pack, , ...others] = rows.map(({ falseAccepts, falseRejects }) => [
      falseAccepts.length,
      falseRejects.length,
    ]);
    assert.deepEqual(pack, [0, 0]);
    assert.equal(others.length, neighbours.length + 1);
    assert.ok(others.flat().every((errors) => errors > 0));
  });

  it("docs/neighbours.md is what they say: npm run bench -- neighbours writes it", () => {
    assert.equal(readFileSync(join(root, "docs", "neighbours.md"), "utf8"), neighboursPage(rows));
  });
});
