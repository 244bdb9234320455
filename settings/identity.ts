import { z } from "zod";
import { hostName, httpsUrl, list, name } from "./kinds";

const identityType = { about: "Who logs people in.", allowed: "cognito or oidc", example: "cognito" };
const federationType = {
  about: "How the pool asks the other identity provider.",
  allowed: "saml or oidc",
  example: "saml",
};
const federationName = name(/^(?!cognito$)[A-Za-z0-9-]{3,32}$/i, {
  about: "The provider's name in the pool; also where its own client must send people back to.",
  allowed: "3 to 32 letters, digits and -",
  example: "Okta",
});
const federationAdmitsEverybody = z.boolean().default(false).meta({
  about:
    "Whether everybody may come in to whom that provider gives a login. Without allowedGroups nothing else is looked at: assign people to the application there.",
  allowed: "true or false",
  example: "true",
});
/** What may stand in a request to an issuer: no quote, no blank. */
const scope = /^[\x21\x23-\x5b\x5d-\x7e]+$/;
const clientId = /^[A-Za-z0-9._~:/@+-]+$/;

const saml = z.strictObject({
  type: z.literal("saml").meta(federationType),
  name: federationName,
  metadataUrl: name(httpsUrl, {
    about: "The SAML provider's metadata document.",
    allowed: "an https address",
    example: "https://example.okta.com/app/abc/sso/saml/metadata",
  }),
  emailAttribute: name(/^[^\s"'\\]{1,256}$/, {
    about: "The SAML attribute that holds the mail address.",
    allowed: "an attribute's name",
    example: "email",
  }).default("http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress"),
  admitEverybody: federationAdmitsEverybody,
});
const openId = z.strictObject({
  type: z.literal("oidc").meta(federationType),
  name: federationName,
  issuer: name(httpsUrl, { about: "The issuer.", allowed: "an https address", example: "https://login.example.com" }),
  clientId: name(clientId, {
    about: "The client that the issuer knows for the pool; its secret is the setting federationClientSecret.",
    allowed: "letters, digits and . _ ~ : / @ + -",
    example: "cognito",
  }),
  scopes: list("What the pool asks the issuer for.", "scopes, openid among them", "openid", scope).default([
    "openid",
    "email",
    "profile",
  ]),
  admitEverybody: federationAdmitsEverybody,
});

export const cognitoPrefix = /^(?!.*(aws|amazon|cognito))[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const cognito = z.strictObject({
  type: z.literal("cognito").meta(identityType),
  domainPrefix: name(cognitoPrefix, {
    about: "First label of the login page's address, unique in the region. Default: the domain with - for dots.",
    allowed: "1 to 63 of a-z, 0-9 and -, without the words aws, amazon or cognito",
    example: "prefect-example-com",
  }).optional(),
  mfa: z
    .enum(["optional", "required"])
    .default("optional")
    .meta({ about: "A second factor by authenticator app.", allowed: "optional or required", example: "required" }),
  federation: z.discriminatedUnion("type", [saml, openId]).optional().meta({
    about:
      "Another identity provider whose people come in through the pool. Default: none, only the pool's own people.",
    allowed: "an object with type saml or oidc",
    example: "saml",
  }),
});

const endpoint = (about: string, example: string) => name(httpsUrl, { about, allowed: "an https address", example });
const oidc = z.strictObject({
  type: z.literal("oidc").meta(identityType),
  provider: z.enum(["generic", "keycloak", "okta", "entra", "google", "auth0"]).default("generic").meta({
    about:
      "Whose product the issuer is: sets scopes, the groups claim and the way to sign out as that product has them.",
    allowed: "generic, keycloak, okta, entra, google or auth0",
    example: "keycloak",
  }),
  issuer: name(httpsUrl, {
    about: "The issuer; its discovery document is at /.well-known/openid-configuration below it.",
    allowed: "an https address",
    example: "https://login.example.com/realms/main",
  }),
  clientId: name(clientId, {
    about: "The client that the issuer knows for this Prefect; its secret is the setting oidcClientSecret.",
    allowed: "letters, digits and . _ ~ : / @ + -",
    example: "prefect",
  }),
  scopes: list(
    "What to ask the issuer for. Default: openid, email and profile, and what the provider needs for groups.",
    "scopes, openid among them",
    "openid",
    scope,
  ).optional(),
  groupsClaim: name(/^[A-Za-z0-9._:/-]+$/, {
    about: "The claim that holds a person's groups. Default: groups.",
    allowed: "a claim's name",
    example: "groups",
  }).optional(),
  allowedEmailDomains: list("Domains whose addresses may come in.", "host names", "example.com", hostName).default([]),
  admitEverybody: z.boolean().default(false).meta({
    about:
      "Whether everybody may come in to whom the issuer gives a login for this client. The load balancer (access alb) can look at nothing else: assign people to the client at the issuer.",
    allowed: "true or false",
    example: "true",
  }),
  endpoints: z
    .strictObject({
      authorization: endpoint("The issuer's authorization_endpoint.", "https://login.example.com/authorize"),
      token: endpoint("Its token_endpoint.", "https://login.example.com/token"),
      userInfo: endpoint("Its userinfo_endpoint.", "https://login.example.com/userinfo"),
      endSession: endpoint(
        "Its end_session_endpoint, so that signing out here signs out there.",
        "https://login.example.com/logout",
      ).optional(),
    })
    .optional()
    .meta({
      about: "The issuer's endpoints. Default: read from its discovery document at every preview and update.",
      allowed: "an object with authorization, token and userInfo",
      example: "https://login.example.com/authorize",
    }),
});

export const identity = z
  .discriminatedUnion("type", [cognito, oidc])
  .prefault({ type: "cognito" })
  .meta({ about: "Who logs people in.", allowed: "an object with type cognito or oidc", example: "cognito" });
