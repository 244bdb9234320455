import type { Problem } from "../problems";
import type { Plain } from "./rule";

/** Access from outside by tokens. */
export function machines({ access, identity, machineTokens }: Plain): Problem[] {
  if (!machineTokens) return [];
  const several =
    machineTokens.type === "jwt"
      ? machineTokens.claims.findIndex(({ format, values }) => format === "single-string" && values.length > 1)
      : -1;
  if (several >= 0) {
    return [
      {
        key: "machineTokens.claims",
        got: `several values in claim ${several + 1}, which is a single-string`,
        allowed: "one: the load balancer takes several only of the other formats",
        fix: `pulumi config set --path 'machineTokens.claims[${several}].format' string-array`,
      },
    ];
  }
  const problem = { key: "machineTokens", got: `type ${machineTokens.type}` };
  if (access === "gateway") {
    return [
      {
        ...problem,
        allowed:
          "nothing with access gateway: Prefect there asks everybody for its own credential, which a token cannot be",
        fix: "pulumi config rm machineTokens",
      },
    ];
  }
  if (machineTokens.type === "cognito" && identity.type !== "cognito") {
    return [
      {
        ...problem,
        allowed: `github or jwt: there is no pool with identity.type ${identity.type}`,
        fix: "pulumi config set --path machineTokens.type jwt",
      },
    ];
  }
  return [];
}
