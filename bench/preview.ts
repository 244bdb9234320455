import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { paths, root } from "../local/paths";
import { writeConfigFile } from "../local/stack";
import { measureSideBySide, printTable } from "./measure";

const pulumi = join(root, "local", "pulumi");

/** What a preview of our dev environment with the pack costs, beside as many resources with nothing to them. */
export function benchPreview(rounds: number): void {
  mkdirSync(paths.cache, { recursive: true });
  const scratch = mkdtempSync(join(paths.cache, "bench-"));
  const env = { PULUMI_BACKEND_URL: `file://${scratch}`, PULUMI_CONFIG_PASSPHRASE: "bench" };
  try {
    const config = join(scratch, "Pulumi.dev.yaml");
    writeConfigFile("dev", config);
    const ours = ["preview", "-C", root, "--stack", "dev", "--config-file", config];
    const withPack = [...ours, "--policy-pack", join(root, "policies")];
    const count = countResources(withPack, env);

    const trivial = trivialProject(scratch, count);
    const measured = measureSideBySide(
      [
        {
          name: `${count} trivial resources, no pack`,
          command: pulumi,
          args: ["preview", "-C", trivial, "--stack", "bench"],
          env,
        },
        { name: `our dev stack (${count} resources), no pack`, command: pulumi, args: ours, env },
        { name: `our dev stack (${count} resources), with the pack`, command: pulumi, args: withPack, env },
      ],
      rounds,
    );
    printTable("pulumi preview on the local engine", measured);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function countResources(args: string[], env: NodeJS.ProcessEnv): number {
  const { stdout, stderr, status } = spawnSync(pulumi, [...args, "--json"], {
    encoding: "utf8",
    env: { ...process.env, ...env },
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`preview --json: ${stdout}${stderr}`);
  return (JSON.parse(stdout) as { steps: unknown[] }).steps.length;
}

/** A project below the checkout, so that it finds the same @pulumi/pulumi: `count` resources in all, the stack included. */
function trivialProject(scratch: string, count: number): string {
  const folder = join(scratch, "trivial");
  mkdirSync(folder);
  writeFileSync(join(folder, "Pulumi.yaml"), "name: trivial\nruntime: nodejs\nmain: index.ts\n");
  writeFileSync(join(folder, "package.json"), '{ "name": "trivial", "main": "index.ts" }\n');
  writeFileSync(
    join(folder, "index.ts"),
    `import * as random from "@pulumi/random";\nfor (let n = 1; n < ${count}; n++) new random.RandomId(\`id-\${n}\`, { byteLength: 4 });\n`,
  );
  return folder;
}
