import assert from "node:assert/strict";
import { worldOf } from "../../../policies/graph/world";
import { isCognito, isRefused, proxiesOf, ProxySettings } from "../../../policies/support/oauth2-proxies";
import { PrefectStack } from "../../../policies/support/prefect-stack";
import { asResources, declare, register } from "../support/stack";
import { oauth2Proxy } from "../support/pieces";
import { containerOf } from "./support/container";
import { found } from "./support/found";
import { soundGateway } from "./support/sound";

type Variables = Readonly<Record<string, string>>;
const settings = (
  variables: Variables,
  words: readonly string[] = [],
  secrets: readonly string[] = [],
): ProxySettings => {
  const environment = Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [`OAUTH2_PROXY_${name}`, value]),
  );
  const more = {
    environment,
    command: ["oauth2-proxy", ...words],
    secrets: secrets.map((name) => `OAUTH2_PROXY_${name}`),
  };
  return new ProxySettings(containerOf(oauth2Proxy({}, more)));
};

describe("a setting of oauth2-proxy", () => {
  it("is set by a variable, a flag or a secret that says something", () => {
    assert.ok(settings({ REDIRECT_URL: "https://p" }).isSet("redirect-url"));
    assert.ok(settings({}, ["--redirect-url=https://p"]).isSet("redirect-url"));
    assert.ok(settings({}, [], ["REDIRECT_URL"]).isSet("redirect-url"));
    assert.ok(!settings({ REDIRECT_URL: "" }).isSet("redirect-url"));
    assert.ok(!settings({ REDIRECT_URL: "  " }).isSet("redirect-url"));
    assert.ok(!settings({ REDIRECT: "https://p" }).isSet("redirect-url"));
  });

  it("is what all of its places say, and of one value the last", () => {
    const both = settings({ COOKIE_SAMESITE: " none " }, ["--cookie-samesite= lax "]);
    assert.equal(both.text("cookie-samesite"), "none , lax");
    assert.equal(both.value("cookie-samesite"), "lax");
    assert.equal(settings({}, [], ["COOKIE_SAMESITE"]).value("cookie-samesite"), undefined);
    assert.equal(settings({}).text("cookie-samesite"), undefined);
  });

  for (const [value, isOn] of [
    ...(["true", "T", "1", "yes"] as const).map((value) => [value, true] as const),
    ...(["false", "False", "f", "0"] as const).map((value) => [value, false] as const),
  ])
    it(`is ${isOn ? "on" : "off"} by ${value}`, () => {
      for (const otherwise of [true, false])
        assert.equal(settings({ COOKIE_SECURE: value }).isOn("cookie-secure", otherwise), isOn);
    });

  it("is on by a bare flag, whatever word follows, and by a secret", () => {
    for (const flag of ["--skip-auth-preflight", "-skip-auth-preflight"])
      assert.ok(settings({}, [flag, "false"]).isOn("skip-auth-preflight", false));
    assert.ok(settings({}, ["--ssl-insecure-skip-verify", "false"]).isOn("ssl-insecure-skip-verify", false));
    assert.ok(settings({}, ["--skip-jwt-bearer-tokens"]).isOn("skip-jwt-bearer-token", false));
    assert.ok(settings({}, [], ["COOKIE_SECURE"]).isOn("cookie-secure", false));
    for (const flag of ["--skip-auth-preflight-x", "x--skip-auth-preflight", "skip-auth-preflight"])
      assert.ok(!settings({}, [flag]).isOn("skip-auth-preflight", false), flag);
  });

  it("is its default where nobody says anything", () => {
    for (const otherwise of [true, false])
      for (const variables of [{}, { COOKIE_SECURE: "" }] as Variables[])
        assert.equal(settings(variables).isOn("cookie-secure", otherwise), otherwise);
  });

  for (const [text, hours] of [
    ["168h0m0s", 168],
    ["72h30m", 72.5],
    ["90m", 1.5],
    ["1.5h", 1.5],
    ["1800s", 0.5],
    ["3600000ms", 1],
    ["3600000000us", 1],
    ["3600000000µs", 1],
    ["3600000000000ns", 1],
    ["10.25h", 10.25],
    ["12h,24h", 24],
    ["0", 0],
    ["0s", 0],
    ["12", undefined],
    ["1h x", undefined],
    ["x1h", undefined],
    ["1d", undefined],
    ["", undefined],
  ] as const)
    it(`of a duration ${JSON.stringify(text)} is ${hours} hours`, () => {
      const found = settings({}, [`--cookie-expire=${text}`]).hours("cookie-expire");
      assert.equal(found === undefined ? undefined : Math.round(found * 1e6) / 1e6, hours);
    });

  it("of a duration that a secret holds is not known", () => {
    assert.equal(settings({}, [], ["COOKIE_EXPIRE"]).hours("cookie-expire"), undefined);
  });
});

