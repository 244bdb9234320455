import { types } from "../../policies/graph/types";
import type { Registered } from "../../test/policies/support/stack";

/** A public rule that comes near the pack's question, as logic of our own after what its makers publish. */
export interface Neighbour {
  readonly name: string;
  /** What it refuses. */
  readonly refuses: string;
  /** Where that is said. */
  readonly sources: readonly string[];
  /** Types of resources that it judges: where a stack has none of them, it says nothing. */
  readonly judges: readonly string[];
  readonly complains: (stack: readonly Registered[]) => boolean;
}

const publicLoadBalancer: Neighbour = {
  name: "Trivy AWS-0053",
  refuses: "every load balancer that is not internal, whatever stands behind it",
  sources: [
    "https://aquasecurity.github.io/tfsec/latest/checks/aws/elb/alb-not-public",
    "https://github.com/aquasecurity/trivy-checks/blob/main/checks/cloud/aws/elb/alb_not_public.rego",
  ],
  judges: [...types.loadBalancer, ...types.classicLoadBalancer],
  complains: (stack) =>
    ofTypes(stack, publicLoadBalancer.judges).some(
      (balancer) => facesInternet(balancer) && text(balancer.inputs["loadBalancerType"]) !== "gateway",
    ),
};

/** A redirect without a protocol keeps the request's, which the check leaves undecided: no failure. */
const httpsListener: Neighbour = {
  name: "Checkov CKV_AWS_2",
  refuses: "listeners on plain HTTP whose default action is no redirect to HTTPS; TCP, TLS and UDP pass",
  sources: [
    "https://www.checkov.io/5.Policy%20Index/terraform.html",
    "https://github.com/bridgecrewio/checkov/blob/main/checkov/terraform/checks/resource/aws/ALBListenerHTTPS.py",
  ],
  judges: types.listener,
  complains: (stack) =>
    ofTypes(stack, types.listener).some(({ inputs }) => {
      const protocol = text(inputs["protocol"]);
      if (["HTTPS", "TLS", "TCP", "UDP", "TCP_UDP"].includes(protocol ?? "")) return false;
      const [action] = objects(inputs["defaultActions"]);
      if (protocol !== "HTTP" || text(action?.["type"]) !== "redirect") return true;
      const [redirect] = objects(action?.["redirect"]);
      return redirect === undefined || ![undefined, "HTTPS"].includes(text(redirect["protocol"]));
    }),
};

const publicTask: Neighbour = {
  name: "Checkov CKV_AWS_333",
  refuses: "ECS services that ask for public addresses, whatever their security groups admit",
  sources: [
    "https://www.checkov.io/5.Policy%20Index/terraform.html",
    "https://github.com/bridgecrewio/checkov/blob/main/checkov/terraform/checks/resource/aws/ECSServicePublicIP.py",
  ],
  judges: types.ecsService,
  complains: (stack) =>
    ofTypes(stack, types.ecsService).some(({ inputs }) =>
      objects(inputs["networkConfiguration"]).some((network) => text(network["assignPublicIp"]) === "true"),
    ),
};

/** Without ports to look for, a rule of a group is public to it only where it admits all of them. */
const internetFacing: Neighbour = {
  name: "Prowler elbv2_internet_facing",
  refuses: "load balancers that are not internal, of which a group admits 0.0.0.0/0 or ::/0 to every port",
  sources: [
    "https://github.com/prowler-cloud/prowler/blob/master/prowler/providers/aws/services/elbv2/elbv2_internet_facing/elbv2_internet_facing.py",
    "https://github.com/prowler-cloud/prowler/blob/master/prowler/providers/aws/services/ec2/lib/security_groups.py",
  ],
  judges: types.loadBalancer,
  complains: (stack) =>
    ofTypes(stack, types.loadBalancer)
      .filter(facesInternet)
      .some((balancer) => texts(balancer.inputs["securityGroups"]).some((group) => isOpenToAll(stack, group))),
};

export const neighbours: readonly Neighbour[] = [publicLoadBalancer, httpsListener, publicTask, internetFacing];

type Inputs = Readonly<Record<string, unknown>>;

function facesInternet({ inputs }: Registered): boolean {
  return text(inputs["internal"]) !== "true";
}

function isOpenToAll(stack: readonly Registered[], group: string): boolean {
  const inline = ofTypes(stack, types.securityGroup)
    .filter(({ outputs }) => outputs["id"] === group)
    .flatMap(({ inputs }) => objects(inputs["ingress"]));
  const apart = ofTypes(stack, [...types.securityGroupRule, ...types.ingressRule])
    .map(({ inputs }) => inputs)
    .filter((rule) => rule["securityGroupId"] === group && text(rule["type"]) !== "egress");
  return [...inline, ...apart].some(admitsAll);
}

/** AWS answers numbers of protocols by name, and "all" as -1. */
function admitsAll(rule: Inputs): boolean {
  const ranges = ["cidrBlocks", "ipv6CidrBlocks", "cidrIpv4", "cidrIpv6"].flatMap((name) => texts(rule[name]));
  if (!ranges.some((range) => range === "0.0.0.0/0" || range === "::/0")) return false;
  const protocol = text(rule["protocol"] ?? rule["ipProtocol"])?.toLowerCase() ?? "";
  if (protocol === "-1" || protocol === "all") return true;
  return ["tcp", "6"].includes(protocol) && text(rule["fromPort"]) === "0" && text(rule["toPort"]) === "65535";
}

function ofTypes(stack: readonly Registered[], wanted: readonly string[]): Registered[] {
  return stack.filter(({ type }) => wanted.includes(type));
}

/** The objects of a list, or the one that stands for it. */
function objects(value: unknown): Inputs[] {
  return [value].flat().filter((each): each is Inputs => typeof each === "object" && each !== null);
}

function texts(value: unknown): string[] {
  return [value].flat().flatMap((each) => text(each) ?? []);
}

/** What the provider takes for text: also a number or boolean. */
function text(value: unknown): string | undefined {
  return ["string", "number", "boolean"].includes(typeof value) ? String(value) : undefined;
}
