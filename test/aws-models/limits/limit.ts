import type { Limit } from "../shape";

/**
 * A limit beyond a model: stated by the model's documentation in words (`says`, which limits.test.ts looks up there), or
 * by a page of AWS's where that is silent too.
 */
export type DocumentedLimit = Limit & ({ says: string } | { page: string });

/** As in Shapes.limits: by shape, by member of a structure, or by the entries of such a list. */
export type ServiceLimits = Record<string, DocumentedLimit>;

/** Every value that a sentence lists: "Possible values are: 1, 3, and 5". */
export function listed(says: string): DocumentedLimit {
  return { enum: says.match(/\d+/g) ?? [], says };
}
