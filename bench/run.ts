/**
 * `npm run bench -- [NAME...] [ROUNDS]`: what this project claims, as ratios side by side in one run. Without names all,
 * five rounds each.
 */
import { benchNeighbours } from "./neighbours/write-page";
import { benchPolicies } from "./policies";
import { benchPoliciesPreview } from "./policies-preview";
import { benchPreview } from "./preview";

const benches: Readonly<Record<string, (rounds: number) => void | Promise<void>>> = {
  preview: benchPreview,
  policies: benchPolicies,
  "policies-preview": benchPoliciesPreview,
  neighbours: benchNeighbours,
};

async function main(words: readonly string[]): Promise<void> {
  const isNumber = (word: string): boolean => /^\d+$/.test(word);
  const names = words.filter((word) => !isNumber(word));
  const unknown = names.filter((name) => benches[name] === undefined);
  if (unknown.length > 0) {
    console.error(`no bench named ${unknown.join(", ")}: there are ${Object.keys(benches).join(", ")}`);
    process.exitCode = 2;
    return;
  }
  const rounds = Number(words.find(isNumber) ?? "5");
  for (const [name, bench] of Object.entries(benches))
    if (names.length === 0 || names.includes(name)) await bench(rounds);
}

void main(process.argv.slice(2));
