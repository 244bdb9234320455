import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, globSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { localDir, root } from "../../local/paths";

export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** Where a check's programs write: the terminal itself, or a buffer where another check runs beside it. */
export type Output = "inherit" | string[];

/** @returns whether it ended with 0 */
export async function execute(
  output: Output,
  command: string,
  args: string[],
  env: NodeJS.ProcessEnv = {},
): Promise<boolean> {
  const child = spawn(command, args, {
    cwd: root,
    stdio: output === "inherit" ? "inherit" : ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
  });
  if (output !== "inherit")
    for (const stream of [child.stdout, child.stderr])
      stream?.on("data", (chunk: Buffer) => output.push(chunk.toString("utf8")));
  const [code] = (await once(child, "close")) as [number | null];
  return code === 0;
}

/** @param before a command that runs the one given to it */
export async function mochaWith(
  output: Output,
  env: NodeJS.ProcessEnv,
  folders: string[],
  before: string[] = [],
): Promise<Counts> {
  const files = folders.flatMap((folder) => {
    const found = globSync(join(root, "test", `${folder}{/**/*,}.test.ts`)).sort();
    // A folder that lost its tests must not pass for one whose tests passed.
    if (found.length === 0) throw new Error(`no *.test.ts below test/${folder}`);
    return found;
  });

  mkdirSync(localDir, { recursive: true });
  const countsFile = join(localDir, `counts-${process.pid}-${folders.join("-").replaceAll("/", "-")}.json`);
  const [program = "", ...args] = [...before, process.execPath];
  const passed = await execute(
    output,
    program,
    [
      ...args,
      ...["--import", "tsx", join(root, "node_modules", "mocha", "bin", "mocha.js")],
      ...["--reporter", join(root, "test", "support", "reporter.cjs"), "--timeout", "60000", "--exit"],
      ...files,
    ],
    { ...env, TEST_COUNTS: countsFile },
  );
  if (!existsSync(countsFile)) return { passed: 0, failed: 1, skipped: 0 };
  const { passes, failed, pending } = JSON.parse(readFileSync(countsFile, "utf8")) as Record<string, number>;
  rmSync(countsFile);
  // mocha may fail without a failed test: an error while a file is loaded, or after the last test.
  return { passed: passes ?? 0, failed: failed || (passed ? 0 : 1), skipped: pending ?? 0 };
}
