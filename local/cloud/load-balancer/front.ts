import http, { type IncomingMessage } from "node:http";
import http2 from "node:http2";
import type { Socket } from "node:net";
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
  /** Name and value of those that these answers carry. */
  headers(): readonly [string, string][];
  handle(exchange: Exchange): void;
}

/** HTTP on connections that somebody else accepts: `connection(socket)`, `http2Connection(socket)`. */
export class Front {
  readonly #http1: http.Server;
  readonly #http2: http2.Http2Server;
  /** Bytes read of a connection when its last request was over; none while one is under way. */
  readonly #read = new WeakMap<Socket, number>();
  readonly #options: FrontOptions;

  constructor(options: FrontOptions) {
    this.#options = options;
    this.#http1 = http.createServer({
      maxHeaderSize,
      // Only WebSocket: any other Upgrade is ignored, the request is answered as if it had not asked.
      shouldUpgradeCallback: ({ method, headers }) => method === "GET" && /^websocket$/i.test(headers.upgrade ?? ""),
    });
    this.#http1.on("request", (request, response) => {
      const { socket } = request;
      this.#read.delete(socket);
      response.once("close", () => this.#read.set(socket, socket.bytesRead));
      options.handle(http1Exchange(request, response));
    });
    this.#http1.on("timeout", (socket: Socket) => {
      const read = this.#read.get(socket);
      // A request under way has its own clock.
      if (read === undefined) return;
      // "HTTP 408: the client did not send data before the idle timeout period expired."
      if (socket.bytesRead > read) socket.end(rawAnswer(408, options.server(), options.headers()));
      else socket.destroy();
    });
    this.#http1.on("upgrade", (request: IncomingMessage, socket: Socket, head: Buffer) => {
      this.#read.delete(socket);
      options.handle(http1Exchange(request, { socket, head }));
    });
    this.#http1.on("connect", (_request, socket) => socket.end(rawAnswer(400, options.server(), options.headers())));
    this.#http1.on("clientError", (error: NodeJS.ErrnoException & { reason?: string }, socket) => {
      if (socket.writable) socket.end(rawAnswer(statusOf(error), options.server(), options.headers()));
    });
    // The idle timeout is the only one, and no Keep-Alive header tells of it.
    this.#http1.keepAliveTimeout = 0;
    this.#http2 = http2.createServer({ settings: { maxHeaderListSize: maxHeaderSize } });
    this.#http2.on("request", (request, response) => options.handle(http2Exchange(request, response)));
    this.#http2.on("session", (session) => {
      session.setTimeout(options.idleTimeout(), () => session.close());
      session.on("error", () => session.destroy());
    });
  }

  connection(socket: Socket, protocol: "http/1.1" | "h2"): void {
    const idle = this.#options.idleTimeout();
    this.#http1.timeout = idle;
    this.#read.set(socket, socket.bytesRead);
    socket.on("error", () => socket.destroy());
    (protocol === "h2" ? this.#http2 : this.#http1).emit("connection", socket);
  }

  close(): void {
    this.#http1.close();
    this.#http2.close();
  }
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html */
function statusOf(error: NodeJS.ErrnoException & { reason?: string }): number {
  // "HTTP 501: the load balancer received a Transfer-Encoding header with an unsupported value";
  // together with Content-Length it is a smuggling attempt: 400 (desync mitigation mode, "Ambiguous" and worse).
  const unknownCoding = error.code === "HPE_INVALID_TRANSFER_ENCODING" && !/Content-Length/i.test(error.reason ?? "");
  return unknownCoding ? 501 : 400;
}
