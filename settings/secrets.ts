import type { Problem } from "./problems";

/** The settings that are secrets: only handed on, never shown. */
export const secretSettings = {
  oidcClientSecret: {
    about: "The secret of identity.clientId.",
    allowed: "the client's secret as the issuer shows it, stored with --secret",
    neededWith: "identity.type oidc",
    isNeeded: (own: Record<string, unknown>) => part(own.identity, "type") === "oidc",
  },
  federationClientSecret: {
    about: "The secret of identity.federation.clientId.",
    allowed: "the client's secret as the issuer shows it, stored with --secret",
    neededWith: "identity.federation.type oidc",
    isNeeded: (own: Record<string, unknown>) => part(part(own.identity, "federation"), "type") === "oidc",
  },
} as const;
export type SecretSetting = keyof typeof secretSettings;

/** @param isStoredSecret whether a setting's value is encrypted in the stack's configuration */
export function secretProblems(own: Record<string, unknown>, isStoredSecret: (setting: string) => boolean): Problem[] {
  return Object.entries(secretSettings).flatMap(([key, { allowed, neededWith, isNeeded }]) => {
    const problem = { key, allowed, fix: `pulumi config set --secret ${key}` };
    const value = own[key];
    const needed = isNeeded(own);
    if (value === undefined) return needed ? [{ ...problem, got: "nothing" }] : [];
    if (!needed) {
      return [
        {
          key,
          got: "a value",
          allowed: `nothing: only ${neededWith} has one`,
          fix: `pulumi config rm ${key}`,
        },
      ];
    }
    if (!isStoredSecret(key)) return [{ ...problem, got: "a value in plain text" }];
    if (typeof value !== "string" || !/^[\x21-\x7e]+$/.test(value))
      return [{ ...problem, got: "a secret that is empty or holds blanks, line ends or letters beyond ASCII" }];
    return [];
  });
}

function part(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null && key in value
    ? (value as Record<string, unknown>)[key]
    : undefined;
}
