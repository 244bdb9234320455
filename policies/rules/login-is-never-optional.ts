import { loginActions } from "../support/login-actions";
import type { Rule } from "../support/rule";

/** `allow` lets requests without a session pass on, and nothing behind it can tell (Elastic Load Balancing, "Authenticate users"). */
export const loginIsNeverOptional: Rule = {
  name: "login-is-never-optional",
  description: "A load balancer's login before Prefect lets nobody pass without a session.",
  enforcementLevel: "mandatory",
  severity: "critical",
  remediationSteps: 'Set onUnauthenticatedRequest to "deny" for /api and to "authenticate" for pages.',
  find: (stack) =>
    stack.fronts
      .filter(({ ways }) => !stack.isRefused(ways))
      .flatMap((front) =>
        loginActions(front).flatMap(({ type, settings }) => {
          if (type === "jwt-validation") return [];
          const otherwise = settings.get("onUnauthenticatedRequest");
          const found = otherwise.isUnknown ? "is not known" : otherwise.word() === "allow" ? 'is "allow"' : undefined;
          const message = `onUnauthenticatedRequest of ${type} ${found}. Write "deny" or "authenticate".`;
          return found === undefined ? [] : [{ message, resource: front.holder }];
        }),
      ),
};
