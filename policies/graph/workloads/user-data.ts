import { gunzipSync } from "node:zlib";
import type { Container } from "../tasks";

/** More than this is no start script: EC2 takes 16 KB, before a template's compression. */
const largest = 200_000;

/** User data as the machine sees it: plain, in base64, or that of a gzip archive; undefined where it is none. */
export function scriptIn(text: string): string | undefined {
  if (text.trim() === "" || text.length > largest) return undefined;
  const script = /^[A-Za-z0-9+/\r\n]{16,}={0,2}$/.test(text.trim()) ? decoded(text) : text;
  return script && withFiles(script);
}

function decoded(text: string): string | undefined {
  const bytes = Buffer.from(text, "base64");
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes.toString("utf8");
  try {
    return gunzipSync(bytes, { maxOutputLength: largest }).toString("utf8");
  } catch {
    return undefined;
  }
}

/**
 * What cloud-init writes from base64 (`encoding: b64`, `gz+b64`) and parts of a MIME archive in it are plain text behind the
 * script (https://cloudinit.readthedocs.io/en/latest/reference/modules.html#write-files).
 */
function withFiles(script: string): string {
  if (!/\b(?:b64|base64|gz\+b64)\b/i.test(script)) return script;
  const encoded =
    script.match(/(?<![A-Za-z0-9+/=])[A-Za-z0-9+/]{20,}(?:\r?\n[ \t]*[A-Za-z0-9+/]+)*={0,2}(?![A-Za-z0-9+/=:])/g) ?? [];
  const files = encoded.flatMap((each) => decoded(each) ?? []);
  return [script, ...files].join("\n");
}

const serverPort = 4200;
/** No script names more. */
const mostPorts = 1000;
const starts =
  /\bprefect(?:(?:@|[=~>]=)[\w.*]+)?(?:\s+--?[\w-]+(?:[ =]\S+)?){0,5}\s+(?:server|orion)\s+start\b[^\n;&|]*|\bprefect\.(?:server|orion)\.api\.server\b[^\n;&|]*/;
const chart = /\bhelm\s[^\n]{0,200}\bprefect[\w-]*\/prefect-(?:server|orion)\b/;
const authName = "PREFECT_SERVER_API_AUTH_STRING";

/** What a start script runs that matters: a Prefect server and, where it keeps to itself, what may stand before it. */
export function containersIn(script: string): Container[] {
  const text = withoutComments(script);
  const plain = plainly(text);
  const command = starts.exec(plain)?.[0] ?? (chart.test(plain) ? "prefect server start --host 0.0.0.0" : undefined);
  if (command === undefined) return proxiesIn(text);
  const server = serverOf(text, plain, command.split(/\s+/));
  if (server.healthCheck !== "") return [server, proxy(server.healthCheck)];
  const redirected = server.ports
    .flatMap((to) => redirectedTo(to, text))
    .map((port) => ({ ...server, words: wordsFor(port, false), ports: [port] }));
  return [server, ...redirected];
}

/**
 * Lists of words of a compose file read as commands, in brackets (`["prefect", "server", "start"]`) or in lines; so does what
 * goes on in the next line.
 */
