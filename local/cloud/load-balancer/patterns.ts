const unsupported: [RegExp, string][] = [
  [/\(\?<?[=!]/, "lookaheads and lookbehinds"],
  [/\\[1-9]|\\k</, "backreferences"],
  [/\(\?>/, "atomic groups"],
  [/[*+?}]\+/, "possessive quantifiers"],
  [/\(\?(R|\d|&)/, "subroutines and recursion"],
  [/\\[pP]\{/, "Unicode character classes"],
];

/**
 * What the regular expressions of conditions and transforms do not support.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-rules.html
 */
export function patternProblems(regex: string): string[] {
  // An escaped backslash starts nothing; what is in a class is only characters.
  const plain = regex.replace(/\\\\/g, "").replace(/\[(?:\\.|[^\]\\])*\]/g, "[]");
  const found = unsupported.filter(([feature]) => feature.test(plain)).map(([, name]) => name);
  if (found.length > 0) return [`regular expression "${regex}" has ${found.join(", ")}, which are not supported`];
  try {
    new RegExp(regex);
    return [];
  } catch {
    return [`"${regex}" is no regular expression`];
  }
}
