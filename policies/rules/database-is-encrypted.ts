import { property } from "../graph/model";
import { databasesOf } from "../support/databases";
import type { Rule } from "../support/rule";

/** Copies take it from their source; an instance of a cluster from the cluster; Aurora serverless v1 always is. */
export const databaseIsEncrypted: Rule = {
  name: "database-is-encrypted",
  description: "Prefect's database is encrypted on disk.",
  enforcementLevel: "advisory",
  severity: "medium",
  remediationSteps:
    "Set storageEncrypted to true. AWS replaces a database for that: restore an encrypted copy of a snapshot.",
  find: (stack) =>
    databasesOf(stack).flatMap(({ resource, kind, isCopy }) => {
      const encrypted = property(resource, "storageEncrypted");
      if (isCopy || kind === "cluster instance" || property(resource, "engineMode").word() === "serverless") return [];
      if (encrypted.flag() === true || encrypted.isUnknown) return [];
      return [{ message: "storageEncrypted is not true, and AWS's default is false.", resource }];
    }),
};
