import { property } from "../graph/model";
import { databasesOf } from "../support/databases";
import { partsOf } from "../support/exemptions";
import type { Rule } from "../support/rule";

interface Config {
  readonly productionStacks: string;
}

/** `pulumi destroy`, or a change that replaces it, takes a database along with every flow run in it. */
export const productionDatabaseIsKept: Rule<Config> = {
  name: "production-database-is-kept",
  description: "In production AWS refuses to delete Prefect's database, and keeps a last snapshot of it.",
  enforcementLevel: "advisory",
  severity: "medium",
  remediationSteps: "Set deletionProtection to true, skipFinalSnapshot to false and finalSnapshotIdentifier.",
  settings: {
    productionStacks: {
      type: "string",
      default: "(^|[-_.])(prod|production|live)([-_.]|$)",
      description: "A regular expression for the names of stacks that are production.",
    },
  },
  find: (stack, { productionStacks }) => {
    const production = new RegExp(productionStacks, "i");
    return databasesOf(stack).flatMap(({ resource, kind, isCopy }) => {
      if (kind === "cluster instance" || !production.test(partsOf(resource.urn).stack)) return [];
      const isProtected = property(resource, "deletionProtection");
      const skips = property(resource, "skipFinalSnapshot").flag() === true;
      const open = [
        ...(isProtected.flag() === true || isProtected.isUnknown ? [] : ["deletionProtection is not true"]),
        // AWS takes no last snapshot of a replica.
        ...(skips && !isCopy ? ["skipFinalSnapshot is true"] : []),
      ];
      return open.length > 0
        ? [{ message: `In this stack, which is production, ${open.join(" and ")}.`, resource }]
        : [];
    });
  },
};
