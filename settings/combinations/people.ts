import { cognitoPrefix } from "../identity";
import type { Problem } from "../problems";
import type { Plain, Rule } from "./rule";

/** Issuers that know everybody in the world, whoever has a client there. */
const knowsEverybody =
  /^https:\/\/(accounts\.google\.com|login\.microsoftonline\.com\/(common|organizations|consumers))(\/|$)/;

/** The shape that a product's issuers have, where they have one. */
const issuerShapes: Partial<Record<string, { pattern: RegExp; words: string }>> = {
  keycloak: { pattern: /\/realms\/[^/]+$/, words: "an address that ends in /realms/ and the realm" },
  entra: {
    // With a domain's name for the tenant's id, the discovery document names another issuer than was asked for.
    pattern: /^https:\/\/login\.microsoftonline\.(com|us)\/[0-9a-f-]{36}\/v2\.0$/,
    words: "https://login.microsoftonline.com/TENANT/v2.0 with the tenant's id of 36 characters",
  },
  google: { pattern: /^https:\/\/accounts\.google\.com$/, words: "https://accounts.google.com" },
};

/** Who may come in. */
export const people: readonly Rule[] = [
  groups,
  federationAdmission,
  cognitoDomain,
  refresh,
  issuerShape,
  mailDomains,
  admission,
  scopes,
];

const toGateway = "pulumi config set access gateway";

function groups({ access, allowedGroups }: Plain): Problem[] {
  if (access !== "alb" || allowedGroups.length === 0) return [];
  return [
    {
      key: "allowedGroups",
      got: `${allowedGroups.length} with access alb`,
      allowed:
        "none: the load balancer cannot look at groups. Let the identity provider admit only them, or use access gateway",
      fix: toGateway,
    },
  ];
}

/** That nobody can register in the pool does not hold for people of another provider: they are made at their first login. */
function federationAdmission({ access, identity, allowedGroups }: Plain): Problem[] {
  const federation = identity.type === "cognito" ? identity.federation : undefined;
  if (!federation || (access === "gateway" && allowedGroups.length > 0)) return [];
  if (federation.type === "oidc" && knowsEverybody.test(federation.issuer)) {
    return [
      {
        key: "identity.federation.issuer",
        got: federation.issuer,
        allowed:
          "an issuer of one's own organisation: this one knows everybody in the world. With access gateway and allowedGroups it may be used",
        fix: "pulumi config rm --path identity.federation",
      },
    ];
  }
  if (federation.admitEverybody) return [];
  return [
    {
      key: "identity.federation.admitEverybody",
      got: "false without allowedGroups",
      allowed: "true, once that provider gives a login for this pool only to people who may use Prefect",
      fix: "pulumi config set --path identity.federation.admitEverybody true",
    },
  ];
}

function cognitoDomain({ identity, domain }: Plain): Problem[] {
  if (identity.type !== "cognito" || identity.domainPrefix || cognitoPrefix.test(domain.replaceAll(".", "-"))) {
    return [];
  }
  return [
    {
      key: "identity.domainPrefix",
      got: `nothing, and ${domain} with - for dots cannot stand in its place`,
      allowed: "1 to 63 of a-z, 0-9 and -, without the words aws, amazon or cognito",
      fix: "pulumi config set --path identity.domainPrefix my-prefect",
    },
  ];
}

function refresh({ access, identity, session }: Plain): Problem[] {
  if (access !== "alb" || identity.type !== "cognito" || session.refreshMinutes >= 5) return [];
  return [
    {
      key: "session.refreshMinutes",
      got: `${session.refreshMinutes} with access alb`,
      allowed: "5 to 60: the load balancer asks when the access token ends, and Cognito's live 5 minutes or longer",
      fix: "pulumi config set --path session.refreshMinutes 5",
    },
  ];
}

function issuerShape({ identity }: Plain): Problem[] {
  if (identity.type === "cognito") return [];
  const { provider, issuer } = identity;
  const shape = issuerShapes[provider];
  if (!shape || shape.pattern.test(issuer)) return [];
  return [
    {
      key: "identity.issuer",
      got: `${issuer} with provider ${provider}`,
      allowed: shape.words,
      fix: "pulumi config set --path identity.provider generic",
    },
  ];
}

function mailDomains({ access, identity }: Plain): Problem[] {
  if (identity.type === "cognito" || access !== "alb" || identity.allowedEmailDomains.length === 0) return [];
  return [
    {
      key: "identity.allowedEmailDomains",
      got: `${identity.allowedEmailDomains.length} with access alb`,
      allowed:
        "none: the load balancer cannot look at addresses. Let the issuer admit only them, or use access gateway",
      fix: toGateway,
    },
  ];
}

function admission({ access, identity, allowedGroups }: Plain): Problem[] {
  if (identity.type === "cognito") return [];
  const { issuer, allowedEmailDomains, admitEverybody } = identity;
  const restricted = access === "gateway" && (allowedGroups.length > 0 || allowedEmailDomains.length > 0);
  if (restricted) return [];
  if (knowsEverybody.test(issuer)) {
    return [
      {
        key: "identity.issuer",
        got: issuer,
        allowed:
          "an issuer of one's own organisation: this one knows everybody in the world. With access gateway and allowedGroups or identity.allowedEmailDomains it may be used",
        fix: toGateway,
      },
    ];
  }
  if (admitEverybody) return [];
  if (access === "alb") {
    return [
      {
        key: "identity.admitEverybody",
        got: "false with access alb",
        allowed:
          "true, once the issuer gives a login for this client only to people who may use Prefect: the load balancer looks at nothing else",
        fix: "pulumi config set --path identity.admitEverybody true",
      },
    ];
  }
  return [
    {
      key: "allowedGroups",
      got: "neither allowedGroups nor identity.allowedEmailDomains",
      allowed:
        "at least one of them, or identity.admitEverybody true: otherwise everybody whom the issuer knows could come in",
      fix: "pulumi config set --path 'allowedGroups[0]' data-team",
    },
  ];
}

function scopes({ identity }: Plain): Problem[] {
  if (identity.type === "cognito" || !identity.scopes || identity.scopes.includes("openid")) return [];
  return [
    {
      key: "identity.scopes",
      got: identity.scopes.join(", "),
      allowed: "scopes with openid among them",
      fix: "pulumi config set --path 'identity.scopes[0]' openid",
    },
  ];
}
