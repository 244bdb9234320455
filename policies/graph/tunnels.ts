import type { Container } from "./tasks";

/** A program that connects out to a public host, which sends strangers' requests back in. */
export interface Tunnel {
  /** Where it leads, if its command says so. */
  readonly port: number | undefined;
  /** It says that nobody is asked. */
  readonly isOpen: boolean;
}

const programs =
  /(?:^|[\s/])(?:cloudflared|ngrok|frpc|inlets|bore|zrok|pagekite|localtunnel|lt|chisel|rathole|devtunnel|playit|autossh|gost|wstunnel|tunnelto|tunnelmole|sish|packetriot|pktriot|remoteit|ktunnel)(?:[\s:@]|$)/i;
const other = /\btailscale\b[^\n]{0,200}\bfunnel\b|\b(?:auto)?ssh\b[^\n]{0,200}\s-\w*R\b/i;
/** Settings that nothing else reads, of whatever image: tailscale's, cloudflared's, ngrok's, inlets'. */
const variables = [
  "TS_SERVE_CONFIG",
  "TUNNEL_TOKEN",
  "TUNNEL_URL",
  "TUNNEL_CRED_FILE",
  "NGROK_AUTHTOKEN",
  "INLETS_TOKEN",
];
const asks = /--?(?:basic-auth|oauth|oidc|auth|traffic-policy|access|cidr-allow|mutual-tls)\b/i;

export function isTunnel({ image, words = [], environment, secrets }: Container): boolean {
  const command = words.join(" ");
  return (
    programs.test(`${image ?? ""} ${command}`) ||
    other.test(command) ||
    variables.some((name) => environment.has(name) || secrets.has(name))
  );
}

/** Undefined for a container that is none. */
export function tunnelOf(container: Container): Tunnel | undefined {
  if (!isTunnel(container)) return undefined;
  const command = container.words?.join(" ") ?? "";
  // Its own sub-commands name a port: `--url http://localhost:4200`, `http 4200`, `local 4200`, `--port 4200`.
  const port =
    /(?:localhost|127\.0\.0\.1|\[::1\]):(\d{2,5})|(?<![\w-])(?:http|tcp|local|funnel|--port|-p)[ =](\d{2,5})\b/.exec(
      command,
    );
  const number = port?.[1] ?? port?.[2];
  return {
    port: number === undefined ? undefined : Number(number),
    isOpen: number !== undefined && !asks.test(command),
  };
}
