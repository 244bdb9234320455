import { property } from "../graph/model";
import { databasesOf } from "../support/databases";
import type { Rule } from "../support/rule";

/** Prefect's database holds flow parameters, variables and blocks with credentials: who reads it needs no login. */
export const databaseIsPrivate: Rule = {
  name: "database-is-private",
  description: "Prefect's database has no public address.",
  enforcementLevel: "mandatory",
  severity: "critical",
  remediationSteps: "Set publiclyAccessible to false.",
  find: (stack) =>
    databasesOf(stack).flatMap(({ resource }) => {
      const isPublic = property(resource, "publiclyAccessible");
      if (isPublic.isOmitted || isPublic.flag() === false) return [];
      const found = isPublic.isUnknown ? "is not known" : "is true";
      return [{ message: `publiclyAccessible ${found}: only a security group stands before it then.`, resource }];
    }),
};
