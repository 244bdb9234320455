import assert from "node:assert/strict";
import { isOauth2Proxy, type Oauth2Proxy, oauth2ProxyOf, settingsOf } from "../../policies/graph/oauth2-proxy";
import type { Container } from "../../policies/graph/tasks";

const official = "quay.io/oauth2-proxy/oauth2-proxy:v7.15.3-alpine";

/** A container of oauth2-proxy's image with these variables, without their prefix. */
function proxyWith(variables: Record<string, string | undefined> = {}, more: Partial<Container> = {}): Container {
  return {
    name: "login",
    image: official,
    words: [],
    environment: new Map(Object.entries(variables).map(([name, value]) => [`OAUTH2_PROXY_${name}`, value])),
    secrets: new Set(),
    environmentFiles: false,
    ports: [],
    healthCheck: "",
    ...more,
  };
}
const own = "acme/login:1";
const of = (variables: Record<string, string | undefined>, more: Partial<Container> = {}): Oauth2Proxy =>
  oauth2ProxyOf(proxyWith(variables, more));
const flags = (...words: string[]): Oauth2Proxy => of({}, { words });
const script = (text: string, more: Partial<Container> = {}): Oauth2Proxy =>
  of({}, { words: ["/bin/sh", "-c", text], ...more });
const secret = (...names: string[]): Partial<Container> => ({
  secrets: new Set(names.map((n) => `OAUTH2_PROXY_${n}`)),
});

describe("what is oauth2-proxy", () => {
  const is = (more: Partial<Container>): boolean => isOauth2Proxy(proxyWith({}, { image: own, ...more }));

  it("is its image, by any registry, and no other that is called alike", () => {
    for (const image of [official, "oauth2-proxy", "oauth2-proxy@sha256:0", "acme/OAuth2-Proxy:1"])
      assert.ok(is({ image }), image);
    for (const image of ["acme/my-oauth2-proxy:1", "acme/oauth2-proxy-exporter:1", "oauth2-proxy/chart:1", undefined])
      assert.ok(!is({ image }), image);
  });

  it("is what starts it, or has a variable that nothing else reads", () => {
    for (const words of [
      ["oauth2-proxy"],
      ["/bin/oauth2-proxy", "--upstream=x"],
      ["env", "A=b", "oauth2-proxy"],
      ["/sbin/tini", "-s", "--", "oauth2-proxy"],
      ["sh", "-c", "exec /bin/oauth2-proxy"],
      ["sh", "-c", "cat <<< x; oauth2-proxy"],
      ["sh", "-c", "cat <<< x;/bin/oauth2-proxy --a"],
    ])
      assert.ok(is({ words }), words.join(" "));
    for (const words of [
      ["serve", "oauth2-proxy"],
      ["env", "serve", "oauth2-proxy"],
      ["env", "-i", "oauth2-proxy"],
      ["sh", "-c", "echo oauth2-proxy"],
      ["sh", "-c", "cat <<< x; my-oauth2-proxy"],
      ["sh", "-c", "cat <<< x; oauth2-proxy-exporter"],
      undefined,
    ])
      assert.ok(!is({ words }), words?.join(" "));
    assert.ok(is({ environment: new Map([["OAUTH2_PROXY_A", undefined]]) }));
    assert.ok(is(secret("CLIENT_SECRET")));
    for (const name of ["OAUTH2_PROXY_", "MY_OAUTH2_PROXY_A", "OAUTH2_PROXY_-"])
      assert.ok(!is({ environment: new Map([[name, "x"]]) }), name);
  });
});

