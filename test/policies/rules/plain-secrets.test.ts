import assert from "node:assert/strict";
import { layersOf, plainSecrets } from "../../../policies/support/plain-secrets";

const credential = "a credential";
const s = "s3cret-x";
const base64 = (text: string): string => Buffer.from(text).toString("base64");

/** What is said of a variable, a text where it has no name. */
function assertSaid(name: string | undefined, value: string, expected: readonly string[]): void {
  assert.deepEqual(plainSecrets(name, value), expected, `${name}=${value}`);
}

describe("a variable that holds a credential", () => {
  it("is one of Prefect's and oauth2-proxy's, whatever is in it", () => {
    for (const name of [
      ...["PREFECT_SERVER_API_AUTH_STRING", "PREFECT_API_AUTH_STRING", "PREFECT_API_KEY", "prefect_api_key"],
      ...["CLIENT_SECRET", "COOKIE_SECRET", "BASIC_AUTH_PASSWORD", "SIGNATURE_KEY", "JWT_KEY", "GITHUB_TOKEN"].map(
        (each) => `OAUTH2_PROXY_${each}`,
      ),
    ]) {
      assertSaid(name, "true", [credential]);
      assertSaid(name, "", []);
      assertSaid(name, " ", []);
      assertSaid(`MY_${name}`, "true", []);
      assertSaid(`${name}_FILE`, "true", []);
    }
  });

  it("has a name that tells", () => {
    for (const name of [
      ...["PGPASSWORD", "DB_PASSWORD", "DB_PASSWD", "KEY_PASSPHRASE", "password", "dbPassword", "a-password"],
      ...["PASS", "DB_PASS", "db.pwd", "db-pwd", "DB_SECRET", "secret", "TOKEN", "x2Token", "accessToken"],
      ...["AUTH_STRING", "AUTH-STRING", "authstring", "authString", "API_KEY", "api-key", "APIKEY", "apiKey"],
      ...["PRIVATE_KEY", "private-key", "privatekey", "AWS_SECRET_ACCESS_KEY", "secret-access-key", "secretaccesskey"],
      ...["secret_accesskey", "secretaccess-key", "CREDENTIAL", "db_credentials"],
    ])
      assertSaid(name, s, [credential]);
  });

  it("has no name that ends otherwise, or only in the middle of a word", () => {
    for (const name of [
      ...[
        "COMPASS",
        "BYPASS",
        "xpwd",
        "NOSECRET",
        "BETOKEN",
        "xapi_key",
        "xprivate_key",
        "OAUTH_STRING",
        "xcredential",
      ],
      ...[
        "PASSWORD_FILE",
        "SECRET_ARN",
        "TOKEN_URL",
        "PASSWORDS",
        "TOKENS",
        "CACHE_KEY",
        "ACCESS_KEY_ID",
        "KEY",
        "AUTH",
      ],
      ...["API_KEY_ID", "PASS_THROUGH", "PRIVATE_KEYS", "API+KEY", "AUTH+STRING"],
    ])
      assertSaid(name, s, []);
  });

  it("stands for itself", () => {
    for (const value of [
      ...[
        "$DB_PASSWORD",
        "${DB_PASSWORD}",
        '"$X"',
        "'$X'",
        "%(x)s",
        "%{x}",
        "{{x}}",
        "<x>",
        "<name>",
        "*",
        "***",
        '"***"',
      ],
      ...["arn:aws:secretsmanager:x", "/run/secrets/x", "http://x", "https://x", "x${Y}", "x$(y)", "x\uE000y", " $X "],
      ...[
        "true",
        "False",
        "null",
        "none",
        "yes",
        "no",
        "on",
        "off",
        "enabled",
        "disabled",
        "1",
        "12345",
        '"true"',
        "'12345'",
      ],
    ])
      assertSaid("DB_PASSWORD", value, []);
    for (const value of [
      ...[
        "x",
        "truely",
        "untrue",
        "123456",
        "a/b",
        "x/",
        "<x",
        "x<y>",
        "***x",
        "x***",
        "xarn:",
        "x-http://y",
        "httpx://",
      ],
      ...['tr"ue', "t'rue", "<x>y", "%x", "{x}", "x$y", "yes!", "12345x", "x{{y}}", "x%(y)"],
    ])
      assertSaid("DB_PASSWORD", value, [credential]);
  });

  it("holds the headers of a client", () => {
    const name = "PREFECT_CLIENT_CUSTOM_HEADERS";
    const said = ["a header's credential"];
    for (const header of [
      "Authorization",
      "cookie",
      "X-Token",
      "x-api-key",
      "CF-Access-Client-Secret",
      "secret",
      "x_token",
    ]) {
      assertSaid(name, `{"${header}": "x"}`, said);
      assertSaid(name.toLowerCase(), `{ "${header}"  :  "x" }`, said);
      assertSaid(name, `{"${header}":"$X"}`, []);
      assertSaid(name, `{"${header}": ""}`, []);
      assertSaid(`MY_${name}`, `{"${header}": "x"}`, []);
    }
    assertSaid(name, '{"X-Request": "x", "X-Tokens": "x", "Authorizations": "x"}', []);
  });
});

