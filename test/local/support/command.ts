import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { root } from "../../../local/paths";
import { processesWith, untilNoneIsLeft } from "../../../local/processes";

export interface Ended {
  exitCode: number | null;
  /** stdout and stderr in the order in which they came. */
  output: string;
}

/** The commands behind the npm scripts, on a PREFECT_LOCAL_DIR of their own. */
export class Commands {
  readonly directory = mkdtempSync(join(realpathSync(tmpdir()), "local-"));
  readonly #variable = `PREFECT_LOCAL_DIR=${this.directory}`;

  /** @param command `up`, `stop`, `example`: a program of local/ */
  start(command: string, ...args: string[]): Running {
    return this.startProgram(process.execPath, "--import", "tsx", join(root, "local", `${command}.ts`), ...args);
  }

  startProgram(program: string, ...args: string[]): Running {
    return new Running(spawn(program, args, { cwd: root, env: { ...process.env, PREFECT_LOCAL_DIR: this.directory } }));
  }

  run(command: string, ...args: string[]): Promise<Ended> {
    return this.start(command, ...args).ended;
  }

  /** Command lines of everything that these commands have started and that still runs. */
  processes(): string[] {
    return processesWith(this.#variable);
  }

  untilNoneIsLeft(timeoutSec: number): Promise<void> {
    return untilNoneIsLeft(this.#variable, timeoutSec);
  }

  async remove(): Promise<void> {
    await this.run("stop");
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** A command that runs, its output and its end. */
export class Running {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
  output = "";

  constructor(child: ChildProcess) {
    this.process = child;
    for (const stream of [child.stdout, child.stderr])
      stream?.on("data", (chunk: Buffer) => (this.output += chunk.toString("utf8")));
    this.ended = once(child, "close").then(([exitCode]) => ({
      exitCode: exitCode as number | null,
      output: this.output,
    }));
  }

  async until(text: string | RegExp, timeoutSec = 40): Promise<void> {
    const deadline = Date.now() + timeoutSec * 1000;
    while (!(typeof text === "string" ? this.output.includes(text) : text.test(this.output))) {
      if (Date.now() > deadline || this.process.exitCode !== null)
        throw new Error(`never said ${String(text)}:\n${this.output}`);
      await sleep(50);
    }
  }
}

export async function freePort(): Promise<string> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return String(port);
}
