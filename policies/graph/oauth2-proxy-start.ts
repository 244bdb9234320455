import { type Command, commandsOf, hole, scriptOf } from "./shell";
import type { Container } from "./tasks";

/** How a container's entry point and command start oauth2-proxy. */
export interface Start {
  /** Its arguments, as far as they are seen. */
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

/** Undefined where something else is started, as far as that is seen; of an image that decides: what the image is. */
export function startOf(container: Container, isImage: boolean): Start | undefined {
  const words = container.words ?? [];
  const script = scriptOf(container);
  if (script !== undefined) return ofScript(script, container, isImage);
  const at = words.findIndex((word) => isProgram(word));
  const before = words.slice(0, Math.max(at, 0));
  if (at === 0 || (at > 0 && wrappers.has(nameOf(before[0])) && before.slice(1).every(isForWrapper))) {
    return {
      args: words.slice(at + 1),
      assignments: before.filter((word) => assignment.test(word)),
      unseen: undefined,
    };
  }
  if (!isImage) return undefined;
  const unseen = words.length > 0 && !words[0]?.startsWith("-") ? "its command starts something else" : undefined;
  return { args: words, assignments: [], unseen };
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

function ofScript(script: string, container: Container, isImage: boolean): Start | undefined {
  const commands = commandsOf(script, container);
  const runs = commands?.filter(({ words }) => isProgram(words[0] ?? ""));
  // What cannot be followed is read word by word: a setting that lets strangers in is told all the same.
  const args = runs === undefined ? script.split(/\s+/) : runs.flatMap(({ words }) => words.slice(1)).flatMap(split);
  const assignments = [...script.matchAll(/OAUTH2_PROXY_\w+=\S*/g)].map(([each]) => each);
  if (commands === undefined || runs === undefined) {
    const mentioned = isImage || /(?:^|[\s/;&|])oauth2-proxy(?:\s|$)/.test(script);
    return mentioned ? { args, assignments, unseen: "its start script cannot be followed" } : undefined;
  }
  if (runs.length === 0 && !isImage) return undefined;
  return { args, assignments, unseen: whyUnseen(commands, runs) };
}

function split(word: string): string[] {
  return word.split(/\s+/).filter(Boolean);
}

function whyUnseen(commands: readonly Command[], runs: readonly Command[]): string | undefined {
  if (runs.length !== 1) return "how its start script runs oauth2-proxy cannot be followed";
  if (commands.some(({ words }) => readers.has(words[0] ?? "")))
    return "its start script reads files that cannot be seen";
  const exported = commands.filter(({ words }) => words[0] === "export").flatMap(({ words }) => words.slice(1));
  const hidden = [...exported, ...namesIn(runs[0]?.words.slice(1) ?? [])].some((word) => /^[^=]*\uE000/.test(word));
  return hidden ? "its start script gives it arguments that cannot be seen" : undefined;
}

/** Flags of which the next word is the value: behind others, which may be switches, a text that is not seen may be flags. */
const takesWord = /^--?(?:[a-z0-9-]+-)?(?:id|secret|url|password|address|domain|group|upstream)$/;

/** Words that may be flags. */
function namesIn(words: readonly string[]): string[] {
  return words.filter((word, index) => !(word.includes(hole) && takesWord.test(words[index - 1] ?? "")));
}