describe("where oauth2-proxy listens", () => {
  const at = (proxy: Oauth2Proxy): unknown[] => [proxy.port, proxy.loopbackOnly];

  it("is its loopback unless something else is said", () => {
    assert.deepEqual(at(of({})), [4180, true]);
    assert.deepEqual(at(of({ HTTP_ADDRESS: "0.0.0.0:4181" })), [4181, false]);
    for (const address of ["localhost:80", "[::1]:80", "127.1.2.3:80", "http://127.0.0.1:80", "https://localhost:80"])
      assert.deepEqual(at(of({ HTTP_ADDRESS: address })), [80, true], address);
    for (const address of [
      ":80",
      "10.0.0.1:80",
      "[::]:80",
      "127.0.0.1.example.com:80",
      "a.localhost:80",
      "x://localhost:80",
    ])
      assert.deepEqual(at(of({ HTTP_ADDRESS: address })), [80, false], address);
    assert.deepEqual(at(of({ HTTP_ADDRESS: "unix:///tmp/s" })), [undefined, false]);
    assert.deepEqual(at(of({ HTTP_ADDRESS: "0.0.0.0:123456" })), [undefined, false]);
    assert.deepEqual(at(of({ HTTP_ADDRESS: "127.0.0.1:4180" }, { words: ["--http-address=:4181"] })), [4181, false]);
  });

  it("is not known where it cannot be seen", () => {
    assert.deepEqual(at(of({}, secret("HTTP_ADDRESS"))), [undefined, false]);
    assert.deepEqual(at(of({ HTTP_ADDRESS: undefined })), [undefined, false]);
    assert.deepEqual(at(of({ CONFIG: "/etc/p.cfg" })), [undefined, false]);
    assert.deepEqual(at(of({ ALPHA_CONFIG: undefined })), [undefined, false]);
    assert.deepEqual(at(of({ CONFIG: " " })), [4180, true]);
    assert.deepEqual(at(of({}, { environmentFiles: true })), [undefined, false]);
    assert.deepEqual(at(script("OAUTH2_PROXY_HTTP_ADDRESS=0.0.0.0:$PORT exec oauth2-proxy")), [undefined, false]);
  });

  it("is another address with a certificate of its own", () => {
    for (const name of ["TLS_CERT_FILE", "TLS_KEY_FILE"]) assert.deepEqual(at(of({ [name]: "/tls" })), [443, false]);
    assert.deepEqual(at(of({ TLS_CERT_FILE: "/c", HTTP_ADDRESS: ":1", HTTPS_ADDRESS: "127.0.0.1:8443" })), [
      8443,
      true,
    ]);
    assert.deepEqual(at(of({ TLS_CERT_FILE: "", HTTPS_ADDRESS: ":8443" })), [4180, true]);
    assert.deepEqual(at(of({ TLS_CERT_FILE: "/c" }, secret("HTTPS_ADDRESS"))), [undefined, false]);
  });

  it("is not where its metrics are", () => {
    assert.deepEqual(
      of({ METRICS_ADDRESS: ":9100", METRICS_SECURE_ADDRESS: "0.0.0.0:9101" }).metricsPorts,
      [9100, 9101],
    );
    assert.deepEqual(of({ HTTPS_ADDRESS: ":8443" }).metricsPorts, []);
  });

  it("has a prefix for its own paths", () => {
    assert.equal(of({}).prefix, "/oauth2");
    assert.equal(flags("--proxy-prefix", "/login").prefix, "/login");
  });
});

describe("what oauth2-proxy is told", () => {
  const told = (words: string[], name: string): string | undefined => settingsOf(proxyWith({}, { words })).get(name);

  it("comes by variables and flags, in the plural or not, with the last of them", () => {
    assert.deepEqual(of({ UPSTREAMS: "http://a, http://b" }).upstreams, ["http://a", "http://b"]);
    assert.deepEqual(flags("--upstream=http://a", "-upstream", "http://b").upstreams, ["http://a", "http://b"]);
    assert.deepEqual(of({ UPSTREAMS: "http://a" }, { words: ["--upstream='http://b'"] }).upstreams, [
      "http://a",
      "http://b",
    ]);
    assert.deepEqual(of({}).upstreams, []);
    assert.equal(of({}, secret("UPSTREAMS")).upstreams, undefined);
    assert.equal(of({ CONFIG: "/x" }).upstreams, undefined);
    assert.equal(of({ UPSTREAM: "http://a" }, secret("UPSTREAMS")).upstreams, undefined);
    assert.deepEqual(of({}, { ...secret("UPSTREAMS"), words: ["--upstream=http://b"] }).upstreams, ["http://b"]);
  });

  it("is read as pflag reads it", () => {
    assert.equal(told(["--skip-auth-preflight", "false"], "skip-auth-preflight"), "true");
    assert.equal(told(["--gcp-healthchecks", "false"], "gcp-healthcheck"), "true");
    assert.equal(told(["--cookie-domain", "a", "--x"], "cookie-domain"), "a");
    assert.equal(told(["--reverse-proxy", "--x"], "reverse-proxy"), "true");
    assert.equal(told(["--reverse-proxy"], "reverse-proxy"), "true");
    assert.equal(told(["--footer=a=b\nc"], "footer"), "a=b\nc");
    assert.equal(told(["--cookie-samesite=lax"], "cookie-samesite"), "lax");
    assert.equal(told(["--pass"], "pass"), "true");
    assert.equal(told(["---x=1", "x--y=1", "--A=1", "--9=1"], "x"), undefined);
    assert.equal(told(["--email-domain='*'"], "email-domain"), "*");
    assert.equal(told(['--email-domain="*"'], "email-domain"), "*");
    assert.equal(told(["--email-domain=$(DOMAIN)"], "email-domain"), undefined);
  });

  it("also comes by a script", () => {
    const settings = (text: string): Map<string, string | undefined> =>
      settingsOf(proxyWith({}, { words: ["sh", "-c", text] }));
    assert.equal(settings("export OAUTH2_PROXY_EMAIL_DOMAINS='*'\nexec oauth2-proxy").get("email-domain"), "*");
    assert.equal(settings("OAUTH2_PROXY_A=b oauth2-proxy").get("a"), "b");
    assert.equal(settings("OAUTH2_PROXY_A= oauth2-proxy").get("a"), "");
    assert.deepEqual([...settings("OAUTH2_PROXY_A=$B oauth2-proxy")], [["a", undefined]]);
    assert.deepEqual([...settings("OAUTH2_PROXY_A=`b` oauth2-proxy")], [["a", undefined]]);
    assert.deepEqual([...settings('oauth2-proxy --ab="$B"')], [["ab", undefined]]);
    assert.equal(settings("serve --ab=c; oauth2-proxy --de=f").get("ab"), undefined);
    assert.equal(settings("serve <<< x; oauth2-proxy --de=f").get("de"), "f");
  });
});

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

