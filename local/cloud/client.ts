import { request } from "node:http";
import type { AdminCreateUser, CloudResource, CloudStatus } from "./contract";

/** The control API of contract.ts, from outside the cloud. */
export class CloudClient {
  readonly #socketPath: string;

  constructor(socketPath: string) {
    this.#socketPath = socketPath;
  }

  status(): Promise<CloudStatus> {
    return this.#call<CloudStatus>("GET", "/status");
  }

  resources(type: string): Promise<CloudResource[]> {
    return this.#call<CloudResource[]>("GET", `/resources?type=${encodeURIComponent(type)}`);
  }

  async createUser(user: AdminCreateUser): Promise<void> {
    await this.#call("POST", "/admin/create-user", user);
  }

  #call<T>(method: string, path: string, body?: unknown): Promise<T> {
    return new Promise((resolve, reject) => {
      const call = request(
        { socketPath: this.#socketPath, method, path, headers: { "content-type": "application/json" } },
        (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.on("error", reject);
          response.on("end", () => {
            const text = Buffer.concat(chunks).toString("utf8");
            if ((response.statusCode ?? 500) < 300) resolve((text ? JSON.parse(text) : undefined) as T);
            else reject(new Error(`the local cloud refused ${method} ${path}: ${text}`));
          });
        },
      );
      call.on("error", reject);
      call.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }
}
