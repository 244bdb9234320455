import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { paths } from "../paths";
import { run, withRetry } from "./command";
import type { Installation } from "./install";
import { findPython } from "./prerequisites";

export const venvDirectory = (name: string) => join(paths.toolchain, name);

/** A Python virtual environment with exactly what `toolchain/<name>/requirements.txt` locks, checked by hash. */
export function venvInstallation(name: string, title: string): Installation {
  const requirements = join(__dirname, name, "requirements.txt");
  const directory = venvDirectory(name);
  return {
    name,
    title,
    // Scripts of a virtual environment begin with its absolute path: moved, it must be made anew.
    inputs: [directory, readFileSync(requirements, "utf8")],
    products: [directory],
    // A link to the Python that made it: dangling once that one is uninstalled.
    isWhole: () => existsSync(join(directory, "bin", "python")),
    make: async (onProgress) => {
      const found = await findPython();
      if ("problem" in found) throw new Error(found.problem);
      await run(found.python, ["-m", "venv", directory]);
      const flags = ["--require-hashes", "--only-binary=:all:", "--no-deps", "--disable-pip-version-check", "-q"];
      await withRetry(`${name}: pip install`, onProgress, () =>
        run(join(directory, "bin", "python"), ["-m", "pip", "install", ...flags, "-r", requirements]),
      );
    },
  };
}
