/** One directive of nginx's configuration language: `name args;` or `name args { block }`. */
export interface Directive {
  readonly name: string;
  readonly args: readonly string[];
  readonly block: readonly Directive[] | undefined;
  readonly line: number;
}

/** A configuration that this strict reader does not take; the message holds a line number and none of its text. */
export class NginxSyntaxError extends Error {}

interface Token {
  readonly kind: "word" | "{" | "}" | ";";
  readonly text: string;
  readonly line: number;
}

/**
 * Reads a configuration as ngx_conf_file.c does: words, quotes, escapes, comments, blocks.
 * @throws NginxSyntaxError
 */
export function parseNginx(text: string): Directive[] {
  const tokens = tokensOf(text);
  let next = 0;
  const block = (depth: number): Directive[] => {
    if (depth > 50) throw new NginxSyntaxError("blocks are nested too deep");
    const directives: Directive[] = [];
    for (;;) {
      const token = tokens[next++];
      if (token === undefined) {
        if (depth === 0) return directives;
        throw new NginxSyntaxError('the configuration ends inside a block: a "}" is missing');
      }
      if (token.kind === "}" && depth > 0) return directives;
      if (token.kind !== "word") throw new NginxSyntaxError(`unexpected "${token.kind}" in line ${token.line}`);
      const args: string[] = [];
      let end = tokens[next++];
      for (; end?.kind === "word"; end = tokens[next++]) args.push(end.text);
      if (end === undefined || end.kind === "}") {
        throw new NginxSyntaxError(`the directive in line ${token.line} does not end with ";" or a block`);
      }
      const inner = end.kind === "{" ? block(depth + 1) : undefined;
      directives.push({ name: token.text, args, block: inner, line: token.line });
    }
  };
  return block(0);
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let line = 1;
  let at = 0;
  while (at < text.length) {
    const char = text.charAt(at);
    if (char === "\n") line++;
    if (/[ \t\r\n]/.test(char)) at++;
    else if (char === "#") {
      while (!["\n", ""].includes(text.charAt(at))) at++;
    } else if (char === "{" || char === "}" || char === ";") {
      tokens.push({ kind: char, text: char, line });
      at++;
    } else {
      const start = line;
      const word = char === '"' || char === "'" ? quoted(text, at, start) : bare(text, at);
      line += [...text.slice(at, word.end)].filter((passed) => passed === "\n").length;
      tokens.push({ kind: "word", text: word.text, line: start });
      at = word.end;
    }
  }
  return tokens;
}

function quoted(text: string, from: number, line: number): { text: string; end: number } {
  const quote = text.charAt(from);
  let value = "";
  for (let at = from + 1; text.charAt(at) !== ""; at++) {
    const char = text.charAt(at);
    if (char === quote) {
      // nginx wants white space, ";" , "{" or ")" behind a closing quote.
      if (!/[ \t\r\n;{)]/.test(text.charAt(at + 1))) {
        throw new NginxSyntaxError(`a quoted word in line ${line} runs into the next one`);
      }
      return { text: value, end: at + 1 };
    }
    if (char === "\\") value += escaped(text.charAt(++at));
    else value += char;
  }
  throw new NginxSyntaxError(`the quote in line ${line} is not closed`);
}

function bare(text: string, from: number): { text: string; end: number } {
  let value = "";
  let at = from;
  for (; ; at++) {
    const char = text.charAt(at);
    if (/^$|[ \t\r\n;]/.test(char)) break;
    if (char === "{" && !value.endsWith("$")) break; // ${variable} stays one word
    if (char === "\\") value += escaped(text.charAt(++at));
    else value += char;
  }
  return { text: value, end: at };
}

/** Only these lose their backslash (ngx_conf_read_token); a regular expression keeps its own. */
function escaped(char: string): string {
  if (char === '"' || char === "'" || char === "\\") return char;
  return { t: "\t", r: "\r", n: "\n" }[char] ?? `\\${char}`;
}
