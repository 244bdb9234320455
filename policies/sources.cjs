// The policy host loads a pack through ts-node with type checking on, whatever is asked for: seconds of every preview.
// The repository's own tsc checks these files, so here each is only stripped of its types, by the compiler at hand, and
// what comes out is kept for the next time.
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { dirname, join } = require("node:path");
const { version } = require("typescript/package.json");

const byTsNode = require.extensions[".ts"];
require.extensions[".ts"] = (module, fileName) => {
  if (!fileName.startsWith(__dirname) || fileName.includes("node_modules")) return byTsNode(module, fileName);
  return module._compile(stripped(readFileSync(fileName, "utf8"), fileName), fileName);
};

const cache = join(dirname(require.resolve("typescript/package.json")), "..", ".cache", "policy-pack");

const target = "ES2022";

/** The same source and compiler give the same result: kept under their hash in node_modules/.cache. */
function stripped(source, fileName) {
  const key = createHash("sha256").update(`${version} ${target}\n${source}`).digest("hex");
  const kept = join(cache, `${key}.js`);
  try {
    return readFileSync(kept, "utf8");
  } catch {
    const text = transpile(source, fileName);
    keep(kept, text);
    return text;
  }
}

function transpile(source, fileName) {
  const ts = require("typescript");
  const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget[target] };
  return ts.transpileModule(source, { compilerOptions, fileName }).outputText;
}

/** Whole or not at all, as several hosts may start at once; not at all where the packages are read-only. */
function keep(file, text) {
  try {
    mkdirSync(cache, { recursive: true });
    const unfinished = `${file}.${process.pid}`;
    writeFileSync(unfinished, text);
    renameSync(unfinished, file);
  } catch {}
}

require("./index.ts");
