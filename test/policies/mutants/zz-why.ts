import { options } from "./options";
import { root } from "../../../local/paths";
async function main() {
  process.chdir(root);
  const { Stryker } = await import("@stryker-mutator/core");
  const results = await new Stryker(options(process.argv.slice(2))).runMutationTest();
  for (const r of results)
    console.log(
      r.fileName.replace(/.*policies/, ""),
      r.location.start.line,
      r.mutatorName,
      JSON.stringify(r.replacement)?.slice(0, 60),
      r.status,
      r.statusReason?.slice(0, 300),
      r.killedBy,
    );
}
void main();
