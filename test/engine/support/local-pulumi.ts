import { spawn, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../../../local/paths";

export interface Ran {
  status: number | null;
  /** stdout and stderr, without colours. */
  output: string;
}

/** A place for projects and state of one suite; inside the checkout, so that its packages are in reach. */
export class Workbench {
  readonly directory: string;

  constructor() {
    const parent = join(root, ".local", "scratch");
    mkdirSync(parent, { recursive: true });
    this.directory = mkdtempSync(join(parent, "engine-"));
  }

  get localDir(): string {
    return join(this.directory, "local");
  }

  /** A copy of `projects/NAME`, to be run and written into. */
  project(name: string): string {
    const copy = join(this.directory, name);
    cpSync(join(__dirname, "..", "projects", name), copy, { recursive: true });
    return copy;
  }

  run(args: string[], options: { cwd?: string; env?: NodeJS.ProcessEnv; program?: string } = {}): Ran {
    const { status, stdout, stderr } = spawnSync(options.program ?? join(root, "local", "pulumi"), args, {
      cwd: options.cwd ?? tmpdir(),
      env: { ...this.environment(), ...options.env },
      encoding: "utf8",
    });
    return { status, output: stripColours(stdout + stderr) };
  }

  start(args: string[]) {
    return spawn(join(root, "local", "pulumi"), args, { cwd: tmpdir(), env: this.environment(), stdio: "ignore" });
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** Nothing of the machine's own Pulumi settings, and nothing of `npm test`'s. */
  private environment(): NodeJS.ProcessEnv {
    const others = Object.entries(process.env).filter(([name]) => !name.startsWith("PULUMI_"));
    return { ...Object.fromEntries(others), PREFECT_LOCAL_DIR: this.localDir };
  }
}

function stripColours(text: string): string {
  return text.replace(/\u001b\[[0-9;]*m/g, "");
}
