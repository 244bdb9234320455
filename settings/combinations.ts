import type { z } from "zod";
import { cognitoPrefix } from "./identity";
import type { Problem } from "./problems";
import { fargateMemory, type schema } from "./schema";

type Plain = z.output<typeof schema>;

/** What no single setting shows: each rule with the settings that cannot be had together, and why. */
export function combinationProblems(settings: Plain): Problem[] {
  return [entrance, people, machines, memory].flatMap((rule) => rule(settings));
}

function entrance({ domain, hostedZone, certificateArn, path, access, internal, workersEndpoint }: Plain): Problem[] {
  const problems: Problem[] = [];
  if (!hostedZone && !certificateArn) {
    problems.push({
      key: "hostedZone",
      got: "neither hostedZone nor certificateArn",
      allowed:
        "hostedZone (the certificate and the DNS record are made here), certificateArn (both are yours), or both",
      fix: `pulumi config set hostedZone ${domain.split(".").slice(1).join(".")}`,
    });
  }
  if (hostedZone && domain !== hostedZone && !domain.endsWith(`.${hostedZone}`)) {
    problems.push({
      key: "domain",
      got: `${domain}, outside of the zone ${hostedZone}`,
      allowed: `${hostedZone} or a name that ends in .${hostedZone}`,
      fix: `pulumi config set domain prefect.${hostedZone}`,
    });
  }
  if (/^\/oauth2(\/|$)/.test(path) && access === "alb") {
    problems.push({
      key: "path",
      got: path,
      allowed: "another prefix: the load balancer's own callback is at /oauth2/idpresponse, whatever the path",
      fix: "pulumi config set path /prefect",
    });
  }
  if (workersEndpoint === "private" && (domain === internal.domain || domain.endsWith(`.${internal.domain}`))) {
    problems.push({
      key: "internal.domain",
      got: `${internal.domain}, which holds the domain ${domain}`,
      allowed: "a name apart: its private zone would hide the domain from everything in the VPC",
      fix: "pulumi config set --path internal.domain prefect.internal",
    });
  }
  if (
    access === "alb" &&
    workersEndpoint === "private" &&
    internal.loadBalancer === "network" &&
    internal.allowedCidrs.length > 0
  ) {
    problems.push({
      key: "internal.loadBalancer",
      got: "network with access alb and internal.allowedCidrs",
      allowed:
        "application: only that one refuses browsers, which any page could lead from those ranges to a Prefect that asks nobody",
      fix: "pulumi config set --path internal.loadBalancer application",
    });
  }
  return problems;
}

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

