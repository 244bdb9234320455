import type { Properties } from "../grpc/values";

/** A resource that exists, as the control plane knows it. */
export interface StoredResource {
  type: string;
  id: string;
  urn: string;
  properties: Properties;
}

/** Where and among what a resource is made. */
export interface AwsContext {
  type: string;
  region: string;
  account: string;
  partition: string;
  /** The resources of one type that exist now. */
  existing(type: string): StoredResource[];
  /** The next number of a sequence that outlives its resources: task definition revisions. */
  next(sequence: string): number;
}

export const ACCOUNT = "123456789012";
export const DEFAULT_REGION = "eu-west-1";

export function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}

export function dnsSuffix(region: string): string {
  return region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
}

/** `arn:aws:ecs:eu-west-1:123456789012:cluster/main`. */
export function arn(context: AwsContext, service: string, resource: string): string {
  return `arn:${context.partition}:${service}:${context.region}:${context.account}:${resource}`;
}

/** The ARN of something that belongs to no region: `arn:aws:iam::123456789012:role/web`. */
export function globalArn(context: AwsContext, service: string, resource: string): string {
  return `arn:${context.partition}:${service}::${context.account}:${resource}`;
}
