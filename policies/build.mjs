// `npm pack` and `pulumi policy publish` run this: the whole pack as one file of JavaScript, and the license, beside the
// sources for as long as they are packed. Who uses the package needs neither TypeScript nor a file of this repository.
import { copyFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

const here = import.meta.dirname;
const bundle = join(here, "pack.cjs");
const license = join(here, "LICENSE");

if (process.argv.includes("--clean")) {
  for (const file of [bundle, license]) rmSync(file, { force: true });
} else {
  await build({
    entryPoints: [join(here, "index.ts")],
    outfile: bundle,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    packages: "external",
    logLevel: "warning",
  });
  copyFileSync(join(here, "..", "LICENSE"), license);
}
