const { existsSync } = require("node:fs");
const { flushCompileCache } = require("node:module");
const { join } = require("node:path");

// A package that was packed holds no sources: build.mjs has made one file of them.
if (existsSync(join(__dirname, "index.ts"))) require("./sources.cjs");
else require("./pack.cjs");
// Where NODE_COMPILE_CACHE is set: Node itself would write it at an orderly exit, and the engine kills the host.
flushCompileCache?.();
