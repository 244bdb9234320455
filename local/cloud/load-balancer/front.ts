import http, { type IncomingMessage } from "node:http";
import http2 from "node:http2";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { rawAnswer } from "./answer";
import { type Exchange, http1Exchange, http2Exchange } from "./exchange";

// "Request line: 16 K, single header: 16 K, entire request header: 64 K"
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html
const maxHeaderSize = 64 * 1024;

export interface FrontOptions {
  /** Milliseconds a connection may be silent. */
  idleTimeout(): number;
  /** Whether answers to what is no request say `Server: awselb/2.0`. */
  server(): boolean;
  handle(exchange: Exchange): void;
}

/** HTTP on connections that somebody else accepts: `connection(socket)`, `http2Connection(socket)`. */
export class Front {
  readonly #http1: http.Server;
  readonly #http2: http2.Http2Server;
  readonly #sockets = new Set<Duplex>();
  readonly #options: FrontOptions;

  constructor(options: FrontOptions) {
    this.#options = options;
    this.#http1 = http.createServer({
      maxHeaderSize,
      requestTimeout: 0,
      connectionsCheckingInterval: 1000,
      // Only WebSocket: any other Upgrade is ignored, the request is answered as if it had not asked.
      shouldUpgradeCallback: ({ method, headers }) => method === "GET" && /^websocket$/i.test(headers.upgrade ?? ""),
    });
    this.#http1.on("request", (request, response) => options.handle(http1Exchange(request, response)));
    this.#http1.on("upgrade", (request: IncomingMessage, socket, head) => {
      options.handle(http1Exchange(request, { socket, head }));
    });
    this.#http1.on("connect", (_request, socket) => socket.end(rawAnswer(400, options.server())));
    this.#http1.on("clientError", (error: NodeJS.ErrnoException & { reason?: string }, socket) => {
      if (socket.writable) socket.end(rawAnswer(statusOf(error), options.server()));
    });
    this.#http2 = http2.createServer({ settings: { maxHeaderListSize: maxHeaderSize } });
    this.#http2.on("request", (request, response) => options.handle(http2Exchange(request, response)));
    this.#http2.on("session", (session) => {
      session.setTimeout(options.idleTimeout(), () => session.close());
      session.on("error", () => session.destroy());
    });
  }

  connection(socket: Socket, protocol: "http/1.1" | "h2"): void {
    const idle = this.#options.idleTimeout();
    this.#http1.keepAliveTimeout = idle;
    this.#http1.headersTimeout = idle;
    this.#sockets.add(socket);
    socket.once("close", () => this.#sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    (protocol === "h2" ? this.#http2 : this.#http1).emit("connection", socket);
  }

  close(): void {
    this.#http1.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html */
function statusOf(error: NodeJS.ErrnoException & { reason?: string }): number {
  if (error.code === "ERR_HTTP_REQUEST_TIMEOUT") return 408;
  // "HTTP 501: the load balancer received a Transfer-Encoding header with an unsupported value";
  // together with Content-Length it is a smuggling attempt: 400 (desync mitigation mode, "Ambiguous" and worse).
  const unknownCoding = error.code === "HPE_INVALID_TRANSFER_ENCODING" && !/Content-Length/i.test(error.reason ?? "");
  return unknownCoding ? 501 : 400;
}
