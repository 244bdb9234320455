/** `npm run example`: deploys examples/flows/word_count.py to the running local stack and runs it once. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { LocalOutputs } from "./outputs";
import { cloudIsRunning } from "./cloud/front";
import { paths, root } from "./paths";
import { programs } from "./toolchain/programs";

async function main(): Promise<void> {
  if (!existsSync(paths.outputs) || !(await cloudIsRunning()))
    throw new Error("no stack is up on this machine: run `npm start` first, in another terminal");
  const { url, workerEnv } = JSON.parse(readFileSync(paths.outputs, "utf8")) as LocalOutputs;
  const python = join(programs().prefectVenv, "bin", "python");
  const deploy = spawn(python, [join(root, "examples", "flows", "deploy.py")], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, ...workerEnv, PREFECT_LOGGING_LEVEL: "ERROR" },
  });
  const [output] = await Promise.all([text(deploy.stdout), once(deploy, "close")]);
  if (!output.trim())
    throw new Error(`the example could not be deployed (exit code ${deploy.exitCode}): see the lines above`);
  const run = JSON.parse(output.trim().split("\n").at(-1) ?? "") as { id: string; name: string; state: string };
  console.log(`${run.name}: ${run.state}\nIts page, with logs and task runs: ${url}/v2/runs/flow-run/${run.id}`);
  process.exitCode = run.state === "Completed" ? 0 : 1;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