const address = "a password in an address";
const header = "an Authorization header's credential";
const file = "a password file's plain password";
const x30 = "a1".repeat(15);

/** What is found in a text, whatever holds it. */
const texts: readonly (readonly [text: string, expected: readonly string[]])[] = [
  ["postgresql://u:s3cret-x@db/p", [address]],
  ["postgresql+asyncpg://u:s3cret-x@db:5432/p", [address]],
  ["redis://:x@redis:6379/0", [address]],
  ["x HTTPS://u:x@h y", [address]],
  ["a://u:x@h", []],
  ["ab://u:x@h", [address]],
  ["postgresql://u@db:5432/p", []],
  ["postgresql://db:5432/p@x", []],
  ["postgresql://u:$DB_PASSWORD@db/p", []],
  ["postgresql://u:${DB_PASSWORD}@db/p", []],
  ["postgresql://u:true@db/p", []],
  ["postgresql://u:a@db redis://:b@r", [address]],
  ["postgresql://u:$A@db redis://:b@r", [address]],
  ["mail:u:x@h", []],
  ["http://a b:x@h", []],
  [`Authorization: Basic ${base64("u:p")}`, [header]],
  [`authorization: basic  ${base64("admin:s3cret-x")}`, [header]],
  [`Basic ${base64("no colon here")}`, []],
  [`Basic ${base64("u:p\u0007")}`, []],
  [`Basic ${base64("\u0007u:p")}`, []],
  ["Basic authentication", []],
  ["xBasic dTpw", []],
  ["Bearer abcdefghijklmno1", [header]],
  ["bearer   abcdefghijklmno1", [header]],
  ["Bearer abcdefghijklmn1", []],
  ["Bearer abcdefghijklmnop", []],
  ["xBearer abcdefghijklmno1", []],
  ["-----BEGIN PRIVATE KEY-----", ["a private key"]],
  ["-----BEGIN RSA PRIVATE KEY-----", ["a private key"]],
  ["x\n-----BEGIN ENCRYPTED OPENSSH EC PRIVATE KEY-----", ["a private key"]],
  ["-----BEGIN PUBLIC KEY-----", []],
  ["-----BEGIN rsa PRIVATE KEY-----", []],
  ["u:{PLAIN}x", [file]],
  ["u:{PLAIN}$P", []],
  ["u:{PLAIN} x", []],
  ["u:{PLAIN}", []],
  ["u:{PLAIN}:x", []],
  ['"{PLAIN}"', []],
  ["'{PLAIN}'", []],
  ...["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "pnu_", "pnb_"].flatMap(
    (prefix) =>
      [
        [`x ${prefix}${x30} y`, ["a token"]],
        [`x${prefix}${x30}`, []],
        [`${prefix}${x30.slice(1)}`, []],
        [`${prefix}${x30.slice(1)}!`, []],
      ] as const,
  ),
  ...["xoxa-", "xoxb-", "xoxp-", "xoxr-", "xoxs-"].flatMap(
    (prefix) =>
      [
        [`${prefix}1234567-a_`, ["a token"]],
        [`${prefix}123456-a_`, []],
      ] as const,
  ),
  ["ghx_a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1", []],
  // By name.
  ["password=s3cret-x", ["the value of password"]],
  ["export DB_PASSWORD='s3cret-x'", ["the value of DB_PASSWORD"]],
  ['export DB_PASSWORD="s3cret-x"', ["the value of DB_PASSWORD"]],
  ["password: s3cret-x", ["the value of password"]],
  ["password:    s3cret-x", ["the value of password"]],
  ["password:s3cret-x", []],
  ['client_secret = "s3cret-x"', ["the value of client_secret"]],
  ["client_secret    =    s3cret-x", ["the value of client_secret"]],
  ["'api-key' : 's3cret-x'", ["the value of api-key"]],
  ['{"database": {"password": "s3cret-x"}}', ["the value of password"]],
  ["spring.datasource.password=s3cret-x", ["the value of spring.datasource.password"]],
  ["?a=1&token=s3cret-x&b=2", ["the value of token"]],
  ["password=s3cre", []],
  ["password=s3cret", ["the value of password"]],
  ["password=s3cre,t", []],
  ["password=s3cre;t", []],
  ["password=s3cre}t", []],
  ["password=s3cre<t", []],
  ["password=s3cre|t", []],
  ["password=s3cre&t", []],
  ["password=s3cre)t", []],
  ["password=s3cre t", []],
  ["password='s3cre t'", ["the value of password"]],
  ['password="s3cre, t"', ["the value of password"]],
  ['password="s3c\nret"', []],
  ["password='s3c\nret'", []],
  ["password=$DB_PASSWORD", []],
  ["password=disabled", []],
  ["PREFECT_API_KEY=enabled", []],
  ["OAUTH2_PROXY_JWT_KEY=s3cret-x", ["the value of OAUTH2_PROXY_JWT_KEY"]],
  ["name=s3cret-x", []],
  ["1password=s3cret-x", []],
  ["pw=s3cret-x", []],
  ["pwd=s3cret-x", ["the value of pwd"]],
  ["password=s3cret-x token=s3cret-y", ["the value of password", "the value of token"]],
  ["password=s3cret-x password=s3cret-y", ["the value of password"]],
  ["password=s3cret-x & redis://:x@h", [address, "the value of password"]],
  // By flag.
  ["--client-secret=s3cret-x", ["the value of client-secret"]],
  ["--client-secret s3cret-x", ["the value of client-secret"]],
  ["-client-secret   s3cret-x", ["the value of client-secret"]],
  ['--client-secret "s3cret-x"', ["the value of client-secret"]],
  ["--client-secret 's3cret-x'", ["the value of client-secret"]],
  ["x --password s3cret-x", ["the value of password"]],
  ["x---password s3cret-x", []],
  ["x--password s3cret-x", []],
  ["--password -s3cret-x", []],
  ["--password --s3cret-x", []],
  ["--password s3cre", []],
  ["--password s3cre t", []],
  ["--password s3cre't", []],
  ['--password s3cre"t', []],
  ["--client-secret-file /run/x", []],
  ["--name s3cret-x", []],
  ["--password $DB_PASSWORD", []],
];

