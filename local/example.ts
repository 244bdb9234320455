/** `npm run example`: deploys examples/flows/word_count.py to the running local stack and runs it once. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { CloudClient } from "./cloud/client";
import { type LocalOutputs, readOutputs } from "./outputs";
import { paths, root } from "./paths";
import { programs } from "./toolchain/programs";
import { insideEnvironment, insideNetwork } from "./worker-network";

async function main(): Promise<void> {
  const outputs = await readOutputs();
  const { workerEnv } = outputs;
  const [program, ...args] = await command(outputs);
  const env = outputs.workersEndpoint === "private" ? insideEnvironment(workerEnv) : { ...process.env, ...workerEnv };
  const deploy = spawn(program, args, {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...env, PREFECT_LOGGING_LEVEL: "ERROR" },
  });
  const [output] = await Promise.all([text(deploy.stdout), once(deploy, "close")]);
  if (!output.trim())
    throw new Error(`the example could not be deployed (exit code ${deploy.exitCode}): see the lines above`);
  const run = JSON.parse(output.trim().split("\n").at(-1) ?? "") as { id: string; name: string; state: string };
  console.log(
    `${run.name}: ${run.state}\nIts page, with logs and task runs: ${outputs.url}/v2/runs/flow-run/${run.id}`,
  );
  process.exitCode = run.state === "Completed" ? 0 : 1;
}

/** From where the API is reached: this machine, or the worker's network where it is private. */
async function command({ workersEndpoint, apiUrl }: LocalOutputs): Promise<[string, ...string[]]> {
  const deploy: [string, string] = [
    join(programs().prefectVenv, "bin", "python"),
    join(root, "examples", "flows", "deploy.py"),
  ];
  if (workersEndpoint === "public") return deploy;
  return insideNetwork(new CloudClient(paths.cloudSocket), deploy, { apiUrl });
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
