import https from "node:https";
import type { CloudContext } from "../context";

export interface OutboundReply {
  status: number;
  body: string;
}

export interface OutboundRequest {
  method?: "GET" | "POST";
  headers?: Record<string, string>;
  body?: string;
}

/** The other side could not be reached, was too slow or said too much. */
export class OutboundError extends Error {}

const timeoutMs = 10_000;
const maxBody = 150 * 1024;

/**
 * The load balancer's own HTTPS requests, to an identity provider: from its own address, so that its security groups
 * apply, and by IPv4 only. "The DNS entries for the endpoints must be publicly resolvable": listener-authenticate-users
 */
export class Outbound {
  readonly #context: CloudContext;
  readonly #localAddress: string;

  constructor(context: CloudContext, localAddress: string) {
    this.#context = context;
    this.#localAddress = localAddress;
  }

  /** @throws OutboundError when no whole answer came within ten seconds */
  request(url: string, { method = "GET", headers = {}, body }: OutboundRequest = {}): Promise<OutboundReply> {
    const { hostname, host, port, pathname, search } = new URL(url);
    const ip = this.#context.names.lookup(hostname)[0];
    if (!ip) return Promise.reject(new OutboundError(`${hostname} does not resolve`));
    return new Promise((resolve, reject) => {
      const fail = (reason: string) => reject(new OutboundError(`${hostname}: ${reason}`));
      const request = https.request({
        host: ip,
        servername: hostname,
        port: port || 443,
        localAddress: this.#localAddress,
        ca: this.#context.certificates.ca,
        path: `${pathname}${search}`,
        method,
        agent: false,
        signal: AbortSignal.timeout(timeoutMs),
        headers: {
          Host: host,
          Accept: "application/json",
          ...headers,
          ...(body !== undefined && { "Content-Length": Buffer.byteLength(body) }),
        },
      });
      request.on("response", (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => {
          text += chunk;
          if (Buffer.byteLength(text) > maxBody) request.destroy(new Error(`more than ${maxBody} bytes`));
        });
        response.on("error", (error) => fail(error.message));
        response.on("end", () => resolve({ status: response.statusCode ?? 0, body: text }));
      });
      request.on("error", (error) => fail(error.message));
      request.end(body);
    });
  }
}

/** The object that a JSON text holds. @throws Error when it holds none */
export function jsonObject(text: string): Record<string, unknown> {
  const value: unknown = JSON.parse(text);
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error("not a JSON object");
  return value as Record<string, unknown>;
}
