import assert from "node:assert/strict";
import { isOauth2Proxy, type Oauth2Proxy, settingsOf } from "../../policies/graph/oauth2-proxy";
import type { Container } from "../../policies/graph/tasks";
import { proxyOf as of, proxyWith, secret } from "./support/oauth2-proxy";

const own = "acme/login:1";
const flags = (...words: string[]): Oauth2Proxy => of({}, { words });
const script = (text: string): Oauth2Proxy => of({}, { words: ["/bin/sh", "-c", text] });

describe("what is oauth2-proxy", () => {
  const is = (more: Partial<Container>): boolean => isOauth2Proxy(proxyWith({}, { image: own, ...more }));

  it("is its image, by any registry, and no other that is called alike", () => {
    for (const image of [
      "quay.io/oauth2-proxy/oauth2-proxy:v7",
      "oauth2-proxy",
      "oauth2-proxy@sha256:0",
      "acme/OAuth2-Proxy:1",
    ])
      assert.ok(is({ image }), image);
    for (const image of ["acme/my-oauth2-proxy:1", "acme/oauth2-proxy-exporter:1", "oauth2-proxy/chart:1", undefined])
      assert.ok(!is({ image }), image);
  });

  it("is what starts it, or has a variable that nothing else reads", () => {
    for (const words of [
      ["oauth2-proxy"],
      ["/bin/oauth2-proxy", "--upstream=x"],
      ["env", "AB=c", "oauth2-proxy"],
      ["/sbin/tini", "-s", "--", "oauth2-proxy"],
      ["catatonit", "--", "oauth2-proxy"],
      ["nohup", "oauth2-proxy"],
      ["sh", "-c", "exec /bin/oauth2-proxy"],
      ["sh", "-c", "oauth2-proxy <<< x"],
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
    for (const address of [
      "localhost:80",
      "[::1]:80",
      "127.10.20.30:80",
      "http://127.0.0.1:80",
      "https://localhost:80",
    ])
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
    assert.deepEqual(of({}, { environment: new Map([["MY_OAUTH2_PROXY_UPSTREAMS", "http://a"]]) }).upstreams, []);
    assert.equal(of({ CONFIG: "/x" }).upstreams, undefined);
    assert.equal(of({ UPSTREAM: "http://a" }, secret("UPSTREAMS")).upstreams, undefined);
    assert.deepEqual(of({}, { ...secret("UPSTREAMS"), words: ["--upstream=http://b"] }).upstreams, ["http://b"]);
  });

  it("says whether requests go on to anything", () => {
    const passesOn = (upstreams: string, more: Partial<Container> = {}): boolean =>
      of({ UPSTREAMS: upstreams }, more).passesOn;
    for (const upstreams of ["http://a", "static://202,http://a", "http://a/static://b", "unix:///static:"])
      assert.ok(passesOn(upstreams), upstreams);
    for (const upstreams of ["static://202", "file:///srv/#/a, static://404", ""])
      assert.ok(!passesOn(upstreams), upstreams);
    assert.ok(!of({}).passesOn);
    assert.ok(of({}, secret("UPSTREAMS")).passesOn);
    for (const more of [{ words: undefined }, { environmentFiles: true }, { image: own }])
      assert.ok(passesOn("static://202", more));
  });

  it("is read as pflag reads it", () => {
    assert.equal(told(["--skip-auth-preflight", "false"], "skip-auth-preflight"), "true");
    assert.equal(told(["--gcp-healthchecks", "false"], "gcp-healthcheck"), "true");
    assert.equal(told(["--cookie-domain", "a", "--x"], "cookie-domain"), "a");
    assert.equal(told(["--reverse-proxy", "--x"], "reverse-proxy"), "true");
    assert.equal(told(["--reverse-proxy"], "reverse-proxy"), "true");
    assert.equal(
      told(["--insecure-oidc-skip-issuer-verification", "no"], "insecure-oidc-skip-issuer-verification"),
      "true",
    );
    assert.equal(told(["--footer=a=b\nc'd"], "footer"), "a=b\nc'd");
    assert.equal(told(["env", "OAUTH2_PROXY_AB=c\nd", "oauth2-proxy"], "ab"), "c\nd");
    assert.equal(told(["env", "MY_OAUTH2_PROXY_AB=c", "oauth2-proxy"], "ab"), undefined);
    assert.equal(told(["--cookie-samesite=lax"], "cookie-samesite"), "lax");
    assert.equal(told(["--pass"], "pass"), "true");
    assert.equal(told(["---x=1", "x--y=1", "--A=1", "--9=1"], "x"), undefined);
    assert.equal(told(["--ab.c=d"], "ab"), undefined);
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
    assert.equal(settings("serve <<< x; oauth2-proxy --de  f").get("de"), "f");
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
      flags("env", "--ignore-signal=INT", "oauth2-proxy"),
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
      [flags("env", "A=b", "-i", "oauth2-proxy"), /starts something else/],
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
      [script("oauth2-proxy --client-id=my--id $A"), /arguments that cannot be seen/],
      [script("oauth2-proxy --client-id=my-id $A"), /arguments that cannot be seen/],
      [script("oauth2-proxy --skip$A"), /arguments that cannot be seen/],
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
