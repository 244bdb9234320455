import type { Graph, ResourceValue } from "./model";
import { types } from "./types";

/**
 * Issuers that give tokens to everybody, and the claims that say whose a token is. An audience is not one of them where
 * whoever asks for a token may choose it: GitHub's and GitLab's jobs do, and so does every service account of Google's.
 */
const publicIssuers: readonly (readonly [issuer: RegExp, owners: readonly string[]])[] = [
  [
    /^https:\/\/token\.actions\.githubusercontent\.com/,
    [
      ...["sub", "repository", "repository_id", "repository_owner", "repository_owner_id"],
      ...["enterprise", "enterprise_id", "job_workflow_ref", "workflow_ref"],
    ],
  ],
  [
    /^https:\/\/gitlab\.com/,
    ["sub", "namespace_path", "namespace_id", "project_path", "project_id", "user_id", "user_login", "user_email"],
  ],
  [/^https:\/\/(?:accounts\.google\.com|www\.googleapis\.com)/, ["sub", "azp", "hd", "email"]],
  // Personal accounts have a tenant of their own; the others below are not one tenant's.
  [
    /^https:\/\/(?:login\.microsoftonline\.com|sts\.windows\.net)\/(?:common|organizations|consumers|9188040d-6c67-4c5b-b112-36a304b66dad)/,
    ["sub", "oid", "tid", "preferred_username"],
  ],
  [/^https:\/\/(?:www|limited)\.facebook\.com/, ["sub", "email"]],
  [/^https:\/\/appleid\.apple\.com/, ["sub", "email"]],
  [/^https:\/\/securetoken\.google\.com/, ["sub", "email", "user_id"]],
  [
    /^https:\/\/(?:www\.linkedin\.com|slack\.com|id\.twitch\.tv|access\.line\.me|api\.login\.yahoo\.com)/,
    ["sub", "email"],
  ],
  [/^https:\/\/agent\.buildkite\.com/, ["sub", "organization_slug", "organization_id", "pipeline_id"]],
  [/^https:\/\/app\.terraform\.io/, ["sub", "terraform_organization_id", "terraform_organization_name"]],
  [/^https:\/\/api\.pulumi\.com\/oidc/, ["sub", "org", "current_org"]],
  [/^https:\/\/cognito-identity\.amazonaws\.com/, ["aud", "sub"]],
];

/** Whether anyone can have an account at this issuer, or get a token from it. */
export function isPublicIssuer(issuer: string): boolean {
  const text = issuer.trim().toLowerCase();
  // As a whole host or segment: accounts.google.com.example.com is somebody's own.
  return publicIssuers.some(([pattern]) => /^(?:$|[/:?])/.test(text.replace(pattern, "")) && pattern.test(text));
}

/** What tells whose a token is, where it is not known who gives it. */
const anyOwner = new Set(publicIssuers.flatMap(([, owners]) => owners).filter((name) => name !== "aud"));

/** Why tokens of this issuer with these claims are no login: strangers get them as well. Undefined if they are one. */
export function tokenProblem(graph: Graph, issuer: ResourceValue, claims: readonly string[]): string | undefined {
  const text = issuer.text();
  if (text === undefined) {
    if (graph.originsInside(issuer).some(({ type }) => types.userPool.includes(type))) return undefined;
    return claims.some((claim) => anyOwner.has(claim)) ? undefined : "the issuer of its tokens is not known";
  }
  if (graph.trusts(issuer)) return undefined;
  const [, owners] = publicIssuers.find(([pattern]) => pattern.test(text.trim().toLowerCase())) ?? [];
  if (owners === undefined || claims.some((claim) => owners.includes(claim))) return undefined;
  return `its tokens come from a public issuer and no claim names their owner (${owners.join(", ")}); an audience alone is the caller's choice`;
}
