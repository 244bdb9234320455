import type { Created } from "../grpc/provider";
import type { Properties } from "../grpc/values";
import type { AutoName } from "./autoname";

/**
 * What a resource type does beyond what its declarations say. Property paths are written without list indices:
 * `defaultActions.order`.
 */
export interface Behaviour<Context> {
  /** The property that gets an automatic name; null where none does although there is a `name`. */
  autoname?: AutoName | null;
  /** Defaults by path, where the declarations' documentation does not state them in a readable way; null for none. */
  defaults?: Record<string, string | number | boolean | null>;
  /** Says what is wrong with the inputs in the provider's own words; unknown values have to pass. */
  validate?(inputs: Properties): { path: string; reason: string }[];
  /** Paths whose change makes a new resource, beside those that the documentation names. */
  replaces?: string[];
  /** Set where every property makes a new resource, but these. */
  updatable?: string[];
  /** The old one has to go before the new one can be made, whatever its name. */
  deleteBeforeReplace?: boolean;
  /** Attributes computed from inputs alone, hence known in a preview (Terraform's CustomizeDiff). */
  planned?(inputs: Properties, context: Context): Properties;
  /** The id and what is filled in; `create` answers only what is not among the inputs, or differs from them. */
  create?(inputs: Properties, context: Context): Created | Promise<Created>;
  /** What changes beside the inputs themselves. */
  update?(inputs: Properties, old: Properties & { id: string }, context: Context): Properties;
}
