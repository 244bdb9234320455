import { answer } from "../answer";
import type { ActionProperties } from "../declarations";
import type { ActionKind, Visit } from "./action";
import { fixedResponse } from "./fixed-response";
import { forward } from "./forward";
import { redirect } from "./redirect";

const kinds: Record<string, ActionKind> = { forward, redirect, "fixed-response": fixedResponse };
const lastKinds = ["forward", "redirect", "fixed-response"];

/**
 * Everything that is wrong with the actions of a rule or listener.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Action.html
 */
export function actionProblems(actions: readonly ActionProperties[]): string[] {
  const problems = actions.flatMap((action) => {
    const kind = kinds[action.type];
    if (kind) return kind.problems(action);
    return [`action type "${action.type}" is not served here; served are: ${Object.keys(kinds).join(", ")}`];
  });
  const last = inOrder(actions).at(-1);
  if (last === undefined || (kinds[last.type] && !lastKinds.includes(last.type))) {
    problems.push(
      `the last action must be one of ${lastKinds.join(", ")}; got ${last ? `"${last.type}"` : "no action"}`,
    );
  }
  return problems;
}

/** Runs a rule's actions by their order until one answers; anything unforeseen is closed with 500. */
export async function runActions(visit: Visit, actions: readonly ActionProperties[]): Promise<void> {
  for (const action of inOrder(actions)) {
    const kind = kinds[action.type];
    if (!kind) break;
    if ((await kind.run(visit, action)) === "answered") return;
  }
  answer(visit.exchange, { status: 500, server: visit.server });
}

/** The target groups that these actions may send to. */
export function targetGroupArns(actions: readonly ActionProperties[]): string[] {
  return actions.flatMap((action) => [
    ...(action.targetGroupArn ? [action.targetGroupArn] : []),
    ...(action.forward?.targetGroups ?? []).map((group) => group.arn),
  ]);
}

function inOrder(actions: readonly ActionProperties[]): ActionProperties[] {
  return [...actions].sort((one, other) => (one.order ?? 0) - (other.order ?? 0));
}
