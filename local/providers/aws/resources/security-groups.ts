import { isObject, type Properties, type Value } from "../../grpc/values";
import { arn } from "../context";
import { ec2Id, stableHex } from "../identifiers";
import { type AwsBehaviour, type AwsBehaviours, ec2 } from "./behaviours";
import { oneOf } from "./shared";
import { defaultsOf, defaultVpcId } from "./vpc";

const lists = { cidrBlocks: [], ipv6CidrBlocks: [], prefixListIds: [], securityGroups: [] };

/** AWS's own words for "all" and the numbers of protocols (internal/service/ec2/vpc_security_group.go). */
function filledRules(rules: Value | undefined): Value {
  if (!Array.isArray(rules)) return [];
  return rules.map((rule) => (isObject(rule) ? { description: "", ...lists, self: false, ...rule } : rule));
}

/** internal/service/ec2/vpc_security_group*.go (hashicorp/terraform-provider-aws). */
export const securityGroups: AwsBehaviours = {
  "aws:ec2/securityGroup:SecurityGroup": {
    defaults: { description: "Managed by Pulumi", revokeRulesOnDelete: false },
    replaces: ["description", "vpcId"],
    create: (inputs, context) => {
      const id = ec2Id("sg");
      const vpcId = inputs.vpcId ?? defaultVpcId(context.account, context.region);
      const own = { vpcId, ownerId: context.account, arn: arn(context, "ec2", `security-group/${id}`) };
      return { id, properties: { namePrefix: "", ...inputs, ...own, ...rules(inputs) } };
    },
    update: (state) => rules(state),
  },
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": {
    autoname: null,
    replaces: ["vpcId"],
    create: (inputs, context) => {
      const vpcId = String(inputs.vpcId ?? defaultVpcId(context.account, context.region));
      const id = defaultsOf(vpcId).defaultSecurityGroupId ?? "";
      const own = { vpcId, name: "default", description: "default VPC security group", ownerId: context.account };
      return {
        id,
        properties: { ...inputs, ...own, ...rules(inputs), arn: arn(context, "ec2", `security-group/${id}`) },
      };
    },
    update: (state) => rules(state),
  },
  "aws:ec2/securityGroupRule:SecurityGroupRule": {
    updatable: ["description"],
    // A rule that is the same but for its description cannot exist twice (pulumi-aws resources.go).
    deleteBeforeReplace: true,
    defaults: { self: false },
    validate: (inputs) => oneOf(inputs, "type", ["ingress", "egress"]),
    create: (inputs) => {
      const digest = stableHex(8, JSON.stringify(inputs));
      return { id: `sgrule-${Number.parseInt(digest, 16)}`, properties: { securityGroupRuleId: ec2Id("sgr") } };
    },
  },
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": oneRule(),
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": oneRule(),
  "aws:ec2/managedPrefixList:ManagedPrefixList": ec2("pl", "prefix-list", {
    replaces: ["addressFamily"],
    filled: () => ({ entries: [], version: 1 }),
  }),
};

function rules(inputs: Properties): Properties {
  return { ingress: filledRules(inputs.ingress), egress: filledRules(inputs.egress) };
}

function oneRule(): AwsBehaviour {
  return {
    replaces: ["securityGroupId"],
    create: (_inputs, context) => {
      const id = ec2Id("sgr");
      return { id, properties: { securityGroupRuleId: id, arn: arn(context, "ec2", `security-group-rule/${id}`) } };
    },
  };
}
