import type { ResourceSchema, TypeSchema } from "../bridge/schema";
import type { Created } from "../grpc/provider";
import type { Properties, Value } from "../grpc/values";
import { type AwsContext, arn } from "./context";
import { alphanumeric, ec2Id } from "./identifiers";

/** EC2 identifiers by resource name, where the prefix is not the first letters of the name. */
const ec2Prefixes: Record<string, string> = {
  Instance: "i",
  LaunchTemplate: "lt",
  NetworkAcl: "acl",
  NetworkInterface: "eni",
  ManagedPrefixList: "pl",
  VpcEndpoint: "vpce",
  VpcEndpointService: "vpce-svc",
  VpcPeeringConnection: "pcx",
  FlowLog: "fl",
  EgressOnlyInternetGateway: "eigw",
  CustomerGateway: "cgw",
  VpnGateway: "vgw",
  VpnConnection: "vpn",
  TransitGateway: "tgw",
  VpcDhcpOptions: "dopt",
  Volume: "vol",
  Ami: "ami",
};

/** The id of a resource that nothing here knows more of: its name, or one in the service's manner. */
export function genericIdentity(inputs: Properties, context: AwsContext): Created {
  const [, path = "", name = ""] = context.type.split(":");
  const service = path.slice(0, path.indexOf("/"));
  const given = inputs.name ?? inputs[`${name.charAt(0).toLowerCase()}${name.slice(1)}Name`];
  if (service === "ec2") return { id: ec2Id(ec2Prefixes[name] ?? name.toLowerCase()), properties: {} };
  return { id: typeof given === "string" ? given : alphanumeric(20), properties: {} };
}

/** Services whose ARNs carry another name than Pulumi's module. */
const arnServices: Record<string, string> = {
  alb: "elasticloadbalancing",
  lb: "elasticloadbalancing",
  elb: "elasticloadbalancing",
  apigatewayv2: "apigateway",
  appautoscaling: "application-autoscaling",
  cfg: "config",
  cognito: "cognito-idp",
  efs: "elasticfilesystem",
  ebs: "ec2",
  sfn: "states",
  servicediscovery: "servicediscovery",
  vpc: "ec2",
};

/**
 * Fills in what every resource has, its ARN and owner. Other attributes are empty rather than invented, as Terraform
 * records what AWS did not answer; they are there, since the SDK takes an absent output for unknown in later previews.
 */
export function completed(state: Properties, schema: ResourceSchema, context: AwsContext, id = ""): Properties {
  const { properties } = schema;
  const result = { ...state };
  if (properties.arn && result.arn === undefined)
    result.arn = id.startsWith("arn:") ? id : genericArn(state, context, id);
  for (const name of ["ownerId", "accountId", "registryId", "awsAccountId"]) {
    if (properties[name] && result[name] === undefined) result[name] = context.account;
  }
  for (const [name, { alwaysSet, type }] of Object.entries(properties)) {
    if (alwaysSet && result[name] === undefined) result[name] = empty(type);
  }
  return result;
}

function empty(type: TypeSchema): Value {
  if (type === "string" || type === "json") return "";
  if (typeof type === "object" && "list" in type) return [];
  return typeof type === "object" && "map" in type ? {} : null;
}

function genericArn(state: Properties, context: AwsContext, id: string): string {
  const [, path = "", type = ""] = context.type.split(":");
  const module = path.slice(0, path.indexOf("/"));
  const kind = type.replace(/([a-z0-9])([A-Z])/g, "$1-$2").toLowerCase();
  const name = id || state.name || alphanumeric(12);
  return arn(context, arnServices[module] ?? module, `${kind}/${String(name)}`);
}
