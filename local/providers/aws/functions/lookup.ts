import { isObject, type Properties, type Value } from "../../grpc/values";
import { type AwsContext, arn, type StoredResource } from "../context";
import { stableHex } from "../identifiers";
import { defaultsOf, defaultVpcId, zoneId } from "../resources/vpc";
import type { AwsFunction } from "./index";

const VPC = "aws:ec2/vpc:Vpc";
const SUBNET = "aws:ec2/subnet:Subnet";
const GROUP = "aws:ec2/securityGroup:SecurityGroup";

/** Finds what this control plane made; where nothing was made, what the account has anyway or is asked for by id. */
export const lookup: Record<string, AwsFunction> = {
  "aws:ec2/getVpc:getVpc": (args, context) => {
    const vpc = one(
      "EC2 VPC",
      vpcs(context).filter(selected(args, { id: "id", cidrBlock: "cidrBlock" })),
      args,
      context,
      assumedVpc,
    );
    const association = { associationId: `vpc-cidr-assoc-0${stableHex(16, vpc.id)}`, state: "associated" };
    const cidrBlock = vpc.properties.cidrBlock ?? "";
    return {
      ...pick(vpc),
      id: vpc.id,
      cidrBlockAssociations: [{ ...association, cidrBlock }],
      state: "available",
      default: vpc.properties.default ?? false,
    };
  },
  "aws:ec2/getVpcs:getVpcs": (args, context) => ({
    id: context.region,
    region: context.region,
    ids: vpcs(context)
      .filter(selected(args, {}))
      .map(({ id }) => id),
  }),
  "aws:ec2/getSubnet:getSubnet": (args, context) => {
    const by = { id: "id", vpcId: "vpcId", availabilityZone: "availabilityZone", cidrBlock: "cidrBlock" };
    const subnet = one("EC2 Subnet", subnets(context).filter(selected(args, by)), args, context, assumedSubnet);
    return { ...pick(subnet), id: subnet.id, state: "available", availableIpAddressCount: 250 };
  },
  "aws:ec2/getSubnets:getSubnets": (args, context) => ({
    id: context.region,
    region: context.region,
    ids: subnets(context)
      .filter(selected(args, {}))
      .map(({ id }) => id),
  }),
  "aws:ec2/getSecurityGroup:getSecurityGroup": (args, context) => {
    const assumed = (id: string): StoredResource => ({
      type: GROUP,
      id,
      urn: "",
      properties: {
        name: id,
        description: "",
        arn: arn(context, "ec2", `security-group/${id}`),
        vpcId: args.vpcId ?? defaultVpcId(context.account, context.region),
      },
    });
    const group = one(
      "EC2 Security Group",
      context.existing(GROUP).filter(selected(args, { id: "id", name: "name", vpcId: "vpcId" })),
      args,
      context,
      assumed,
    );
    return { ...pick(group), id: group.id };
  },
  "aws:ec2/getManagedPrefixList:getManagedPrefixList": (args, context) => {
    const name = String(args.name ?? "");
    const own = context
      .existing("aws:ec2/managedPrefixList:ManagedPrefixList")
      .find(selected(args, { id: "id", name: "name" }));
    const id = own?.id ?? String(args.id ?? `pl-${stableHex(8, context.region, name)}`);
    const assumed = {
      name,
      addressFamily: "IPv4",
      entries: [],
      maxEntries: 0,
      ownerId: "AWS",
      version: 0,
      tags: {},
      region: context.region,
    };
    return {
      ...assumed,
      arn: arn({ ...context, account: "aws" }, "ec2", `prefix-list/${id}`),
      ...(own ? pick(own) : {}),
      id,
    };
  },
  "aws:ec2/getPrefixList:getPrefixList": (args, context) => {
    const name = String(args.name ?? `com.amazonaws.${context.region}.s3`);
    return { id: `pl-${stableHex(8, context.region, name)}`, name, cidrBlocks: [], region: context.region };
  },
};

/** The stored properties without nulls: results have only what is set. */
export function pick({ properties }: StoredResource): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== null));
}

