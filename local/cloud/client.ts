import { request } from "node:http";
import type { AdminCreateUser, CloudResource, CloudStatus, PutResult } from "./contract";
import type { ExternalIssuerDeclaration } from "./identity/external-issuer-declaration";

/** The control API of contract.ts, from outside the cloud. Every call rejects with the cloud's own words. */
export class CloudClient {
  readonly #socketPath: string;

  constructor(socketPath: string) {
    this.#socketPath = socketPath;
  }

  /** Answers once AWS would have, which may be minutes later. */
  async put(resource: CloudResource): Promise<PutResult["outputs"]> {
    return (await this.#call<PutResult>("PUT", "/resources", resource)).outputs;
  }

  async delete({ type, id }: Pick<CloudResource, "type" | "id">): Promise<void> {
    await this.#call("DELETE", "/resources", { type, id });
  }

  /** @param type all of them when left out */
  resources(type?: string): Promise<CloudResource[]> {
    return this.#call("GET", `/resources${type ? `?type=${encodeURIComponent(type)}` : ""}`);
  }

  status(): Promise<CloudStatus> {
    return this.#call("GET", "/status");
  }

  async createUser(user: AdminCreateUser): Promise<void> {
    await this.#call("POST", "/admin/create-user", user);
  }

  async createIssuer(issuer: ExternalIssuerDeclaration): Promise<void> {
    await this.#call("POST", "/admin/create-issuer", issuer);
  }

  #call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const text = body === undefined ? "" : JSON.stringify(body);
    // The length is said: Node would send the body of a DELETE without any framing.
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(text) };
    return new Promise((resolve, reject) => {
      const call = request({ socketPath: this.#socketPath, method, path, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const answer = Buffer.concat(chunks).toString("utf8");
          const { statusCode = 0 } = response;
          if (statusCode >= 200 && statusCode < 300) resolve((answer ? JSON.parse(answer) : undefined) as T);
          else reject(new Error(messageOf(answer) ?? `the local cloud answered ${statusCode} to ${method} ${path}`));
        });
      });
      call.on("error", (error: NodeJS.ErrnoException) => reject(this.#unreachable(error)));
      call.end(text);
    });
  }

  #unreachable(error: NodeJS.ErrnoException): Error {
    if (error.code === "ENOENT" || error.code === "ECONNREFUSED")
      return new Error(`no local cloud listens on ${this.#socketPath}: start it with npm start`);
    if (error.code === "ECONNRESET") return new Error("the local cloud ended before it answered");
    return error;
  }
}

function messageOf(answer: string): string | undefined {
  try {
    return (JSON.parse(answer) as { message?: string }).message;
  } catch {
    return undefined;
  }
}
