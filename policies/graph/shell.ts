import { closing, quoteEnd, Unreadable } from "./shell-quotes";
import type { Container } from "./tasks";

/** Stands in a text for what cannot be seen: a secret's value, a command's output. */
export const hole = "\uE000";

/** A command of a start script: its words, what it reads and where its output goes. */
export interface Command {
  readonly words: readonly string[];
  readonly redirects: readonly { readonly operator: string; readonly target: string }[];
  readonly heredoc: string | undefined;
  /** Its output goes to the next command. */
  readonly piped: boolean;
  /** Inside a condition, loop, function or subshell, after `||`, or after a question and `&&`: it may not run, or run again. */
  readonly conditional: boolean;
}

const openers = new Set(["if", "while", "until", "for", "select", "case", "function", "{"]);
const closers = new Set(["fi", "done", "esac", "}"]);
const passing = new Set(["then", "else", "elif", "do", "in", "!", "exec", "time"]);
/** Of which nobody asks whether they succeed: what follows behind `&&` is meant to run. */
const doers = new Set([
  ...["cat", "cd", "chmod", "chown", "echo", "export", "mkdir", "nginx", "printf", "rm", "set"],
  ...["base64", "tee", "touch"],
]);
/** Give names to what is not seen. */
const naming = new Set(["export", "read", "unset", "local", "readonly", "declare", "typeset", "for", "select"]);

/** The script of `sh -c SCRIPT` in an entry point and command; undefined if no shell is started. */
export function scriptOf(container: Container): string | undefined {
  const words = container.words ?? [];
  const shell = words.findIndex((word) => /(^|\/)(?:ba|da|a)?sh$/.test(word));
  if (shell < 0) return undefined;
  let at = shell + 1;
  for (; /^[-+]/.test(words[at] ?? ""); at++) {
    if (/^-[a-z]*c[a-z]*$/.test(words[at] ?? "")) return words[at + 1];
    if (/^[-+][a-z]*o/.test(words[at] ?? "")) at++;
  }
  return undefined;
}

/**
 * Splits a POSIX shell script into its commands, with the container's plain variables filled in and a hole for all that
 * cannot be seen. Undefined if the script is beyond this reader.
 */
export function commandsOf(script: string, container: Container): Command[] | undefined {
  const reader = new Reader(script, container);
  try {
    return reader.read();
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
    throw error;
  }
}

class Reader {
  private readonly text: string;
  private readonly container: Container;
  private at = 0;
  private readonly commands: Command[] = [];
  private words: string[] = [];
  private redirects: { operator: string; target: string }[] = [];
  private heredocs: { end: string; literal: boolean; dedent: boolean; command: number }[] = [];
  private pendingHeredoc = false;
  private depth = 0;
  private alternative = false;
  /** An operator stands before, and its command may be on the next line. */
  private joined = false;
  private readonly parens: number[] = [];
  private readonly texts = new Map<number, string>();
  private readonly assigned = new Set<string>();
  /** Text from elsewhere has been run, which may set any variable. */
  private sourced = false;

  constructor(text: string, container: Container) {
    this.text = `${text.replace(/\r\n/g, "\n")}\n`;
    this.container = container;
  }

  read(): Command[] {
    while (this.at < this.text.length) {
      const before = this.at;
      this.step();
      if (this.at === before) throw new Unreadable();
    }
    return this.commands.map((command, index) => ({ ...command, heredoc: this.texts.get(index) }));
  }

  private step(): void {
    const rest = this.text.slice(this.at, this.at + 3);
    const char = rest.charAt(0);
    if (char === "\n") {
      this.at++;
      this.end(false);
      if (!this.joined) this.alternative = false;
      this.readHeredocs();
    } else if (/[ \t]/.test(char)) this.at++;
    else if (rest.startsWith("\\\n")) this.at += 2;
    else if (char === "#") {
      while (this.text.charAt(this.at) !== "\n") this.at++;
    } else if (rest.startsWith("&&") || rest.startsWith("||")) {
      this.at += 2;
      this.end(false);
      this.alternative ||= rest.startsWith("||") || !doers.has(this.commands.at(-1)?.words[0] ?? "");
      this.joined = true;
    } else if (char === ";" || (char === "&" && rest.charAt(1) !== ">")) {
      this.at++;
      this.end(false);
      this.alternative = false;
    } else if (char === "|") {
      this.at++;
      this.end(true);
      this.joined = true;
    } else if (char === "(") {
      this.at++;
      this.end(false);
      this.parens.push(this.depth++);
    } else if (char === ")") {
      this.at++;
      this.end(false); // also ends a pattern of `case`, which opened nothing
      const depth = this.parens.pop();
      if (depth !== undefined) this.depth = depth;
    } else {
      const operator = /^(?:&>>?|\d?(?:<<-|<<<|<<|>>|>\||>&|<&|<>|[<>]))/.exec(
        this.text.slice(this.at, this.at + 4),
      )?.[0];
      if (operator === undefined) this.word();
      else this.redirect(operator);
    }
  }