function people({ access, domain, identity, allowedGroups, session }: Plain): Problem[] {
  const problems: Problem[] = [];
  const gateway = { fix: "pulumi config set access gateway" };
  if (access === "alb" && allowedGroups.length > 0) {
    problems.push({
      key: "allowedGroups",
      got: `${allowedGroups.length} with access alb`,
      allowed:
        "none: the load balancer cannot look at groups. Let the identity provider admit only them, or use access gateway",
      ...gateway,
    });
  }
  if (identity.type === "cognito") {
    problems.push(...federationProblems(identity.federation, access === "gateway" && allowedGroups.length > 0));
    if (!identity.domainPrefix && !cognitoPrefix.test(domain.replaceAll(".", "-"))) {
      problems.push({
        key: "identity.domainPrefix",
        got: `nothing, and ${domain} with - for dots cannot stand in its place`,
        allowed: "1 to 63 of a-z, 0-9 and -, without the words aws, amazon or cognito",
        fix: "pulumi config set --path identity.domainPrefix my-prefect",
      });
    }
    if (access === "alb" && session.refreshMinutes < 5) {
      problems.push({
        key: "session.refreshMinutes",
        got: `${session.refreshMinutes} with access alb`,
        allowed: "5 to 60: the load balancer asks when the access token ends, and Cognito's live 5 minutes or longer",
        fix: "pulumi config set --path session.refreshMinutes 5",
      });
    }
    return problems;
  }
  const { provider, issuer, allowedEmailDomains, admitEverybody, scopes } = identity;
  const shape = issuerShapes[provider];
  if (shape && !shape.pattern.test(issuer)) {
    problems.push({
      key: "identity.issuer",
      got: `${issuer} with provider ${provider}`,
      allowed: shape.words,
      fix: "pulumi config set --path identity.provider generic",
    });
  }
  const restricted = allowedGroups.length > 0 || allowedEmailDomains.length > 0;
  if (access === "alb" && allowedEmailDomains.length > 0) {
    problems.push({
      key: "identity.allowedEmailDomains",
      got: `${allowedEmailDomains.length} with access alb`,
      allowed:
        "none: the load balancer cannot look at addresses. Let the issuer admit only them, or use access gateway",
      ...gateway,
    });
  }
  if (knowsEverybody.test(issuer) && (access === "alb" || !restricted)) {
    problems.push({
      key: "identity.issuer",
      got: issuer,
      allowed:
        "an issuer of one's own organisation: this one knows everybody in the world. With access gateway and allowedGroups or identity.allowedEmailDomains it may be used",
      ...gateway,
    });
  } else if (access === "alb" && !admitEverybody) {
    problems.push({
      key: "identity.admitEverybody",
      got: "false with access alb",
      allowed:
        "true, once the issuer gives a login for this client only to people who may use Prefect: the load balancer looks at nothing else",
      fix: "pulumi config set --path identity.admitEverybody true",
    });
  } else if (access === "gateway" && !restricted && !admitEverybody) {
    problems.push({
      key: "allowedGroups",
      got: "neither allowedGroups nor identity.allowedEmailDomains",
      allowed:
        "at least one of them, or identity.admitEverybody true: otherwise everybody whom the issuer knows could come in",
      fix: "pulumi config set --path 'allowedGroups[0]' data-team",
    });
  }
  if (scopes && !scopes.includes("openid")) {
    problems.push({
      key: "identity.scopes",
      got: scopes.join(", "),
      allowed: "scopes with openid among them",
      fix: "pulumi config set --path 'identity.scopes[0]' openid",
    });
  }
  return problems;
}

type Federation = Extract<Plain["identity"], { type: "cognito" }>["federation"];

/** That nobody can register in the pool does not hold for people of another provider: they are made at their first login. */
function federationProblems(federation: Federation, groupsAreAsked: boolean): Problem[] {
  if (!federation || groupsAreAsked) return [];
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

function machines({ access, identity, machineTokens }: Plain): Problem[] {
  if (!machineTokens) return [];
  const several =
    machineTokens.type === "jwt"
      ? machineTokens.claims.findIndex(({ format, values }) => format === "single-string" && values.length > 1)
      : -1;
  if (several >= 0) {
    return [
      {
        key: "machineTokens.claims",
        got: `several values in claim ${several + 1}, which is a single-string`,
        allowed: "one: the load balancer takes several only of the other formats",
        fix: `pulumi config set --path 'machineTokens.claims[${several}].format' string-array`,
      },
    ];
  }
  const problem = { key: "machineTokens", got: `type ${machineTokens.type}` };
  if (access === "gateway") {
    return [
      {
        ...problem,
        allowed:
          "nothing with access gateway: Prefect there asks everybody for its own credential, which a token cannot be",
        fix: "pulumi config rm machineTokens",
      },
    ];
  }
  if (machineTokens.type === "cognito" && identity.type !== "cognito") {
    return [
      {
        ...problem,
        allowed: `github or jwt: there is no pool with identity.type ${identity.type}`,
        fix: "pulumi config set --path machineTokens.type jwt",
      },
    ];
  }
  return [];
}

function memory(settings: Plain): Problem[] {
  return (["server", "workers"] as const).flatMap((key) => {
    const { cpu, memoryMiB } = settings[key];
    const fits = fargateMemory[cpu];
    if (!fits || (memoryMiB >= fits.min && memoryMiB <= fits.max && memoryMiB % fits.step === 0)) return [];
    return [
      {
        key: `${key}.memoryMiB`,
        got: `${memoryMiB} with ${cpu} CPU units`,
        allowed: `Fargate takes ${fits.min} to ${fits.max} in steps of ${fits.step} with ${cpu} CPU units`,
        fix: `pulumi config set --path ${key}.memoryMiB ${fits.min}`,
      },
    ];
  });
}