describe("what is not seen of oauth2-proxy", () => {
  it("is nothing where its image or command shows it all", () => {
    for (const proxy of [
      of({}),
      flags("--reverse-proxy"),
      flags("/bin/oauth2-proxy", "--reverse-proxy"),
      flags("env", "A=b", "oauth2-proxy"),
      flags("dumb-init", "--", "oauth2-proxy"),
      script("exec oauth2-proxy --client-secret $SECRET"),
      script("exec oauth2-proxy --upstream $SECRET --redis-password $PASSWORD -a=$B"),
      script("export A=$B; export OAUTH2_PROXY_COOKIE_SECRET=$C; oauth2-proxy"),
      script("echo $A; oauth2-proxy"),
      of({}, { image: own, words: ["oauth2-proxy"] }),
    ])
      assert.equal(proxy.unseen, undefined);
  });

  it("may be settings", () => {
    const unseen: [Oauth2Proxy, RegExp][] = [
      [of({}, { image: own }), /image of one's own/],
      [of({}, { words: undefined }), /arguments are not known/],
      [of({}, { environmentFiles: true }), /environment files/],
      [flags("/entry.sh"), /starts something else/],
      [flags("env", "-i", "oauth2-proxy"), /starts something else/],
      [flags("env", "-u", "A", "oauth2-proxy"), /starts something else/],
      [flags("env", "--unset=A", "oauth2-proxy"), /starts something else/],
      [flags("env", "--ignore-environment", "oauth2-proxy"), /starts something else/],
      [flags("serve", "oauth2-proxy"), /starts something else/],
      [script("serve"), /how its start script runs/],
      [script("oauth2-proxy & oauth2-proxy"), /how its start script runs/],
      [script("oauth2-proxy <<< x"), /cannot be followed/],
      ...[". /x", "source /x", "eval $X"].map((read): [Oauth2Proxy, RegExp] => [
        script(`${read}; oauth2-proxy`),
        /reads files/,
      ]),
      [script("export $A; oauth2-proxy"), /arguments that cannot be seen/],
      [script("export A=1 $B=2; oauth2-proxy"), /arguments that cannot be seen/],
      [script("oauth2-proxy $A"), /arguments that cannot be seen/],
      [script("oauth2-proxy --skip-provider-button $A"), /arguments that cannot be seen/],
      [script("oauth2-proxy --client-secret x $A"), /arguments that cannot be seen/],
      [script("oauth2-proxy --client-secret=x $A"), /arguments that cannot be seen/],
      [script("oauth2-proxy $A=b"), /arguments that cannot be seen/],
    ];
    for (const [proxy, reason] of unseen) assert.match(proxy.unseen ?? "", reason);
  });

  it("adds a credential only where it may have one", () => {
    const adds = (variables: Record<string, string>, more: Partial<Container> = {}): boolean =>
      of(variables, more).mayAddCredential;
    assert.ok(!adds({}, secret("CLIENT_SECRET")));
    assert.ok(adds({ CONFIG: "/x" }));
    assert.ok(adds({}, { environmentFiles: true }));
    assert.ok(!adds({ A: "b" }, { image: own }));
    assert.ok(adds({ A: "b" }, { image: own, secrets: new Set(["X"]) }));
    assert.ok(adds({ A: "b" }, { image: own, environmentFiles: true }));
    assert.ok(!adds({}, { image: own, words: ["oauth2-proxy"], secrets: new Set(["X"]) }));
    assert.ok(!adds({}, secret("EMAIL_DOMAINS")));
  });
});
