import { chmod, rm } from "node:fs/promises";
import http, { type IncomingMessage, type ServerResponse } from "node:http";
import https from "node:https";
import { createServer, type Server, type Socket } from "node:net";
import { networkInterfaces } from "node:os";
import type { Duplex } from "node:stream";
import tls from "node:tls";
import type { CloudContext } from "../context";
import { eachHeader, http1Exchange } from "../load-balancer/exchange";
import { endToEnd, relay } from "../load-balancer/relay";
import { closeNow, listen } from "../load-balancer/sockets";
import { run } from "../tools";
import { serveConnect } from "./connect";
import { insideName, insideOrigin, outsideLocation, outsideName } from "./outside";

export interface EdgeOptions {
  /** The loopback port that people open. Default: 8443 */
  port?: number;
  /** The address inside that stands for the internet: what load balancers see. Default: 203.0.113.10 (RFC 5737) */
  address?: string;
  /** The port that names inside are served on. Default: 443 */
  insidePort?: number;
}

/**
 * The way into the local cloud from the machine's one loopback port. The first bytes tell a browser (TLS) from a
 * program that asks for a tunnel (CONNECT). For browsers it translates Host, Origin and Referer inwards and Location
 * outwards, see outside.ts; nothing else, bodies never.
 */
export class Edge {
  readonly #context: CloudContext;
  readonly #port: number;
  readonly #address: string;
  readonly #insidePort: number;
  readonly #agent = new https.Agent({ keepAlive: true });
  readonly #http: http.Server;
  readonly #tls: tls.Server;
  #server: Server | undefined;

  constructor(context: CloudContext, { port = 8443, address = "203.0.113.10", insidePort = 443 }: EdgeOptions = {}) {
    this.#context = context;
    this.#port = port;
    this.#address = address;
    this.#insidePort = insidePort;
    this.#http = http.createServer({ maxHeaderSize: 64 * 1024, keepAliveTimeout: 75_000 });
    this.#http.on("request", (request, response) => this.#serve(request, response));
    this.#http.on("upgrade", (request, socket, head) => this.#serve(request, { socket, head }));
    this.#tls = tls.createServer({
      ALPNProtocols: ["http/1.1"],
      SNICallback: (name, done) => {
        // No certificate for a name that is not served: the browser shows its own error, curl says unrecognized name.
        if (!this.#inside(name)) return done(new Error(`${name} is not served by the local cloud`));
        this.#context.certificates.issue([name.toLowerCase()]).then(
          (certificate) => done(null, tls.createSecureContext(certificate)),
          (error: Error) => done(error),
        );
      },
    });
    this.#tls.on("secureConnection", (socket) => this.#http.emit("connection", socket));
    this.#tls.on("tlsClientError", (_error, socket) => socket.destroy());
  }

  /** Listens on a unix socket that only this user can reach. */
  async listen(socketPath: string): Promise<void> {
    await rm(socketPath, { force: true });
    await this.#takeAddress();
    const server = createServer((socket) => this.#accept(socket));
    this.#server = server;
    await listen(server, { path: socketPath });
    await chmod(socketPath, 0o600);
  }

  /** On the loopback interface of the daemon's own network namespace. */
  async #takeAddress(): Promise<void> {
    const taken =
      this.#address.startsWith("127.") ||
      Object.values(networkInterfaces())
        .flat()
        .some((one) => one?.address === this.#address);
    if (!taken) await run("ip", ["address", "add", `${this.#address}/32`, "dev", "lo"]);
  }

  async close(): Promise<void> {
    this.#agent.destroy();
    if (this.#server) await closeNow(this.#server);
  }

  #inside(outside: string): string | undefined {
    return insideName(outside, this.#context.names.outside());
  }

  #accept(socket: Socket): void {
    socket.on("error", () => socket.destroy());
    socket.once("data", (first: Buffer) => {
      socket.pause();
      socket.unshift(first);
      const tlsHandshake = 0x16;
      if (first[0] === tlsHandshake) this.#tls.emit("connection", socket);
      else if ("CONNECT ".startsWith(first.subarray(0, 8).toString("latin1"))) {
        serveConnect(socket, this.#context, this.#address);
      } else this.#plain(socket, first);
    });
  }

  /** A browser that was given http:// is sent to https:// on the same port. */
  #plain(socket: Socket, first: Buffer): void {
    const text = first.toString("latin1");
    const [, host = ""] = /^host:[ \t]*([^\s:]+)/im.exec(text) ?? [];
    const [, path = ""] = /^(?:GET|HEAD) (\/[^\s]*) HTTP\/1/.exec(text) ?? [];
    const [status, extra, body] =
      path && this.#inside(host)
        ? ["308 Permanent Redirect", `Location: https://${host}:${this.#port}${path}\r\n`, ""]
        : ["400 Bad Request", "", `This port speaks HTTPS, and CONNECT to programs. ${this.#listing()}`];
    const head = `HTTP/1.1 ${status}\r\n${extra}Content-Type: text/plain; charset=utf-8\r\n`;
    socket.end(`${head}Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`);
  }

  #listing(): string {
    const names = this.#context.names.outside();
    return ["Names served:", ...names.map((name) => `  https://${outsideName(name)}:${this.#port}`), ""].join("\n");
  }

  #serve(request: IncomingMessage, answer: ServerResponse | { socket: Duplex; head: Buffer }): void {
    const exchange = http1Exchange(request, answer);
    const { response } = exchange;
    const plain = (status: number, text: string): void => {
      const headers = { "Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store" };
      if (response.headersSent) response.destroy();
      else response.writeHead(status, headers).end(text);
    };
    request.on("error", () => response.destroy());
    const [host = "", port] = (request.headers.host ?? "").split(":");
    const served = this.#context.names.outside();
    const name = Number(port ?? 443) === this.#port ? insideName(host, served) : undefined;
    if (name === undefined) return plain(421, `${host} is not served by the local cloud. ${this.#listing()}`);
    const ip = this.#context.names.lookupOutside(name)[0];
    if (ip === undefined) return plain(502, `${name} has no address at the moment.`);
    relay(exchange, {
      upstream: {
        ip,
        port: this.#insidePort,
        localAddress: this.#address,
        agent: this.#agent,
        tls: { servername: name, ca: this.#context.certificates.ca },
      },
      target: exchange.target,
      headers: this.#inwards(endToEnd(exchange.headers), name, served),
      idleTimeout: 0,
      answerHeaders: (headers) => this.#outwards(headers, served),
    }).catch((error: Error) => {
      this.#context.log(`edge: ${name}: ${(error.cause as Error | undefined)?.message ?? error.message}`);
      plain(502, `${name} does not answer.`);
    });
  }

  #inwards(headers: readonly string[], name: string, served: readonly string[]): string[] {
    const translated: string[] = [];
    eachHeader(headers, (key, value, sent) => {
      if (key === "host") translated.push(sent, name);
      else if (key === "origin" || key === "referer") translated.push(sent, insideOrigin(value, served, this.#port));
      else translated.push(sent, value);
    });
    return translated;
  }

  #outwards(headers: readonly string[], served: readonly string[]): string[] {
    const translated: string[] = [];
    eachHeader(headers, (key, value, sent) => {
      translated.push(sent, key === "location" ? outsideLocation(value, served, this.#port) : value);
    });
    return translated;
  }
}
