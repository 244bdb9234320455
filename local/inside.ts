/**
 * `npm run inside -- COMMAND...`: runs a program of this machine inside the VPC of the running local stack, in the network
 * of its worker and with the worker's settings: `npm run inside -- prefect deployment ls`.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { delimiter, join } from "node:path";
import { parseArgs } from "node:util";
import { CloudClient } from "./cloud/client";
import { readOutputs } from "./outputs";
import { paths } from "./paths";
import { programs } from "./toolchain/programs";
import { insideEnvironment, insideNetwork } from "./worker-network";

const usage = `npm run inside -- [--service NAME] COMMAND...

  --service NAME   the ECS service in whose task's network it runs (default: the worker's)`;

async function main(args: string[]): Promise<number> {
  const at = args.findIndex((arg, index) => !arg.startsWith("-") && args[index - 1] !== "--service");
  const [own, command] = at < 0 ? [args, []] : [args.slice(0, at), args.slice(at)];
  const { values } = parseArgs({ args: own, options: { service: { type: "string" } } });
  if (command.length === 0) throw new Error(usage);
  const { workerEnv } = await readOutputs();
  const apiUrl = workerEnv.PREFECT_API_URL ?? "";
  const cloud = new CloudClient(paths.cloudSocket);
  const [program, ...rest] = await insideNetwork(cloud, command, { apiUrl, from: values.service });
  const path = [join(programs().prefectVenv, "bin"), process.env.PATH].join(delimiter);
  const child = spawn(program, rest, { stdio: "inherit", env: { ...insideEnvironment(workerEnv), PATH: path } });
  // A terminal's Ctrl-C reaches it by itself.
  process.on("SIGINT", () => {});
  const [code, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
  return signal ? 130 : (code ?? 1);
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exit(1);
  },
);
