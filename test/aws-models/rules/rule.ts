import type { PlannedCall } from "../plan";
import type { Inputs } from "../translate";

/**
 * What the service would refuse of a call that its model allows: members that do not go together, and things that other
 * calls made.
 *
 * @param calls all of the plan, in no order
 * @returns problems as `Member: got ..., allowed ...`
 */
export type Rule = (input: Inputs, calls: PlannedCall[], call: PlannedCall) => string[];

/** By service and operation: `elbv2:CreateRule`. */
export type Rules = Record<string, Rule>;

/** What was made by an operation and has that ARN; undefined for what is not of the plan. */
export function made(calls: PlannedCall[], operation: string, arn: unknown): Inputs | undefined {
  return calls.find((call) => call.operation === operation && call.arn === arn)?.input;
}
