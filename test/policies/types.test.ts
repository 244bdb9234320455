import assert from "node:assert/strict";
import { judge } from "../../policies/graph/judge";
import { Graph, hostOf, type Resource } from "../../policies/graph/model";
import { namedBy, types } from "../../policies/graph/types";
import { classicLoadBalancerCases } from "./cases/classic-load-balancers";
import { restApiCases } from "./cases/rest-apis";
import { bare, behindAlb } from "./support/pieces";
import { asResources, type Declared, register } from "./support/stack";

const verdictOf = (stack: readonly Declared[], form: "preview" | "finished"): string =>
  judge(asResources(register(stack, form))).verdict;
const retyped = (stack: readonly Declared[], from: string, to: string): Declared[] =>
  stack.map((each) => ({ ...each, type: each.type.replace(from, to) }));

describe("a resource by an old or a second type token", () => {
  const balanced = behindAlb({ definitions: bare });
  const classic = classicLoadBalancerCases["an instance attached to a classic load balancer"]?.stack ?? [];
  const staged = restApiCases["a REST API whose link is a variable of its stage"]?.stack ?? [];
  const rows: Readonly<Record<string, Declared[]>> = {
    ...Object.fromEntries(
      ["alb", "elasticloadbalancingv2", "applicationloadbalancing"].map((old) => [
        old,
        retyped(balanced, "aws:lb/", `aws:${old}/`),
      ]),
    ),
    elasticloadbalancing: retyped(classic, "aws:elb/", "aws:elasticloadbalancing/"),
    "a deployment with its stage's variables": retyped(staged, "/stage:Stage", "/deployment:Deployment"),
  };
  for (const [name, stack] of Object.entries(rows))
    for (const form of ["preview", "finished"] as const)
      it(`is the same: ${name}, ${form}`, () => assert.equal(verdictOf(stack, form), "reject"));
});

/** Of each kind, the attributes by which others call it, as AWS answers them. */
const called: Readonly<Partial<Record<keyof typeof types, Readonly<Record<string, string>>>>> = {
  loadBalancer: { name: "web", dnsName: "web-1.eu-west-1.elb.amazonaws.com" },
  classicLoadBalancer: { name: "web", dnsName: "web-1.eu-west-1.elb.amazonaws.com" },
  targetGroup: { name: "prefect" },
  taskDefinition: {
    family: "prefect",
    arnWithoutRevision: "arn:aws:ecs:eu-west-1:123456789012:task-definition/prefect",
  },
  ecsService: { name: "prefect" },
  appRunnerService: { serviceUrl: "abc.eu-west-1.awsapprunner.com" },
  lightsailService: { name: "box", url: "https://box.abc.eu-west-1.cs.amazonlightsail.com/" },
  lightsailInstance: { name: "box", publicIpAddress: "198.51.100.7", privateIpAddress: "172.26.0.7" },
  lightsailBalancer: { name: "web", dnsName: "abc.eu-west-1.elb.amazonaws.com" },
  instance: {
    primaryNetworkInterfaceId: "eni-1",
    spotInstanceId: "i-1",
    publicIp: "198.51.100.7",
    privateIp: "10.0.0.7",
    publicDns: "ec2-198-51-100-7.eu-west-1.compute.amazonaws.com",
    privateDns: "ip-10-0-0-7.eu-west-1.compute.internal",
  },
  launchTemplate: { name: "machines" },
  launchConfiguration: { name: "machines" },
  autoscalingGroup: { name: "machines" },
  capacityProvider: { name: "machines" },
  elasticIp: {
    allocationId: "eipalloc-1",
    publicIp: "198.51.100.7",
    publicDns: "ec2-198-51-100-7.eu-west-1.compute.amazonaws.com",
  },
  networkInterface: { privateIp: "10.0.0.7" },
  vpc: { defaultSecurityGroupId: "sg-1" },
  accelerator: { dnsName: "abc.awsglobalaccelerator.com" },
  distribution: { domainName: "abc.cloudfront.net" },
  httpApi: { apiEndpoint: "https://abc.execute-api.eu-west-1.amazonaws.com" },
  lambda: {
    name: "proxy",
    invokeArn:
      "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:123456789012:function:proxy/invocations",
    qualifiedArn: "arn:aws:lambda:eu-west-1:123456789012:function:proxy:1",
    qualifiedInvokeArn:
      "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:123456789012:function:proxy:1/invocations",
  },
  lambdaAlias: {
    invokeArn:
      "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:123456789012:function:proxy:live/invocations",
  },
  functionUrl: { functionUrl: "https://abc.lambda-url.eu-west-1.on.aws/" },
  record: { fqdn: "prefect.example.com", name: "prefect.example.com" },
};

describe("what others call a resource", () => {
  const resource = (type: string, outputs: Record<string, unknown>): Resource => ({
    ...{ urn: "urn", name: "it", parent: undefined, inputs: {}, dependencies: new Map(), type, outputs },
  });
  for (const [kind, attributes] of Object.entries(called))
    for (const type of types[kind as keyof typeof types])
      it(`${type}: ${Object.keys(attributes).join(", ")}`, () => {
        for (const [attribute, answered] of Object.entries(attributes)) {
          const it = resource(type, { [attribute]: answered });
          const text = answered.startsWith("https://") ? hostOf(answered) : answered;
          assert.deepEqual(new Graph([it]).named(text, [type]), [it], attribute);
        }
      });

  it("is among a load balancer's addresses", () => {
    const addresses = { privateIpv4Address: "10.0.0.7", ipv6Address: "2600:1f00::7" };
    const it = { ...resource("aws:lb/loadBalancer:LoadBalancer", {}), inputs: { subnetMappings: [addresses] } };
    for (const address of Object.values(addresses))
      assert.deepEqual(new Graph([it]).named(address, types.loadBalancer), [it]);
  });

  it("is told of every kind that has such attributes", () => {
    const told = Object.keys(called).flatMap((kind) => types[kind as keyof typeof types]);
    // What has no attributes of that sort is named by what stands before its id.
    const all = [...namedBy].filter(([, { names = [], hosts = [] }]) => names.length + hosts.length > 0);
    assert.deepEqual(all.map(([type]) => type).sort(), told.sort());
  });
});
