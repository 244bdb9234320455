import type { Severity } from "@pulumi/policy";
import type { PolicyConfigJSONSchema } from "@pulumi/policy/schema";
import type { Resource } from "../graph/model";
import type { RawProperties } from "../graph/values";
import type { PrefectStack } from "./prefect-stack";

/** Something that a rule refuses. */
export interface Finding {
  /** What was found and what to write instead. Names, ports and places, never values that may be secret. */
  readonly message: string;
  /** The resource to change. */
  readonly resource: Resource;
  /** Weaker than the rule: what it rests on is not certain, or it matters less here. @default the rule's own level */
  readonly level?: "advisory";
}

/** Schemas of a rule's settings, each with its default. */
export type Settings<Config> = {
  readonly [Key in keyof Config]: PolicyConfigJSONSchema & {
    readonly default: Config[Key];
    readonly description: string;
  };
};

/** What `enforcementLevel: remediate` changes before a resource is judged, whatever else is in the stack. */
export interface Remedy {
  readonly type: string;
  /** The properties to put in the place of those; undefined where nothing is to be changed, or not known. */
  change(properties: RawProperties): Record<string, unknown> | undefined;
}

/** One property of stacks in which Prefect runs. Never asked about others. */
export interface Rule<Config extends object = object> {
  readonly name: string;
  /** The property, as one sentence. */
  readonly description: string;
  readonly enforcementLevel: "mandatory" | "advisory";
  readonly severity: Severity;
  readonly remediationSteps: string;
  /** What is a matter of taste. @default nothing */
  readonly settings?: Settings<Config>;
  /** @default - remediate is the same as mandatory */
  readonly remedy?: Remedy;
  find(stack: PrefectStack, config: Config): Finding[];
}
