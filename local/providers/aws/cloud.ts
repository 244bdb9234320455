import { request } from "node:http";
import type { CloudResource, PutResult } from "../../cloud/contract";

/** Makes resources real, where a local cloud runs: see local/cloud/contract.ts. */
export interface Cloud {
  /** Answers once AWS would have, which may be minutes later. @throws Error with the cloud's message. */
  put(resource: CloudResource): Promise<PutResult["outputs"]>;
  delete(resource: Pick<CloudResource, "type" | "id">): Promise<void>;
}

/** The cloud behind LOCAL_CLOUD_SOCKET; without one, resources are recorded only. */
export function attachedCloud(socketPath = process.env.LOCAL_CLOUD_SOCKET): Cloud | undefined {
  if (!socketPath) return undefined;
  const send = (method: string, body: unknown) => call(socketPath, method, JSON.stringify(body));
  return {
    put: async (resource) => (JSON.parse(await send("PUT", resource)) as PutResult).outputs,
    delete: async ({ type, id }) => void (await send("DELETE", { type, id })),
  };
}

function call(socketPath: string, method: string, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
    const sent = request({ socketPath, method, path: "/resources", headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        const { statusCode = 0 } = response;
        if (statusCode >= 200 && statusCode < 300) resolve(text);
        else reject(new Error(messageOf(text) ?? `the local cloud answered ${statusCode} to ${method} /resources`));
      });
    });
    sent.on("error", (error: NodeJS.ErrnoException) => reject(unreachable(socketPath, error)));
    sent.end(body);
  });
}

function unreachable(socketPath: string, error: NodeJS.ErrnoException): Error {
  if (error.code !== "ENOENT" && error.code !== "ECONNREFUSED") return error;
  return new Error(`no local cloud listens on ${socketPath} (LOCAL_CLOUD_SOCKET): start it with npm start`);
}

function messageOf(text: string): string | undefined {
  try {
    return (JSON.parse(text) as { message?: string }).message;
  } catch {
    return undefined;
  }
}
