/** `POLICY_STACKS=200000 POLICY_SEED=7` tries more, or the same again. */
export const stacks = Number(process.env["POLICY_STACKS"] ?? "10000");
export const seed = Number(process.env["POLICY_SEED"] ?? Date.now() % 1_000_000_000);

/** Of a long list a third each time, the others the next times; all of it where more stacks are asked for. */
export function isTriedNow(index: number): boolean {
  return stacks >= 100_000 || index % 3 === seed % 3;
}
