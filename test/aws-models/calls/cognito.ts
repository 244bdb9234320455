import { call, type Names, type Translation } from "../translate";

const service = "cognito-idp";

/** internal/service/cognitoidp/user_pool.go: factors are set by a call of their own, unless there are none. */
const userPool: Translation = (
  { name, passwordPolicy, signInPolicy, mfaConfiguration, softwareTokenMfaConfiguration, schemas, ...inputs },
  { id },
) => [
  call(service, "CreateUserPool", {
    ...inputs,
    PoolName: name,
    Policies: (passwordPolicy || signInPolicy) && { passwordPolicy, signInPolicy },
    Schema: schemas,
  }),
  ...(mfaConfiguration && mfaConfiguration !== "OFF"
    ? [call(service, "SetUserPoolMfaConfig", { UserPoolId: id, mfaConfiguration, softwareTokenMfaConfiguration })]
    : []),
];

const named =
  (operation: string, names: Names = {}): Translation =>
  (inputs) => [call(service, operation, inputs, names)];

export const cognito: Record<string, Translation> = {
  "aws:cognito/userPool:UserPool": userPool,
  "aws:cognito/userPoolClient:UserPoolClient": named("CreateUserPoolClient", {
    CreateUserPoolClientRequest: { name: "ClientName" },
  }),
  "aws:cognito/userPoolDomain:UserPoolDomain": ({ certificateArn, ...inputs }) => [
    call(service, "CreateUserPoolDomain", {
      ...inputs,
      CustomDomainConfig: certificateArn && { certificateArn },
    }),
  ],
  "aws:cognito/userGroup:UserGroup": named("CreateGroup", { CreateGroupRequest: { name: "GroupName" } }),
  "aws:cognito/identityProvider:IdentityProvider": named("CreateIdentityProvider"),
  "aws:cognito/resourceServer:ResourceServer": named("CreateResourceServer"),
};
