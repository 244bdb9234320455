/** `passwordPolicy` of aws:cognito/userPool:UserPool. */
export interface PasswordPolicy {
  minimumLength?: number;
  requireLowercase?: boolean;
  requireNumbers?: boolean;
  requireSymbols?: boolean;
  requireUppercase?: boolean;
}

/**
 * Why a password is refused, in Cognito's words. Defaults: 8 characters, one of each kind.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/managing-users-passwords.html
 */
export function passwordProblems(password: string, policy: PasswordPolicy = {}): string[] {
  const problems: string[] = [];
  if (password.length < (policy.minimumLength ?? 8)) problems.push("Password not long enough");
  const kinds: [boolean | undefined, RegExp, string][] = [
    [policy.requireUppercase, /[A-Z]/, "uppercase"],
    [policy.requireLowercase, /[a-z]/, "lowercase"],
    [policy.requireNumbers, /[0-9]/, "numeric"],
    [policy.requireSymbols, /[\^$*.[\]{}()?"!@#%&/\\,><':;|_~`=+ -]/, "symbol"],
  ];
  for (const [required, expression, kind] of kinds) {
    if ((required ?? true) && !expression.test(password)) problems.push(`Password must have ${kind} characters`);
  }
  return problems;
}
