import { ensureToolchain, purposes, type ToolName } from "./toolchain";

/** `node --import tsx local/toolchain/main.ts [TOOL...]`: finds or installs the tools, by default those of `npm start`. */
async function main(names: string[]): Promise<void> {
  const known: string[] = purposes.all;
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`no tool named ${unknown.join(", ")}: there are ${known.join(", ")}`);
  const toolchain = await ensureToolchain(names.length > 0 ? (names as ToolName[]) : "run", (line) =>
    console.log(line),
  );
  console.log(JSON.stringify(toolchain, null, 2));
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
