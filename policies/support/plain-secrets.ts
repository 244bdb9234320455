/** Of Prefect and oauth2-proxy: whatever is in these is a credential. */
const credentials =
  /^(?:PREFECT_(?:SERVER_API_AUTH_STRING|API_AUTH_STRING|API_KEY)|OAUTH2_PROXY_(?:CLIENT_SECRET|COOKIE_SECRET|BASIC_AUTH_PASSWORD|SIGNATURE_KEY|JWT_KEY|GITHUB_TOKEN))$/i;
/** Names that people give to credentials, `dbPassword` as `db_password`; `..._FILE`, `..._ARN`, `..._URL` end otherwise. */
const telling =
  /(?:password|passwd|passphrase|(?:^|[_.-])(?:pass|pwd|secret|token|auth[_-]?string|api[_-]?key|private[_-]?key|secret[_-]?access[_-]?key|credentials?))$/i;
const credentialHeaders = /"(?:authorization|cookie|[\w-]*(?:secret|token|api-key))"\s*:\s*"[^"$]/i;

/** Every quantifier is bounded: a text of 100,000 characters must not take longer than its length. */
const shapes: readonly (readonly [what: string, found: (text: string) => boolean])[] = [
  ["a password in an address", (text) => passwordsInAddresses(text).some(isLiteral)],
  ["an Authorization header's credential", (text) => headerCredentials(text)],
  ["a private key", (text) => /-----BEGIN (?:[A-Z]{1,20} ){0,3}PRIVATE KEY-----/.test(text)],
  ["a password file's plain password", (text) => /\{PLAIN\}[^\s:"'$]/.test(text)],
  [
    "a token",
    (text) =>
      /\b(?:gh[pousr]_[A-Za-z0-9]{30}|github_pat_\w{30}|pn[ub]_[A-Za-z0-9]{30}|xox[abprs]-[\w-]{10})/.test(text),
  ],
];

/** `NAME=value`, `export NAME="value"`, `name: value`, `name = "value"`, `"name": "value"`. */
const assignment =
  /(?<![\w.-])["']?([A-Za-z][\w.-]{2,60})["']?(?:\s{0,4}=\s{0,4}|\s{0,4}:\s{1,4})(?:"([^"\n]{1,400})|'([^'\n]{1,400})|([^\s"',;}<|&)]{1,400}))/g;
/** `--client-secret=value`, `--cookie-secret value`. */
const flag = /(?<![\w-])--?([a-z][a-z-]{2,40})(?:=|\s+)["']?([^\s"'-][^\s"']{0,400})/g;

/** Looked for at the start of a word only: what is too short there is so from within. The last of several lines may be short. */
const base64 = /(?<![A-Za-z0-9+/])((?:[A-Za-z0-9+/]{24,}={0,2}(?:\r?\n)?)+)(?:[A-Za-z0-9+/]+={0,2})?/g;

const longestText = 1_000_000;

/**
 * What in a variable is a credential in plain text: "a credential", "a password in an address"...
 *
 * @param name of the variable; undefined for a text, such as a command or a script
 * @returns kinds, never values
 */
export function plainSecrets(name: string | undefined, value: string): string[] {
  if (value.trim() === "") return [];
  const found = new Set<string>();
  if (name !== undefined && (credentials.test(name) || (isTelling(name) && isLiteral(value))))
    found.add("a credential");
  if (name?.toUpperCase() === "PREFECT_CLIENT_CUSTOM_HEADERS" && credentialHeaders.test(value))
    found.add("a header's credential");
  for (const layer of layersOf(value)) {
    for (const [what, is] of shapes) if (is(layer)) found.add(what);
    for (const assigned of assignments(layer)) found.add(assigned);
  }
  return [...found];
}

/** Credentials that a text sets by name: a script, a configuration file, an argument list. */
function assignments(text: string): string[] {
  // Most texts set nothing, which is quicker found by what every assignment holds.
  const assigned = /[=:]/.test(text) ? [...text.matchAll(assignment)] : [];
  const set = assigned.map(([, name = "", ...values]) => [name, values.find(Boolean) ?? ""] as const);
  const flags = [...text.matchAll(flag)].map(([, name = "", value = ""]) => [name, value] as const);
  return [...set, ...flags].flatMap(([name, value]) => {
    const isSecret = (credentials.test(name) || isTelling(name)) && isLiteral(value) && value.length >= 6;
    return isSecret ? [`the value of ${name}`] : [];
  });
}

function isTelling(name: string): boolean {
  return telling.test(name.replace(/([a-z0-9])([A-Z])/g, "$1_$2"));
}

/** Whether a value stands for itself: no variable of a shell or template, no address of a secret, no path, no switch. */
function isLiteral(value: string): boolean {
  const bare = value.trim().replace(/^["']|["']$/g, "");
  return !/^(?:\$|%[({]|\{\{|<.*>$|\*+$|arn:|\/|https?:\/\/|(?:true|false|null|none|yes|no|on|off|enabled|disabled|\d{1,5})$)|\$[({]|[\uE000]/i.test(
    bare,
  );
}

function passwordsInAddresses(text: string): string[] {
  if (!text.includes("://")) return [];
  return [...text.matchAll(/\b[a-z][a-z0-9+.-]{1,30}:\/\/[^\s/:@'"]{0,200}:([^\s/@'"]{1,400})@/gi)].map(
    ([, password = ""]) => password,
  );
}

/** `Basic` before something that decodes to `user:password`, `Bearer` before something with digits in it. */
function headerCredentials(text: string): boolean {
  const basic = [...text.matchAll(/\bBasic\s{1,4}([A-Za-z0-9+/]{4,400}={0,2})/gi)];
  const bearer = [...text.matchAll(/\bBearer\s{1,4}([A-Za-z0-9._~+/-]{16,400})/gi)];
  return (
    basic.some(([, value = ""]) => /^[\x20-\x7e]*:[\x20-\x7e]*$/.test(decoded(value))) ||
    bearer.some(([, value = ""]) => /\d/.test(value))
  );
}

/** The text, and what stands in it as base64, in lines or in one: configuration files travel that way. */
export function layersOf(whole: string): string[] {
  const text = whole.slice(0, longestText);
  // What stands below the lines may be their last one, or a word of the text.
  const inner = [...text.matchAll(base64)].flatMap(([chunk, lines = ""]) => [decoded(lines), decoded(chunk)]);
  return [...new Set([text, ...inner.filter((plain) => /^[\t\n\r\x20-\x7e]+$/.test(plain))])];
}

function decoded(base64: string): string {
  return Buffer.from(base64, "base64").toString("latin1");
}
