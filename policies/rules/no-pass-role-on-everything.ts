import type { ResourceValue } from "../graph/model";
import { managedPolicies, matches, statementsOf } from "../support/iam-statements";
import type { Rule } from "../support/rule";

const action = "iam:PassRole";
/** Roles that nobody has in mind: who may pass these may pass any. */
const anyRoles = ["role/q7-any", "role/deep/er/x9"];

/**
 * Who may pass every role starts a task as the account's administrator: workers run what flows say. The example in
 * Prefect's guide to ECS workers does it; `iam:PassedToService` beside it changes nothing, for the task is ECS's.
 */
export const noPassRoleOnEverything: Rule = {
  name: "no-pass-role-on-everything",
  description: "Nobody in a stack with Prefect may pass every role of the account.",
  enforcementLevel: "advisory",
  severity: "high",
  remediationSteps: "Name the roles in Resource: the execution role and the task roles of flows.",
  find: ({ world: { graph } }) => [
    ...statementsOf(graph).flatMap(({ resource, statement }) =>
      allowsPassRole(statement) && concernsEveryRole(statement)
        ? [{ message: `A statement allows ${action} on every role. Name the roles in its Resource.`, resource }]
        : [],
    ),
    ...managedPolicies(graph).flatMap(({ resource, arn }) =>
      /:aws:policy\/(?:AdministratorAccess|IAMFullAccess|AmazonECS_FullAccess)$/.test(arn)
        ? [
            {
              message: `AWS's policy ${arn.replace(/^.*\//, "")} allows ${action} on every role. Write one that names roles.`,
              resource,
            },
          ]
        : [],
    ),
  ],
};

function allowsPassRole(statement: ResourceValue): boolean {
  if (statement.get("Effect").text() !== "Allow") return false;
  const excepted = statement.get("NotAction");
  return excepted.isOmitted ? named(statement.get("Action")) : !named(excepted);
}

function named(actions: ResourceValue): boolean {
  return actions.list().some((each) => matches(each.text() ?? "", action));
}

/** All but some (`NotResource`) is everything as far as roles go, unless all roles are among those. */
function concernsEveryRole(statement: ResourceValue): boolean {
  const excepted = statement.get("NotResource");
  const covers = (resources: ResourceValue): boolean =>
    resources
      .list()
      .some((each) => anyRoles.every((role) => matches(each.text() ?? "", arnBeside(each.text() ?? "", role))));
  return excepted.isOmitted ? covers(statement.get("Resource")) : !covers(excepted);
}

/** A role's ARN in the partition and account that a pattern names: a wildcard takes itself as well. */
function arnBeside(pattern: string, role: string): string {
  const [, partition = "", , , account = ""] = pattern.split(":");
  return `arn:${partition}:iam::${account}:${role}`;
}
