import type { ServerWritableStream } from "@grpc/grpc-js";
import { type RunPluginRequest, RunPluginResponse } from "@pulumi/pulumi/proto/language_pb";
import { exitOf, startNode } from "./child";
import { resolveSdk, runtimeOptions } from "./sdk";

/**
 * Runs a policy pack, or another plugin written in TypeScript, until the engine cancels the call. Its output goes to the
 * engine byte by byte: the port of its own service is the first line.
 */
export async function runPlugin(call: ServerWritableStream<RunPluginRequest, RunPluginResponse>): Promise<void> {
  const { request } = call;
  const info = request.getInfo();
  const directory = info?.getProgramDirectory() || request.getPwd();
  const send = (fill: (response: RunPluginResponse) => void) => {
    const response = new RunPluginResponse();
    fill(response);
    if (!call.cancelled) call.write(response);
  };
  try {
    const runner = resolveSdk(request.getKind() === "analyzer" ? "cmd/run-policy-pack" : "cmd/run-plugin", directory);
    const child = startNode([...runtimeOptions(info).nodeargs, runner, ...request.getArgsList(), directory], {
      // Both runners read the tsconfig.json of the working directory, and a policy pack its package.json.
      cwd: directory,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...environment(request.getEnvList()) },
    });
    call.on("cancelled", () => child.kill());
    child.stdout?.on("data", (bytes: Buffer) => send((response) => response.setStdout(bytes)));
    child.stderr?.on("data", (bytes: Buffer) => send((response) => response.setStderr(bytes)));
    const { code } = await exitOf(child);
    send((response) => response.setExitcode(code ?? 1));
  } catch (error) {
    send((response) => response.setStderr(Buffer.from(`${(error as Error).message}\n`)));
    send((response) => response.setExitcode(1));
  }
  call.end();
}

/** `["NAME=value"]` as an object. */
function environment(entries: string[]): Record<string, string> {
  return Object.fromEntries(
    entries.map((entry) => [entry.slice(0, entry.indexOf("=")), entry.slice(entry.indexOf("=") + 1)]),
  );
}
