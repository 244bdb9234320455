import type { PolicyResource, ResourceValidationPolicy, StackValidationArgs } from "@pulumi/policy";
import { kept, type Resource } from "./graph/model";
import { type RawProperties, rawProperties } from "./graph/values";
import { couldNotJudgeMessage } from "./report";

/** What the program passed to each resource, by URN. Outputs alone cannot tell an omitted value from an unknown one. */
const seen = new Map<string, RawProperties>();
/** A stack was judged since: inputs that come now are another operation's. */
let judged = false;

/** Sees every resource's inputs on their way to the provider, and judges nothing. */
export const collectInputs: ResourceValidationPolicy = {
  name: "collect-inputs",
  description: "Remembers the inputs of every resource for the policies that judge the whole stack.",
  enforcementLevel: "mandatory",
  validateResource: (args, reportViolation) => {
    try {
      if (judged) seen.clear();
      judged = false;
      seen.set(args.urn, rawProperties(args.props));
    } catch (error) {
      reportViolation(couldNotJudgeMessage(`resource ${JSON.stringify(args.name)}`, error));
    }
  },
};

const stacks = new WeakMap<StackValidationArgs["resources"], readonly Resource[]>();

/**
 * The stack as all stack policies of one operation see it: what the engine hands them, with the inputs seen before. Made
 * once of what is handed, however many ask.
 */
export function collected({ resources }: StackValidationArgs): readonly Resource[] {
  judged = true;
  return kept(stacks, resources, () => resources.map(asSeen));
}

function asSeen(resource: PolicyResource): Resource {
  return {
    urn: resource.urn,
    type: resource.type,
    name: resource.name,
    parent: resource.parent?.urn,
    inputs: seen.get(resource.urn),
    outputs: rawProperties(resource.props),
    dependencies: new Map(
      Object.entries(resource.propertyDependencies).map(([name, on]) => [name, on.map(({ urn }) => urn)]),
    ),
  };
}
