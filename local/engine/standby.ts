import type { ChildProcess } from "node:child_process";
import { join } from "node:path";
import type { Writable } from "node:stream";
import { startNode } from "./child";

/** What must be the same for a waiting process to become the one asked for. */
export interface ProgramProcess {
  /** The working directory, in which also the SDK is looked for. */
  directory: string;
  nodeargs: string[];
  /** Path of the SDK's cmd/run. */
  runner: string;
}

/** What cmd/run gets. It arrives through a pipe: nobody sees it in a process list, not even where `env` holds secrets. */
export interface Order {
  args: string[];
  env: Record<string, string>;
}

let waiting: { process: ProgramProcess; child: ChildProcess } | undefined;

/** Starts the process of a program before it is asked for; standby.cjs says what it does until then. */
export function standBy(process: ProgramProcess): void {
  discard();
  waiting = { process, child: start(process) };
}

/** Has the waiting process run the program, if there is one and it fits, otherwise a new one. */
export function runIn(process: ProgramProcess, order: Order): ChildProcess {
  const fits = waiting && isAlive(waiting.child) && JSON.stringify(waiting.process) === JSON.stringify(process);
  if (!fits) discard();
  const child = (fits && waiting?.child) || start(process);
  waiting = undefined;
  const pipe = child.stdio[3] as Writable;
  // It may have ended at once, by a wrong flag of Node's say: its exit code tells that.
  pipe.on("error", () => {});
  pipe.end(JSON.stringify(order));
  return child;
}

function start({ directory, nodeargs, runner }: ProgramProcess): ChildProcess {
  return startNode(["--require", join(__dirname, "standby.cjs"), ...nodeargs, runner], {
    cwd: directory,
    stdio: ["ignore", "inherit", "inherit", "pipe"],
  });
}

function isAlive(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

function discard(): void {
  waiting?.child.kill();
  waiting = undefined;
}
