import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { paths, root } from "../local/paths";
import { largeStack } from "./large-stack";
import { measureSideBySide, printTable } from "./measure";

/** What the pack adds to a preview of a large stack by the local engine, over a pack without a policy. */
export function benchPoliciesPreview(rounds: number, count = 5_000): void {
  mkdirSync(paths.cache, { recursive: true });
  const scratch = mkdtempSync(join(paths.cache, "bench-"));
  try {
    const project = largeProject(scratch, count);
    const preview = (name: string, pack: string) => ({
      name,
      command: join(root, "local", "pulumi"),
      args: [...["preview", "-C", project, "--stack", "bench"], ...["--policy-pack", pack, "--suppress-progress"]],
      env: { PULUMI_BACKEND_URL: `file://${scratch}`, PULUMI_CONFIG_PASSPHRASE: "bench" },
    });
    const measured = measureSideBySide(
      [preview("an empty pack", emptyPack(scratch)), preview("this pack", join(root, "policies"))],
      rounds,
    );
    printTable(`pulumi preview of ${count} resources on the local engine`, measured);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** A folder with a pack that has no policy, below the checkout so that it finds the same @pulumi/policy. */
export function emptyPack(scratch: string): string {
  const folder = join(scratch, "empty-pack");
  mkdirSync(folder);
  writeFileSync(join(folder, "PulumiPolicy.yaml"), "runtime: nodejs\nmain: index.js\n");
  writeFileSync(join(folder, "package.json"), '{ "name": "empty", "version": "0.0.0", "main": "index.js" }\n');
  writeFileSync(
    join(folder, "index.js"),
    'const { PolicyPack } = require("@pulumi/policy");\nnew PolicyPack("empty", { policies: [] });\n',
  );
  return folder;
}

/** A program that registers a large stack, and imports nothing but Pulumi's SDK: what it takes itself is in both columns. */
function largeProject(scratch: string, count: number): string {
  const folder = join(scratch, "large");
  mkdirSync(folder);
  writeFileSync(join(folder, "Pulumi.yaml"), "name: large\nruntime: nodejs\nmain: index.js\n");
  writeFileSync(join(folder, "Pulumi.bench.yaml"), "config:\n  aws:region: eu-west-1\n");
  writeFileSync(join(folder, "package.json"), '{ "name": "large", "main": "index.js" }\n');
  writeFileSync(join(folder, "stack.json"), JSON.stringify(largeStack(count)));
  writeFileSync(join(folder, "index.js"), program);
  return folder;
}

/** What is referred to before it is made stands for something outside the stack. */
const program = `const { CustomResource } = require("@pulumi/pulumi");
const made = new Map();
const resolved = (value) => {
  if (Array.isArray(value)) return value.map(resolved);
  if (typeof value !== "object" || value === null) return value;
  if ("$of" in value) return made.get(value.$of)?.[value.$attribute] ?? value.$attribute + ":" + value.$of;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolved(inner)]));
};
for (const { type, name, inputs } of require("./stack.json"))
  made.set(name, new CustomResource(type, name, { arn: undefined, ...resolved(inputs) }));
`;
