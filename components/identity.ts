import * as pulumi from "@pulumi/pulumi";
import type { Oauth2ProxyOptions } from "../render/oauth2-proxy";
import { callbackPath, signedOutPath } from "../render/session";
import type { AwsPlace } from "./support/aws-place";
import { UserPool } from "./user-pool";

export interface IdentityArgs {
  domain: string;
  identity:
    | { type: "cognito"; domainPrefix?: string; mfa: "optional" | "required" }
    | {
        type: "oidc";
        issuer: string;
        clientId: string;
        scopes: string[];
        groupsClaim: string;
        allowedEmailDomains: string[];
        endSessionUrl?: string;
      };
  /** With `identity.type` oidc. */
  oidcClientSecret?: pulumi.Output<string>;
  allowedGroups: string[];
  session: { lifetimeHours: number; refreshMinutes: number };
  deletionProtection: boolean;
}

/** Who logs people in, as the gateway needs to know it. */
export interface Identity {
  login: Oauth2ProxyOptions;
  issuer: pulumi.Input<string>;
  clientId: pulumi.Input<string>;
  clientSecret: pulumi.Input<string>;
  signOutUrl: pulumi.Input<string>;
  userPoolId?: pulumi.Output<string>;
}

/** The Cognito pool made here, or the issuer that the settings name. */
export function identityFor(
  name: string,
  args: IdentityArgs,
  place: AwsPlace,
  opts: pulumi.ComponentResourceOptions,
): Identity {
  const { domain, identity, allowedGroups, session } = args;
  const signedOutUrl = `https://${domain}${signedOutPath}`;
  if (identity.type === "cognito") {
    const pool = new UserPool(
      name,
      {
        domainPrefix: identity.domainPrefix ?? domain.replaceAll(".", "-"),
        mfa: identity.mfa,
        groups: allowedGroups,
        callbackUrl: `https://${domain}${callbackPath}`,
        signedOutUrl,
        sessionLifetimeHours: session.lifetimeHours,
        deletionProtection: args.deletionProtection,
        region: place.region,
      },
      opts,
    );
    const { issuer, clientId, clientSecret, signOutUrl, userPoolId } = pool;
    return {
      login: {
        domain,
        scopes: ["openid", "email", "profile"],
        groupsClaim: "cognito:groups",
        allowedGroups,
        allowedEmailDomains: [],
        allowUnverifiedEmail: true,
        ...session,
      },
      issuer,
      clientId,
      clientSecret,
      signOutUrl,
      userPoolId,
    };
  }
  const { endSessionUrl, clientId } = identity;
  return {
    login: {
      domain,
      scopes: identity.scopes,
      groupsClaim: identity.groupsClaim,
      allowedGroups,
      allowedEmailDomains: identity.allowedEmailDomains,
      allowUnverifiedEmail: false,
      ...session,
    },
    issuer: identity.issuer,
    clientId,
    clientSecret: args.oidcClientSecret ?? pulumi.secret(""),
    signOutUrl: endSessionUrl
      ? `${endSessionUrl}?${new URLSearchParams({ client_id: clientId, post_logout_redirect_uri: signedOutUrl }).toString()}`
      : signedOutUrl,
  };
}