function plainly(text: string): string {
  return text
    .replace(/\\\r?\n/g, "")
    .replace(/["'[\],]/g, " ")
    .replace(/\r?\n[ \t]*-[ \t]+(?=\S+[ \t]*\r?$)/gm, " ")
    .replace(/\r?\n[ \t]+(?=--\w)/g, " ");
}

function wordsFor(port: number | undefined, shut: boolean): string[] {
  return ["prefect", "server", "start", "--host", shut ? "127.0.0.1" : "0.0.0.0", "--port", String(port)];
}

/** Comments switch things off; `#!` and `#cloud-config` are none. */
function withoutComments(script: string): string {
  return script
    .split("\n")
    .map((line) => (/^\s*#(?!!|cloud-config)/.test(line) ? "" : line))
    .join("\n");
}

function serverOf(text: string, plain: string, words: readonly string[]): Container {
  const inContainer = /\b(?:docker|podman|nerdctl)\b|^[ \t]*services:/m.test(text);
  const own = portIn(optionIn(words, "port") ?? settingIn(text, "PREFECT_SERVER_API_PORT") ?? String(serverPort));
  const host = optionIn(words, "host") ?? settingIn(text, "PREFECT_SERVER_API_HOST") ?? "127.0.0.1";
  const onHostNetwork = /(?:--net(?:work)?[= ]\s*|network_mode:\s*)host\b/.test(plain);
  const published = inContainer && !onHostNetwork ? publishedPorts(text, plain, own) : undefined;
  const shut = published === undefined ? /^(?:127\.|localhost$|::1$)/.test(host) : published.length === 0;
  const [port] = published ?? [own];
  return {
    name: "user data",
    called: "what its user data starts",
    image: imageOf(text),
    words: wordsFor(port, shut),
    environment: new Map(setsAuthString(text, inContainer) ? [[authName, "set by the script"]] : []),
    secrets: new Set(),
    environmentFiles: false,
    ports: shut ? [] : (published ?? [own]).filter((each) => each !== undefined),
    healthCheck: shut ? (proxyIn(text) ?? "") : "",
  };
}

/** Undefined for a variable of the script's. */
function portIn(text: string): number | undefined {
  return /^\d{1,5}$/.test(text) ? Number(text) : undefined;
}

/** `-p 80:4200` of a command, an element of a compose file's `ports`, in a line of its own or in brackets. */
const mapping =
  /(?:-p|--publish|^[ \t]*-|[[,])[= \t]*["']?(?:([\d.]+|\[[^\]]*\]|\$\{?\w+\}?):)?([^\s"',:/[\]]+):([\d-]+)(?:\/tcp)?(?=["'\s,\]]|$)/gm;

/**
 * Ports of the machine that are mapped to the server's, those on its loopback left out. Undefined is one that is not known:
 * a variable, a range, or one that Docker picks.
 */
function publishedPorts(text: string, plain: string, own: number | undefined): (number | undefined)[] {
  const mapped = [...text.matchAll(mapping)]
    .filter(([, address]) => !/^127\./.test(address ?? ""))
    .filter(([, , , container = ""]) => own === undefined || [own, undefined].includes(portIn(container)))
    .map(([, , port = "", container = ""]) => (portIn(container) === undefined ? undefined : portIn(port)));
  const targets = [...text.matchAll(/\btarget:\s*["']?(\d+)/g)].map(([, target]) => Number(target));
  const long =
    own === undefined || targets.includes(own)
      ? [...text.matchAll(/\bpublished:\s*["']?([^\s"',}]+)/g)].map(([, port = ""]) => portIn(port))
      : [];
  const picked = /\b(?:docker|podman|nerdctl)\s[^\n;&|]*\s(?:-P|--publish-all|(?:-p|--publish)[= ]\d+)(?=\s)/.test(
    plain,
  );
  return [...mapped, ...long, ...(picked ? [undefined] : [])];
}

function optionIn(words: readonly string[], name: string): string | undefined {
  const at = words.findLastIndex((word) => word === `--${name}` || word.startsWith(`--${name}=`));
  if (at < 0) return undefined;
  return words[at]?.includes("=") ? words[at].replace(/^[^=]*=/, "") : words[at + 1];
}

function settingIn(text: string, name: string): string | undefined {
  return new RegExp(`\\b${name}\\s*[=:]\\s*["']?([^\\s"']+)`).exec(text)?.[1];
}

/** The version is what the image's tag or pip's requirement says, a variable perhaps; without one it is the newest. */
function imageOf(text: string): string {
  const image = /\b(?:[\w.-]{1,100}\/){0,3}prefecthq\/prefect\b(?:[:@][^\s"',;&|)\]}]{1,200})?/.exec(text)?.[0];
  if (image !== undefined) return /[:@]/.test(image) ? image : `${image}:latest`;
  const [, required, chosen] =
    /\bprefect(?:(?:\[[\w,-]*\])?\s*(?:==|~=|>=)\s*v?([^\s"',;&|)]+)|@v?(\d[\d.]*))/.exec(text) ?? [];
  return `prefecthq/prefect:${required ?? chosen ?? "latest"}`;
}

/** Only what reaches the server's environment counts: a variable of the script alone does not, nor one into a container. */
function setsAuthString(text: string, inContainer: boolean): boolean {
  if (new RegExp(`${authName}(?:=["']{0,2}(?:$|[\\s;])|["']?:[ \\t]*(?:["']{2})?[ \\t]*$)`, "m").test(text))
    return false;
  if (new RegExp(`unset\\s+${authName}`).test(text)) return false;
  const value = `${authName}=["']?[^\\s"']`;
  const inFile = new RegExp(`^[ \\t]*(?:-[ \\t]*)?["']?${authName}["']?(?::[ \\t]+|=)["']?[^\\s"']`, "m");
  const passed = new RegExp(`(?:-e|--env)[\\s=]+["']?${value}`);
  if (inContainer) return passed.test(text) || (/^[ \t]*services:/m.test(text) && inFile.test(text));
  // In the line of the command: what stands in a line of its own stays with the script.
  const blank = "(?:[ \\t]|\\\\\\r?\\n)+";
  return new RegExp(
    `(?:\\bexport|Environment=|config\\s+set)\\s*["']?${value}|\\b${value}\\S*${blank}(?:\\w+=\\S+${blank})*(?:prefect|uvx|python3?)\\b`,
  ).test(text);
}

/** What forwards connections without a configuration of its own: the kernel, ssh, and the like. */
const forwarders: readonly (readonly [name: string, command: RegExp])[] = [
  ["iptables", /\b(?:iptables|nft)\b[^\n]{0,300}\b(?:DNAT|dnat)\b/],
  ["ssh", /\b(?:auto)?ssh\b[^\n]{0,300}\s-\w*L[\s\d*[]/],
  ["rinetd", /\brinetd\b/],
  ["ncat", /\b(?:ncat|nc)\b[^\n]{0,200}\s-\w*(?:c|e|k|l)\w*\b/],
];

/** A proxy alone, which may lead to a Prefect elsewhere: what the script says is all that is seen of its settings. */
function proxiesIn(text: string): Container[] {
  const passesOn = /\b(?:proxy_pass|reverse_proxy|reverse-proxy|ProxyPass|upstreams?|backend|TCP4?:|loadBalancer)\b/i;
  const forwarder = forwarders.find(([, command]) => command.test(text))?.[0];
  const name = passesOn.test(text) ? (proxyIn(text) ?? forwarder) : forwarder;
  return name === undefined ? [] : [{ ...proxy(name, portsIn(text)), environment: new Map([["script", text]]) }];
}

/** Numbers in a script, any of which may be a port of the machine: `--dport 8000`, `TCP-LISTEN:8000`, `listen 8000`. */
function portsIn(text: string): number[] {
  return [...new Set(text.match(/\b\d{2,5}\b/g))].slice(0, mostPorts).map(Number);
}

/** Ports that the kernel hands to this one: `--dport 80 -j REDIRECT --to-port 4200`. */
function redirectedTo(port: number, text: string): number[] {
  const redirect = /--dport[= ](\d{1,5})\b[^\n]{0,200}\bREDIRECT\b[^\n]{0,100}--to-ports?[= ](\d{1,5})\b/g;
  return [...text.matchAll(redirect)].filter(([, , to]) => Number(to) === port).map(([, from]) => Number(from));
}

function proxyIn(text: string): string | undefined {
  return /\b(nginx|caddy|haproxy|traefik|envoy|oauth2-proxy|apache2|httpd|socat|squid|pomerium)\b/.exec(text)?.[1];
}

/** What the script starts before the server, and whose settings are not followed. */
function proxy(name: string, ports: readonly number[] = []): Container {
  return {
    name,
    called: `${name}, which its user data starts,`,
    image: name,
    words: undefined,
    environment: new Map(),
    secrets: new Set(["whatever the script gives it"]),
    environmentFiles: false,
    ports: [...new Set([80, 443, 8080, 8443, ...ports])],
    healthCheck: "",
  };
}
