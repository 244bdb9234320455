// Runs first in a plugin's process (node --require). The engine holds the other end of stdin: the plugin ends with the
// engine, also when that one is killed and has no time to tell its plugins.
process.stdin
  .resume()
  .on("end", () => process.exit(0))
  .unref();