  private word(): void {
    const word = this.readWord();
    this.joined = false;
    if (this.words.length === 0) {
      if (openers.has(word)) this.depth++;
      if (closers.has(word)) this.depth = Math.max(0, this.depth - 1);
      if (!naming.has(word) && (openers.has(word) || closers.has(word) || passing.has(word))) return;
      const assignment = /^([A-Za-z_]\w*)\+?=/.exec(word)?.[1];
      if (assignment !== undefined) {
        this.assigned.add(assignment);
        return;
      }
    }
    if (naming.has(this.words[0] ?? "")) this.assigned.add(word.replace(/=.*/s, ""));
    if (this.words.length === 0 && [".", "source", "eval"].includes(word)) this.sourced = true;
    this.words.push(word);
  }

  private redirect(operator: string): void {
    this.at += operator.length;
    this.joined = false;
    while (/[ \t]/.test(this.text.charAt(this.at))) this.at++;
    const from = this.at;
    const target = this.readWord();
    if (operator === "<<" || operator === "<<-") {
      const literal = /["'\\]/.test(this.text.slice(from, this.at));
      this.heredocs.push({ end: target, literal, dedent: operator === "<<-", command: this.commands.length });
      this.pendingHeredoc = true;
    } else if (operator === "<<<") throw new Unreadable();
    else this.redirects.push({ operator: operator.replace("1", "").replace(">|", ">"), target });
  }

  private end(piped: boolean): void {
    if (this.words.length > 0 || this.redirects.length > 0 || this.pendingHeredoc) {
      this.commands.push({
        words: this.words,
        redirects: this.redirects,
        heredoc: undefined,
        piped,
        conditional: this.depth > 0 || this.alternative,
      });
    }
    this.words = [];
    this.redirects = [];
    this.pendingHeredoc = false;
  }

  private readHeredocs(): void {
    for (const doc of this.heredocs) {
      const lines: string[] = [];
      for (;;) {
        if (this.at >= this.text.length) throw new Unreadable();
        const newline = this.text.indexOf("\n", this.at);
        const raw = this.text.slice(this.at, newline);
        this.at = newline + 1;
        const line = doc.dedent ? raw.replace(/^\t+/, "") : raw;
        if (line === doc.end) break;
        lines.push(line);
      }
      const body = lines.map((line) => `${line}\n`).join("");
      this.texts.set(doc.command, doc.literal ? body : this.expanded(body, 0).text);
    }
    this.heredocs = [];
  }

  /** What stands between double quotes, or in a heredoc; it ends behind `quote`, or with the text. */
  private expanded(text: string, from: number, quote?: string): { text: string; end: number } {
    let result = "";
    let at = from;
    while (![quote, ""].includes(text.charAt(at))) {
      const char = text.charAt(at);
      const next = text.charAt(at + 1);
      if (char === "\\" && (/[$`\\\n]/.test(next) || next === quote)) {
        result += next === "\n" ? "" : next;
        at += 2;
      } else if (char === "$" || char === "`") {
        const found = this.expansion(text, at);
        result += found.text;
        at = found.end;
      } else {
        result += char;
        at++;
      }
    }
    if (quote !== undefined && at >= text.length) throw new Unreadable();
    return { text: result, end: at + 1 };
  }

  private readWord(): string {
    let word = "";
    for (;;) {
      const char = this.text.charAt(this.at);
      if (/^$|[\s;&|<>()]/.test(char)) break;
      if (char === "'") {
        const close = quoteEnd(this.text, this.at);
        word += this.text.slice(this.at + 1, close);
        this.at = close + 1;
      } else if (char === "\\") {
        if (this.text.charAt(this.at + 1) !== "\n") word += this.text.charAt(this.at + 1);
        this.at += 2;
      } else if (/["$`]/.test(char)) {
        const found = char === '"' ? this.expanded(this.text, this.at + 1, char) : this.expansion(this.text, this.at);
        word += found.text;
        this.at = found.end;
      } else {
        word += char;
        this.at++;
      }
    }
    return word;
  }

  /** `$NAME`, `${NAME}`, and holes for everything else that a shell puts in. */
  private expansion(text: string, at: number): { text: string; end: number } {
    const named = /^\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})/.exec(text.slice(at, at + 200));
    if (named) return { text: this.valueOf(named[1] ?? named[2] ?? ""), end: at + named[0].length };
    if (text.startsWith("$(", at)) return { text: hole, end: closing(text, at + 1, "(", ")") };
    if (text.startsWith("${", at)) return { text: hole, end: closing(text, at + 1, "{", "}") };
    if (text.charAt(at) === "`") return { text: hole, end: quoteEnd(text, at) + 1 };
    return /[\d?!#@*$-]/.test(text.charAt(at + 1)) ? { text: hole, end: at + 2 } : { text: "$", end: at + 1 };
  }

  private valueOf(name: string): string {
    if (this.sourced || this.assigned.has(name)) return hole;
    return this.container.environment.get(name) ?? hole; // the image may set what the task definition does not
  }
}