describe("a text that holds a credential", () => {
  for (const [text, expected] of texts)
    it(`${JSON.stringify(text)} holds ${expected.join() || "none"}`, () => {
      assertSaid(undefined, text, expected);
      assertSaid("ZED", text, expected);
    });

  it("may hold it in base64, in one line or several", () => {
    const inner = `# ${"x".repeat(70)}\npassword: s3cret-x\n`;
    assertSaid("CONFIG", base64(inner), ["the value of password"]);
    assertSaid("CONFIG", base64(inner).replace(/(.{76})/g, "$1\n"), ["the value of password"]);
    assertSaid("CONFIG", base64(inner).replace(/(.{76})/g, "$1\r\n"), ["the value of password"]);
    const cut = `# ${"x".repeat(104)}\npassword: s3cret-x\n`;
    for (const end of ["\n", "\r\n"])
      assertSaid("CONFIG", base64(cut).replace(/(.{76})/g, `$1${end}`), ["the value of password"]);
    assertSaid("CONFIG", `${base64("password: s3cret-x ")}\nexec tool`, ["the value of password"]);
    assertSaid("CONFIG", `a ${base64(inner)} b`, ["the value of password"]);
    assertSaid("CONFIG", base64(`password: s3cret-x\n\u0001`), []);
    assertSaid("CONFIG", base64(`\u0001password: s3cret-x\n`), []);
  });

  it("is read in its layers", () => {
    const plain = "a text, twenty signs long\t\r\n!";
    assert.deepEqual(layersOf(base64(plain)), [base64(plain), plain]);
    assert.deepEqual(layersOf("x ".repeat(20)), ["x ".repeat(20)]);
    assert.deepEqual(layersOf(base64("a".repeat(18))), [base64("a".repeat(18)), "a".repeat(18)]);
    assert.deepEqual(layersOf(base64("a".repeat(15))), [base64("a".repeat(15))]);
    assert.deepEqual(layersOf(base64("é".repeat(18))), [base64("é".repeat(18))]);
    assert.equal(layersOf("x ".repeat(1_000_000))[0]?.length, 1_000_000);
  });
});
