import type { ServerUnaryCall, sendUnaryData } from "@grpc/grpc-js";
import type { Policies } from "@pulumi/policy";
import * as server from "@pulumi/policy/server";
import type * as analyzer from "@pulumi/pulumi/proto/analyzer_pb";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { paths, root } from "../local/paths";
import { collectInputs } from "../policies/collector";
import { prefectApiRequiresAuth } from "../policies/rules/prefect-api-requires-auth";
import { behindAlb, containers, login, forward, path, prefect, rule } from "../test/policies/support/pieces";
import { requestsFor } from "../test/policies/support/requests";
import { type Declared, declare, type Form, ref, type Registered, register } from "../test/policies/support/stack";
import { measureSideBySide, median, printTable } from "./measure";

/** What the policy pack costs: its start, and its judgement of ever larger stacks, beside a pack that judges nothing. */
export async function benchPolicies(rounds: number): Promise<void> {
  benchLoad(rounds);
  console.log(
    "\nAnalyze and AnalyzeStack in process, a tenth of the resources load balancers (median of rounds, milliseconds)\n",
  );
  console.log(
    "| resources | form | a pack that does nothing | this policy | added | added for each resource | memory kept, MB |",
  );
  console.log("|---|---|---|---|---|---|---|");
  for (const count of [500, 2_000, 5_000, 20_000]) {
    for (const form of ["preview", "finished"] as const) {
      const requests = requestsFor(largeStack(count, form));
      const times = { nothing: [] as number[], pack: [] as number[] };
      let kept = 0;
      for (let round = -1; round < rounds; round++) {
        const nothing = await judged(requests, idle);
        const before = heap();
        const pack = await judged(requests, [collectInputs, prefectApiRequiresAuth]);
        kept = Math.max(kept, heap() - before);
        if (round < 0) continue;
        times.nothing.push(nothing);
        times.pack.push(pack);
      }
      const [base, all] = [median(times.nothing), median(times.pack)];
      const each = `${(((all - base) / count) * 1000).toFixed(0)} µs`;
      const row = [count, form, base.toFixed(0), all.toFixed(0), (all - base).toFixed(0), each, kept.toFixed(0)];
      console.log(`| ${row.join(" | ")} |`);
    }
  }
}

/** Seconds until a pack stands in a process of its own, compiled as the policy host compiles it. */
function benchLoad(rounds: number): void {
  mkdirSync(paths.cache, { recursive: true });
  const scratch = mkdtempSync(join(paths.cache, "bench-"));
  try {
    const empty = join(scratch, "empty.cjs");
    writeFileSync(
      empty,
      'const { PolicyPack } = require("@pulumi/policy");\nnew PolicyPack("empty", { policies: [] });\n',
    );
    const load = (name: string, file: string) => ({
      name,
      command: process.execPath,
      args: ["-e", `require(${JSON.stringify(file)}); process.exit()`],
    });
    printTable(
      "start of a policy pack",
      measureSideBySide([load("an empty pack", empty), load("this pack", join(root, "policies", "main.cjs"))], rounds),
    );
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Megabytes of live objects. */
function heap(): number {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
  return process.memoryUsage().heapUsed / 1e6;
}

/** Takes everything and judges nothing: what handing over the resources costs. */
const idle: Policies = [
  { name: "resources", description: "", enforcementLevel: "mandatory", validateResource: () => undefined },
  { name: "stack", description: "", enforcementLevel: "mandatory", validateStack: () => undefined },
];

/** As many services behind load balancers of their own as make `count` resources; every other one is Prefect. */
function largeStack(count: number, form: Form): Registered[] {
  return Array.from({ length: count / 10 }, (_, index) => {
    const named = (resource: Registered): Registered =>
      JSON.parse(
        JSON.stringify(resource).replace(/((?:urn:pulumi:[^"]*::)|(?:"(?:arn|id):))([\w-]+)"/g, `$1$2-${index}"`),
      ) as Registered;
    return register(index % 5 === 0 ? fronted() : unit(index % 2 === 0), form).map((resource) => ({
      ...named(resource),
      name: `${resource.name}-${index}`,
    }));
  }).flat();
}

/** Ten resources, of which a distribution stands before the load balancer. */
function fronted(): Declared[] {
  const cdn = [
    declare("aws:cloudfront/vpcOrigin:VpcOrigin", "origin", {
      vpcOriginEndpointConfig: { arn: ref("alb"), httpPort: 80, httpsPort: 443, originProtocolPolicy: "https-only" },
    }),
    declare("aws:cloudfront/distribution:Distribution", "cdn", {
      enabled: true,
      origins: [{ originId: "alb", domainName: "inside", vpcOriginConfig: { vpcOriginId: ref("origin", "id") } }],
      defaultCacheBehavior: { targetOriginId: "alb" },
    }),
  ];
  return [...unit(true).filter(({ name }) => name !== "bucket" && name !== "logs"), ...cdn];
}

/** Ten resources. */
function unit(isPrefect: boolean): Declared[] {
  const application = { name: "web", image: "acme/web:1", ports: [4200] };
  return [
    ...behindAlb({
      definitions: containers({ ...(isPrefect ? prefect() : application), environment: { TEXT: "x".repeat(2_000) } }),
      target: { container: isPrefect ? "prefect" : "web", port: 4200 },
      actions: [login(), forward],
      more: [rule("api", 10, [path("/api/*")], [login(), forward])],
    }),
    declare("aws:s3/bucket:Bucket", "bucket", { tags: { text: "x".repeat(2_000) } }),
    declare("aws:cloudwatch/logGroup:LogGroup", "logs", { retentionInDays: 7 }),
  ];
}

type Requests = ReturnType<typeof requestsFor>;

type Rpc = (call: ServerUnaryCall<unknown, unknown>, callback: sendUnaryData<analyzer.AnalyzeResponse>) => unknown;
type MakeRpc = (pack: string, version: string, level: string, of: Policies) => Rpc;
/** @pulumi/policy keeps these out of its declarations, but it is what its server runs. */
const { makeAnalyzeRpcFun, makeAnalyzeStackRpcFun } = server as unknown as Record<
  "makeAnalyzeRpcFun" | "makeAnalyzeStackRpcFun",
  MakeRpc
>;

/** Milliseconds that these policies take for a stack. @throws when they find something: then it is not what was meant */
async function judged({ each, all }: Requests, policies: Policies): Promise<number> {
  const analyze = makeAnalyzeRpcFun("bench", "0.0.0", "mandatory", policies);
  const analyzeStack = makeAnalyzeStackRpcFun("bench", "0.0.0", "mandatory", policies);
  const started = performance.now();
  for (const request of each) await call(analyze, request);
  await call(analyzeStack, all);
  return performance.now() - started;
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
