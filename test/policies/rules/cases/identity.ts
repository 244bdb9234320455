import { forward, login, path, rule } from "../../support/pieces";
import { built, type Declared, ref } from "../../support/stack";
import type { Cases } from "../support/cases";
import { changed, soundAlb, soundGateway } from "../support/sound";

const oidc = (issuer: unknown, more: Record<string, unknown> = {}): Record<string, unknown> => ({
  type: "authenticate-oidc",
  authenticateOidc: { issuer, clientId: "c", clientSecret: "s", sessionTimeout: 28_800, ...more },
});
const withActions = (...actions: unknown[]): Declared[] => changed(soundAlb(), "https", { defaultActions: actions });
const pool = (inputs: Record<string, unknown>, stack = soundAlb()): Declared[] => changed(stack, "pool", inputs);
const open = { adminCreateUserConfig: { allowAdminCreateUserOnly: false } };
/** An action that checks a token. */
const jwt = (settings: unknown): Record<string, unknown> => ({ type: "jwt-validation", jwtValidation: settings });
const keys = "https://login.example.com/k";
/** Where no stranger comes: then prefect-api-requires-auth has nothing to say. */
const internal = (stack: Declared[]): Declared[] => changed(stack, "alb", { internal: true });

export const identityCases = {
  "login-names-who-may-enter": {
    bad: {
      "Google as the load balancer's issuer": {
        stack: withActions(oidc("https://accounts.google.com"), forward),
        says: ["The issuer of authenticate-oidc knows everybody who has an account there"],
        of: "https",
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
        says: [
          'Container "oauth2-proxy" names no groups and no mail domains: everybody',
          "Set allowed-groups or email-domains",
        ],
        level: "advisory",
        of: "task",
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
      "tokens of Google's that name whose they are": withActions(
        jwt({
          issuer: "https://accounts.google.com",
          jwksEndpoint: keys,
          additionalClaims: [{ format: "single-string", name: "hd", values: ["example.com"] }],
        }),
        forward,
      ),
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
        preview: ['onUnauthenticatedRequest of authenticate-cognito is not known. Write "deny" or "authenticate".'],
      },
      "how tokens are checked": {
        stack: internal(
          withActions(jwt(built(["secret"], { issuer: "https://login.example.com", jwksEndpoint: keys })), forward),
        ),
      },
    },
    refused: {
      "allow where the internet comes in": withActions(
        login({ onUnauthenticatedRequest: "allow", sessionTimeout: 60 }),
        forward,
      ),
    },
  },
  "login-sessions-end": {
    bad: {
      "AWS's default of seven days": {
        stack: withActions(login(), forward),
        says: ["sessionTimeout of authenticate-cognito is not set, which is seven days. Write 86400 seconds or less."],
        of: "https",
      },
      "a load balancer's session of two days": {
        stack: withActions(login({ sessionTimeout: 172_800 }), forward),
        says: ["is 48 hours"],
      },
      "a session of two days in a list of one": {
        stack: withActions(
          {
            type: "authenticate-cognito",
            authenticateCognito: [{ userPoolArn: ref("pool"), sessionTimeout: 172_800 }],
          },
          forward,
        ),
        says: ["is 48 hours"],
      },
      "a session of oauth2-proxy's default": {
        stack: soundGateway({ proxy: { OAUTH2_PROXY_COOKIE_EXPIRE: "" } }),
        says: ['Container "oauth2-proxy": a session lasts 168 hours (cookie-expire; at most 24h)'],
      },
      "a session that the issuer is never asked about": {
        stack: soundGateway({ proxy: { OAUTH2_PROXY_COOKIE_REFRESH: "0" } }),
        says: ["the issuer is not asked again while a session lasts (cookie-refresh; at most 60m)"],
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
        says: ["the issuer is asked every 120 minutes only (cookie-refresh; at most 60m)"],
      },
      "a session of a week that the issuer is asked about each day": {
        stack: soundGateway({ proxy: { OAUTH2_PROXY_COOKIE_EXPIRE: "168h", OAUTH2_PROXY_COOKIE_REFRESH: "24h" } }),
        says: ["168 hours (cookie-expire; at most 24h); the issuer is asked every 1440 minutes"],
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
        jwt({ issuer: "https://login.example.com", jwksEndpoint: keys }),
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
