/**
 * `npm run test:policy:long`: the two judges on 200,000 random stacks, with progress. `POLICY_STACKS` is another number,
 * `POLICY_SEED` the same stacks again.
 */
import { mochaWith } from "../support/check";
import { seed } from "./support/amount";

async function main(): Promise<void> {
  const stacks = process.env["POLICY_STACKS"] ?? "200000";
  console.log(`${stacks} random stacks; the same again: POLICY_SEED=${seed} npm run test:policy:long`);
  const env = { POLICY_STACKS: stacks, POLICY_SEED: String(seed) };
  const { failed } = await mochaWith("inherit", env, ["policies/simulator"]);
  process.exitCode = failed > 0 ? 1 : 0;
}

void main();
