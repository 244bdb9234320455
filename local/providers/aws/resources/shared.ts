import { type Properties, UNKNOWN, type Value } from "../../grpc/values";
import type { AwsContext } from "../context";
import { defaultsOf, defaultVpcId } from "./vpc";

type Problem = { path: string; reason: string };

/** `validation.StringInSlice` of the Terraform SDK. */
export function oneOf(inputs: Properties, property: string, allowed: string[]): Problem[] {
  const value = inputs[property];
  if (value === undefined || value === UNKNOWN || allowed.includes(String(value))) return [];
  const list = allowed.map((item) => `"${item}"`).join(" ");
  return [{ path: property, reason: `expected ${property} to be one of [${list}], got ${String(value)}` }];
}

/** `validation.IntBetween`. */
export function portRange(inputs: Properties, property: string, maximum = 65_535): Problem[] {
  const value = inputs[property];
  if (typeof value !== "number" || (Number.isInteger(value) && value >= 1 && value <= maximum)) return [];
  return [{ path: property, reason: `expected ${property} to be in the range (1 - ${maximum}), got ${value}` }];
}

/** Names of load balancers and target groups (internal/service/elbv2/validate.go). */
export function nameProblems({ name }: Properties, { reserved }: { reserved?: string }): Problem[] {
  if (typeof name !== "string" || name === UNKNOWN) return [];
  const reasons = [
    /^[0-9A-Za-z-]*$/.test(name) || `only alphanumeric characters and hyphens allowed in "name": "${name}"`,
    !name.startsWith("-") || `"name" cannot begin with a hyphen: "${name}"`,
    !name.endsWith("-") || `"name" cannot end with a hyphen: "${name}"`,
    name.length <= 32 || `"name" cannot be longer than 32 characters: "${name}"`,
    !reserved || !name.startsWith(reserved) || `"name" cannot begin with "${reserved}": "${name}"`,
  ];
  return reasons.filter((reason) => typeof reason === "string").map((reason) => ({ path: "name", reason }));
}

/** The VPC of subnets, and the account's default VPC for those that were not made here. */
export function vpcOfSubnets(subnets: Value[], context: AwsContext): string {
  const known = context.existing("aws:ec2/subnet:Subnet").find(({ id }) => subnets.includes(id));
  const vpcId = known?.properties.vpcId;
  return typeof vpcId === "string" ? vpcId : defaultVpcId(context.account, context.region);
}

export function defaultSecurityGroup(vpcId: string): string {
  return defaultsOf(vpcId).defaultSecurityGroupId ?? "";
}
