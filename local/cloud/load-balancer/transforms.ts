import { patternProblems } from "./patterns";

/** As @pulumi/aws names it. */
export interface TransformProperties {
  type: string;
  urlRewriteConfig?: { rewrite?: Rewrite };
  hostHeaderRewriteConfig?: { rewrite?: Rewrite };
}

interface Rewrite {
  regex: string;
  replace: string;
}

const kinds = ["url-rewrite", "host-header-rewrite"];

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-transforms.html */
export function transformProblems(transforms: readonly TransformProperties[]): string[] {
  const problems = transforms.flatMap((transform) => {
    if (!kinds.includes(transform.type)) {
      return [`a transform's type must be one of ${kinds.join(", ")}; got "${transform.type}"`];
    }
    const { regex } = rewriteOf(transform) ?? {};
    return regex ? patternProblems(regex) : [`a transform of type "${transform.type}" needs its rewrite with a regex`];
  });
  // "one host header rewrite transform and one URL rewrite transform per rule"
  for (const kind of kinds) {
    if (transforms.filter(({ type }) => type === kind).length > 1) problems.push(`a rule has one ${kind} transform`);
  }
  return problems;
}

/**
 * What the target gets. "If there is no pattern match, the original request is sent to the target."
 *
 * @returns undefined when "there is a pattern match but the transform fails": the answer is 500
 */
export function transformed(
  transforms: readonly TransformProperties[],
  request: { target: string; host: string },
): { target: string; host: string } | undefined {
  const { target, host } = transforms.reduce((before, transform) => {
    const rewrite = rewriteOf(transform);
    if (!rewrite) return before;
    const at = transform.type === "url-rewrite" ? "target" : "host";
    return { ...before, [at]: replaced(before[at], rewrite) };
  }, request);
  const fine = /^\/[\x21-\x7e]*$/.test(target) && /^[\w.:[\]-]*$/.test(host);
  return fine ? { target, host } : undefined;
}

function rewriteOf({ type, urlRewriteConfig, hostHeaderRewriteConfig }: TransformProperties): Rewrite | undefined {
  return (type === "url-rewrite" ? urlRewriteConfig : hostHeaderRewriteConfig)?.rewrite;
}

/** `$1` is the first group; nothing else is special, other than in JavaScript's own replacements. */
function replaced(text: string, { regex, replace }: Rewrite): string {
  return text.replace(new RegExp(regex), (...found: unknown[]) =>
    (replace ?? "").replace(/\$(\d)/g, (_, digit: string) => {
      const group = found[Number(digit)];
      return typeof group === "string" ? group : "";
    }),
  );
}
