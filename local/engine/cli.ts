import { ensureToolchain } from "../toolchain/toolchain";
import { engineEnvironment } from "./environment";
import { linkPlugins } from "./plugins";
import { ensureStack } from "./stack";

/** What `local/pulumi` runs: prepares what the engine needs, then becomes the engine. */
async function main(args: string[]): Promise<void> {
  const { pulumi } = await ensureToolchain(["pulumi"], (line) => console.error(line));
  await linkPlugins();
  const env = engineEnvironment();
  await ensureStack(pulumi, args, env);
  // The same process from here on: signals, terminal and exit code are the engine's own.
  process.execve?.(pulumi, ["pulumi", ...args], env);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
