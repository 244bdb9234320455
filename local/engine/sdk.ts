import { createRequire } from "node:module";
import { join } from "node:path";
import type { ProgramInfo } from "@pulumi/pulumi/proto/language_pb";

/**
 * Path of a module of the Pulumi SDK that a program or policy pack itself depends on: it runs with its own version.
 *
 * @param directory where the program's node_modules are looked for, there and upwards
 * @throws Node's "Cannot find module", whose words the engine knows for a policy pack that is not installed
 */
export function resolveSdk(module: string, directory: string): string {
  return createRequire(join(directory, "package.json")).resolve(`@pulumi/pulumi/${module}`);
}

/** The `runtime.options` of Pulumi.yaml that the official host has, for what is run here. */
export interface RuntimeOptions {
  /** @default true */
  typescript: boolean;
  /** @default tsconfig.json of the program's directory */
  tsconfig?: string;
  nodeargs: string[];
}

export function runtimeOptions(info: ProgramInfo | undefined): RuntimeOptions {
  const { typescript = true, tsconfig, nodeargs } = info?.getOptions()?.toJavaScript() ?? {};
  return {
    typescript: typescript !== false && typescript !== "false",
    ...(typeof tsconfig === "string" && { tsconfig }),
    nodeargs: typeof nodeargs === "string" ? nodeargs.split(/\s+/).filter(Boolean) : [],
  };
}
