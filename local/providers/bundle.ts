import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { Plugin } from "esbuild";
import { paths, root } from "../paths";

/** Each is a folder here, with a main.ts. */
const providers = ["aws", "awsx", "random"] as const;

export type ProviderName = (typeof providers)[number];

/** What a bundle was made of: its files, below the checkout, with size and time of the last change. */
type Sources = Record<string, string>;

/**
 * One plain JavaScript file for each provider. The engine starts providers anew for every preview and waits for each: from
 * hundreds of TypeScript and JavaScript files that takes four times as long.
 *
 * @param directory below the checkout, for its packages to be in reach
 * @returns the files' paths; made where they are not there or a source has changed
 */
export async function bundleProviders(
  directory = join(paths.cache, "providers"),
): Promise<Record<ProviderName, string>> {
  const bundles = await Promise.all(
    providers.map(async (name) => [name, await bundle(name, join(directory, `${name}.cjs`))] as const),
  );
  return Object.fromEntries(bundles) as Record<ProviderName, string>;
}

async function bundle(name: ProviderName, file: string): Promise<string> {
  if (isCurrent(file)) return file;
  // Loaded here: it is needed once.
  const { build } = await import("esbuild");
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: [join(__dirname, name, "main.ts")],
    bundle: true,
    write: false,
    metafile: true,
    platform: "node",
    target: `node${process.versions.node}`,
    plugins: [inPlace, withoutFunctionSerialization],
    logLevel: "error",
  });
  const sources = Object.keys(metafile.inputs).filter((path) => !path.startsWith(`${unused}:`));
  write(file, outputFiles[0]?.text ?? "");
  write(`${file}.json`, JSON.stringify(Object.fromEntries(sources.map((path) => [path, state(path)]))));
  return file;
}

function isCurrent(file: string): boolean {
  try {
    statSync(file);
    const sources = JSON.parse(readFileSync(`${file}.json`, "utf8")) as Sources;
    return Object.entries(sources).every(([path, before]) => state(path) === before);
  } catch {
    return false;
  }
}

function state(path: string): string {
  const { size, mtimeMs } = statSync(join(root, path));
  return `${size} ${mtimeMs}`;
}

/** Two engines may start at once: written whole or not at all. */
function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const unfinished = `${file}.${process.pid}`;
  writeFileSync(unfinished, text);
  renameSync(unfinished, file);
}

/** Our own files find others by where they stand: the bundle stands elsewhere. */
const inPlace: Plugin = {
  name: "in-place",
  setup: (build) => {
    build.onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const text = readFileSync(path, "utf8");
      return { contents: text.replaceAll(/\b__dirname\b/g, JSON.stringify(dirname(path))), loader: "ts" };
    });
  },
};

const unused = "unused";

/**
 * The SDK loads npm's own machinery and the TypeScript compiler for programs that ship functions to the cloud: half of its
 * time to load. Our one use of the compiler stays outside of the bundle, as it is rarely needed and large.
 */
const withoutFunctionSerialization: Plugin = {
  name: "without-function-serialization",
  setup: (build) => {
    build.onResolve({ filter: /^(@npmcli\/arborist|typescript)$/ }, ({ path, importer }) =>
      relative(root, importer).startsWith("node_modules") ? { path, namespace: unused } : { path, external: true },
    );
    build.onLoad({ filter: /.*/, namespace: unused }, () => ({ contents: "module.exports = {};" }));
  },
};
