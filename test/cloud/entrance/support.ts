import { mkdtempSync, rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import http from "node:http";
import https from "node:https";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as connectTls, type ConnectionOptions } from "node:tls";
import { CertificateAuthority } from "../../../local/cloud/certificates";
import type { CloudContext } from "../../../local/cloud/context";
import type { CloudResource } from "../../../local/cloud/contract";

export interface TestCloud extends CloudContext {
  declare(type: string, id: string, properties: Record<string, unknown>): CloudResource;
  lines: string[];
  remove(): Promise<void>;
}

let lastAddress = 0;

/** Two test processes hardly ever meet. */
function loopbackAddress(number: number): string {
  return `127.${(process.pid % 200) + 50}.${Math.floor(number / 250)}.${(number % 250) + 1}`;
}

/** One for all tests: its keys take the most time. */
let authority: Promise<CertificateAuthority> | undefined;
function testAuthority(): Promise<CertificateAuthority> {
  if (authority) return authority;
  const directory = mkdtempSync(join(tmpdir(), "entrance-authority-"));
  process.once("exit", () => rmSync(directory, { recursive: true, force: true }));
  authority = CertificateAuthority.open(directory, "test authority");
  return authority;
}

/** What the parts share, on addresses of the loopback network. */
export async function testCloud(): Promise<TestCloud> {
  const directory = await mkdtemp(join(tmpdir(), "entrance-"));
  const certificates = await testAuthority();
  const resources = new Map<string, CloudResource>();
  const names = new Map<string, { owner: string; addresses: readonly string[] }>();
  const addresses = new Map<string, string>();
  const lines: string[] = [];
  const all = () => [...resources.values()];
  return {
    stateDir: directory,
    certificates,
    lines,
    log: (line) => lines.push(line),
    world: {
      all: (type) => all().filter((resource) => resource.type === type),
      get: (type, id) => resources.get(`${type} ${id}`),
      byArn: (arn) => all().find(({ properties }) => properties.arn === arn),
      where: (type, property, value) => all().filter((one) => one.type === type && one.properties[property] === value),
      onChange: () => () => undefined,
    },
    names: {
      set: (owner, hostname, given) => {
        if (given.length === 0) names.delete(hostname);
        else names.set(hostname, { owner, addresses: given });
      },
      release: (owner) => {
        for (const [name, entry] of names) if (entry.owner === owner) names.delete(name);
      },
      lookup: (hostname) => names.get(hostname)?.addresses ?? [],
      lookupOutside: (hostname) => names.get(hostname)?.addresses ?? [],
      outside: () => [...names.keys()],
    },
    addAddress: async (owner) => {
      const address = addresses.get(owner) ?? loopbackAddress(lastAddress++);
      addresses.set(owner, address);
      return address;
    },
    guard: async () => undefined,
    releaseAddress: async (owner) => void addresses.delete(owner),
    declare: (type, id, properties) => {
      const resource = { type, id, urn: `urn:${type}::${id}`, properties };
      resources.set(`${type} ${id}`, resource);
      return resource;
    },
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}

export interface Reply {
  status: number;
  headers: http.IncomingHttpHeaders;
  rawHeaders: string[];
  body: string;
}

export interface Ask {
  ip: string;
  port: number;
  path?: string;
  method?: string;
  headers?: http.OutgoingHttpHeaders;
  body?: string;
  /** Set for TLS. */
  tls?: https.RequestOptions;
  localAddress?: string;
}

export function ask({ ip, tls, body, ...rest }: Ask): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const request = (tls ? https : http).request({ host: ip, agent: false, ...rest, ...tls }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
      });
      response.on("error", reject);
      response.on("end", () => {
        const { statusCode = 0, headers, rawHeaders } = response;
        resolve({ status: statusCode, headers, rawHeaders, body: text });
      });
    });
    request.on("error", reject);
    request.end(body);
  });
}

/** Sends bytes as they are. @returns what came until the other side closed */
export function rawAsk(ip: string, port: number, text: string, secure?: ConnectionOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    const write = () => void socket.write(text);
    const socket = secure ? connectTls({ host: ip, port, ...secure }, write) : connect(port, ip, write);
    let answer = "";
    socket.setEncoding("latin1");
    socket.on("data", (chunk: string) => {
      answer += chunk;
    });
    socket.on("error", reject);
    socket.on("close", () => resolve(answer));
  });
}

/** An HTTP server on a free port. */
export async function server(handler: http.RequestListener, ip = "127.0.0.1") {
  const listening = http.createServer({ maxHeaderSize: 64 * 1024 }, handler);
  await new Promise<void>((resolve) => listening.listen(0, ip, resolve));
  const { port } = listening.address() as { port: number };
  return {
    http: listening,
    address: { ip, port },
    close: () => {
      listening.closeAllConnections();
      return new Promise((resolve) => listening.close(resolve));
    },
  };
}

/** Waits until it is true, at most five seconds. */
export async function until(what: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 5000; !(await what()); await pause(10)) {
    if (Date.now() > end) throw new Error(`still not so after five seconds: ${what.toString()}`);
  }
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
