import type { Value } from "../../grpc/values";
import type { AwsFunction } from "./index";
import { dnsSuffix, partitionOf } from "../context";
import { zoneId } from "../resources/vpc";

/** What is known of the account and its region. */
export const account: Record<string, AwsFunction> = {
  "aws:index/getRegion:getRegion": (args, context) => {
    const region = String(args.region ?? args.name ?? args.id ?? context.region);
    const endpoint = `ec2.${region}.${dnsSuffix(region)}`;
    return { id: region, name: region, region, endpoint, description: region };
  },
  "aws:index/getCallerIdentity:getCallerIdentity": (_args, { account: accountId, partition }) => ({
    id: accountId,
    accountId,
    arn: `arn:${partition}:iam::${accountId}:user/local`,
    userId: "AIDALOCALLOCALLOCAL00",
  }),
  "aws:index/getPartition:getPartition": (_args, { region, partition }) => ({
    id: partition,
    partition,
    dnsSuffix: dnsSuffix(region),
    reverseDnsPrefix: dnsSuffix(region).split(".").reverse().join("."),
  }),
  "aws:index/getAvailabilityZones:getAvailabilityZones": (args, context) => {
    const region = String(args.region ?? context.region);
    const excluded = (list: Value | undefined): Value[] => (Array.isArray(list) ? list : []);
    const names = ["a", "b", "c"].map((letter) => `${region}${letter}`);
    const left = names.filter(
      (name) => !excluded(args.excludeNames).includes(name) && !excluded(args.excludeZoneIds).includes(zoneId(name)),
    );
    return { ...args, id: region, region, names: left, zoneIds: left.map(zoneId), groupNames: [region] };
  },
  "aws:index/getDefaultTags:getDefaultTags": (_args, { partition }) => ({ id: partition, tags: {} }),
  "aws:index/getRegions:getRegions": (args, { partition }) => ({
    ...args,
    id: partition,
    names: ["us-east-1", "us-east-2", "us-west-1", "us-west-2", "eu-west-1", "eu-central-1", "ap-southeast-2"].filter(
      (region) => partitionOf(region) === partition,
    ),
  }),
};
