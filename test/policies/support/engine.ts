import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Registered } from "./stack";

const root = join(__dirname, "../../..");

export interface Run {
  readonly exit: number | null;
  readonly output: string;
}

/** Runs the real engine with the pack on the projects beside; its state and settings files are thrown away. */
export class Engine {
  private readonly state = mkdtempSync(join(tmpdir(), "prefect-policies-"));
  /** What `up` makes is remembered here, not among what `npm start` made. */
  readonly local = join(this.state, "local");

  /** `up` goes without its own preview, so that the finished resources are what is judged. */
  run(command: "preview" | "up", project: string, settings: readonly string[]): Run {
    return this.runWith([], command, project, settings);
  }

  /** The same with one policy of the pack: the others have tests of their own. */
  runOnly(policy: string, ...[command, project, settings]: Parameters<Engine["run"]>): Run {
    const configuration = { all: "disabled", "collect-inputs": "mandatory", [policy]: "mandatory" };
    const file = join(this.state, "policies.json");
    writeFileSync(file, JSON.stringify(configuration));
    return this.runWith(["--policy-pack-config", file], command, project, settings);
  }

  private runWith(flags: readonly string[], ...[command, project, settings]: Parameters<Engine["run"]>): Run {
    const settingsFile = join(mkdtempSync(join(this.state, "settings-")), "Pulumi.dev.yaml");
    const { status, stdout, stderr } = spawnSync(
      join(root, "local/pulumi"),
      [
        command,
        ...["-C", join(__dirname, "../projects", project), "--stack", "dev", "--config-file", settingsFile],
        ...["--policy-pack", join(root, "policies"), ...flags],
        ...["--non-interactive", "--suppress-progress", "--color", "never"],
        ...(command === "up" ? ["--yes", "--skip-preview"] : []),
        ...settings.flatMap((setting) => ["--config", setting]),
      ],
      {
        encoding: "utf8",
        env: {
          ...process.env,
          PREFECT_LOCAL_DIR: this.local,
          PULUMI_BACKEND_URL: `file://${this.state}`,
          PULUMI_CONFIG_PASSPHRASE: "test",
          POLICY_RECORDING: this.recording,
        },
      },
    );
    return { exit: status, output: stdout + stderr };
  }

  /** The same, and what the engine handed the pack. */
  record(...[command, project, settings]: Parameters<Engine["run"]>): { run: Run; resources: Registered[] } {
    const run = this.runWith(["--policy-pack", join(__dirname, "recorder")], command, project, settings);
    return { run, resources: JSON.parse(readFileSync(this.recording, "utf8")) as Registered[] };
  }

  remove(): void {
    rmSync(this.state, { recursive: true, force: true });
  }

  private get recording(): string {
    return join(this.state, "recording.json");
  }
}
