import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from "node:http";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { paths } from "../../local/paths";
import { gatewayEnvironment, gatewayStart } from "../../render/gateway-start";
import { machineCredential } from "../../render/machine-credential";
import { nginxConf } from "../../render/nginx";
import type { NginxOptions } from "../../render/nginx-http";

export const domain = "prefect.example.com";
export const machine = machineCredential("0123456789abcdefghijABCDEFGHIJ0123456789");
export const machineAuthorization = `Basic ${machine.basic}`;
export const sessionCookie = "__Host-prefect=good";
export const signOutUrl =
  "https://login.example.com/logout?client_id=c1&logout_uri=https%3A%2F%2Fprefect.example.com%2Fsigned-out";

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface Seen {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  bytes: number;
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export interface TestGatewayOptions {
  /** Makes the nginx.conf. @default the gateway's */
  render?: (options: NginxOptions) => string;
  /** @default "/" */
  path?: string;
  /** Whether the container's start gets the machine credential. @default true */
  machines?: boolean;
}

/** A rendered nginx.conf on a real nginx, between fakes of oauth2-proxy and of Prefect that write down what they see. */
export class TestGateway {
  /** What reached Prefect, oldest first. */
  readonly prefect: Seen[] = [];
  /** What reached oauth2-proxy. */
  readonly oauth2Proxy: Seen[] = [];
  onPrefect: Handler = (_, response) => response.end("prefect");
  onOauth2Proxy: Handler = likeOauth2Proxy;
  /** Where nginx listens, on loopback. */
  port = 0;
  private readonly dir = mkdtempSync(join(tmpdir(), "gateway-"));
  private readonly servers: Server[] = [];
  private process?: ChildProcess;
  private output = "";
  private readonly options: Required<TestGatewayOptions>;

  constructor({ render = nginxConf, path = "/", machines = true }: TestGatewayOptions = {}) {
    this.options = { render, path, machines };
  }

  /** @param environment replaces what the container would be given, to see it refused */
  async start(environment: Record<string, string> = {}): Promise<void> {
    const prefect = await this.serve(this.prefect, (...args) => this.onPrefect(...args), true);
    const oauth2Proxy = await this.serve(this.oauth2Proxy, (...args) => this.onOauth2Proxy(...args));
    this.port = await freePort();
    const { render, path, machines } = this.options;
    const conf = render({
      domain,
      path,
      trustedProxyCidrs: ["127.0.0.0/8"],
      idleTimeoutSec: 60,
      ports: { nginx: this.port, oauth2Proxy, prefect },
      dir: this.dir,
      accessLog: join(this.dir, "access.log"),
    });
    this.process = spawn("/bin/sh", ["-ec", gatewayStart({ machines, dir: this.dir })], {
      env: {
        PATH: `${join(paths.toolchain, "bin")}:${process.env.PATH}`,
        [gatewayEnvironment.conf]: conf,
        ...(machines && {
          [gatewayEnvironment.basic]: machine.basic,
          [gatewayEnvironment.htpasswd]: machine.htpasswd,
        }),
        [gatewayEnvironment.signOutUrl]: signOutUrl,
        ...environment,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream?.on("data", (data: Buffer) => {
        this.output += data.toString();
      });
    }
    await this.listening();
  }

  async stop(): Promise<void> {
    for (const server of this.servers) {
      server.closeAllConnections();
      server.close();
    }
    if (this.process && this.process.exitCode === null) {
      this.process.kill("SIGTERM");
      await once(this.process, "exit");
    }
    rmSync(this.dir, { recursive: true, force: true });
  }

  /** Forgets what was seen and how the fakes were told to behave. */
  reset(): void {
    this.prefect.length = 0;
    this.oauth2Proxy.length = 0;
    this.onPrefect = (_, response) => response.end("prefect");
    this.onOauth2Proxy = likeOauth2Proxy;
  }

  /** What nginx and its start script wrote. */
  get log(): string {
    return this.output;
  }

  get accessLog(): string {
    return readFileSync(join(this.dir, "access.log"), "utf8");
  }

  /** Permissions of the files that the start script wrote. */
  modes(): Record<string, number> {
    const files = readdirSync(this.dir).filter((file) => /^htpasswd$|\.conf$/.test(file));
    return Object.fromEntries(files.map((file) => [file, statSync(join(this.dir, file)).mode & 0o777]));
  }

  /** One request, to the domain unless `headers.host` says otherwise. An upgrade that succeeds has status 101. */
  ask(
    path: string,
    options: { method?: string; headers?: Record<string, string | string[]>; body?: Buffer } = {},
  ): Promise<Answer> {
    const { method = "GET", headers = {}, body } = options;
    return new Promise((resolve, reject) => {
      const asked = request(
        { host: "127.0.0.1", port: this.port, path, method, headers: { host: domain, ...headers }, agent: false },
        (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.on("end", () =>
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              body: Buffer.concat(chunks).toString(),
            }),
          );
          response.on("error", reject);
        },
      );
      asked.on("upgrade", (response, socket) => {
        socket.destroy();
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: "" });
      });
      asked.on("error", reject);
      asked.end(body);
    });
  }

  /** A WebSocket handshake. */
  upgrade(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.ask(path, {
      headers: {
        connection: "Upgrade",
        upgrade: "websocket",
        "sec-websocket-version": "13",
        "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
        ...headers,
      },
    });
  }

  private async serve(seen: Seen[], handle: Handler, sockets = false): Promise<number> {
    const server = createServer((incoming, response) => {
      const entry = { method: incoming.method ?? "", url: incoming.url ?? "", headers: incoming.headers, bytes: 0 };
      seen.push(entry);
      incoming.on("data", (chunk: Buffer) => {
        entry.bytes += chunk.length;
      });
      incoming.on("end", () => handle(incoming, response));
    });
    if (sockets) {
      server.on("upgrade", (incoming, socket) => {
        seen.push({ method: "UPGRADE", url: incoming.url ?? "", headers: incoming.headers, bytes: 0 });
        socket.end("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
      });
    }
    this.servers.push(server);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return (server.address() as AddressInfo).port;
  }

  private async listening(): Promise<void> {
    for (let attempt = 0; attempt < 100; attempt++) {
      if (this.process?.exitCode !== null) throw new Error(`the gateway ended: ${this.output}`);
      try {
        await this.ask("/", { headers: { host: "nobody" } });
        return;
      } catch {
        await sleep(50);
      }
    }
    throw new Error(`nginx does not listen: ${this.output}`);
  }
}

/** The contract that the gateway relies on, below any prefix: /auth answers 202 or 401 and no more, pages redirect. */
export function likeOauth2Proxy(request: IncomingMessage, response: ServerResponse): void {
  const path = (request.url ?? "").replace(/\?.*/, "").replace(/^.*(?=\/oauth2\/)/, "");
  if (path === "/oauth2/auth") {
    const known = (request.headers.cookie ?? "").includes(sessionCookie);
    if (known) response.setHeader("X-Auth-Request-Email", "ada@example.com");
    response.writeHead(known ? 202 : 401).end();
  } else if (path === "/oauth2/start") {
    response
      .writeHead(302, {
        Location: "https://login.example.com/authorize?state=s",
        "Set-Cookie": "__Host-prefect_csrf=c; Path=/",
      })
      .end();
  } else if (path === "/oauth2/sign_out") {
    response.writeHead(302, { Location: "/", "Set-Cookie": "__Host-prefect=; Max-Age=0" }).end();
  } else {
    response.writeHead(200).end(`oauth2-proxy ${path}`);
  }
}

export async function freePort(): Promise<number> {
  const probe = createTcpServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}
