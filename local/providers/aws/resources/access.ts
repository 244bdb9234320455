import type { Properties } from "../../grpc/values";
import { type AwsContext, globalArn } from "../context";
import { alphanumeric, digits, terraformName, uppercase } from "../identifiers";
import type { AwsBehaviour, AwsBehaviours } from "./behaviours";

/** internal/service/iam (hashicorp/terraform-provider-aws); lengths of names and deleteBeforeReplace: pulumi-aws resources.go. */
export const access: AwsBehaviours = {
  "aws:iam/role:Role": {
    autoname: { property: "name", maxLength: 64 },
    defaults: { path: "/", maxSessionDuration: 3600, forceDetachPolicies: false },
    replaces: ["path"],
    create: (inputs, context) =>
      principal(inputs, context, "role", "AROA", { inlinePolicies: [], managedPolicyArns: [] }),
  },
  "aws:iam/user:User": {
    autoname: { property: "name", maxLength: 64 },
    defaults: { path: "/", forceDestroy: false },
    create: (inputs, context) => principal(inputs, context, "user", "AIDA", {}),
  },
  "aws:iam/group:Group": {
    defaults: { path: "/" },
    create: (inputs, context) => principal(inputs, context, "group", "AGPA", {}),
  },
  "aws:iam/instanceProfile:InstanceProfile": {
    defaults: { path: "/" },
    replaces: ["path"],
    create: (inputs, context) => principal(inputs, context, "instance-profile", "AIPA", {}),
  },
  "aws:iam/policy:Policy": {
    defaults: { path: "/" },
    replaces: ["description", "path"],
    create: (inputs, context) => {
      const arn = globalArn(context, "iam", `policy${String(inputs.path)}${String(inputs.name)}`);
      return {
        id: arn,
        properties: { namePrefix: "", ...inputs, arn, policyId: `ANPA${uppercase(17)}`, attachmentCount: 0 },
      };
    },
  },
  "aws:iam/rolePolicy:RolePolicy": inlinePolicy("role"),
  "aws:iam/userPolicy:UserPolicy": inlinePolicy("user"),
  "aws:iam/groupPolicy:GroupPolicy": inlinePolicy("group"),
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": attachment("role"),
  "aws:iam/userPolicyAttachment:UserPolicyAttachment": attachment("user"),
  "aws:iam/groupPolicyAttachment:GroupPolicyAttachment": attachment("group"),
  "aws:iam/policyAttachment:PolicyAttachment": { replaces: ["policyArn"], deleteBeforeReplace: true },
  "aws:iam/accessKey:AccessKey": {
    autoname: null,
    replaces: ["user", "pgpKey"],
    create: () => ({
      id: `AKIA${uppercase(16)}`,
      properties: {
        secret: alphanumeric(40),
        sesSmtpPasswordV4: alphanumeric(44),
        createDate: new Date().toISOString(),
      },
    }),
  },
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": {
    replaces: ["url"],
    create: (inputs, context) => {
      const url = String(inputs.url).replace(/^https:\/\//, "");
      const arn = globalArn(context, "iam", `oidc-provider/${url}`);
      return { id: arn, properties: { thumbprintLists: [], ...inputs, url, arn } };
    },
  },
  "aws:iam/serviceLinkedRole:ServiceLinkedRole": {
    autoname: null,
    replaces: ["awsServiceName", "customSuffix"],
    create: (inputs, context) => {
      const service = String(inputs.awsServiceName);
      const name = `AWSServiceRoleFor${service.split(".")[0] ?? ""}`;
      const path = `/aws-service-role/${service}/`;
      const arn = globalArn(context, "iam", `role${path}${name}`);
      return {
        id: arn,
        properties: { arn, name, path, uniqueId: `AROA${uppercase(17)}`, createDate: new Date().toISOString() },
      };
    },
  },
};

function principal(inputs: Properties, context: AwsContext, kind: string, prefix: string, filled: Properties) {
  const name = String(inputs.name ?? terraformName(String(inputs.namePrefix ?? "terraform-")));
  const own = { name, uniqueId: `${prefix}${uppercase(17)}`, createDate: new Date().toISOString() };
  const arn = globalArn(context, "iam", `${kind}${String(inputs.path ?? "/")}${name}`);
  return { id: name, properties: { namePrefix: "", ...filled, ...inputs, ...own, arn } };
}

function inlinePolicy(owner: string): AwsBehaviour {
  return {
    replaces: [owner],
    create: (inputs) => ({
      id: `${String(inputs[owner])}:${String(inputs.name)}`,
      properties: { namePrefix: "", ...inputs },
    }),
  };
}

/** Created before the old one is deleted, an attachment of the same policy would go with the old one. */
function attachment(owner: string): AwsBehaviour {
  return {
    updatable: [],
    deleteBeforeReplace: true,
    create: (inputs) => ({ id: `${String(inputs[owner])}-${digits(26)}`, properties: {} }),
  };
}
