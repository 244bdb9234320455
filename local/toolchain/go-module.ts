import { existsSync, readFileSync } from "node:fs";
import { rename } from "node:fs/promises";
import { join } from "node:path";
import { paths } from "../paths";
import { run, withRetry } from "./command";
import type { Installation } from "./install";

export interface GoTool {
  name: string;
  version: string;
  /** Import path of the command, a `tool` of the module in `toolchain/<name>`. */
  package: string;
  /** The string variable that the vendor's own build sets to the version, as the linker names it. */
  versionVariable: string;
  title: string;
}

export const goBinary = (name: string) => join(paths.toolchain, "bin", name);

const goModule = (name: string) => join(__dirname, name);

/** The Go that the module's go.mod asks for: `1.26.0`. */
export function goVersionOf(name: string): string {
  const version = /^go (\S+)$/m.exec(readFileSync(join(goModule(name), "go.mod"), "utf8"))?.[1];
  if (!version) throw new Error(`${goModule(name)}/go.mod has no go directive`);
  return version;
}

/**
 * A command built from a Go module of our own: `go install package@version` refuses modules with replace directives,
 * and go.sum pins every dependency.
 */
export function goInstallation(tool: GoTool): Installation {
  const module = goModule(tool.name);
  const binary = goBinary(tool.name);
  const unfinished = `${binary}.unfinished`;
  const linkerFlags = `-s -w -X ${tool.versionVariable}=v${tool.version}`;
  return {
    name: tool.name,
    title: tool.title,
    inputs: [linkerFlags, readFileSync(join(module, "go.mod"), "utf8"), readFileSync(join(module, "go.sum"), "utf8")],
    products: [binary, unfinished],
    isWhole: () => existsSync(binary),
    make: async (onProgress) => {
      // Not `go mod download`: it asks for modules that no package of the build needs, and not every proxy has them all.
      // CGO_ENABLED=0: no C compiler needed, and a static program runs in a task's mount namespace as it is.
      const flags = ["-mod=readonly", "-buildvcs=false", `-ldflags=${linkerFlags}`, "-o", unfinished];
      await withRetry(`${tool.name}: go build`, onProgress, () =>
        run("go", ["build", ...flags, tool.package], { cwd: module, env: { CGO_ENABLED: "0" } }),
      );
      await rename(unfinished, binary);
    },
  };
}
