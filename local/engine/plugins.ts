import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { root } from "../paths";
import { bundleProviders } from "../providers/bundle";
import { goBinary } from "../toolchain/go-module";
import { pulumiHome } from "./environment";

/**
 * Puts launchers of our plugins where the engine looks for them (sdk/go/common/workspace/plugins.go): the language host
 * beside the engine's own program, as in the official archive, and the providers in the plugin cache, as if installed.
 * An official CLI brings a language host of its own and keeps it.
 */
export async function linkPlugins(): Promise<void> {
  const engine = join(__dirname, "bin");
  for (const name of readdirSync(engine)) writeLauncher(join(dirname(goBinary("pulumi")), name), [join(engine, name)]);

  const node = join(root, "node_modules", ".bin", "node");
  for (const [provider, bundle] of Object.entries(await bundleProviders())) {
    const folder = join(pulumiHome, "plugins", `resource-${provider}-v${sdkVersion(provider)}`);
    writeLauncher(join(folder, `pulumi-resource-${provider}`), [node, bundle]);
  }
}

/** A provider has the version of its SDK, which is what a program asks for. */
function sdkVersion(provider: string): string {
  const manifest = join(root, "node_modules", "@pulumi", provider, "package.json");
  return (JSON.parse(readFileSync(manifest, "utf8")) as { version: string }).version;
}

/** Two engines may start at once: written whole or not at all. */
function writeLauncher(file: string, command: string[]): void {
  const words = command.map((word) => `'${word.replaceAll("'", `'\\''`)}'`);
  const script = `#!/bin/sh\nexec ${words.join(" ")} "$@"\n`;
  if (existsSync(file) && readFileSync(file, "utf8") === script) return;
  mkdirSync(dirname(file), { recursive: true });
  const unfinished = join(dirname(file), `.${basename(file)}.${process.pid}`);
  writeFileSync(unfinished, script);
  chmodSync(unfinished, 0o755);
  renameSync(unfinished, file);
}