describe("whom oauth2-proxy lets in", () => {
  const narrowing = [
    ...["ALLOWED_GROUPS", "ALLOWED_ROLES", "ALLOWED_EMAILS", "AUTHENTICATED_EMAILS_FILE", "KEYCLOAK_GROUPS"],
    ...["GOOGLE_GROUPS", "ENTRA_ID_ALLOWED_TENANTS", "GITHUB_ORG", "GITHUB_TEAM", "GITHUB_REPO", "GITHUB_USERS"],
    ...["GITLAB_GROUPS", "GITLAB_PROJECTS", "BITBUCKET_TEAM", "BITBUCKET_REPOSITORY"],
  ];
  for (const name of narrowing)
    it(`is named by ${name}`, () => {
      assert.ok(settings({ [name]: "data" }).namesPeople);
      assert.ok(settings({}, [], [name]).namesPeople);
      assert.ok(!settings({ [name]: " " }).namesPeople);
      assert.ok(!settings({ [`${name}_X`]: "data" }).namesPeople);
      assert.ok(!settings({ [`X_${name}`]: "data" }).namesPeople);
    });

  for (const [domains, areNamed] of [
    ["example.com", true],
    ["example.com,example.org", true],
    ["*", false],
    [" * ", false],
    ["example.com, *", false],
    ["*,example.com", false],
    ["*.example.com", true],
    ["", false],
  ] as const)
    it(`is ${areNamed ? "" : "not "}named by the mail domains ${JSON.stringify(domains)}`, () => {
      const verified = settings({ EMAIL_DOMAINS: domains });
      assert.deepEqual([verified.namesMailDomains, verified.namesUnverifiedMailDomains], [areNamed, false]);
      const unverified = settings({ EMAIL_DOMAINS: domains, INSECURE_OIDC_ALLOW_UNVERIFIED_EMAIL: "true" });
      assert.deepEqual([unverified.namesMailDomains, unverified.namesUnverifiedMailDomains], [false, areNamed]);
    });

  it("is named by mail domains that a secret holds", () => {
    assert.ok(settings({}, [], ["EMAIL_DOMAINS"]).namesMailDomains);
    assert.ok(!settings({}).namesMailDomains);
  });

  it("a user pool decides that has this address", () => {
    assert.ok(isCognito("https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_1"));
    for (const issuer of ["https://cognito-idp", "http://cognito-idp.x", "https://x/https://cognito-idp.y", ""])
      assert.ok(!isCognito(issuer), issuer);
  });
});

describe("an oauth2-proxy that is refused already", () => {
  const server = declare("aws:ecs/expressGatewayService:ExpressGatewayService", "express", {
    primaryContainer: {
      image: "acme/prefect:1.2.3",
      ...{ commands: ["prefect", "server", "start"], containerPort: 4200 },
      environments: [{ name: "OAUTH2_PROXY_TRUSTED_IPS", value: "10.0.0.0/8" }],
    },
  });
  const other = declare("aws:ecs/service:Service", "other", { taskDefinition: "arn:other" });
  const refusing = (...names: string[]): boolean[] => {
    const resources = asResources(register([server, other], "finished"));
    const refused = resources.filter(({ name }) => names.includes(name)).map(({ urn }) => urn);
    const stack = new PrefectStack(worldOf(resources), new Set(refused));
    return proxiesOf(stack).map((proxy) => isRefused(stack, proxy));
  };

  it("runs in refused services alone", () => {
    assert.deepEqual(refusing("express"), [true]);
    assert.deepEqual(refusing("express", "other"), [true]);
    assert.deepEqual(refusing("other"), [false]);
    assert.deepEqual(refusing(), [false]);
  });
});

describe("a nonce and a challenge", () => {
  const open = { OAUTH2_PROXY_INSECURE_OIDC_SKIP_NONCE: "", OAUTH2_PROXY_CODE_CHALLENGE_METHOD: "" };
  for (const [provider, isAsked] of [
    ...["google", "github", "facebook", "bitbucket", ""].map((name) => [name, false] as const),
    ...["oidc", "keycloak-oidc", "entra-id", "google-oidc"].map((name) => [name, true] as const),
  ])
    it(`are ${isAsked ? "" : "not "}asked of the provider ${JSON.stringify(provider)}`, () => {
      const stack = soundGateway({ proxy: { ...open, OAUTH2_PROXY_PROVIDER: provider } });
      const said = found("oauth2-proxy-is-hardened", stack).map(({ message }) => message);
      assert.equal(said.length, isAsked ? 1 : 0);
      if (isAsked) assert.match(said.join(), /skip-nonce is on by default.*; code-challenge-method is not S256/);
    });
});
