import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** Another identity provider behind the pool. */
export type Federation =
  | { type: "saml"; name: string; metadataUrl: string; emailAttribute: string }
  | { type: "oidc"; name: string; issuer: string; clientId: string; scopes: string[] };

export interface UserPoolArgs {
  /** First label of the login page's address; unique in the region. */
  domainPrefix: string;
  /** Whether everybody needs an authenticator app, or whoever wants to. */
  mfa: "optional" | "required";
  /** @default - the pool's own people only */
  federation?: Federation;
  /** With a federation of type oidc. */
  federationClientSecret?: pulumi.Input<string>;
  /** Groups to make. */
  groups: string[];
  /** Where the login may send people back to; compared whole. */
  callbackUrl: string;
  /** Where signing out may send people. */
  signedOutUrl: string;
  /** Hours after which people log in again. */
  sessionLifetimeHours: number;
  /** Minutes that an access token lives, 5 at least. */
  accessTokenMinutes: number;
  deletionProtection: boolean;
  region: pulumi.Input<string>;
}

/** A Cognito pool whose people are made by an administrator, with a hosted login page and one client: what logs people in. */
export class UserPool extends pulumi.ComponentResource {
  readonly userPoolId: pulumi.Output<string>;
  readonly arn: pulumi.Output<string>;
  /** The first label of the login page's address, once that exists. */
  readonly domain: pulumi.Output<string>;
  readonly issuer: pulumi.Output<string>;
  readonly clientId: pulumi.Output<string>;
  readonly clientSecret: pulumi.Output<string>;
  /** Ends the pool's session and sends on to `signedOutUrl`. */
  readonly signOutUrl: pulumi.Output<string>;

  constructor(name: string, args: UserPoolArgs, opts?: pulumi.ComponentResourceOptions) {
    super("prefect:identity:UserPool", name, {}, opts);
    const parent = { parent: this };
    const pool = new aws.cognito.UserPool(
      `${name}-pool`,
      {
        adminCreateUserConfig: { allowAdminCreateUserOnly: true },
        usernameAttributes: ["email"],
        usernameConfiguration: { caseSensitive: false },
        autoVerifiedAttributes: ["email"],
        accountRecoverySetting: { recoveryMechanisms: [{ name: "verified_email", priority: 1 }] },
        passwordPolicy: {
          minimumLength: 14,
          requireLowercase: true,
          requireUppercase: true,
          requireNumbers: true,
          requireSymbols: false,
          temporaryPasswordValidityDays: 7,
        },
        mfaConfiguration: args.mfa === "required" ? "ON" : "OPTIONAL",
        softwareTokenMfaConfiguration: { enabled: true },
        deletionProtection: args.deletionProtection ? "ACTIVE" : "INACTIVE",
      },
      parent,
    );
    const login = new aws.cognito.UserPoolDomain(
      `${name}-login`,
      { userPoolId: pool.id, domain: args.domainPrefix },
      parent,
    );
    for (const group of args.groups) {
      new aws.cognito.UserGroup(`${name}-${group}`, { userPoolId: pool.id, name: group }, parent);
    }
    const federated = args.federation && identityProvider(name, pool.id, args, this);
    const client = new aws.cognito.UserPoolClient(
      `${name}-gateway`,
      {
        userPoolId: pool.id,
        generateSecret: true,
        supportedIdentityProviders: ["COGNITO", ...(federated ? [federated.providerName] : [])],
        allowedOauthFlowsUserPoolClient: true,
        allowedOauthFlows: ["code"],
        allowedOauthScopes: ["openid", "email", "profile"],
        callbackUrls: [args.callbackUrl],
        logoutUrls: [args.signedOutUrl],
        explicitAuthFlows: ["ALLOW_REFRESH_TOKEN_AUTH"],
        preventUserExistenceErrors: "ENABLED",
        enableTokenRevocation: true,
        idTokenValidity: 60,
        accessTokenValidity: args.accessTokenMinutes,
        refreshTokenValidity: args.sessionLifetimeHours,
        tokenValidityUnits: { idToken: "minutes", accessToken: "minutes", refreshToken: "hours" },
      },
      parent,
    );
    this.userPoolId = pool.id;
    this.arn = pool.arn;
    this.domain = login.domain;
    this.issuer = pulumi.interpolate`https://cognito-idp.${args.region}.amazonaws.com/${pool.id}`;
    this.clientId = client.id;
    this.clientSecret = client.clientSecret;
    // By the domain's own output: the address must not be in use before the domain exists.
    const host = pulumi.interpolate`${login.domain}.auth.${args.region}.amazoncognito.com`;
    this.signOutUrl = pulumi.interpolate`https://${host}/logout?client_id=${client.id}&logout_uri=${encodeURIComponent(args.signedOutUrl)}`;
    this.registerOutputs({ userPoolId: this.userPoolId });
  }
}

/** The attributes are the pool's by those of the provider: without a mail address nobody can be told apart. */
function identityProvider(
  name: string,
  userPoolId: pulumi.Input<string>,
  { federation, federationClientSecret }: UserPoolArgs,
  parent: pulumi.Resource,
): aws.cognito.IdentityProvider | undefined {
  if (!federation) return undefined;
  const given: Omit<aws.cognito.IdentityProviderArgs, "userPoolId" | "providerName"> =
    federation.type === "saml"
      ? {
          providerType: "SAML",
          providerDetails: { MetadataURL: federation.metadataUrl, IDPSignout: "true" },
          attributeMapping: { email: federation.emailAttribute },
        }
      : {
          providerType: "OIDC",
          providerDetails: {
            oidc_issuer: federation.issuer,
            client_id: federation.clientId,
            client_secret: pulumi.secret(federationClientSecret ?? ""),
            attributes_request_method: "GET",
            authorize_scopes: federation.scopes.join(" "),
          },
          attributeMapping: { email: "email", email_verified: "email_verified" },
        };
  return new aws.cognito.IdentityProvider(
    `${name}-${federation.name}`,
    { userPoolId, providerName: federation.name, ...given },
    { parent },
  );
}
