import { fargateMemory } from "../schema";
import type { Rule } from "./rule";

/** Fargate's sizes: some memory goes with some CPU only. */
export const memory: readonly Rule[] = (["server", "workers"] as const).map((key) => (settings) => {
  const { cpu, memoryMiB } = settings[key];
  const fits = fargateMemory[cpu];
  if (!fits || (memoryMiB >= fits.min && memoryMiB <= fits.max && memoryMiB % fits.step === 0)) return [];
  return [
    {
      key: `${key}.memoryMiB`,
      got: `${memoryMiB} with ${cpu} CPU units`,
      allowed: `Fargate takes ${fits.min} to ${fits.max} in steps of ${fits.step} with ${cpu} CPU units`,
      fix: `pulumi config set --path ${key}.memoryMiB ${fits.min}`,
    },
  ];
});