/** `filters` (AWS's names) and `tags` narrow every look-up; `by` says which arguments equal which properties. */
export function selected(args: Properties, by: Record<string, string>): (resource: StoredResource) => boolean {
  const filters = Array.isArray(args.filters) ? args.filters.filter(isObject) : [];
  return ({ id, properties }) => {
    const value = (name: string): Value | undefined => (name === "id" ? id : properties[name]);
    const equal = Object.entries(by).every(
      ([name, property]) => args[name] === undefined || args[name] === "" || value(property) === args[name],
    );
    const tags = isObject(properties.tagsAll) ? properties.tagsAll : isObject(properties.tags) ? properties.tags : {};
    const tagged = !isObject(args.tags) || Object.entries(args.tags).every(([key, wanted]) => tags[key] === wanted);
    const filtered = filters.every(({ name, values }) => {
      const key = String(name);
      const actual = key.startsWith("tag:") ? tags[key.slice(4)] : value(property(key));
      return Array.isArray(values) && values.map(String).some((wanted) => glob(wanted).test(String(actual ?? "")));
    });
    return equal && tagged && filtered;
  };
}

function glob(pattern: string): RegExp {
  return new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".")}$`,
  );
}

/** `vpc-id` is `vpcId`; the filter for a resource's own id is named after its type. */
function property(filter: string): string {
  if (["subnet-id", "group-id"].includes(filter)) return "id";
  if (filter === "group-name") return "name";
  if (filter === "isDefault" || filter === "is-default") return "default";
  return filter.replace(/-(\w)/g, (_all, letter: string) => letter.toUpperCase());
}

function one(
  what: string,
  found: StoredResource[],
  args: Properties,
  context: AwsContext,
  assume: (id: string, context: AwsContext) => StoredResource,
): StoredResource {
  if (found.length > 1)
    throw new Error(`multiple ${what}s matched; use additional constraints to reduce matches to a single ${what}`);
  if (found[0]) return found[0];
  // Not made here, but named by its id: it exists in the account that the program is written for.
  if (typeof args.id === "string" && args.id !== "") return assume(args.id, context);
  throw new Error(`no matching ${what} found`);
}

function vpcs(context: AwsContext): StoredResource[] {
  const id = defaultVpcId(context.account, context.region);
  const standard = assumedVpc(id, context);
  return [
    ...context.existing(VPC),
    { ...standard, properties: { ...standard.properties, cidrBlock: "172.31.0.0/16", default: true } },
  ];
}

function assumedVpc(id: string, context: AwsContext): StoredResource {
  const own = { ownerId: context.account, region: context.region, arn: arn(context, "ec2", `vpc/${id}`) };
  const settings = {
    cidrBlock: "10.0.0.0/16",
    instanceTenancy: "default",
    enableDnsSupport: true,
    enableDnsHostnames: true,
  };
  return { type: VPC, id, urn: "", properties: { ...own, ...settings, ...defaultsOf(id), default: false, tags: {} } };
}

/** The default VPC has a public subnet in each zone (docs.aws.amazon.com/vpc/latest/userguide/default-vpc.html). */
function subnets(context: AwsContext): StoredResource[] {
  const vpcId = defaultVpcId(context.account, context.region);
  const standard = ["a", "b", "c"].map((letter, index) => {
    const subnet = assumedSubnet(`subnet-0${stableHex(16, vpcId, letter)}`, context);
    const zone = `${context.region}${letter}`;
    const place = { availabilityZone: zone, availabilityZoneId: zoneId(zone), cidrBlock: `172.31.${index * 16}.0/20` };
    return {
      ...subnet,
      properties: { ...subnet.properties, ...place, vpcId, mapPublicIpOnLaunch: true, defaultForAz: true },
    };
  });
  return [...context.existing(SUBNET), ...standard];
}

function assumedSubnet(id: string, context: AwsContext): StoredResource {
  const zone = `${context.region}a`;
  const own = { ownerId: context.account, region: context.region, arn: arn(context, "ec2", `subnet/${id}`) };
  const place = {
    vpcId: defaultVpcId(context.account, context.region),
    availabilityZone: zone,
    availabilityZoneId: zoneId(zone),
  };
  return {
    type: SUBNET,
    id,
    urn: "",
    properties: {
      ...own,
      ...place,
      cidrBlock: "10.0.0.0/24",
      mapPublicIpOnLaunch: false,
      defaultForAz: false,
      tags: {},
    },
  };
}
