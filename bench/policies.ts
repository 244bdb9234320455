import type { ServerUnaryCall, sendUnaryData } from "@grpc/grpc-js";
import type { Policies } from "@pulumi/policy";
import * as server from "@pulumi/policy/server";
import * as analyzer from "@pulumi/pulumi/proto/analyzer_pb";
import { buildSync } from "esbuild";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { paths, root } from "../local/paths";
import { requestsFor } from "../test/policies/support/requests";
import { register, type Registered } from "../test/policies/support/stack";
import { largeStack } from "./large-stack";
import { measureSideBySide, median, printTable } from "./measure";
import { emptyPack } from "./policies-preview";

/** Smaller stacks are judged several times over: the memory's great clean-ups, of 0.1 s, fall into any of them. */
const leastResources = 20_000;

/**
 * What the policy pack costs: its start, and its judgement of ever larger stacks beside what @pulumi/policy itself takes to
 * hand the same resources to one stack policy, from the engine's message to the call.
 */
export async function benchPolicies(rounds: number): Promise<void> {
  benchLoad(rounds);
  const policies = packed();
  console.log("\nin process, every tenth resource a load balancer (median of rounds)\n");
  console.log(
    "| resources | form | handed to one stack policy, ms | added by the pack, ms | times the handing | added for each resource, µs | memory kept, MB |",
  );
  console.log("|---|---|---|---|---|---|---|");
  for (const count of [500, 2_000, 5_000, 20_000]) {
    for (const form of ["preview", "finished"] as const) {
      const messages = messagesOf(register(largeStack(count), form));
      const times = Math.ceil(leastResources / count);
      const handed: number[] = [];
      const added: number[] = [];
      for (let round = -1; round < rounds; round++) {
        const nothing = await judged(messages, idle, times);
        const pack = await judged(messages, policies, times);
        if (round < 0) continue;
        handed.push(nothing.all);
        added.push(pack.each + pack.all - nothing.each - nothing.all);
      }
      const [base, more] = [median(handed), median(added)];
      const ratio = median(added.map((milliseconds, round) => milliseconds / (handed[round] ?? NaN)));
      const kept = await keptOf(messages, policies);
      const row = [
        base.toFixed(0),
        more.toFixed(0),
        ratio.toFixed(2),
        ((more / count) * 1000).toFixed(0),
        kept.toFixed(0),
      ];
      console.log(`| ${[count, form, ...row].join(" | ")} |`);
    }
  }
}

/** Seconds until a pack stands in a process of its own, compiled as the policy host compiles it. */
function benchLoad(rounds: number): void {
  mkdirSync(paths.cache, { recursive: true });
  const scratch = mkdtempSync(join(paths.cache, "bench-"));
  try {
    const load = (name: string, pack: string) => ({
      name,
      command: process.execPath,
      args: ["-e", `require(${JSON.stringify(pack)}); process.exit()`],
    });
    printTable(
      "start of a policy pack",
      measureSideBySide([load("an empty pack", emptyPack(scratch)), load("this pack", join(root, "policies"))], rounds),
    );
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** The policies as the host runs them, which are plain JavaScript: tsx makes each function known by name, at every call. */
function packed(): Policies {
  mkdirSync(paths.cache, { recursive: true });
  const scratch = mkdtempSync(join(paths.cache, "bench-"));
  try {
    const outfile = join(scratch, "pack.cjs");
    buildSync({
      entryPoints: [join(root, "policies", "pack.ts")],
      outfile,
      bundle: true,
      platform: "node",
      format: "cjs",
      packages: "external",
    });
    return (createRequire(outfile)(outfile) as { policies: Policies }).policies;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Megabytes that the pack still holds when it has judged, until it judges another stack. */
async function keptOf(messages: Messages, policies: Policies): Promise<number> {
  await judged(messagesOf([]), policies);
  const before = heap();
  await judged(messages, policies);
  return heap() - before;
}

/** Megabytes of live objects. */
function heap(): number {
  cleanUp();
  return process.memoryUsage().heapUsed / 1e6;
}

function cleanUp(): void {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
}

/** Takes everything and judges nothing: what handing over the resources costs. */
const idle: Policies = [
  { name: "resources", description: "", enforcementLevel: "mandatory", validateResource: () => undefined },
  { name: "stack", description: "", enforcementLevel: "mandatory", validateStack: () => undefined },
];

/** As the engine sends them. */
interface Messages {
  readonly each: readonly Uint8Array[];
  readonly all: Uint8Array;
}

function messagesOf(resources: readonly Registered[]): Messages {
  const { each, all } = requestsFor(resources);
  return { each: each.map((request) => request.serializeBinary()), all: all.serializeBinary() };
}

type Rpc = (call: ServerUnaryCall<unknown, unknown>, callback: sendUnaryData<analyzer.AnalyzeResponse>) => unknown;
type MakeRpc = (pack: string, version: string, level: string, of: Policies) => Rpc;
/** @pulumi/policy keeps these out of its declarations, but it is what its server runs. */
const { makeAnalyzeRpcFun, makeAnalyzeStackRpcFun } = server as unknown as Record<
  "makeAnalyzeRpcFun" | "makeAnalyzeStackRpcFun",
  MakeRpc
>;

/**
 * Milliseconds that these policies take for all resources, one after the other, and for the stack.
 *
 * @param times how often, of which the times are the mean
 * @throws when they find something: then it is not what was meant
 */
async function judged(messages: Messages, by: Policies, times = 1): Promise<{ each: number; all: number }> {
  const analyze = makeAnalyzeRpcFun("bench", "0.0.0", "mandatory", by);
  const analyzeStack = makeAnalyzeStackRpcFun("bench", "0.0.0", "mandatory", by);
  const spent = { each: 0, all: 0 };
  cleanUp();
  for (let time = 0; time < times; time++) {
    const started = busy();
    for (const message of messages.each) await call(analyze, analyzer.AnalyzeRequest.deserializeBinary(message));
    const between = busy();
    await call(analyzeStack, analyzer.AnalyzeStackRequest.deserializeBinary(messages.all));
    spent.each += (between - started) / times;
    spent.all += (busy() - between) / times;
  }
  return spent;
}

/** Milliseconds that this thread has computed: nothing here waits, and what else the machine does is left out. */
function busy(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

function call(rpc: Rpc, request: unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    rpc({ request } as ServerUnaryCall<unknown, unknown>, (error, response) => {
      const found = response?.getDiagnosticsList().map((diagnostic) => diagnostic.getMessage()) ?? [];
      if (error || found.length > 0) return reject(new Error(found[0] ?? "the pack failed"));
      return resolve();
    });
  });
}
