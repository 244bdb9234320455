import assert from "node:assert/strict";
import { isPublicIssuer } from "../../policies/graph/tokens";

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
    "https://login.microsoftonline.com/commonwealth/v2.0",
    "https://login.microsoftonline.com/7ab4c05b-3b0f-4c43-a6b2-2d3a3c7d1f00/v2.0",
    "https://api.pulumi.com/oidc-of-ours",
    "",
  ];
  for (const issuer of own)
    it(`that knows people of one's own: ${issuer || "(none)"}`, () => assert.equal(isPublicIssuer(issuer), false));
});
