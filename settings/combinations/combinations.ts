import type { Problem } from "../problems";
import { entrance } from "./entrance";
import { machines } from "./machines";
import { memory } from "./memory";
import { people } from "./people";
import type { Plain, Rule } from "./rule";

const rules: readonly Rule[] = [...entrance, ...people, machines, ...memory];

/**
 * What no single setting shows: settings that cannot be had together, and why.
 *
 * @param wrong settings that are reported already and so are not in `settings`: a rule that needs one of them says nothing
 */
export function combinationProblems(settings: Partial<Plain>, wrong: ReadonlySet<string> = new Set()): Problem[] {
  const readable = new Proxy(settings, {
    get(target, key) {
      if (wrong.has(String(key))) throw new ReportedAlready();
      return target[key as keyof Plain];
    },
  }) as Plain;
  return rules.flatMap((rule) => {
    try {
      return rule(readable);
    } catch (error) {
      if (error instanceof ReportedAlready) return [];
      throw error;
    }
  });
}

class ReportedAlready extends Error {}
