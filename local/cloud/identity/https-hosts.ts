import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import { createSecureContext } from "node:tls";
import type { CloudContext } from "../context";
import { closeNow, listen } from "../load-balancer/sockets";

export type Handler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/** Several HTTPS hosts on one address of the cloud's network, each with its own certificate and handler. */
export class HttpsHosts {
  readonly #context: CloudContext;
  readonly #owner: string;
  readonly #port: number;
  readonly #handlers = new Map<string, Handler>();
  #server: Promise<Server> | undefined;
  #address = "";

  /**
   * @param owner what holds the address and the names
   * @param port default: 443
   */
  constructor(context: CloudContext, owner: string, port = 443) {
    this.#context = context;
    this.#owner = owner;
    this.#port = port;
  }

  /** Where they listen; empty before there is a host. */
  get address(): string {
    return this.#address;
  }

  async set(host: string, handler: Handler): Promise<void> {
    this.#server ??= this.#listen();
    await this.#server;
    this.#handlers.set(host.toLowerCase(), handler);
    this.#context.names.set(this.#owner, host, [this.#address]);
  }

  remove(host: string): void {
    if (this.#handlers.delete(host.toLowerCase())) this.#context.names.set(this.#owner, host, []);
  }

  async close(): Promise<void> {
    const server = await this.#server;
    this.#server = undefined;
    if (server) await closeNow(server);
  }

  async #listen(): Promise<Server> {
    this.#address = await this.#context.addAddress(this.#owner);
    const server = createServer({
      minVersion: "TLSv1.2",
      // Longer than clients keep a connection: none meets one that has just ended.
      keepAliveTimeout: 120_000,
      SNICallback: (name, done) => {
        if (!this.#handlers.has(name.toLowerCase())) return done(new Error(`${name} is not served here`));
        this.#context.certificates.issue([name.toLowerCase()]).then(
          (certificate) => done(null, createSecureContext(certificate)),
          (error: Error) => done(error),
        );
      },
    });
    server.on("request", (request, response) => void this.#serve(request, response));
    server.on("tlsClientError", (_error, socket) => socket.destroy());
    await listen(server, { port: this.#port, host: this.#address });
    return server;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const host = (request.headers.host ?? "").replace(/:\d+$/, "").toLowerCase();
    const handler = this.#handlers.get(host);
    try {
      if (handler) await handler(request, response);
      else response.writeHead(421).end();
    } catch (error) {
      this.#context.log(`${host}: ${(error as Error).stack}`);
      if (response.headersSent) response.destroy();
      else response.writeHead(500).end();
    }
  }
}
