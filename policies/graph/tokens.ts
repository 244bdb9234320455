import type { Graph, ResourceValue } from "./model";
import { types } from "./types";

const microsoft = ["login.microsoftonline.com", "sts.windows.net"];
/** Every tenant's, every work account's, every personal one's; personal accounts have a tenant of their own. */
const everybodysTenants = ["common", "organizations", "consumers", "9188040d-6c67-4c5b-b112-36a304b66dad"];

/**
 * Issuers that give tokens to everybody, by host and the first segments of the path, and the claims that say whose a token
 * is. An audience is not one of them where whoever asks for a token may choose it: GitHub's and GitLab's jobs do, and so
 * does every service account of Google's.
 */
const publicIssuers: readonly (readonly [addresses: readonly string[], owners: readonly string[]])[] = [
  [
    ["token.actions.githubusercontent.com"],
    [
      ...["sub", "repository", "repository_id", "repository_owner", "repository_owner_id"],
      ...["enterprise", "enterprise_id", "job_workflow_ref", "workflow_ref"],
    ],
  ],
  [
    ["gitlab.com"],
    ["sub", "namespace_path", "namespace_id", "project_path", "project_id", "user_id", "user_login", "user_email"],
  ],
  [
    ["accounts.google.com", "www.googleapis.com"],
    ["sub", "azp", "hd", "email"],
  ],
  [
    microsoft.flatMap((host) => everybodysTenants.map((tenant) => `${host}/${tenant}`)),
    ["sub", "oid", "tid", "preferred_username"],
  ],
  [["securetoken.google.com"], ["sub", "email", "user_id"]],
  [
    [
      ...["www.facebook.com", "limited.facebook.com", "appleid.apple.com", "www.linkedin.com"],
      ...["slack.com", "id.twitch.tv", "access.line.me", "api.login.yahoo.com"],
    ],
    ["sub", "email"],
  ],
  [["agent.buildkite.com"], ["sub", "organization_slug", "organization_id", "pipeline_id"]],
  [["app.terraform.io"], ["sub", "terraform_organization_id", "terraform_organization_name"]],
  [["api.pulumi.com/oidc"], ["sub", "org", "current_org"]],
  [["cognito-identity.amazonaws.com"], ["aud", "sub"]],
];

/**
 * The claims that say whose a token of this issuer is; undefined where not everybody gets one. The address ends where a
 * port or a path begins: accounts.google.com.example.com is somebody's own. Google also writes its own without a scheme
 * (https://developers.google.com/identity/openid-connect/openid-connect#validatinganidtoken).
 */
function ownersAt(issuer: string): readonly string[] | undefined {
  const text = issuer
    .trim()
    .toLowerCase()
    .replace(/^https:\/\//, "");
  const isAt = (address: string): boolean =>
    text.startsWith(address) && /^(?:[/:?#]|$)/.test(text.slice(address.length));
  return publicIssuers.find(([addresses]) => addresses.some(isAt))?.[1];
}

/** Whether anyone can have an account at this issuer, or get a token from it. */
export function isPublicIssuer(issuer: string): boolean {
  return ownersAt(issuer) !== undefined;
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
  const owners = ownersAt(text);
  if (owners === undefined || claims.some((claim) => owners.includes(claim))) return undefined;
  return `its tokens come from a public issuer and no claim names their owner (${owners.join(", ")}); an audience alone is the caller's choice`;
}
