import { chmodSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { CloudPart } from "./context";
import type { AdminCreateUser, CloudResource, CloudStatus } from "./contract";
import type { ExternalIssuerDeclaration } from "./identity/external-issuer-declaration";
import type { Registry } from "./registry";

export interface ControlApiOptions {
  registry: Registry;
  parts: readonly CloudPart[];
  status: () => CloudStatus;
  createUser: (user: AdminCreateUser) => Promise<void>;
  createIssuer: (issuer: ExternalIssuerDeclaration) => Promise<void>;
  log: (line: string) => void;
}

class BadRequest extends Error {}

/** The API of contract.ts. */
export class ControlApi {
  readonly #options: ControlApiOptions;
  readonly #server: Server;
  /** Calls about one resource come one after another. */
  readonly #queues = new Map<string, Promise<unknown>>();

  constructor(options: ControlApiOptions) {
    this.#options = options;
    // A call lasts as long as AWS would take, a deployment for example.
    this.#server = createServer({ requestTimeout: 0 }, (request, response) => void this.#answer(request, response));
  }

  async listen(socketPath: string): Promise<void> {
    rmSync(socketPath, { force: true });
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(socketPath, resolve);
    });
    chmodSync(socketPath, 0o600);
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const what = `${request.method} ${request.url}`;
    try {
      const body = await this.#handle(request);
      response.writeHead(body === undefined ? 204 : 200, { "content-type": "application/json" });
      response.end(body === undefined ? undefined : JSON.stringify(body));
    } catch (error) {
      const { message } = error as Error;
      this.#options.log(`${what}: ${message}`);
      response.writeHead(error instanceof BadRequest ? 400 : 500, { "content-type": "application/json" });
      response.end(JSON.stringify({ message }));
    }
  }

  async #handle(request: IncomingMessage): Promise<unknown> {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://cloud");
    const { registry, status, createUser, createIssuer } = this.#options;
    switch (`${request.method} ${pathname}`) {
      case "PUT /resources": {
        const resource = resourceOf(await readBody(request));
        return { outputs: await this.#inTurn(resource, () => this.#put(resource)) };
      }
      case "DELETE /resources": {
        const key = resourceOf(await readBody(request));
        await this.#inTurn(key, () => this.#remove(key));
        return undefined;
      }
      case "GET /resources": {
        const type = searchParams.get("type");
        return type ? registry.all(type) : registry.everything();
      }
      case "GET /status":
        return status();
      case "POST /admin/create-user":
        await createUser((await readBody(request)) as AdminCreateUser);
        return undefined;
      case "POST /admin/create-issuer":
        await createIssuer((await readBody(request)) as ExternalIssuerDeclaration);
        return undefined;
      default:
        throw new BadRequest(
          `${request.method} ${pathname} is not part of the local cloud's API: local/cloud/contract.ts`,
        );
    }
  }

  /** A refused create leaves nothing, a refused update what was before. */
  async #put(resource: CloudResource): Promise<Record<string, unknown>> {
    const { registry } = this.#options;
    const part = this.#partFor(resource.type);
    const before = registry.get(resource.type, resource.id);
    registry.put(resource);
    if (!part) return {};
    try {
      const outputs = await part.put(resource);
      if (Object.keys(outputs).length > 0)
        registry.put({ ...resource, properties: { ...resource.properties, ...outputs } });
      return outputs;
    } catch (error) {
      if (before) registry.put(before);
      else {
        registry.remove(resource);
        await part
          .remove(resource)
          .catch((second: Error) => this.#options.log(`${resource.type} ${resource.id}: ${second.message}`));
      }
      throw error;
    }
  }

  async #remove({ type, id }: CloudResource): Promise<void> {
    const { registry } = this.#options;
    const resource = registry.get(type, id);
    if (!resource) return;
    await this.#partFor(type)?.remove(resource);
    registry.remove(resource);
  }

  #partFor(type: string): CloudPart | undefined {
    return this.#options.parts.find((part) => part.handles(type));
  }

  #inTurn<T>({ type, id }: CloudResource, call: () => Promise<T>): Promise<T> {
    const key = `${type} ${id}`;
    const turn = (this.#queues.get(key) ?? Promise.resolve()).then(call, call);
    this.#queues.set(key, turn);
    const forget = () => {
      if (this.#queues.get(key) === turn) this.#queues.delete(key);
    };
    turn.then(forget, forget);
    return turn;
  }
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch {
    throw new BadRequest("the body is not JSON");
  }
}

function resourceOf(body: unknown): CloudResource {
  const { type, id, urn = "", properties = {} } = body as Partial<CloudResource>;
  if (typeof type !== "string" || typeof id !== "string")
    throw new BadRequest("a resource needs a type and an id, both strings");
  return { type, id, urn, properties };
}
