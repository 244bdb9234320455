import type { ResourceValidationPolicy } from "@pulumi/policy";
import { type RawProperties, rawProperties } from "./graph/values";
import { couldNotJudgeMessage } from "./report";

/** What the program passed to each resource, by URN. Outputs alone cannot tell an omitted value from an unknown one. */
const seen = new Map<string, RawProperties>();

/** The inputs collected in this operation, handed over once: the next operation collects its own. */
export function takeInputs(): ReadonlyMap<string, RawProperties> {
  const inputs = new Map(seen);
  seen.clear();
  return inputs;
}

/** Sees every resource's inputs on their way to the provider, and judges nothing. */
export const collectInputs: ResourceValidationPolicy = {
  name: "collect-inputs",
  description: "Remembers the inputs of every resource for the policies that judge the whole stack.",
  enforcementLevel: "mandatory",
  validateResource: (args, reportViolation) => {
    try {
      seen.set(args.urn, rawProperties(args.props));
    } catch (error) {
      reportViolation(couldNotJudgeMessage(`resource ${JSON.stringify(args.name)}`, error));
    }
  },
};
