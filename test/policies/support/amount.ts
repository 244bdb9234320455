/** `npm run test:policy:long` tries 200,000; `POLICY_STACKS=50000 POLICY_SEED=7` so many, or the same again. */
export const stacks = Number(process.env["POLICY_STACKS"] ?? "10000");
export const seed = Number(process.env["POLICY_SEED"] ?? Date.now() % 1_000_000_000);

/** It takes minutes and more: everything is tried, and it says how far it is. */
export const isLong = stacks >= 100_000;

/** Of a long list a sixth each time, the others the next times; all of it where more stacks are asked for. */
export function isTriedNow(index: number): boolean {
  return isLong || index % 6 === seed % 6;
}
