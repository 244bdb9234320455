import { ensureToolchain, stackTools, type ToolName, toolNames } from "./index";

/** `node --import tsx local/toolchain/main.ts [TOOL...]`: finds or installs the tools, by default those of `npm start`. */
async function main(names: string[]): Promise<void> {
  const unknown = names.filter((name) => !(toolNames as string[]).includes(name));
  if (unknown.length > 0) throw new Error(`no such tool: ${unknown.join(", ")}; there are ${toolNames.join(", ")}`);
  const wanted = names.length > 0 ? (names as ToolName[]) : stackTools;
  const programs = await ensureToolchain(wanted, (line) => console.log(line));
  console.log(JSON.stringify(programs, null, 2));
}

main(process.argv.slice(2)).catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
