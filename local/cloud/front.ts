import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { paths, root } from "../paths";
import { CloudClient } from "./client";
import { portHolder } from "./port-holder";
import { readJson } from "./json-file";
import { childOf, processIdentity } from "./process-identity";

export interface StartOptions {
  /** The loopback port that is handed into the cloud. */
  port: number;
  /** Whether it outlives the calling process. */
  detach: boolean;
  say: (line: string) => void;
}

export interface StartedCloud {
  /** False when it was running already, for another `npm start`. */
  startedHere: boolean;
  /** Settles when the local cloud that was started here has ended, with the front's exit code: 0 when it was told to. */
  ended: Promise<number>;
}

/** What front-process.ts writes about itself and the daemon's namespaces. */
export interface FrontRecord {
  front: ProcessRecord;
  daemon: ProcessRecord;
  port: number;
}

export interface ProcessRecord {
  pid: number;
  /** Tells it from another process that has got the same id since. */
  identity: string;
}

export const frontFile = join(paths.run, "front.json");
const logFile = join(paths.logs, "cloud.log");
const startTimeoutMs = 90_000;
const stopTimeoutMs = 90_000;

export async function cloudIsRunning(): Promise<boolean> {
  if (!existsSync(paths.cloudSocket)) return false;
  return new CloudClient(paths.cloudSocket).status().then(
    () => true,
    () => false,
  );
}

/**
 * Brings the local cloud up with everything declared before; resolves when its API answers. One that runs already on
 * the same port is kept.
 *
 * @throws Error when the port is taken (by whom), or with the end of the log
 */
export async function startCloud({ port, detach, say }: StartOptions): Promise<StartedCloud> {
  const record = readRecord();
  if (record && isAlive(record.front)) {
    if (record.port === port && (await cloudIsRunning())) {
      say(`already running, port ${port}`);
      return { startedHere: false, ended: new Promise(() => {}) };
    }
    say(`it was running on port ${record.port}: stopping that`);
  }
  await stopCloud();
  await requireFreePort(port);
  for (const directory of [paths.run, paths.logs]) mkdirSync(directory, { recursive: true, mode: 0o711 });

  const log = openSync(logFile, "a", 0o600);
  const front = spawn(process.execPath, ["--import", "tsx", join(__dirname, "front-process.ts"), String(port)], {
    cwd: root,
    detached: true,
    // Attached: it ends when this process does, however that comes about, because its stdin closes.
    stdio: [detach ? "ignore" : "pipe", log, log],
    env: { ...process.env, LOCAL_CLOUD_ATTACHED: detach ? "" : "1" },
  });
  closeSync(log);
  const ended = new Promise<number>((resolve) => front.once("exit", (code) => resolve(code ?? 1)));
  // Attached, the calling process lives on for as long as it does.
  if (detach) front.unref();
  await untilAnswering(front, say);
  return { startedHere: true, ended };
}

/**
 * Takes it down in order: tasks, then databases; also cleans up after a crash.
 *
 * @returns false when nothing was running
 */
export async function stopCloud(): Promise<boolean> {
  const record = readRecord();
  const running = record !== undefined && (isAlive(record.front) || isAlive(record.daemon));
  if (record) {
    if (isAlive(record.front)) process.kill(record.front.pid, "SIGTERM");
    // After a crash of the front the daemon is still busy stopping: its stdin has closed.
    const until = Date.now() + stopTimeoutMs;
    while ((isAlive(record.front) || isAlive(record.daemon)) && Date.now() < until) await sleep(50);
    for (const stuck of [record.daemon, record.front]) if (isAlive(stuck)) process.kill(stuck.pid, "SIGKILL");
  }
  for (const file of [frontFile, paths.cloudSocket, paths.edgeSocket]) rmSync(file, { force: true });
  return running;
}

/**
 * The daemon's process id as this machine sees it.
 *
 * @param file what front-process.ts has written
 * @throws Error when no local cloud runs
 */
export function daemonPid(file = frontFile): number {
  const record = readRecord(file);
  // What is recorded is `unshare`, whose one child is the first process of the namespaces that it has made.
  const daemon = record && isAlive(record.daemon) ? childOf(record.daemon.pid) : undefined;
  if (daemon === undefined) throw new Error("no local cloud runs: start it with npm start");
  return daemon;
}

/** Undefined too where the file holds something else: a disk that was full, another version of this program. */
function readRecord(file = frontFile): FrontRecord | undefined {
  const isProcess = (value: unknown): value is ProcessRecord =>
    typeof (value as ProcessRecord | undefined)?.pid === "number" &&
    typeof (value as ProcessRecord).identity === "string";
  try {
    const record = readJson<FrontRecord | null>(file);
    return record && isProcess(record.front) && isProcess(record.daemon) ? record : undefined;
  } catch {
    return undefined;
  }
}

function isAlive({ pid, identity }: ProcessRecord): boolean {
  return processIdentity(pid) === identity;
}

async function untilAnswering(front: ChildProcess, say: (line: string) => void): Promise<void> {
  const until = Date.now() + startTimeoutMs;
  const begun = Date.now();
  let told = 0;
  while (!(await cloudIsRunning())) {
    const ended = front.exitCode !== null || front.signalCode !== null;
    if (ended || Date.now() > until) {
      if (!ended) await stopCloud();
      throw new Error(`the local cloud did not come up (all of it: ${logFile}):\n${logTail()}`);
    }
    const seconds = Math.floor((Date.now() - begun) / 5000) * 5;
    if (seconds > told) say(`waiting for the local cloud (${(told = seconds)} s)`);
    await sleep(50);
  }
}

function logTail(): string {
  return readFileSync(logFile, "utf8").trimEnd().split("\n").slice(-15).join("\n");
}

function requireFreePort(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EADDRINUSE") return reject(error);
      reject(
        new Error(`port ${port} on 127.0.0.1 is in use by ${portHolder(port)}: end it, or choose another with --port`),
      );
    });
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve()));
  });
}
