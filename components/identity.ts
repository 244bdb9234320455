import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Oauth2ProxyOptions } from "../render/oauth2-proxy";
import { defaultScopes, type Endpoints, type OidcProvider, signOutUrl } from "../render/oidc-provider";
import { loadBalancerCallback, pathsBelow } from "../render/paths";
import type { AwsPlace } from "./support/aws-place";
import { discover } from "./support/discovery";
import { type Federation, UserPool } from "./user-pool";

export interface IdentityArgs {
  /** What asks people for the login. */
  access: "gateway" | "alb";
  domain: string;
  /** Where Prefect is on the domain: `/` or `/prefect`. */
  path: string;
  identity:
    | { type: "cognito"; domainPrefix?: string; mfa: "optional" | "required"; federation?: Federation }
    | {
        type: "oidc";
        provider: OidcProvider;
        issuer: string;
        clientId: string;
        scopes?: string[];
        groupsClaim?: string;
        allowedEmailDomains: string[];
        /** @default those of the issuer's discovery document */
        endpoints?: Endpoints;
      };
  /** With `identity.type` oidc. */
  oidcClientSecret?: pulumi.Output<string>;
  /** With `identity.federation.type` oidc. */
  federationClientSecret?: pulumi.Output<string>;
  allowedGroups: string[];
  session: { lifetimeHours: number; refreshMinutes: number };
  deletionProtection: boolean;
}

type Action = aws.types.input.lb.ListenerRuleAction;

/** Who logs people in, as the gateway and the load balancer need to know it. */
export interface Identity {
  issuer: pulumi.Input<string>;
  clientId: pulumi.Input<string>;
  clientSecret: pulumi.Input<string>;
  /** Where signing out goes after the own session is gone. */
  signOutUrl: pulumi.Output<string>;
  /** For a gateway. */
  login: Oauth2ProxyOptions;
  /** For a load balancer: the action before a forward. */
  authenticate(onUnauthenticatedRequest: "authenticate" | "deny"): Action;
  /** The pool, where it is one made here. */
  pool?: UserPool;
}

/** The Cognito pool made here, or the issuer that the settings name. */
export function identityFor(
  name: string,
  args: IdentityArgs,
  place: AwsPlace,
  opts: pulumi.ComponentResourceOptions,
): Identity {
  return args.identity.type === "cognito"
    ? ownPool(name, args, args.identity, place, opts)
    : issuerOf(args, args.identity);
}

type Of<Type> = Extract<IdentityArgs["identity"], { type: Type }>;

function ownPool(
  name: string,
  args: IdentityArgs,
  { domainPrefix, mfa, federation }: Of<"cognito">,
  place: AwsPlace,
  opts: pulumi.ComponentResourceOptions,
): Identity {
  const { access, domain, path, allowedGroups, session } = args;
  const paths = pathsBelow(path);
  const pool = new UserPool(
    name,
    {
      domainPrefix: domainPrefix ?? domain.replaceAll(".", "-"),
      mfa,
      federation,
      federationClientSecret: args.federationClientSecret,
      groups: allowedGroups,
      callbackUrl: `https://${domain}${access === "alb" ? loadBalancerCallback : paths.oauth2Callback}`,
      signedOutUrl: `https://${domain}${paths.signedOut}`,
      sessionLifetimeHours: session.lifetimeHours,
      // The load balancer asks again when the access token has ended; oauth2-proxy when it is told to.
      accessTokenMinutes: access === "alb" ? session.refreshMinutes : 60,
      deletionProtection: args.deletionProtection,
      region: place.region,
    },
    opts,
  );
  return {
    issuer: pool.issuer,
    clientId: pool.clientId,
    clientSecret: pool.clientSecret,
    signOutUrl: pool.signOutUrl,
    login: {
      ...loginFor(args),
      scopes: ["openid", "email", "profile"],
      groupsClaim: "cognito:groups",
      allowedEmailDomains: [],
      allowUnverifiedEmail: true,
    },
    authenticate: (onUnauthenticatedRequest) => ({
      type: "authenticate-cognito",
      authenticateCognito: {
        userPoolArn: pool.arn,
        userPoolClientId: pool.clientId,
        userPoolDomain: pool.domain,
        scope: "openid",
        ...sessionFor(args),
        onUnauthenticatedRequest,
      },
    }),
    pool,
  };
}

function issuerOf(args: IdentityArgs, identity: Of<"oidc">): Identity {
  const { domain, path, oidcClientSecret } = args;
  const { provider, issuer, clientId, allowedEmailDomains } = identity;
  const scopes = identity.scopes ?? defaultScopes(provider, issuer);
  const clientSecret = oidcClientSecret ?? pulumi.secret("");
  const endpoints = pulumi.output(identity.endpoints ?? discover(issuer));
  const signedOutUrl = `https://${domain}${pathsBelow(path).signedOut}`;
  return {
    issuer,
    clientId,
    clientSecret,
    signOutUrl: endpoints.apply(({ endSession }) =>
      signOutUrl({ provider, issuer, clientId, endSession, signedOutUrl }),
    ),
    login: {
      ...loginFor(args),
      scopes,
      groupsClaim: identity.groupsClaim ?? "groups",
      allowedEmailDomains,
      allowUnverifiedEmail: false,
    },
    authenticate: (onUnauthenticatedRequest) => ({
      type: "authenticate-oidc",
      authenticateOidc: {
        issuer,
        authorizationEndpoint: endpoints.authorization,
        tokenEndpoint: endpoints.token,
        userInfoEndpoint: endpoints.userInfo,
        clientId,
        clientSecret,
        scope: scopes.join(" "),
        ...sessionFor(args),
        onUnauthenticatedRequest,
      },
    }),
  };
}

function loginFor({ domain, path, allowedGroups, session }: IdentityArgs) {
  return { domain, path, allowedGroups, ...session };
}

/** AWS's own default is a week. */
function sessionFor({ session }: IdentityArgs) {
  return { sessionTimeout: session.lifetimeHours * 3600 };
}
