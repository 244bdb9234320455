import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";

/** What the language host has started and not yet seen end. */
const running = new Set<ChildProcess>();

/** Starts a program on the Node that runs this. */
export function startNode(args: string[], options: SpawnOptions): ChildProcess {
  const child = spawn(process.execPath, args, options);
  running.add(child);
  child.on("close", () => running.delete(child));
  return child;
}

/** Nothing may outlive the engine. */
export function endChildren(): void {
  for (const child of running) child.kill();
}

/** Waits until it has ended and its output has been read. @throws when it could not be started */
export async function exitOf(child: ChildProcess): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  const [code, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
  return { code, signal };
}
