import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { globSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { CloudClient } from "../../../../local/cloud/client";
import type { CloudResource, CloudStatus } from "../../../../local/cloud/contract";
import { daemonPid } from "../../../../local/cloud/front";
import { insideTask } from "../../../../local/cloud/inside";
import { root } from "../../../../local/paths";

/** A local cloud of its own, in a folder of its own, with the real namespaces. */
export class LocalCloud {
  readonly directory = mkdtempSync(join(realpathSync(tmpdir()), "cloud-"));
  readonly #client = new CloudClient(this.socket);
  #front: ChildProcess | undefined;
  #output = "";
  port = 0;

  get socket(): string {
    return join(this.directory, "run", "cloud.sock");
  }

  get frontPid(): number {
    return this.#front?.pid as number;
  }

  async start(): Promise<void> {
    this.port = await freePort();
    const front = spawn(
      process.execPath,
      ["--import", "tsx", join(root, "local", "cloud", "front-process.ts"), String(this.port)],
      {
        cwd: root,
        env: { ...process.env, PREFECT_LOCAL_DIR: this.directory, LOCAL_CLOUD_ATTACHED: "1" },
        stdio: ["pipe", "pipe", "pipe"],
      },
    );
    this.#front = front;
    for (const stream of [front.stdout, front.stderr])
      stream.on("data", (chunk: Buffer) => (this.#output += chunk.toString("utf8")));
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
    return this.#client.put(resource);
  }

  async delete(type: string, id: string): Promise<void> {
    await this.#client.delete({ type, id });
  }

  status(): Promise<CloudStatus> {
    return this.#client.status();
  }

  async events(service: string): Promise<string[]> {
    return (await this.status()).services.find(({ name }) => name === service)?.events ?? [];
  }

  /**
   * Runs a program of this machine in the network of a service's one task.
   *
   * @returns its exit code and what it wrote to stdout
   */
  async inside(service: string, ...command: string[]): Promise<{ code: number | null; output: string }> {
    const task = (await this.status()).services.find(({ name }) => name === service)?.tasks[0];
    assert.ok(task, `no task of ${service} runs`);
    const daemon = daemonPid(join(this.directory, "run", "front.json"));
    const [program, ...args] = insideTask(task, command, this.directory, daemon);
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
    const [output] = await Promise.all([text(child.stdout), once(child, "close")]);
    return { code: child.exitCode, output };
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
