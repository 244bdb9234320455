/**
 * How names inside the local cloud look to a browser on this machine. Inside, everything has its real name and port
 * 443; outside there is one loopback port. Browsers resolve every name under `.localhost` to loopback by themselves
 * (RFC 6761, 6.3), so NAME is opened as NAME.localhost:PORT, and a name that ends in .localhost already as NAME:PORT.
 */

/** The name that a browser uses. */
export function outsideName(inside: string): string {
  return inside.endsWith(".localhost") ? inside : `${inside}.localhost`;
}

/** The name inside, or undefined when none of those served is meant. */
export function insideName(outside: string, served: readonly string[]): string | undefined {
  const asked = outside.toLowerCase();
  return served.find((name) => outsideName(name.toLowerCase()) === asked);
}

/**
 * The URL that a person opens for a URL inside the cloud.
 *
 * @param port the loopback port of the edge
 */
export function outsideUrl(insideUrl: string, port: number): string {
  const url = new URL(insideUrl);
  return `https://${outsideName(url.hostname)}:${port}${url.pathname}${url.search}${url.hash}`;
}

/**
 * A Location header for the browser. Only absolute URLs of served names are changed; `http://` on port 80 becomes the
 * edge's https too, as there is no other port outside (on AWS the declared port 80 would have its say first).
 */
export function outsideLocation(location: string, served: readonly string[], port: number): string {
  const [, scheme = "", host = "", , given, rest = ""] =
    /^((?:https?:)?\/\/)([^/?#:@]+)(:(\d+))?([/?#].*)?$/i.exec(location) ?? [];
  if (!host || !served.some((name) => name.toLowerCase() === host.toLowerCase())) return location;
  const own = scheme.toLowerCase() === "http://" ? "80" : "443";
  if (given !== undefined && given !== own) return location;
  return `${scheme.toLowerCase() === "http://" ? "https://" : scheme}${outsideName(host)}:${port}${rest}`;
}

/** An Origin or Referer header as it would be on the real network; those of other places are left as they are. */
export function insideOrigin(value: string, served: readonly string[], port: number): string {
  const [, host = "", given, rest = ""] = /^https:\/\/([^/?#:@]+)(?::(\d+))?([/?#].*)?$/i.exec(value) ?? [];
  if (Number(given ?? 443) !== port) return value;
  const name = insideName(host, served);
  return name === undefined ? value : `https://${name}${rest}`;
}
