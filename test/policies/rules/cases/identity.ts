import { httpApi } from "../../support/inside";
import { forward, login, path, rule } from "../../support/pieces";
import { built, declare, type Declared, ref } from "../../support/stack";
import type { Cases } from "../support/cases";
import { changed, soundAlb, soundGateway } from "../support/sound";

const oidc = (issuer: unknown, more: Record<string, unknown> = {}): Record<string, unknown> => ({
  type: "authenticate-oidc",
  authenticateOidc: { issuer, clientId: "c", clientSecret: "s", sessionTimeout: 28_800, ...more },
});
const withActions = (...actions: unknown[]): Declared[] => changed(soundAlb(), "https", { defaultActions: actions });
const pool = (inputs: Record<string, unknown>, stack = soundAlb()): Declared[] => changed(stack, "pool", inputs);
const open = { adminCreateUserConfig: { allowAdminCreateUserOnly: false } };
const google = (providerType: string, more: Record<string, unknown> = {}): Declared =>
  declare("aws:cognito/identityProvider:IdentityProvider", "provider", {
    userPoolId: ref("pool", "id"),
    providerName: "Outside",
    providerType,
    ...more,
  });
const offered = { supportedIdentityProviders: ["COGNITO", "Outside"] };
/** Where no stranger comes: then prefect-api-requires-auth has nothing to say. */
const internal = (stack: Declared[]): Declared[] => changed(stack, "alb", { internal: true });

