import { STATUS_CODES } from "node:http";
import type { Exchange } from "./exchange";

// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html
const titles: Record<number, string> = {
  ...STATUS_CODES,
  460: "",
  463: "",
  401: "Authorization Required",
  504: "Gateway Time-out",
  414: "Request-URI Too Large",
  561: "Unauthorized",
};

function titleOf(status: number): string {
  return [status, titles[status]].filter(Boolean).join(" ");
}

/** The small page of the load balancer's own answers. */
export function page(status: number): string {
  const title = titleOf(status);
  const lines = ["<html>", `<head><title>${title}</title></head>`, "<body>", `<center><h1>${title}</h1></center>`];
  return `${[...lines, "</body>", "</html>"].join("\r\n")}\r\n`;
}

export interface Answer {
  status: number;
  headers?: Record<string, string>;
  /** Set-Cookie lines. */
  cookies?: readonly string[];
  body?: string;
  /** Whether to say `Server: awselb/2.0`: the listener attribute routing.http.response.server.enabled. */
  server: boolean;
}

/** Gives the load balancer's own answer. */
export function answer(
  exchange: Exchange,
  { status, headers = {}, cookies = [], body = page(status), server }: Answer,
): void {
  const { response } = exchange;
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.statusCode = status;
  if (server) response.setHeader("Server", "awselb/2.0");
  const all: Record<string, string> = { "Content-Type": "text/html", ...headers };
  for (const [name, value] of Object.entries(all)) response.setHeader(name, value);
  if (cookies.length > 0) response.setHeader("Set-Cookie", cookies);
  response.setHeader("Content-Length", Buffer.byteLength(body));
  response.end(exchange.method === "HEAD" ? undefined : body);
}

/** The same where no request could be read: bytes for the socket. */
export function rawAnswer(status: number, server: boolean, headers: readonly [string, string][]): string {
  const body = page(status);
  const lines = [
    `HTTP/1.1 ${titleOf(status)}`,
    ...(server ? ["Server: awselb/2.0"] : []),
    `Date: ${new Date().toUTCString()}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
  ];
  lines.push("Content-Type: text/html", `Content-Length: ${Buffer.byteLength(body)}`, "Connection: close");
  return `${lines.join("\r\n")}\r\n\r\n${body}`;
}
