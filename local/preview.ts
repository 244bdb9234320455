/**
 * `npm run preview -- STACK [--offline] [pulumi preview's own arguments]`: `pulumi preview` of that stack with the policy
 * pack. With `--offline` the local engine and providers answer instead of AWS: no account, no credentials, no network, and
 * nothing is kept.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./paths";
import { writeConfigFile } from "./stack";
import { ensureToolchain } from "./toolchain/toolchain";

async function main(): Promise<number> {
  const [stack, ...rest] = process.argv.slice(2);
  const stacks = readdirSync(root).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);
  if (!stack || stack.startsWith("-") || !existsSync(join(root, `Pulumi.${stack}.yaml`))) {
    console.error(`which stack? npm run preview -- STACK [--offline], where STACK is one of: ${stacks.join(", ")}`);
    return 2;
  }
  const args = [
    "preview",
    "-C",
    root,
    "--stack",
    stack,
    "--policy-pack",
    join(root, "policies"),
    ...rest.filter((arg) => arg !== "--offline"),
  ];
  return rest.includes("--offline") ? await previewOffline(stack, args) : run("pulumi", args);
}

async function previewOffline(stack: string, args: string[]): Promise<number> {
  await ensureToolchain("preview", (line) => console.error(line));
  const scratch = mkdtempSync(join(tmpdir(), "prefect-preview-"));
  try {
    const configFile = join(scratch, `Pulumi.${stack}.yaml`);
    writeConfigFile(stack, configFile);
    const env = { PULUMI_BACKEND_URL: `file://${scratch}`, PULUMI_CONFIG_PASSPHRASE: "preview only: nothing is kept" };
    const pulumi = join(root, "local", "pulumi");
    const created = spawnSync(pulumi, ["stack", "init", stack, "-C", root, "--non-interactive"], {
      encoding: "utf8",
      env: { ...process.env, ...env },
    });
    if (created.status !== 0) throw new Error(`the local engine could not make a scratch stack:\n${created.stderr}`);
    return run(pulumi, [...args, "--config-file", configFile], env);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function run(program: string, args: string[], env: NodeJS.ProcessEnv = {}): number {
  const { status, error } = spawnSync(program, args, { stdio: "inherit", env: { ...process.env, ...env } });
  if (error) {
    console.error(
      `could not run ${program}: ${error.message}. Install Pulumi's CLI (https://www.pulumi.com/docs/install/), or add --offline to preview without it.`,
    );
    return 1;
  }
  return status ?? 1;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exit(1);
  },
);
