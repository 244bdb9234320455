import type { z } from "zod";
import type { schema } from "./schema";

type Given = z.input<typeof schema>;

const ordinary = { domain: "prefect.example.com", hostedZone: "example.com" };
const oidc = { type: "oidc" as const, issuer: "https://login.example.com", clientId: "prefect" };
const github = { type: "github" as const, repository: "example/flows" };

/** Of every rule below combinations/ one example that it refuses, and no other: the settings page shows what it then says. */
export const refused: Given[] = [
  { domain: "prefect.example.com" },
  { domain: "prefect.example.org", hostedZone: "example.com" },
  { ...ordinary, access: "alb", path: "/oauth2" },
  { ...ordinary, internal: { domain: "example.com" } },
  {
    ...ordinary,
    access: "alb",
    internal: { loadBalancer: "network", allowedCidrs: ["10.1.0.0/16"] },
  },
  {
    ...ordinary,
    identity: {
      type: "cognito",
      federation: { type: "oidc", name: "Google", issuer: "https://accounts.google.com", clientId: "cognito" },
    },
  },
  {
    ...ordinary,
    access: "alb",
    identity: {
      type: "cognito",
      federation: { type: "saml", name: "Okta", metadataUrl: "https://example.okta.com/app/abc/sso/saml/metadata" },
    },
  },
  { ...ordinary, access: "alb", allowedGroups: ["data-team"] },
  { domain: "prefect.aws.example.com", hostedZone: "example.com" },
  { ...ordinary, access: "alb", session: { refreshMinutes: 4 } },
  { ...ordinary, access: "alb", identity: { ...oidc, admitEverybody: true, allowedEmailDomains: ["example.com"] } },
  { ...ordinary, allowedGroups: ["data-team"], identity: { ...oidc, provider: "keycloak" } },
  { ...ordinary, identity: { ...oidc, issuer: "https://accounts.google.com" } },
  { ...ordinary, access: "alb", identity: oidc },
  { ...ordinary, identity: oidc },
  { ...ordinary, identity: { ...oidc, admitEverybody: true, scopes: ["email"] } },
  { ...ordinary, machineTokens: github },
  { ...ordinary, access: "alb", identity: { ...oidc, admitEverybody: true }, machineTokens: { type: "cognito" } },
  {
    ...ordinary,
    access: "alb",
    machineTokens: {
      type: "jwt",
      issuer: "https://login.example.com",
      jwksUrl: "https://login.example.com/keys",
      audience: "prefect",
      claims: [{ name: "scope", values: ["a", "b"] }],
    },
  },
  { ...ordinary, server: { cpu: 256, memoryMiB: 4096 } },
];
