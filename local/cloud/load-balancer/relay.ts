import http, { type IncomingMessage, type OutgoingHttpHeaders } from "node:http";
import https from "node:https";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { eachHeader, type Exchange, valuesOf } from "./exchange";

/** Where to send a request on to. */
export interface Upstream {
  ip: string;
  port: number;
  /** The address to come from. */
  localAddress?: string;
  agent: http.Agent;
  /** Set to speak TLS. */
  tls?: { servername?: string; ca?: string; rejectUnauthorized?: boolean };
}

export interface RelayOptions {
  upstream: Upstream;
  target: string;
  /** The request's headers, without those of the connection. */
  headers: readonly string[];
  /** Milliseconds without a byte either way before it ends. */
  idleTimeout: number;
  /** Milliseconds to connect. Default: 10 s */
  connectTimeout?: number;
  /** Changes the answer's headers. Default: as they came */
  answerHeaders?: (headers: string[]) => string[];
}

/** The other side gave no answer: nothing has been written to the client. */
export class RelayError extends Error {
  readonly reason: "unreachable" | "connect-timeout" | "idle" | "client-idle" | "client-gone";

  constructor(reason: RelayError["reason"], cause?: unknown) {
    super(`no answer: ${reason}`, { cause });
    this.reason = reason;
  }
}

// RFC 9110, 7.6.1: these and what Connection names belong to one connection only.
const hopByHop = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** The headers that go further than this connection. */
export function endToEnd(headers: readonly string[]): string[] {
  const named = new Set(valuesOf(headers, "connection").flatMap((value) => value.toLowerCase().split(/\s*,\s*/)));
  const kept: string[] = [];
  eachHeader(headers, (name, value, sent) => {
    if (!hopByHop.has(name) && !(named.has(name) && name !== "host")) kept.push(sent, value);
  });
  return kept;
}

/**
 * Sends a request on and streams the answer back as it comes; after a 101 the bytes, both ways, until either side ends.
 *
 * @returns when the exchange is over
 * @throws RelayError when no answer came: the caller still can give one
 */
export function relay(exchange: Exchange, options: RelayOptions): Promise<void> {
  const { request, response, upgrade } = exchange;
  const { upstream } = options;
  return new Promise((resolve, reject) => {
    let answered = false;
    let tunnelled = false;
    const outgoing = (upstream.tls ? https : http).request({
      host: upstream.ip,
      port: upstream.port,
      method: exchange.method,
      path: options.target,
      headers: outgoingHeaders(exchange, options.headers),
      setHost: false,
      agent: upgrade ? false : upstream.agent,
      ...(upstream.localAddress && { localAddress: upstream.localAddress }),
      ...(upstream.tls && { ...upstream.tls, ALPNProtocols: ["http/1.1"] }),
    });

    const fail = (error: RelayError) => {
      request.unpipe(outgoing);
      outgoing.destroy();
      if (answered) response.destroy();
      if (answered) resolve();
      else reject(error);
    };
    outgoing.on("error", (error) => fail(new RelayError("unreachable", error)));
    outgoing.on("socket", (socket) => {
      if (!socket.connecting) return;
      const patience = setTimeout(() => fail(new RelayError("connect-timeout")), options.connectTimeout ?? 10_000);
      for (const event of ["connect", "close"]) socket.once(event, () => clearTimeout(patience));
    });
    outgoing.setTimeout(options.idleTimeout, () => {
      fail(new RelayError(exchange.hasBody && !request.readableEnded ? "client-idle" : "idle"));
    });
    response.once("close", () => {
      if (!response.writableFinished && !tunnelled) fail(new RelayError("client-gone"));
    });

    outgoing.on("response", (incoming) => {
      answered = true;
      writeHead(exchange, incoming, options.answerHeaders);
      incoming.on("error", () => fail(new RelayError("unreachable")));
      response.once("finish", resolve);
      incoming.pipe(response);
    });
    outgoing.on("upgrade", (incoming, socket, head) => {
      answered = true;
      if (!upgrade) return fail(new RelayError("unreachable"));
      tunnelled = true;
      const headers = options.answerHeaders?.(incoming.rawHeaders) ?? incoming.rawHeaders;
      tunnel(upgrade, { socket, head, status: statusLine(incoming), headers }, options.idleTimeout, resolve);
    });

    if (exchange.hasBody) request.pipe(outgoing);
    else outgoing.end();
  });
}

function outgoingHeaders(exchange: Exchange, headers: readonly string[]): string[] {
  const sent = [...headers];
  if (exchange.upgrade) {
    sent.push("Connection", "Upgrade", "Upgrade", valuesOf(exchange.headers, "upgrade")[0] ?? "websocket");
    return sent;
  }
  // The connection to the other side is kept, whatever the client wanted of its own.
  sent.push("Connection", "keep-alive");
  if (valuesOf(sent, "content-length").length === 0) {
    if (exchange.hasBody) sent.push("Transfer-Encoding", "chunked");
    else if (!["GET", "HEAD", "OPTIONS", "DELETE"].includes(exchange.method)) sent.push("Content-Length", "0");
  }
  return sent;
}

function writeHead(exchange: Exchange, incoming: IncomingMessage, change?: (headers: string[]) => string[]): void {
  const kept = endToEnd(incoming.rawHeaders);
  const headers: OutgoingHttpHeaders = {};
  const names = new Map<string, string>();
  eachHeader(change?.(kept) ?? kept, (name, value, sent) => {
    const key = names.get(name) ?? sent;
    names.set(name, key);
    const before = headers[key];
    headers[key] = before === undefined ? value : [before as string | string[], value].flat();
  });
  const { response } = exchange;
  response.sendDate = false;
  response.statusCode = incoming.statusCode ?? 502;
  const http1 = exchange.request.httpVersionMajor === 1;
  if (http1) response.statusMessage = incoming.statusMessage ?? "";
  response.writeHead(response.statusCode, headers);
  // Headers go out at once: an event stream may have no first byte for long.
  if (http1) response.flushHeaders();
}

function statusLine(incoming: IncomingMessage): string {
  return `HTTP/1.1 ${incoming.statusCode} ${incoming.statusMessage}`;
}

function tunnel(
  client: { socket: Duplex; head: Buffer },
  server: { socket: Socket; head: Buffer; status: string; headers: readonly string[] },
  idleTimeout: number,
  done: () => void,
): void {
  const lines = [server.status];
  eachHeader(server.headers, (_, value, sent) => lines.push(`${sent}: ${value}`));
  client.socket.write(`${lines.join("\r\n")}\r\n\r\n`);
  if (server.head.length > 0) client.socket.write(server.head);
  if (client.head.length > 0) server.socket.write(client.head);
  joinSockets(client.socket, server.socket, idleTimeout, done);
}

/** Copies bytes both ways until either side ends or nothing passes for `idleTimeout` milliseconds (0: for ever). */
export function joinSockets(one: Duplex, other: Socket, idleTimeout: number, done?: () => void): void {
  const end = () => {
    one.destroy();
    other.destroy();
  };
  // Everything passes through `other`, so its timer sees both directions.
  other.setTimeout(idleTimeout, end);
  for (const socket of [one, other]) socket.on("error", end);
  one.once("close", () => other.destroy());
  other.once("close", () => {
    one.destroy();
    done?.();
  });
  one.pipe(other);
  other.pipe(one);
}
