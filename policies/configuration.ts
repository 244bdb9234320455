import type { PolicyConfigSchema } from "@pulumi/policy";

/** What an organisation says of `prefect-api-requires-auth`, in the pack's configuration: never in the judged program. */
export interface Configuration {
  /** What becomes of a stack of which it cannot be told whether strangers get in. @default "mandatory" */
  readonly cannotTell: "mandatory" | "advisory" | "disabled";
  /** ARNs, ids and names of things outside the stack that let nobody in without a login; `*` stands for any text. */
  readonly trusted: readonly string[];
}

export const defaults: Configuration = { cannotTell: "mandatory", trusted: [] };

export const configSchema: PolicyConfigSchema = {
  properties: {
    cannotTell: {
      type: "string",
      enum: ["mandatory", "advisory", "disabled"],
      default: defaults.cannotTell,
      description: "The level of a way in of which something is not known.",
    },
    trusted: {
      type: "array",
      // At least three characters that say something: "*" alone would trust everything.
      items: { type: "string", pattern: "[^*\\s][^*]{2,}" },
      default: [],
      description:
        "ARNs, ids and names of things outside the stack that let nobody in without a login or are private: listeners, load balancers, target groups, security groups, prefix lists, clusters, subnets, task definitions, token issuers. * stands for any text.",
    },
  },
};

/** Configuration as the engine hands it, with what it leaves out. */
export function configured(given: Partial<Configuration>): Configuration {
  return { cannotTell: given.cannotTell ?? defaults.cannotTell, trusted: given.trusted ?? defaults.trusted };
}
