import { type IncomingMessage, ServerResponse } from "node:http";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import type { Duplex } from "node:stream";

/** One request and its answer, whether it came by HTTP/1.1 or HTTP/2. */
export interface Exchange {
  readonly request: IncomingMessage | Http2ServerRequest;
  readonly response: ServerResponse;
  readonly method: string;
  /** The path and query as sent, never decoded or normalised. */
  readonly target: string;
  /** Name and value in turn, as HTTP/1.1 writes them: case, order and repetitions as sent. */
  readonly headers: readonly string[];
  /** Set when the client asks to switch to WebSocket. */
  readonly upgrade?: { socket: Duplex; head: Buffer };
  readonly hasBody: boolean;
  readonly client: { ip: string; port: number };
}

/** Calls back with each name (lower case) and value. */
export function eachHeader(
  headers: readonly string[],
  visit: (name: string, value: string, sent: string) => void,
): void {
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const sent = headers[at] as string;
    visit(sent.toLowerCase(), headers[at + 1] as string, sent);
  }
}

/** Every value of a header, in order. */
export function valuesOf(headers: readonly string[], wanted: string): string[] {
  const values: string[] = [];
  eachHeader(headers, (name, value) => name === wanted && values.push(value));
  return values;
}

function clientOf(socket: { remoteAddress?: string; remotePort?: number }): Exchange["client"] {
  return { ip: (socket.remoteAddress ?? "").replace(/^::ffff:/, ""), port: socket.remotePort ?? 0 };
}

export function http1Exchange(
  request: IncomingMessage,
  answer: ServerResponse | { socket: Duplex; head: Buffer },
): Exchange {
  const upgrade = answer instanceof ServerResponse ? undefined : answer;
  return {
    request,
    response: answer instanceof ServerResponse ? answer : responseOn(request, answer.socket),
    method: request.method ?? "GET",
    target: request.url ?? "/",
    headers: request.rawHeaders,
    ...(upgrade && { upgrade }),
    hasBody: request.headers["transfer-encoding"] !== undefined || Number(request.headers["content-length"] ?? 0) > 0,
    client: clientOf(request.socket),
  };
}

/** node gives no response object for an upgrade; a refused one is answered like any other request, then closed. */
function responseOn(request: IncomingMessage, socket: Duplex): ServerResponse {
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(socket as Parameters<ServerResponse["assignSocket"]>[0]);
  response.once("finish", () => socket.end());
  return response;
}

/**
 * "Application Load Balancers convert HTTP/2 requests to HTTP/1.1 for the targets":
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-listeners.html
 * `:authority` becomes Host and the crumbs of Cookie one header (RFC 9113, 8.2.3 and 8.3.1).
 */
export function http2Exchange(request: Http2ServerRequest, response: Http2ServerResponse): Exchange {
  const headers: string[] = [];
  const cookies: string[] = [];
  const host = request.authority;
  if (host) headers.push("host", host);
  eachHeader(request.rawHeaders, (name, value) => {
    if (name.startsWith(":") || (name === "host" && host)) return;
    if (name === "cookie") cookies.push(value);
    else headers.push(name, value);
  });
  if (cookies.length > 0) headers.push("cookie", cookies.join("; "));
  const hasBody = !request.stream.endAfterHeaders;
  return {
    request,
    // HTTP/2's compatibility API is the same in all that is used of it.
    response: response as unknown as ServerResponse,
    method: request.method,
    target: request.url,
    headers,
    hasBody,
    client: clientOf(request.socket),
  };
}
