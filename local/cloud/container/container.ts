import { type ChildProcess, spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { chownSync, closeSync, constants, mkdirSync, openSync, rmSync, writeFileSync } from "node:fs";
import { Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { childOf } from "../process-identity";
import { requireProgram, run, tool } from "../tools";
import { inContainer, type Mount } from "./machine";
import { type ImageFiles, makeRoot } from "./root";
import { setupScript, type Tmpfs } from "./setup";
import { asUser, singleUser, type User } from "./user";

export interface ContainerOptions {
  /** Its own: made here, taken away by `remove`. */
  directory: string;
  image: ImageFiles;
  hostsFile: string;
  trustDirectory: string;
  hostname: string;
  /** The process whose network it joins. @default the daemon's network */
  networkPid?: number;
  user: User;
  /** All of it: nothing comes from the daemon. */
  environment: Readonly<Record<string, string>>;
  workingDirectory: string;
  command: readonly string[];
  mounts: readonly Mount[];
  tmpfs: readonly Tmpfs[];
  readonlyRoot: boolean;
  openFiles: { soft: number; hard: number };
  droppedCapabilities: readonly string[];
  /** Whether a process that passes signals on and reaps orphans is the first one, and the program its child. */
  init: boolean;
  /** Takes what the program writes to stdout and stderr. */
  output: (chunk: Buffer) => void;
}

interface ContainerEvents {
  /** The program has ended; 128 + signal number when a signal ended it. */
  exit: [code: number];
}

const signalNumbers: Record<string, number> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGKILL: 9,
  SIGSEGV: 11,
  SIGPIPE: 13,
  SIGTERM: 15,
};

/** One program in mount, process, host name and IPC namespaces of its own. */
export class Container extends EventEmitter<ContainerEvents> {
  readonly #options: ContainerOptions;
  #process: ChildProcess | undefined;
  #pid: number | undefined;
  #exited: Promise<void> = Promise.resolve();
  #starting: Promise<void> | undefined;
  #stopped = false;
  exitCode: number | undefined;

  constructor(options: ContainerOptions) {
    super();
    this.#options = options;
  }

  /**
   * Resolves once the program has been started.
   *
   * @throws Error with what could not be set up
   */
  start(): Promise<void> {
    this.#starting = this.#stopped ? Promise.reject(new Error("the container was stopped")) : this.#start();
    return this.#starting;
  }

  async #start(): Promise<void> {
    const { directory, user, environment, networkPid } = this.#options;
    mkdirSync(directory, { recursive: true, mode: 0o755 });
    const root = join(directory, "root");
    const mounts = makeRoot(root, this.#options);
    const script = join(directory, "setup.sh");
    const first = this.#options.init ? [inContainer(tool("sh")), "-c", initScript, "init"] : [];
    const command = [...asUser(user, this.#options.droppedCapabilities), ...first, ...this.#options.command];
    writeFileSync(script, setupScript({ ...this.#options, root, mounts, command }), { mode: 0o600 });

    const output = await this.#openOutput(join(directory, "output"));
    const unshare = [
      "--mount",
      "--pid",
      "--uts",
      "--ipc",
      "--fork",
      "--kill-child=SIGKILL",
      "--",
      requireProgram("sh"),
      script,
    ];
    const line = [requireProgram("unshare"), ...unshare];
    if (networkPid) line.unshift(requireProgram("nsenter"), `--net=/proc/${networkPid}/ns/net`, "--");
    const child = spawn(line[0] as string, line.slice(1), {
      env: { HOME: user.home, ...environment },
      stdio: ["ignore", output, output, "pipe"],
      cwd: "/",
      detached: true,
    });
    closeSync(output);
    this.#process = child;
    this.exitCode = undefined;
    this.#exited = once(child, "exit").then(([code, signal]) => {
      this.exitCode = (code as number | null) ?? 128 + (signalNumbers[String(signal)] ?? 0);
      this.#pid = undefined;
    });

    const problem = await this.#untilReady(child);
    if (problem !== undefined) {
      await this.#exited;
      throw new Error(problem.trim() || "the container's namespaces could not be made");
    }
    this.#pid = childOf(child.pid as number);
    void this.#exited.then(() => this.emit("exit", this.exitCode ?? 0));
  }

  /** The program's process id as the daemon sees it, while it runs. */
  get pid(): number | undefined {
    return this.#pid;
  }

  /** The signal, and SIGKILL once the time is over. */
  async stop(timeoutSec: number, signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    this.#stopped = true;
    await this.#starting?.catch(() => {});
    if (!this.#process || this.exitCode !== undefined) return;
    const killing = setTimeout(() => this.kill(), timeoutSec * 1000);
    const program = await this.#program();
    if (program !== undefined) signalTo(program, signal);
    await this.#exited;
    clearTimeout(killing);
  }

  /** The kernel ends a process namespace with its first process. */
  kill(): void {
    if (this.exitCode !== undefined) return;
    // Until the program starts, that process dies with `unshare`; then no more: giving up rights takes that away (prctl(2),
    // PR_SET_PDEATHSIG).
    if (this.#pid === undefined || !signalTo(this.#pid, "SIGKILL")) this.#process?.kill("SIGKILL");
  }

  /** The process that signals are meant for; undefined when it has ended. An init has just begun when it has no child. */
  async #program(): Promise<number | undefined> {
    while (this.#pid !== undefined) {
      const program = this.#options.init ? childOf(this.#pid) : this.#pid;
      if (program !== undefined) return program;
      await sleep(10);
    }
    return undefined;
  }

  /**
   * Runs a command inside, as the container's user with its environment.
   *
   * @returns its exit code; undefined when the time was over or the container is not running
   */
  async exec(command: readonly string[], timeoutSec: number): Promise<number | undefined> {
    const pid = this.#pid;
    if (!pid) return undefined;
    const { user, environment, workingDirectory, droppedCapabilities } = this.#options;
    const namespaces = ["--mount", "--pid", "--uts", "--ipc", "--net", "--"];
    const there = [inContainer(tool("sh")), "-c", 'cd "$0" && exec "$@"', workingDirectory];
    const line = [`--target=${pid}`, ...namespaces, ...there, ...asUser(user, droppedCapabilities), ...command];
    const child = spawn(requireProgram("nsenter"), line, {
      env: { HOME: user.home, ...environment },
      stdio: "ignore",
      cwd: "/",
      detached: true,
    });
    let late = false;
    const killing = setTimeout(() => {
      late = true;
      try {
        process.kill(-(child.pid as number), "SIGKILL");
      } catch {
        // It has ended by itself.
      }
    }, timeoutSec * 1000);
    const [code] = (await once(child, "exit")) as [number | null];
    clearTimeout(killing);
    return late ? undefined : (code ?? 1);
  }

  remove(): void {
    rmSync(this.#options.directory, { recursive: true, force: true });
  }

  /** A named pipe: unlike a socket a program can open it again as /dev/stdout, and its user may be given to it. */
  async #openOutput(path: string): Promise<number> {
    rmSync(path, { force: true });
    await run("mkfifo", ["-m", "600", path]);
    const { uid, gid } = this.#options.user;
    if (!singleUser()) chownSync(path, uid, gid);
    const reading = new Socket({
      fd: openSync(path, constants.O_RDONLY | constants.O_NONBLOCK),
      readable: true,
      writable: false,
    });
    reading.on("data", this.#options.output);
    reading.on("error", () => reading.destroy());
    return openSync(path, constants.O_WRONLY);
  }

  /** @returns undefined when the program was started, else what was said */
  async #untilReady(child: ChildProcess): Promise<string | undefined> {
    let said = "";
    const isReady = () => said.endsWith("ready\n");
    await new Promise<void>((resolve) => {
      // `unshare` goes on holding the pipe: a program that was started closes only its own end.
      child.stdio[3]?.on("data", (chunk: Buffer) => {
        said += chunk.toString("utf8");
        if (isReady()) resolve();
      });
      child.stdio[3]?.once("close", resolve);
      child.once("error", (error) => {
        said += error.message;
        resolve();
      });
    });
    return isReady() ? undefined : said;
  }
}

/**
 * The first process of a container with an init (docker-init in Docker's and Fargate's): a shell that waits for its one
 * child, and so reaps the others that come to it. Its child has its signals' defaults, which the kernel keeps from the
 * first process of a namespace (pid_namespaces(7)); signals are given to that child directly.
 */
const initScript = '"$@"; exit $?';

function signalTo(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
