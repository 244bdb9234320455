import { type GetRequiredPackagesRequest, type RunRequest, RunResponse } from "@pulumi/pulumi/proto/language_pb";
import { exitOf } from "./child";
import { resolveSdk, runtimeOptions } from "./sdk";
import { runIn, standBy } from "./standby";

/** The SDK's exit code for "the user has been told": the engine must not add a message of its own (cmd/run/index.ts). */
const alreadyReported = 32;

/** The engine is about to load policy packs, then to run this program: its process gets ready meanwhile. */
export function prepareProgram(request: GetRequiredPackagesRequest): void {
  const info = request.getInfo();
  const directory = info?.getProgramDirectory();
  if (!directory) return;
  try {
    standBy({ directory, nodeargs: runtimeOptions(info).nodeargs, runner: resolveSdk("cmd/run", directory) });
  } catch {
    // No SDK there: told when the program is to run.
  }
}

/**
 * Runs a stack's program to its end. Its messages and resources go straight to the engine, its stdout and stderr by way of
 * this process's.
 */
export async function runProgram(request: RunRequest, engineAddress: string): Promise<RunResponse> {
  const info = request.getInfo();
  const { typescript, tsconfig, nodeargs } = runtimeOptions(info);
  const directory = info?.getProgramDirectory() || request.getPwd();

  let runner: string;
  try {
    runner = resolveSdk("cmd/run", directory);
  } catch {
    return new RunResponse().setError(`${directory} has no @pulumi/pulumi in reach: run npm install there`);
  }
  const flags: Record<string, string> = {
    monitor: request.getMonitorAddress(),
    engine: engineAddress,
    organization: request.getOrganization(),
    project: request.getProject(),
    "root-directory": info?.getRootDirectory() ?? "",
    stack: request.getStack(),
    pwd: request.getPwd(),
    parallel: request.getParallel() > 0 ? String(request.getParallel()) : "",
  };
  const args = [
    ...Object.entries(flags).flatMap(([flag, value]) => (value ? [`--${flag}=${value}`] : [])),
    ...(request.getDryrun() ? ["--dry-run"] : []),
    request.getProgram() || info?.getEntryPoint() || ".",
    ...request.getArgsList(),
  ];
  const env = {
    PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().toObject())),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
    PULUMI_NODEJS_TYPESCRIPT: String(typescript),
    ...(tsconfig && { PULUMI_NODEJS_TSCONFIG_PATH: tsconfig }),
    // Checking types is the editor's and tsc's work: with @pulumi/aws it costs seconds and a gigabyte every time.
    PULUMI_NODEJS_TRANSPILE_ONLY: "true",
  };

  const child = runIn({ directory: request.getPwd(), nodeargs, runner }, { args, env });
  const { code, signal } = await exitOf(child);
  if (code === 0) return new RunResponse();
  if (code === alreadyReported) return new RunResponse().setBail(true);
  return new RunResponse().setError(
    `Program exited with ${signal ? `signal ${signal}` : `non-zero exit code: ${code}`}`,
  );
}
