import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { request } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { CloudResource, CloudStatus, PutResult } from "../../../../local/cloud/contract";
import { root } from "../../../../local/paths";

/** A local cloud of its own, in a folder of its own, with the real namespaces. */
export class LocalCloud {
  readonly directory = mkdtempSync(join(realpathSync(tmpdir()), "cloud-"));
  #front: ChildProcess | undefined;
  #output = "";

  get socket(): string {
    return join(this.directory, "run", "cloud.sock");
  }

  get frontPid(): number {
    return this.#front?.pid as number;
  }

  async start(): Promise<void> {
    const port = await freePort();
    const front = spawn(
      process.execPath,
      ["--import", "tsx", join(root, "local", "cloud", "front-process.ts"), String(port)],
      {
        cwd: root,
        env: { ...process.env, PREFECT_LOCAL_DIR: this.directory, LOCAL_CLOUD_ATTACHED: "1" },
        stdio: ["pipe", "pipe", "pipe"],
      },
    );
    this.#front = front;
    for (const stream of [front.stdout, front.stderr]) stream.on("data", (chunk: Buffer) => (this.#output += chunk));
    await this.until("the cloud answers", () => {
      if (front.exitCode !== null) throw new Error(`the cloud ended:\n${this.#output}`);
      return this.status().then(
        () => true,
        () => false,
      );
    });
  }

  /** In order, as `npm stop` does it. */
  async stop(): Promise<void> {
    const front = this.#front;
    if (!front || front.exitCode !== null || front.signalCode !== null) return;
    const ended = once(front, "exit");
    front.kill("SIGTERM");
    await ended;
  }

  /** As a crash would. */
  async killFront(): Promise<void> {
    const ended = once(this.#front as ChildProcess, "exit");
    this.#front?.kill("SIGKILL");
    await ended;
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }

  async put(type: string, id: string, properties: Record<string, unknown>): Promise<Record<string, unknown>> {
    const resource: CloudResource = { type, id, urn: `urn:pulumi:test::test::${type}::${id}`, properties };
    return ((await this.#call("PUT", "/resources", resource)) as PutResult).outputs;
  }

  async delete(type: string, id: string): Promise<void> {
    await this.#call("DELETE", "/resources", { type, id });
  }

  status(): Promise<CloudStatus> {
    return this.#call("GET", "/status") as Promise<CloudStatus>;
  }

  async events(service: string): Promise<string[]> {
    return (await this.status()).services.find(({ name }) => name === service)?.events ?? [];
  }

  /** What the containers of this name wrote, all tasks together. */
  output(container: string): string {
    const streams = globSync(join(this.directory, "logs", "test", "t", container, "*"));
    return streams.map((stream) => readFileSync(stream, "utf8")).join("");
  }

  /** The daemon's log. */
  get log(): string {
    return this.#output;
  }

  async until(what: string, condition: () => boolean | Promise<boolean>, timeoutMs = 20_000): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    while (!(await condition())) {
      if (Date.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${what}\n${this.#output}`);
      await sleep(50);
    }
  }

  /** Every process of this machine that this cloud has started: their environment or command line names its folder. */
  processes(): string[] {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
      .map((pid) => readIfThere(`/proc/${pid}/cmdline`) + readIfThere(`/proc/${pid}/environ`))
      .filter((text) => text.includes(this.directory));
  }

  #call(method: string, path: string, body?: unknown): Promise<unknown> {
    const text = body === undefined ? "" : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      // Node frames the body of a DELETE by its length only.
      const headers = { "content-length": Buffer.byteLength(text) };
      const call = request({ socketPath: this.socket, method, path, headers }, async (response) => {
        let received = "";
        for await (const chunk of response) received += chunk;
        const answer = received ? JSON.parse(received) : undefined;
        if ((response.statusCode ?? 500) < 300) resolve(answer);
        else reject(new Error(answer?.message ?? `${method} ${path}: ${response.statusCode}`));
      });
      call.on("error", reject);
      call.end(text);
    });
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
