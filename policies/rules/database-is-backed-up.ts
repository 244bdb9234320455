import { property } from "../graph/model";
import { databasesOf } from "../support/databases";
import type { Rule } from "../support/rule";

interface Config {
  readonly minimumDays: number;
}

/** Days where the program says nothing (the provider's documentation of aws.rds.Instance and aws.rds.Cluster). */
const defaultDays = { instance: 0, cluster: 1, "cluster instance": 0 };

export const databaseIsBackedUp: Rule<Config> = {
  name: "database-is-backed-up",
  description: "Prefect's database is backed up every day, and backups are kept for a while.",
  enforcementLevel: "advisory",
  severity: "medium",
  remediationSteps: "Set backupRetentionPeriod, in days.",
  settings: {
    minimumDays: {
      type: "integer",
      minimum: 1,
      maximum: 35,
      default: 7,
      description: "Days for which a backup is kept at least.",
    },
  },
  find: (stack, { minimumDays }) =>
    databasesOf(stack).flatMap(({ resource, kind, isCopy }) => {
      const period = property(resource, "backupRetentionPeriod");
      const days = period.isOmitted ? defaultDays[kind] : period.integer();
      if (kind === "cluster instance" || isCopy || days === undefined || days >= minimumDays) return [];
      const message = `backupRetentionPeriod is ${period.isOmitted ? `not set, which is ${days}` : days}: write ${minimumDays} or more.`;
      return [{ message, resource }];
    }),
};
