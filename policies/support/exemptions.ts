import type { PolicyConfigJSONSchema } from "@pulumi/policy/schema";

/** One resource that one policy does not refuse for a while, and who answers for that. */
export interface Exemption {
  readonly project: string;
  readonly stack: string;
  /** The logical name: what the program calls it. */
  readonly resource: string;
  readonly owner: string;
  readonly reason: string;
  /** The last day on which it counts, `2027-01-31`, in UTC. */
  readonly expires: string;
}

const text = (description: string): PolicyConfigJSONSchema => ({ type: "string", minLength: 1, description });

/** Whole names and no patterns: an exemption that covers what nobody looked at is a hole. */
export const exemptionsSchema: PolicyConfigJSONSchema = {
  type: "array",
  default: [],
  description: "Resources that this policy notes and does not refuse, each with an owner, a reason and an end.",
  items: {
    type: "object",
    additionalProperties: false,
    required: ["project", "stack", "resource", "owner", "reason", "expires"],
    properties: {
      project: text("The project in Pulumi.yaml."),
      stack: text("The stack, without organization and project."),
      resource: text("The resource's logical name."),
      owner: text("Who answers for it."),
      reason: text("Why it is to stay."),
      expires: { type: "string", pattern: "^\\d{4}-\\d{2}-\\d{2}$", description: "The last day, as 2027-01-31." },
    },
  },
};

/** What an exemption does to a violation of this resource. */
export interface Ruling {
  readonly refused: boolean;
  /** To be said with the violation; undefined where no exemption is about it. */
  readonly note: string | undefined;
}

/** The ruling of the exemptions on a resource; of several, the one that counts longest. */
export function ruling(exemptions: readonly Exemption[], urn: string, now = Date.now()): Ruling {
  const { project, stack, name } = partsOf(urn);
  const [longest] = exemptions
    .filter((each) => each.project === project && each.stack === stack && each.resource === name)
    .sort((a, b) => endOf(b) - endOf(a));
  if (longest === undefined) return { refused: true, note: undefined };
  const { owner, reason, expires } = longest;
  if (endOf(longest) === -Infinity)
    return { refused: true, note: `An exemption for this does not count: ${expires} is no date.` };
  if (now < endOf(longest)) return { refused: false, note: `Exempted until ${expires} by ${owner}: ${reason}` };
  return {
    refused: true,
    note: `${owner}'s exemption for this expired on ${expires}: fix it, or renew the exemption.`,
  };
}

/** Milliseconds at which the last day is over. */
function endOf({ expires }: Exemption): number {
  const start = Date.parse(`${expires}T00:00:00Z`);
  // JavaScript takes 31 days of every month.
  const isDay = !Number.isNaN(start) && new Date(start).toISOString().startsWith(expires);
  return isDay ? start + 24 * 60 * 60 * 1000 : -Infinity;
}

/** `urn:pulumi:STACK::PROJECT::TYPES::NAME` */
export function partsOf(urn: string): { project: string; stack: string; name: string } {
  const [head = "", project = "", , ...name] = urn.split("::");
  return { project, stack: head.slice("urn:pulumi:".length), name: name.join("::") };
}
