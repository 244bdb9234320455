import { existsSync, realpathSync } from "node:fs";
import { mkdir, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { paths } from "../paths";
import { run } from "./command";
import { goBinary, goInstallation, goVersionOf } from "./go-module";
import type { Installation } from "./install";
import { which } from "./machine";
import { atLeast, go, type Prerequisite } from "./prerequisites";
import { versions } from "./versions";

const built = goInstallation({
  name: "pulumi",
  version: versions.pulumi,
  package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
  versionVariable: "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version",
  title: `pulumi ${versions.pulumi}: building (about 4 minutes on 2 cores)`,
});

/**
 * An official CLI on PATH, of this major version and not older than ours, with the language host that its archive has
 * beside it. (The npm package `pulumi` and one built with `go install` have none: they are not taken.)
 */
export async function findOfficial(): Promise<string | undefined> {
  const found = which("pulumi");
  if (!found || !existsSync(join(dirname(realpathSync(found)), "pulumi-language-nodejs"))) return undefined;
  const version = (await run(found, ["version"])).trim().replace(/^v/, "");
  return atLeast(version, versions.pulumi) && !atLeast(version, "4") ? realpathSync(found) : undefined;
}

const builder = go(goVersionOf("pulumi"));

/** Go, unless there is an official CLI to use. */
export const goForPulumi: Prerequisite = {
  ...builder,
  problem: async () => ((await findOfficial()) ? undefined : builder.problem()),
};

/** Decided once: a link to the official CLI, else our own build, which takes minutes and nothing on the machine's PATH. */
export const pulumiInstallation: Installation = {
  ...built,
  make: async (onProgress) => {
    const official = await findOfficial();
    if (!official) return built.make(onProgress);
    onProgress(`pulumi: using ${official}`);
    await mkdir(join(paths.toolchain, "bin"), { recursive: true });
    await symlink(official, goBinary("pulumi"));
  },
};
