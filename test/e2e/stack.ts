import { readFileSync } from "node:fs";
import type { IncomingHttpHeaders } from "node:http";
import { request } from "node:https";
import type { ClientOptions } from "ws";
import type { LocalOutputs } from "../../local/outputs";
import { paths } from "../../local/paths";
import WebSocket from "ws";

/** The running local stack, as `npm start` described it. */
export const stack = JSON.parse(readFileSync(paths.outputs, "utf8")) as LocalOutputs;
export const origin = new URL(stack.url);
/** Empty at the root, `/prefect` below a prefix. */
export const base = origin.pathname.replace(/\/$/, "");
const ca = readFileSync(paths.ca, "utf8");

/** Every name is on loopback from here: what `*.localhost` means to a browser. */
const loopback = { host: "127.0.0.1", servername: origin.hostname, ca };

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface Ask {
  method?: string;
  headers?: Record<string, string | string[]>;
  body?: string | Buffer;
}

/** One request, exactly as written: no redirect followed, the path sent raw. */
export function ask(path: string, { method = "GET", headers = {}, body }: Ask = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const call = request(
      { ...loopback, port: origin.port, path, method, headers: { host: origin.host, ...headers }, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const text = Buffer.concat(chunks).toString("utf8");
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
        });
      },
    );
    call.on("error", reject);
    call.setTimeout(20_000, () => call.destroy(new Error(`no answer to ${method} ${path} within 20 s`)));
    call.end(body);
  });
}

/** The machine credential of the generated worker settings, as an HTTP header. */
export const machine = {
  authorization: `Basic ${Buffer.from(stack.workerEnv.PREFECT_API_AUTH_STRING ?? "").toString("base64")}`,
};

/** Opens a WebSocket; answers "open" with the socket, or the HTTP status of the refusal. */
export function openSocket(
  path: string,
  headers: Record<string, string> = {},
  protocols: string[] = ["prefect"],
): Promise<{ status: 101; socket: WebSocket } | { status: number; socket?: undefined }> {
  return new Promise((resolve, reject) => {
    // `ws` hands TLS's options on to tls.connect; its types do not say so.
    const options: ClientOptions & { servername: string } = {
      ca,
      servername: origin.hostname,
      headers: { host: origin.host, ...headers },
      handshakeTimeout: 20_000,
    };
    const socket = new WebSocket(`wss://127.0.0.1:${origin.port}${path}`, protocols, options);
    socket.once("open", () => resolve({ status: 101, socket }));
    socket.once("unexpected-response", (call, response) => {
      call.destroy();
      resolve({ status: response.statusCode ?? 0 });
    });
    socket.once("error", reject);
  });
}
