import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(__dirname, "../../../..");

/** Another team's repository: a project, and in its node_modules the pack as `npm install` of the tarball lays it down. */
export class Elsewhere {
  readonly directory = mkdtempSync(join(tmpdir(), "prefect-elsewhere-"));
  readonly pack = join(this.directory, "node_modules", "prefect-access-policies");

  /** @throws Error with npm's words where it does not pack */
  constructor() {
    // Whoever runs the tests may have switched scripts off, as this repository does for what it installs.
    run("npm", ["pack", "--ignore-scripts=false", "--pack-destination", this.directory], join(root, "policies"));
    mkdirSync(this.pack, { recursive: true });
    run("tar", [
      "-xzf",
      join(this.directory, "prefect-access-policies-0.1.0.tgz"),
      "--strip-components=1",
      "-C",
      this.pack,
    ]);
    // What the tarball's package.json asks for, and the program beside it.
    mkdirSync(join(this.directory, "node_modules", "@pulumi"));
    for (const name of ["pulumi", "policy", "aws"])
      symlinkSync(join(root, "node_modules", "@pulumi", name), join(this.directory, "node_modules", "@pulumi", name));
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}

function run(program: string, args: string[], cwd = root): void {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, encoding: "utf8" });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")}: ${stdout}${stderr}`);
}
