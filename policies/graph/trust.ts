/** Whether a text is one of these patterns; `*` stands for any text, all else for itself. */
export function matcher(patterns: readonly string[]): (text: string) => boolean {
  const all = patterns.map((pattern) => pattern.trim().split(/\*+/));
  return (text) => all.some((parts) => matches(parts, text));
}

/** A regular expression with several wildcards may take forever on a long text; this takes each part where it first is. */
function matches(parts: readonly string[], text: string): boolean {
  const [first = "", ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}
