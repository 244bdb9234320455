/**
 * `npm run preview -- STACK [--offline] [pulumi preview's own arguments]`: `pulumi preview` of that stack with the policy
 * pack. With `--offline` the local engine and providers answer instead of AWS: no account, no credentials, no network, and
 * nothing is kept.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./paths";
import { writeConfigFile } from "./stack";

function main(): number {
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
  return rest.includes("--offline") ? previewOffline(stack, args) : run("pulumi", args);
}

function previewOffline(stack: string, args: string[]): number {
  const scratch = mkdtempSync(join(tmpdir(), "prefect-preview-"));
  try {
    const configFile = join(scratch, `Pulumi.${stack}.yaml`);
    writeConfigFile(stack, configFile);
    const secrets = dropSecrets(configFile);
    const env = { PULUMI_BACKEND_URL: `file://${scratch}`, PULUMI_CONFIG_PASSPHRASE: "preview only: nothing is kept" };
    const pulumi = join(root, "local", "pulumi");
    for (const key of secrets) {
      const set = ["config", "set", "--secret", key, "not-known-offline", "-C", root, "--stack", stack];
      if (run(pulumi, [...set, "--config-file", configFile], env) !== 0) return 1;
    }
    return run(pulumi, [...args, "--config-file", configFile], env);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/**
 * Takes out of a copied settings file what only its owner's key opens, and the key's salt: offline a secret's value is
 * not known, only that there is one.
 *
 * @returns the keys whose values were secrets
 */
function dropSecrets(configFile: string): string[] {
  const secret = /^ {2}([\w-]+:[\w.-]+):\n {4}secure: .*\n/gm;
  const settings = readFileSync(configFile, "utf8");
  const keys = [...settings.matchAll(secret)].flatMap(([, key]) => key ?? []);
  const rest = settings.replace(secret, "").replace(/^(encryptionsalt|encryptedkey|secretsprovider):.*\n?/gm, "");
  writeFileSync(configFile, rest, { mode: 0o600 });
  return keys;
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

process.exitCode = main();
