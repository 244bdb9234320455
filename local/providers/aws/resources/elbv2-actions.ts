import { isObject, type Properties, UNKNOWN, type Value } from "../../grpc/values";

type Problem = { path: string; reason: string };

const TYPES = ["authenticate-cognito", "authenticate-oidc", "fixed-response", "forward", "jwt-validation", "redirect"];
const UNAUTHENTICATED = ["allow", "authenticate", "deny"];

/** internal/service/elbv2/listener.go: defaults of the redirect block. */
export function actionDefaults(property: string): Record<string, string> {
  const redirect = { host: "#{host}", path: "/#{path}", port: "#{port}", protocol: "#{protocol}", query: "#{query}" };
  return Object.fromEntries(Object.entries(redirect).map(([key, value]) => [`${property}.redirect.${key}`, value]));
}

/** What AWS adds to actions: their order and the settings of authentication. */
export function filledActions(actions: Value | undefined): Value {
  if (!Array.isArray(actions)) return [];
  return actions.map((action, index) => {
    if (!isObject(action)) return action;
    const result: Properties = { order: index + 1, ...action };
    for (const name of ["authenticateCognito", "authenticateOidc"]) {
      const settings = result[name];
      if (isObject(settings)) result[name] = { ...authentication, ...settings };
    }
    if (isObject(result.fixedResponse)) result.fixedResponse = { statusCode: "200", ...result.fixedResponse };
    return result;
  });
}

const authentication = {
  onUnauthenticatedRequest: "authenticate",
  scope: "openid",
  sessionCookieName: "AWSELBAuthSessionCookie",
  sessionTimeout: 604_800,
};

/** Enumerations as the provider checks them: without regard to case (enum.ValidateIgnoreCase). */
export function validateActions(actions: Value | undefined, path: string): Problem[] {
  if (!Array.isArray(actions)) return [];
  return actions.flatMap((action, index) => {
    if (!isObject(action)) return [];
    const at = `${path}[${index}]`;
    const settings = ["authenticateCognito", "authenticateOidc"].flatMap((name) => {
      const block = action[name];
      return isObject(block)
        ? member(block.onUnauthenticatedRequest, UNAUTHENTICATED, `${at}.${name}.onUnauthenticatedRequest`)
        : [];
    });
    return [...member(action.type, TYPES, `${at}.type`), ...settings];
  });
}

function member(value: Value | undefined, allowed: string[], path: string): Problem[] {
  if (value === undefined || value === UNKNOWN || allowed.includes(String(value).toLowerCase())) return [];
  const name = path.slice(path.lastIndexOf(".") + 1);
  const list = allowed.map((item) => `"${item}"`).join(" ");
  return [{ path, reason: `expected ${name} to be one of [${list}], got ${String(value)}` }];
}
