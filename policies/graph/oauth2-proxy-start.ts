import { type Command, commandsOf, hole, scriptOf } from "./shell";
import type { Container } from "./tasks";

/** What a container's entry point and command give to oauth2-proxy, where its image is that or they start it. */
export interface Start {
  /** They start it themselves, whatever the image. */
  readonly isShown: boolean;
  /** Its arguments among them, as far as they are seen. */
  readonly args: readonly string[];
  /** What is set for it before, as `NAME=value`. */
  readonly assignments: readonly string[];
  /** Why it may be given more than that; undefined where it is not. */
  readonly unseen: string | undefined;
}

/** Run the program that they are given. */
const wrappers = new Set(["env", "tini", "dumb-init", "catatonit", "nohup"]);
/** Set variables, or run commands, that are not in the script. */
const readers = new Set([".", "source", "eval"]);
const assignment = /^[A-Za-z_]\w*=/;

export function startOf(container: Container): Start {
  const script = scriptOf(container);
  if (script !== undefined) return ofScript(script, container);
  const { words = [] } = container;
  const [first = "-"] = words;
  const at = words.findIndex(isProgram);
  const before = words.slice(0, Math.max(at, 0));
  const isShown = at === 0 || (wrappers.has(nameOf(before[0])) && before.slice(1).every(isForWrapper));
  return {
    isShown,
    args: words,
    assignments: before,
    unseen: isShown || first.startsWith("-") ? undefined : "its command starts something else",
  };
}

function isProgram(word: string): boolean {
  return nameOf(word) === "oauth2-proxy";
}

function nameOf(word = ""): string {
  return word.replace(/^.*\//, "");
}

function isForWrapper(word: string): boolean {
  return assignment.test(word) || (word.startsWith("-") && !/^-(?:i|u|-ignore-environment|-unset)/.test(word));
}

function ofScript(script: string, container: Container): Start {
  const assignments = [...script.matchAll(/OAUTH2_PROXY_\w+=\S*/g)].map(([each]) => each);
  const commands = commandsOf(script, container);
  if (commands === undefined) {
    // Read word by word: a setting that lets strangers in is told all the same.
    const isShown = /(?:^|[\s/;&|])oauth2-proxy(?:\s|$)/.test(script);
    return { isShown, args: split(script), assignments, unseen: "its start script cannot be followed" };
  }
  const runs = commands.filter(({ words }) => isProgram(words[0] ?? ""));
  const args = runs.flatMap(({ words }) => words.flatMap(split));
  return { isShown: runs.length > 0, args, assignments, unseen: whyUnseen(commands, runs) };
}

function split(text: string): string[] {
  return text.split(/\s+/);
}

function whyUnseen(commands: readonly Command[], runs: readonly Command[]): string | undefined {
  const [run] = runs;
  if (run === undefined || runs.length > 1) return "how its start script runs oauth2-proxy cannot be followed";
  if (commands.some(({ words }) => readers.has(words[0] ?? "")))
    return "its start script reads files that cannot be seen";
  const exported = commands.filter(({ words }) => words[0] === "export").flatMap(({ words }) => words);
  const hidden = [...exported, ...namesIn(run.words)].some((word) => /^[^=]*\uE000/.test(word));
  return hidden ? "its start script gives it arguments that cannot be seen" : undefined;
}

/** Flags of which the next word is the value: behind others, which may be switches, a text that is not seen may be flags. */
const takesWord = /^--(?:[a-z0-9-]+-)?(?:id|secret|url|password|address|domain|group|upstream)$/;

/** Words that may be flags. */
function namesIn(words: readonly string[]): string[] {
  return words.filter((word, index) => !(word.includes(hole) && takesWord.test(words[index - 1] ?? "")));
}
