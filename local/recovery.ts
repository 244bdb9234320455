import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { CloudClient } from "./cloud/client";
import type { CloudResource } from "./cloud/contract";
import type { Say } from "./steps";

export interface RecoveryArgs {
  stack: string;
  /** The engine's file backend. */
  backend: string;
  cloud: Pick<CloudClient, "resources" | "delete">;
  /** Runs the engine on that stack. @returns what it wrote to stdout */
  pulumi: (args: string[], input?: string) => Promise<string>;
  say: Say;
}

/** `pulumi stack export`, as far as it is read here. */
interface StackExport {
  deployment: {
    resources?: { type: string; id?: string; outputs?: { arn?: unknown } }[];
    pending_operations?: unknown[];
  };
}

/**
 * Makes good what a `pulumi up` left behind that did not come to its end: the lock of a process that is gone, notes of
 * operations under way ("pending operations", of which `up` complains for ever), and what the local cloud holds without
 * the engine's knowing, half made or made just then. On AWS all of that is a person's to find out; here both sides are
 * at hand.
 *
 * @throws Error when another engine is at work on the stack
 */
export async function recover({ stack, backend, cloud, pulumi, say }: RecoveryArgs): Promise<void> {
  say("the last start did not come to its end: going on from there");
  const locks = globSync(join(backend, ".pulumi", "locks", "**", stack, "*.json")).map(readLock);
  const holder = locks.find(({ pid }) => existsSync(`/proc/${pid}`));
  if (holder) throw new Error(`process ${holder.pid} is at work on the stack ${stack}: wait for its end, or end it`);
  if (locks.length > 0) await pulumi(["cancel", "--yes"]);

  const exported = await pulumi(["stack", "export"]).catch(() => undefined);
  if (exported === undefined) return; // There was no stack yet.
  const state = JSON.parse(exported) as StackExport;
  const { resources = [], pending_operations: pending = [] } = state.deployment;
  if (pending.length > 0) {
    delete state.deployment.pending_operations;
    await pulumi(["stack", "import"], JSON.stringify(state));
  }
  // A state without even the stack itself says nothing: better too much is left than a database is lost.
  if (!resources.some(({ type }) => type === "pulumi:pulumi:Stack")) return;
  for (const orphan of orphans(await cloud.resources(), resources).reverse()) {
    await cloud.delete(orphan).catch((error: Error) => say(`${orphan.type} ${orphan.id}: ${error.message}`));
  }
}

/** What the cloud holds and the state does not name, neither by id nor by ARN, in the order in which it was made. */
export function orphans(
  held: CloudResource[],
  known: readonly { type: string; id?: string; outputs?: { arn?: unknown } }[],
): CloudResource[] {
  const names = new Set(known.flatMap(({ type, id, outputs }) => [`${type} ${id}`, `${type} ${String(outputs?.arn)}`]));
  return held.filter(({ type, id }) => !names.has(`${type} ${id}`));
}

function readLock(file: string): { pid?: number } {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as { pid?: number };
  } catch {
    return {};
  }
}
