import assert from "node:assert/strict";
import type { Oauth2Proxy } from "../../policies/graph/oauth2-proxy";
import { proxyOf as of, secret } from "./support/oauth2-proxy";

describe("by which settings oauth2-proxy lets strangers in", () => {
  const bad: Record<string, string> = {
    SKIP_AUTH_ROUTES: "GET=^/",
    SKIP_AUTH_REGEX: "^/",
    SKIP_AUTH_PREFLIGHT: "true",
    TRUSTED_IPS: "10.0.0.0/8",
    PING_USER_AGENT: "x",
    GCP_HEALTHCHECKS: "1",
    INSECURE_OIDC_SKIP_ISSUER_VERIFICATION: "T",
    COOKIE_SAMESITE: "None",
    CONFIG: "/x",
    ALPHA_CONFIG: "/x",
    PING_PATH: "/oauth2/auth",
    READY_PATH: "/oauth2/auth",
  };
  for (const [name, value] of Object.entries(bad))
    it(name, () => {
      assert.equal(of({ PROVIDER: "oidc", [name]: value }).problems.length, 1);
      assert.equal(of({ PROVIDER: "oidc", [name]: " " }).problems.length, 0);
    });

  it("WHITELIST_DOMAINS", () => {
    const problems = (value: string): number => of({ PROVIDER: "oidc", WHITELIST_DOMAINS: value }).problems.length;
    for (const value of [".amazonaws.com", "*.cloudfront.net", "a.example.com, .AmazonCognito.com", "*"])
      assert.equal(problems(value), 1, value);
    for (const value of [".example.com", "x.amazonaws.com", ".amazonaws.org", "a*", ".my-amazonaws.com"])
      assert.equal(problems(value), 0, value);
  });

  it("not those that are off, or are none of them", () => {
    for (const value of ["false", "0", "F", "no", " FALSE "])
      assert.deepEqual(of({ SKIP_AUTH_PREFLIGHT: value }).problems, [], value);
    for (const value of ["falsey", "00", "a no", "yes"])
      assert.equal(of({ SKIP_AUTH_PREFLIGHT: value }).problems.length, 1, value);
    assert.deepEqual(
      of({ COOKIE_SAMESITE: "lax", PING_PATH: "/healthz", READY_PATH: "/r", toString: "x" }).problems,
      [],
    );
  });

  it("also where a secret holds them", () => {
    for (const name of ["SKIP_AUTH_ROUTES", "SKIP_AUTH_PREFLIGHT", "CONFIG", "PING_PATH"])
      assert.equal(of({}, secret(name)).problems.length, 1, name);
    for (const name of ["COOKIE_SAMESITE", "CLIENT_SECRET"]) assert.deepEqual(of({}, secret(name)).problems, [], name);
  });
});

describe("whom oauth2-proxy lets in", () => {
  type Settings = Record<string, string | undefined>;
  const all = (settings: Settings): Oauth2Proxy => of({ EMAIL_DOMAINS: "*", ...settings });
  const isOpen = (proxy: Oauth2Proxy): boolean => proxy.problems.some((each) => each.includes("every account"));

  it("is everybody at a provider where anyone has an account", () => {
    for (const provider of "google github gitlab facebook linkedin digitalocean bitbucket login.gov sourcehut azure".split(
      " ",
    ))
      assert.ok(isOpen(all({ PROVIDER: provider })), provider);
    assert.ok(isOpen(all({})));
    for (const provider of ["oidc", "keycloak-oidc", "adfs", "entra-id"])
      assert.ok(!isOpen(all({ PROVIDER: provider })), provider);
    assert.ok(!isOpen(of({ EMAIL_DOMAINS: "*" }, secret("PROVIDER"))));
  });

  it("is everybody at such an issuer", () => {
    const from = (issuer: string, provider: string): boolean =>
      isOpen(all({ PROVIDER: provider, OIDC_ISSUER_URL: issuer }));
    assert.ok(from("https://accounts.google.com", "oidc"));
    assert.ok(from("https://login.microsoftonline.com/common/v2.0", "entra-id"));
    assert.ok(!from("https://gitlab.example.com", "gitlab"));
    assert.ok(from("https://gitlab.com", "gitlab"));
    assert.ok(from("https://gitlab.example.com", "google"));
    assert.ok(!isOpen(of({ EMAIL_DOMAINS: "*", PROVIDER: "gitlab" }, secret("OIDC_ISSUER_URL"))));
  });

  it("is everybody at Microsoft without a tenant of one's own", () => {
    const of = (tenant: string): boolean =>
      isOpen(all({ PROVIDER: "azure", AZURE_TENANT: tenant, OIDC_ISSUER_URL: "https://gitlab.com" }));
    assert.ok(of("common"));
    assert.ok(of("organizations"));
    assert.ok(!of("0e7b6d2c-7f0b-4b0a-9c39-0e6f4d1d7a55"));
    assert.ok(!isOpen(all({ PROVIDER: "oidc", AZURE_TENANT: "common" })));
  });

  it("is everybody by domains that are nobody's own", () => {
    const by = (domains: string): boolean => isOpen(all({ EMAIL_DOMAINS: domains }));
    for (const domains of [
      "*",
      "example.com, *",
      "*,example.com",
      ".com",
      "@.io",
      "gmail.com",
      "example.com,@GMail.com",
      "outlook.com,a.b",
      "proton.me",
      "gmx.de",
    ])
      assert.ok(by(domains), domains);
    for (const domains of [
      "example.com",
      "*.example.com",
      ".example.com",
      "mygmail.com",
      "gmail.com.example.com",
      "gmail.example.com",
    ])
      assert.ok(!by(domains), domains);
    assert.ok(!isOpen(of({})));
  });

  it("is fewer where people are named", () => {
    for (const name of [
      ..."ALLOWED_GROUPS ALLOWED_ROLES ALLOWED_EMAILS AUTHENTICATED_EMAILS_FILE KEYCLOAK_GROUPS GOOGLE_GROUPS".split(
        " ",
      ),
      ..."ENTRA_ID_ALLOWED_TENANTS GITHUB_ORG GITHUB_TEAM GITHUB_REPO GITHUB_USERS GITLAB_GROUPS".split(" "),
      ..."GITLAB_PROJECTS BITBUCKET_TEAM BITBUCKET_REPOSITORY".split(" "),
    ]) {
      assert.ok(!isOpen(all({ [name]: "x" })), name);
      assert.ok(!isOpen(of({ EMAIL_DOMAINS: "*" }, secret(name))), name);
      assert.ok(isOpen(all({ [name]: " " })), name);
    }
    for (const name of ["MY_ALLOWED_GROUPS", "ALLOWED_GROUPS_CLAIM", "OIDC_GROUPS_CLAIM"])
      assert.ok(isOpen(all({ [name]: "x" })), name);
  });

  it("is not known where the domains are not", () => {
    const { problems, unseen, upstreams, port } = of({}, secret("EMAIL_DOMAINS"));
    assert.deepEqual([problems, unseen, upstreams, port], [[], "which mail domains it admits is not known", [], 4180]);
    assert.equal(of({ EMAIL_DOMAINS: undefined }, secret("GOOGLE_GROUPS")).unseen, undefined);
    assert.equal(of({ PROVIDER: "oidc" }, secret("EMAIL_DOMAINS")).unseen, undefined);
  });
});
