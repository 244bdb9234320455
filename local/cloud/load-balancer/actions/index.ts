import type { World } from "../../context";
import { answer } from "../answer";
import type { ActionProperties } from "../declarations";
import type { ActionKind, Visit } from "./action";
import { authenticateCognito, authenticateOidc } from "./authenticate";
import { fixedResponse } from "./fixed-response";
import { forward } from "./forward";
import { jwtValidation } from "./jwt-validation";
import { redirect } from "./redirect";

const kinds: Record<string, ActionKind> = {
  "authenticate-cognito": authenticateCognito,
  "authenticate-oidc": authenticateOidc,
  "fixed-response": fixedResponse,
  forward,
  "jwt-validation": jwtValidation,
  redirect,
};
const lastKinds = ["forward", "redirect", "fixed-response"];

/** What the actions of a rule are judged by. */
export interface ActionContext {
  world: World;
  /** The listener's. */
  protocol: string;
}

/**
 * Everything that is wrong with the actions of a rule or listener.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Action.html
 */
export function actionProblems(actions: readonly ActionProperties[], { world, protocol }: ActionContext): string[] {
  const problems = actions.flatMap((action) => {
    const kind = kinds[action.type];
    // "The authenticate-cognito and authenticate-oidc action types are supported only with HTTPS listeners."
    if (kind?.secureOnly && protocol !== "HTTPS") return [`an action of type "${action.type}" needs an HTTPS listener`];
    if (kind) return kind.problems(action, { world });
    return [`action type "${action.type}" is not served here; served are: ${Object.keys(kinds).join(", ")}`];
  });
  const last = inOrder(actions).at(-1);
  if (last === undefined || (kinds[last.type] && !lastKinds.includes(last.type))) {
    problems.push(
      `the last action must be one of ${lastKinds.join(", ")}; got ${last ? `"${last.type}"` : "no action"}`,
    );
  }
  // "Each rule must include exactly one of the following actions: forward, redirect or fixed-response"
  const ends = actions.filter(({ type }) => lastKinds.includes(type));
  if (ends.length > 1) problems.push(`a rule has one action of ${lastKinds.join(", ")}; got ${ends.length}`);
  const checks = actions.filter(({ type }) => kinds[type]?.secureOnly);
  if (checks.length > 1) problems.push(`a rule has one action that authenticates; got ${checks.length}`);
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
  // Where no order is given, it is the place in the list.
  return actions
    .map((action, at) => ({ action, order: action.order ?? at + 1 }))
    .sort((one, other) => one.order - other.order)
    .map(({ action }) => action);
}
