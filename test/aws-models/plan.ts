import type { Registered, World } from "../support/world";
import { translations } from "./calls";
import { serviceModel } from "./models";
import { rules } from "./rules";
import { problemsIn } from "./shape";
import type { Call } from "./translate";

/** A call, and the resource that it makes. */
export interface PlannedCall extends Call {
  resource: string;
  /** Of the resource; empty where it has none. */
  arn: string;
}

/**
 * The calls with which the provider would make a program's resources of @pulumi/aws.
 *
 * @throws Error naming a type of resource of which this does not know the calls
 */
export function callsOf({ resources }: World): PlannedCall[] {
  return resources.filter(({ type }) => type.startsWith("aws:")).flatMap(callsOfResource);
}

function callsOfResource({ type, name, inputs, outputs = {} }: Registered): PlannedCall[] {
  const translation = translations[type];
  if (!translation) throw new Error(`${type}: say in test/aws-models/calls which calls make it (here: ${name})`);
  const arn = typeof outputs.arn === "string" ? outputs.arn : "";
  return translation(inputs, outputs).map((call) => ({ ...call, resource: name, arn }));
}

/** What AWS would refuse of those calls: each line names the resource and the member, the value and what is allowed. */
export function refusals(calls: PlannedCall[]): string[] {
  return calls.flatMap((call) => {
    const model = serviceModel(call.service);
    const shape = model.operations[call.operation]?.input?.shape ?? "";
    const found = [
      ...problemsIn(model, shape, call.input, call.operation),
      ...(rules[`${call.service}:${call.operation}`]?.(call.input, calls, call) ?? []).map(
        (problem) => `${call.operation}.${problem}`,
      ),
    ];
    return found.map((problem) => `${call.resource}: ${problem}`);
  });
}
