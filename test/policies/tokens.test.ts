import assert from "node:assert/strict";
import type { Graph, ResourceValue } from "../../policies/graph/model";
import { isPublicIssuer, tokenProblem } from "../../policies/graph/tokens";

describe("an issuer", () => {
  const everybodys = [
    "https://accounts.google.com",
    "accounts.google.com",
    " https://Accounts.Google.com/ ",
    "https://accounts.google.com:443",
    "https://token.actions.githubusercontent.com/acme",
    "https://login.microsoftonline.com/common/v2.0",
    "https://sts.windows.net/9188040d-6c67-4c5b-b112-36a304b66dad/",
    "https://api.pulumi.com/oidc",
  ];
  for (const issuer of everybodys)
    it(`whose tokens everybody gets: ${issuer.trim()}`, () => assert.equal(isPublicIssuer(issuer), true));

  const own = [
    "https://accounts.google.com.example.com",
    "https://accounts.google.company",
    "https://my-accounts.google.com",
    "https://example.com/accounts.google.com",
    "https://example.com?https://accounts.google.com",
    "https://https://accounts.google.com",
    "accountshttps://.google.com",
    "https://login.microsoftonline.com/commonwealth/v2.0",
    "https://login.microsoftonline.com/7ab4c05b-3b0f-4c43-a6b2-2d3a3c7d1f00/v2.0",
    "https://api.pulumi.com/oidc-of-ours",
    "",
  ];
  for (const issuer of own)
    it(`that knows people of one's own: ${issuer || "(none)"}`, () => assert.equal(isPublicIssuer(issuer), false));
});

/** What tells whose a token of theirs is, by issuers. */
const owners: readonly (readonly [issuers: string, claims: string])[] = [
  [
    "token.actions.githubusercontent.com",
    "sub repository repository_id repository_owner repository_owner_id enterprise enterprise_id job_workflow_ref workflow_ref",
  ],
  ["gitlab.com", "sub namespace_path namespace_id project_path project_id user_id user_login user_email"],
  ["accounts.google.com www.googleapis.com", "sub azp hd email"],
  [
    ["login.microsoftonline.com", "sts.windows.net"]
      .flatMap((host) =>
        ["common", "organizations", "consumers", "9188040d-6c67-4c5b-b112-36a304b66dad"].map(
          (tenant) => `${host}/${tenant}`,
        ),
      )
      .join(" "),
    "sub oid tid preferred_username",
  ],
  ["securetoken.google.com/project", "sub email user_id"],
  [
    "www.facebook.com limited.facebook.com appleid.apple.com www.linkedin.com slack.com id.twitch.tv access.line.me api.login.yahoo.com",
    "sub email",
  ],
  ["agent.buildkite.com", "sub organization_slug organization_id pipeline_id"],
  ["app.terraform.io", "sub terraform_organization_id terraform_organization_name"],
  ["api.pulumi.com/oidc", "sub org current_org"],
  ["cognito-identity.amazonaws.com", "aud sub"],
];

describe("tokens", () => {
  const problem = (
    issuer: string | undefined,
    claims: readonly string[],
    { types = [] as string[], trusted = false } = {},
  ): string | undefined =>
    tokenProblem(
      { originsInside: () => types.map((type) => ({ type })), trusts: () => trusted } as unknown as Graph,
      { text: () => issuer } as unknown as ResourceValue,
      claims,
    );

  for (const [issuers, claims] of owners)
    for (const issuer of issuers.split(" "))
      it(`of ${issuer} are somebody's by one of its claims`, () => {
        const names = claims.split(" ");
        for (const claim of names) assert.equal(problem(`https://${issuer}`, ["other", claim]), undefined, claim);
        for (const others of [[], ["nbf"], ...(names.includes("aud") ? [] : [["aud"]])]) {
          const said = problem(`https://${issuer}`, others) ?? "";
          assert.ok(said.includes(`(${names.join(", ")})`), said);
        }
        assert.equal(problem(`https://${issuer}`, [], { trusted: true }), undefined);
      });

  it("of one's own issuer need no claim", () => assert.equal(problem("https://example.com", []), undefined));

  it("of an issuer that is not known need one that names an owner, or a pool of the stack", () => {
    const unknown = "the issuer of its tokens is not known";
    for (const claims of [[], ["aud"], ["nbf"]]) assert.equal(problem(undefined, claims), unknown);
    for (const [, claims] of owners)
      for (const claim of claims.split(" "))
        if (claim !== "aud") assert.equal(problem(undefined, ["aud", claim]), undefined, claim);
    assert.equal(problem(undefined, [], { types: ["a:b:C", "aws:cognito/userPool:UserPool"] }), undefined);
    assert.equal(problem(undefined, [], { types: ["a:b:C"] }), unknown);
    assert.equal(problem(undefined, [], { trusted: true }), unknown);
  });
});
