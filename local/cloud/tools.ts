import { execFile } from "node:child_process";
import { realpathSync } from "node:fs";
import { type MachineProgramName, machinePrograms, which } from "../toolchain/machine";

/** Absolute path of any program of the machine, or undefined. */
export const findProgram = which;

/** Absolute path of a program that the local cloud cannot do without. @throws Error with the package that brings it */
export function requireProgram(name: MachineProgramName): string {
  const found = which(name);
  if (!found) throw new Error(`${name} is not on this machine: install your distribution's ${packageOf(name)}`);
  return found;
}

/** The same without symbolic links: what it is called inside a container's root as well. */
export function tool(name: MachineProgramName): string {
  return realpathSync(requireProgram(name));
}

function packageOf(name: MachineProgramName): string {
  return machinePrograms[name].debian;
}

/**
 * Runs a program to its end.
 *
 * @param input written to its stdin
 * @returns its stdout
 * @throws Error with its stderr
 */
export function run(name: MachineProgramName, args: readonly string[], input?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(requireProgram(name), args, (error, stdout, stderr) => {
      if (error) reject(new Error(`${name} ${args.join(" ")}: ${stderr.trim() || error.message}`));
      else resolve(stdout);
    });
    // A program that ends without reading its stdin: its exit code tells all.
    child.stdin?.on("error", () => {});
    child.stdin?.end(input);
  });
}
