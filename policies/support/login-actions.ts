import type { ResourceValue } from "../graph/model";
import type { Front } from "./prefect-stack";

/** An action of a load balancer that logs people in, or checks a token. */
export interface LoginAction {
  readonly type: "authenticate-oidc" | "authenticate-cognito" | "jwt-validation";
  readonly settings: ResourceValue;
}

const settingsOf = {
  "authenticate-oidc": "authenticateOidc",
  "authenticate-cognito": "authenticateCognito",
  "jwt-validation": "jwtValidation",
} as const;

export function loginActions(front: Front): LoginAction[] {
  return front.actions.flatMap((action) => {
    const type = action.get("type").word();
    if (type !== "authenticate-oidc" && type !== "authenticate-cognito" && type !== "jwt-validation") return [];
    const settings = action.get(settingsOf[type]);
    return [{ type, settings: settings.list()[0] ?? settings }];
  });
}
