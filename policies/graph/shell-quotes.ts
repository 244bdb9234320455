/** A script that is beyond this reader. */
export class Unreadable extends Error {}

/** The index behind the bracket that closes the one at `from`. */
export function closing(text: string, from: number, open: string, close: string): number {
  let depth = 0;
  for (let at = from; text.charAt(at) !== ""; at++) {
    const char = text.charAt(at);
    if (char === "\\") at++;
    else if (char === "'" || char === '"') at = quoteEnd(text, at);
    else if (char === open) depth++;
    else if (char === close && --depth === 0) return at + 1;
  }
  throw new Unreadable();
}

/** The index of the quote that closes the one at `from`. */
export function quoteEnd(text: string, from: number): number {
  const quote = text.charAt(from);
  for (let at = from + 1; text.charAt(at) !== ""; at++) {
    if (text.charAt(at) === quote) return at;
    if (quote === "'") continue;
    if (text.charAt(at) === "\\") at++;
    else if (text.startsWith("$(", at)) at = closing(text, at + 1, "(", ")") - 1;
  }
  throw new Unreadable();
}
