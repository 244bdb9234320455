import { isObject, type Properties, type Value } from "../../grpc/values";
import { type AwsContext, arn } from "../context";
import { alphanumeric, lowercase } from "../identifiers";
import type { AwsBehaviours } from "./behaviours";
import { oneOf } from "./shared";

/** internal/service/cognitoidp (hashicorp/terraform-provider-aws). */
export const identity: AwsBehaviours = {
  "aws:cognito/userPool:UserPool": {
    defaults: { mfaConfiguration: "OFF", deletionProtection: "INACTIVE" },
    replaces: ["aliasAttributes", "usernameAttributes", "usernameConfiguration.caseSensitive"],
    validate: (inputs) => oneOf(inputs, "mfaConfiguration", ["OFF", "ON", "OPTIONAL"]),
    create: userPool,
    update: (state, old) => {
      // user_pool.go: attributes can be added; what is there stays for the life of the pool.
      const before = Array.isArray(old.schemas) ? old.schemas : [];
      const after = new Set((Array.isArray(state.schemas) ? state.schemas : []).map((item) => JSON.stringify(item)));
      if (before.some((item) => !after.has(JSON.stringify(item)))) {
        throw new Error(`updating Cognito User Pool (${old.id}): cannot modify or remove schema items`);
      }
      return { lastModifiedDate: new Date().toISOString() };
    },
  },
  "aws:cognito/userPoolClient:UserPoolClient": {
    replaces: ["generateSecret", "userPoolId"],
    create: (inputs) => {
      const filled: Properties = {
        ...{ accessTokenValidity: 0, idTokenValidity: 0, authSessionValidity: 3, refreshTokenValidity: 30 },
        ...{ allowedOauthFlows: [], allowedOauthFlowsUserPoolClient: false, allowedOauthScopes: [] },
        ...{ callbackUrls: [], logoutUrls: [], explicitAuthFlows: [], readAttributes: [], writeAttributes: [] },
        ...{ defaultRedirectUri: "", enablePropagateAdditionalUserContextData: false, enableTokenRevocation: true },
        ...{ preventUserExistenceErrors: "", supportedIdentityProviders: [] },
      };
      const clientSecret = inputs.generateSecret === true ? alphanumeric(51).toLowerCase() : "";
      return { id: lowercase(26), properties: { ...filled, ...inputs, clientSecret } };
    },
  },
  "aws:cognito/userPoolDomain:UserPoolDomain": {
    autoname: null,
    replaces: ["domain", "userPoolId"],
    create: (inputs, context) => {
      const domain = String(inputs.domain);
      const taken = context.existing(context.type).some(({ id }) => id === domain);
      if (taken)
        throw new Error(
          `creating Cognito User Pool Domain (${domain}): api error InvalidParameterException: Domain already associated with another user pool.`,
        );
      const own = {
        awsAccountId: context.account,
        s3Bucket: `aws-cognito-prod-${lowercase(3)}-assets`,
        version: "20240101000000",
      };
      const distribution = `d${lowercase(13)}.cloudfront.net`;
      const cdn = {
        cloudfrontDistribution: distribution,
        cloudfrontDistributionArn: distribution,
        cloudfrontDistributionZoneId: "Z2FDTNDATAQYW2",
      };
      return { id: domain, properties: { managedLoginVersion: 1, ...inputs, ...own, ...cdn } };
    },
  },
  "aws:cognito/userGroup:UserGroup": {
    replaces: ["userPoolId"],
    create: (inputs) => ({ id: `${String(inputs.userPoolId)}/${String(inputs.name)}`, properties: {} }),
  },
  "aws:cognito/user:User": {
    autoname: null,
    replaces: ["userPoolId", "username"],
    create: (inputs) => {
      const now = new Date().toISOString();
      const own = { sub: crypto.randomUUID(), enabled: true, status: "FORCE_CHANGE_PASSWORD", creationDate: now };
      const id = `${String(inputs.userPoolId)}/${String(inputs.username)}`;
      return { id, properties: { ...own, lastModifiedDate: now, ...inputs } };
    },
  },
  "aws:cognito/identityProvider:IdentityProvider": {
    autoname: null,
    replaces: ["providerName", "providerType", "userPoolId"],
    create: (inputs) => ({
      id: `${String(inputs.userPoolId)}:${String(inputs.providerName)}`,
      properties: { attributeMapping: {}, ...inputs },
    }),
  },
  "aws:cognito/resourceServer:ResourceServer": {
    replaces: ["identifier", "userPoolId"],
    create: (inputs) => {
      const identifier = String(inputs.identifier);
      const scopes = Array.isArray(inputs.scopes) ? inputs.scopes.filter(isObject) : [];
      const scopeIdentifiers = scopes.map(({ scopeName }) => `${identifier}/${String(scopeName)}`);
      return { id: `${String(inputs.userPoolId)}|${identifier}`, properties: { scopeIdentifiers } };
    },
  },
};

function userPool(inputs: Properties, context: AwsContext) {
  const id = `${context.region}_${alphanumeric(9)}`;
  const now = new Date().toISOString();
  const over = (name: string, filled: Properties): [string, Value] => {
    const given = inputs[name];
    return [name, isObject(given) ? { ...filled, ...given } : filled];
  };
  const blocks = Object.fromEntries([
    over("adminCreateUserConfig", { allowAdminCreateUserOnly: false }),
    over("passwordPolicy", {
      ...{ minimumLength: 8, requireLowercase: true, requireNumbers: true, requireSymbols: true },
      ...{ requireUppercase: true, temporaryPasswordValidityDays: 7, passwordHistorySize: 0 },
    }),
    over("signInPolicy", { allowedFirstAuthFactors: ["PASSWORD"] }),
    over("usernameConfiguration", { caseSensitive: true }),
    over("verificationMessageTemplate", { defaultEmailOption: "CONFIRM_WITH_CODE" }),
  ]);
  const empty = {
    customDomain: "",
    domain: "",
    emailVerificationMessage: "",
    emailVerificationSubject: "",
    smsVerificationMessage: "",
  };
  const own = {
    arn: arn(context, "cognito-idp", `userpool/${id}`),
    endpoint: `cognito-idp.${context.region}.amazonaws.com/${id}`,
    ...{ creationDate: now, lastModifiedDate: now, estimatedNumberOfUsers: 0 },
  };
  return { id, properties: { ...empty, userPoolTier: "ESSENTIALS", ...inputs, ...blocks, ...own } };
}