export const identityCases = {
  "cognito-pool-invites-people": {
    bad: {
      "a pool with AWS's defaults": {
        stack: pool({ adminCreateUserConfig: undefined }),
        says: ["everybody may register"],
      },
      "a pool that says that people may register": {
        stack: pool(open),
        says: ["allowAdminCreateUserOnly is not true"],
      },
      "a pool as an OIDC issuer of the load balancer": {
        stack: changed(pool(open), "https", {
          defaultActions: [oidc(built(["pool"], "https://cognito-idp.eu-west-1.amazonaws.com/id:pool")), forward],
        }),
        says: ["everybody may register"],
      },
      "a pool behind oauth2-proxy that names nobody": {
        stack: pool(open, soundGateway()),
        says: ["everybody may register"],
      },
      "a pool whose tokens an HTTP API before Prefect takes": {
        stack: [
          ...soundAlb(),
          declare("aws:cognito/userPool:UserPool", "other", {}),
          ...httpApi({ authorizationType: "JWT", authorizerId: ref("authorizer", "id") }),
          declare("aws:apigatewayv2/authorizer:Authorizer", "authorizer", {
            apiId: ref("api", "id"),
            authorizerType: "JWT",
            jwtConfiguration: { issuer: built(["other"], "https://cognito-idp.eu-west-1.amazonaws.com/id:other") },
          }),
        ],
        says: ["everybody may register"],
      },
      "a pool whose tokens a REST API before Prefect takes": {
        stack: [
          ...soundAlb(),
          declare("aws:cognito/userPool:UserPool", "other", {}),
          declare("aws:apigateway/restApi:RestApi", "api", { name: "prefect" }),
          declare("aws:apigateway/authorizer:Authorizer", "authorizer", {
            restApi: ref("api", "id"),
            type: "COGNITO_USER_POOLS",
            providerArns: [ref("other")],
          }),
          declare("aws:apigateway/integration:Integration", "integration", {
            restApi: ref("api", "id"),
            connectionType: "VPC_LINK",
            connectionId: "link-1",
            integrationTarget: ref("alb"),
          }),
          declare("aws:apigateway/method:Method", "method", {
            restApi: ref("api", "id"),
            authorization: "COGNITO_USER_POOLS",
            authorizerId: ref("authorizer", "id"),
          }),
        ],
        says: ["everybody may register"],
      },
      "a pool federated with Google": {
        stack: [...changed(soundAlb(), "client", offered), google("Google")],
        says: ['everybody with an account at the provider of aws.cognito.IdentityProvider "provider"'],
      },
      "a pool federated with Microsoft's common tenant": {
        stack: [
          ...changed(soundAlb(), "client", offered),
          google("OIDC", { providerDetails: { oidc_issuer: "https://login.microsoftonline.com/common/v2.0" } }),
        ],
        says: ["everybody with an account"],
      },
      "a pool whose trigger may deny people": {
        stack: pool({ ...open, lambdaConfig: { preSignUp: "arn:f" } }),
        says: ["preSignUp trigger may deny them"],
        level: "advisory",
      },
      "a second listener's rule": {
        stack: [
          ...changed(soundAlb(), "https", { defaultActions: [{ type: "fixed-response" }] }),
          declare("aws:cognito/userPool:UserPool", "other", {}),
          rule(
            "api",
            10,
            [path("/api/*")],
            [
              {
                type: "authenticate-cognito",
                authenticateCognito: { userPoolArn: ref("other"), sessionTimeout: 3600 },
              },
              forward,
            ],
          ),
        ],
        says: ["everybody may register"],
      },
    },
    good: {
      "a pool that an administrator fills": soundAlb(),
      "an open pool behind oauth2-proxy that names groups": pool(
        open,
        soundGateway({ proxy: { OAUTH2_PROXY_ALLOWED_GROUPS: "data" } }),
      ),
      "an open pool behind oauth2-proxy that names a mail domain": pool(
        open,
        soundGateway({ proxy: { OAUTH2_PROXY_EMAIL_DOMAINS: "example.com" } }),
      ),
    },
    lookAlikes: {
      "another application's open pool beside the load balancer's": [
        ...soundAlb(),
        declare("aws:cognito/userPool:UserPool", "customers", {}),
      ],
      "another application's open pool beside oauth2-proxy's": [
        ...soundGateway(),
        declare("aws:cognito/userPool:UserPool", "customers", {}),
        declare("aws:cognito/userPoolClient:UserPoolClient", "shop", {
          userPoolId: ref("customers", "id"),
          callbackUrls: ["https://shop.example.com/login"],
        }),
      ],
      "an open pool of an API before something else": [
        ...soundAlb(),
        declare("aws:cognito/userPool:UserPool", "customers", {}),
        declare("aws:apigatewayv2/api:Api", "api", { protocolType: "HTTP" }),
        declare("aws:apigatewayv2/integration:Integration", "integration", {
          apiId: ref("api", "id"),
          integrationUri: "https://shop.example.com",
        }),
        declare("aws:apigatewayv2/authorizer:Authorizer", "authorizer", {
          apiId: ref("api", "id"),
          authorizerType: "JWT",
          jwtConfiguration: {
            issuer: built(["customers"], "https://cognito-idp.eu-west-1.amazonaws.com/id:customers"),
          },
        }),
      ],
      "a provider that the client does not offer": [...soundAlb(), google("Google")],
      "federation with an issuer of one's own": [
        ...changed(soundAlb(), "client", offered),
        google("OIDC", { providerDetails: { oidc_issuer: "https://login.example.com" } }),
      ],
    },
    unknown: {
      "whether people may register": {
        stack: pool({ adminCreateUserConfig: { allowAdminCreateUserOnly: built(["client"], "true") } }),
        preview: ["is not known"],
      },
    },
  },
  "login-names-who-may-enter": {
    bad: {
      "Google as the load balancer's issuer": {
        stack: withActions(oidc("https://accounts.google.com"), forward),
        says: ["knows everybody who has an account there"],
      },
      "Microsoft's common tenant in a rule": {
        stack: [
          ...changed(soundAlb(), "https", { defaultActions: [{ type: "fixed-response" }] }),
          rule("pages", 1, [path("/*")], [oidc("https://login.microsoftonline.com/common/v2.0"), forward]),
        ],
        says: ["knows everybody"],
      },
      "a tenant's issuer and oauth2-proxy that names nobody, beside another application's open pool": {
        stack: pool(
          open,
          soundGateway({
            proxy: { OAUTH2_PROXY_OIDC_ISSUER_URL: "https://example.okta.com" },
            proxyPiece: { secrets: [] },
          }),
        ),
        says: ["names no groups and no mail domains"],
        level: "advisory",
      },
      "mail domains of unverified addresses": {
        stack: internal(
          soundGateway({
            proxy: {
              OAUTH2_PROXY_OIDC_ISSUER_URL: "https://example.okta.com",
              OAUTH2_PROXY_EMAIL_DOMAINS: "example.com",
              OAUTH2_PROXY_INSECURE_OIDC_ALLOW_UNVERIFIED_EMAIL: "true",
            },
            proxyPiece: { secrets: [] },
          }),
        ),
        says: ["names no groups and no mail domains"],
        level: "advisory",
        besides: ["oauth2-proxy-asks-everybody"],
      },
    },
    good: {
      "a tenant as the load balancer's issuer": withActions(
        oidc("https://login.microsoftonline.com/0a1b/v2.0"),
        forward,
      ),
      "a tenant's issuer and groups": soundGateway({
        proxy: { OAUTH2_PROXY_OIDC_ISSUER_URL: "https://example.okta.com", OAUTH2_PROXY_ALLOWED_GROUPS: "data" },
        proxyPiece: { secrets: [] },
      }),
    },
    lookAlikes: {
      "Google in the name of a host": withActions(oidc("https://accounts.google.com.example.com"), forward),
      "a Cognito pool as oauth2-proxy's issuer": soundGateway({
        proxy: { OAUTH2_PROXY_OIDC_ISSUER_URL: "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_1" },
        proxyPiece: { secrets: [] },
      }),
    },
    unknown: {
      "the issuer": {
        stack: withActions(oidc(built(["secret"], "https://accounts.google.com")), forward),
        finished: ["knows everybody"],
      },
    },
  },
  "login-is-never-optional": {
    bad: {
      "allow before an internal load balancer's forward": {
        stack: internal(withActions(login({ onUnauthenticatedRequest: "allow", sessionTimeout: 60 }), forward)),
        says: ['onUnauthenticatedRequest of authenticate-cognito is "allow". Write "deny"'],
      },
      "ALLOW in another spelling": {
        stack: internal(withActions(oidc("https://i.example.com", { onUnauthenticatedRequest: "Allow" }), forward)),
        says: ['is "allow"'],
      },
    },
    good: {
      deny: withActions(login({ onUnauthenticatedRequest: "deny", sessionTimeout: 60 }), forward),
      authenticate: withActions(login({ onUnauthenticatedRequest: "authenticate", sessionTimeout: 60 }), forward),
    },
    lookAlikes: {
      "allow before another application": [
        ...soundAlb(),
        rule(
          "shop",
          5,
          [path("/shop/*")],
          [login({ onUnauthenticatedRequest: "allow" }), { type: "forward", targetGroupArn: "arn:other" }],
        ),
      ],
    },
    unknown: {
      "what happens without a session": {
        stack: internal(
          withActions(login({ onUnauthenticatedRequest: built(["secret"], "deny"), sessionTimeout: 60 }), forward),
        ),
        preview: ["is not known"],
      },
    },
  },
  "login-sessions-end": {
    bad: {
      "AWS's default of seven days": {
        stack: withActions(login(), forward),
        says: ["is not set, which is seven days", "86400"],
      },
      "a load balancer's session of two days": {
        stack: withActions(login({ sessionTimeout: 172_800 }), forward),
        says: ["is 48 hours"],
      },
      "a session of oauth2-proxy's default": {
        stack: soundGateway({ proxy: { OAUTH2_PROXY_COOKIE_EXPIRE: "" } }),
        says: ["a session lasts 168 hours"],
      },
      "a session that the issuer is never asked about": {
        stack: soundGateway({ proxy: { OAUTH2_PROXY_COOKIE_REFRESH: "0" } }),
        says: ["the issuer is not asked again"],
      },
      "a long session as a flag": {
        stack: soundGateway({
          proxyPiece: { command: ["oauth2-proxy", "--cookie-expire=72h30m"] },
          proxy: { OAUTH2_PROXY_COOKIE_EXPIRE: "" },
        }),
        says: ["72.5 hours"],
      },
      "an issuer that is asked every two hours": {
        stack: soundGateway({ proxy: { OAUTH2_PROXY_COOKIE_REFRESH: "2h" } }),
        says: ["every 120 minutes only"],
      },
    },
    good: {
      "twelve hours, refreshed": soundGateway(),
      "eight hours": soundAlb(),
      "the longest allowed": withActions(login({ sessionTimeout: 86_400 }), forward),
      "the longest allowed, refreshed each hour": soundGateway({
        proxy: { OAUTH2_PROXY_COOKIE_EXPIRE: "24h", OAUTH2_PROXY_COOKIE_REFRESH: "60m" },
      }),
    },
    lookAlikes: {
      "a long session before another application": [
        ...soundAlb(),
        rule("shop", 5, [path("/shop/*")], [login(), { type: "forward", targetGroupArn: "arn:other" }]),
      ],
      "a token that is checked, without a session": withActions(
        {
          type: "jwt-validation",
          jwtValidation: { issuer: "https://login.example.com", jwksEndpoint: "https://login.example.com/k" },
        },
        forward,
      ),
    },
    unknown: {
      "the load balancer's session": {
        stack: withActions(login({ sessionTimeout: built(["secret"], "172800") }), forward),
        finished: ["is 48 hours"],
      },
    },
  },
} satisfies Readonly<Record<string, Cases>>;
