// The policy host loads a pack through ts-node with type checking on, whatever is asked for: seconds of every preview.
// The repository's own tsc checks these files, so here each is only stripped of its types, by the compiler at hand.
const { readFileSync } = require("node:fs");
const ts = require("typescript");

const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 };
const byTsNode = require.extensions[".ts"];
require.extensions[".ts"] = (module, fileName) => {
  if (!fileName.startsWith(__dirname) || fileName.includes("node_modules")) return byTsNode(module, fileName);
  const { outputText } = ts.transpileModule(readFileSync(fileName, "utf8"), { compilerOptions, fileName });
  return module._compile(outputText, fileName);
};

require("./index.ts");
