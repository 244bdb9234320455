import { basename } from "node:path/posix";
import { type Directive, NginxSyntaxError, parseNginx } from "./nginx-parser";
import { type Command, commandsOf, hole, scriptOf } from "./shell";
import type { Container } from "./tasks";

/** nginx's whole configuration as the task definition carries it. */
export interface NginxConfig {
  readonly directives: readonly Directive[];
  /** Text of the files that the start script writes; undefined where it cannot be seen. */
  readonly files: ReadonlyMap<string, string | undefined>;
}

/** Why a configuration cannot be seen, without any of its text. */
export class Unseen {
  readonly reason: string;
  constructor(reason: string) {
    this.reason = reason;
  }
}

const imageName = /(^|\/)(?:nginx|nginx-unprivileged)(?::|@|$)/i;
const harmlessIncludes = /(^|\/)(?:mime\.types|fastcgi_params|fastcgi\.conf|uwsgi_params|scgi_params|proxy_params)$/;
/** May name a file without changing it. */
const readers = new Set([
  ...[
    "nginx",
    "nginx-debug",
    "chmod",
    "chown",
    "chgrp",
    "test",
    "[",
    "[[",
    "ls",
    "cat",
    "grep",
    "wc",
    "sha256sum",
    "mkdir",
  ],
  ...["printf", "echo", "exit", "export", "kill", "sleep", "wait"],
]);
const runners = /(^|\/)(?:env|nohup|setsid|su-exec|gosu|tini|dumb-init|timeout|nice|command|xargs|stdbuf|sudo|su)$/;
const mainFile = "/etc/nginx/nginx.conf";
/** As much of its main file as matters. */
const ofOfficialImage = "http { include conf.d/*.conf; }";

export function isNginx(container: Container): boolean {
  const words = container.words ?? [];
  return words.some((word) => /(^|[\s/;&|])nginx(-debug)?(\s|$)/.test(word)) || isOfficial(container);
}

/** Or a copy of it, in another registry. */
function isOfficial({ image = "" }: Container): boolean {
  return imageName.test(image);
}

/** Follows the start script to the configuration with which nginx runs. */
export function nginxConfigOf(container: Container): NginxConfig | Unseen {
  if (container.words === undefined) return new Unseen("its command is not known");
  const script = scriptOf(container);
  if (script === undefined)
    return new Unseen("its configuration is in the image or on a volume, not in the task definition");
  const commands = commandsOf(script, container);
  if (commands === undefined) return new Unseen("its start script cannot be followed");
  const files = filesWritten(commands);
  const runs = commands.filter(isRun);
  const [run] = runs;
  if (run === undefined || runs.length > 1) return new Unseen("how its start script runs nginx cannot be followed");
  const problem = argumentProblem(run.words, script);
  if (problem !== undefined) return new Unseen(problem);
  const official = isOfficial(container);
  const at = run.words.indexOf("-c");
  const main = at < 0 ? mainFile : (run.words[at + 1] ?? "");
  const isOfImage = at < 0 && !files.has(main);
  if (isOfImage && !(official && [...files.keys()].some(isSite)))
    return new Unseen("its configuration is in the image");
  try {
    const directives = isOfImage ? parseNginx(ofOfficialImage) : parsedFile(main, files);
    const folder = main.slice(0, main.lastIndexOf("/") + 1);
    return { directives: resolved(directives, { files, official, folder }), files };
  } catch (error) {
    if (error instanceof NginxSyntaxError) return new Unseen(error.message);
    throw error;
  }
}

function isSite(path: string): boolean {
  return /^\/etc\/nginx\/conf\.d\/[^/]+\.conf$/.test(path);
}

/** Also by way of a program that runs another: with which arguments is then not followed. */
function isRun({ words: [first = "", ...words] }: Command): boolean {
  const isNginx = (word: string): boolean => /(^|\/)nginx(-debug)?$/.test(word);
  if (isNginx(first)) return !words.some((word) => /^-q*[?hvVtTs]/.test(word));
  return runners.test(first) && words.some(isNginx);
}

function argumentProblem(words: readonly string[], script: string): string | undefined {
  for (let at = 1; at < words.length; at += 2) {
    const option = words[at];
    const value = words[at + 1] ?? "";
    if (option !== "-g" && value.includes(hole)) return "how its start script runs nginx cannot be followed";
    // Not from where the script stands, but from a folder that was set when nginx was built (ngx_process_options).
    if (option === "-c" && !value.startsWith("/")) return "its -c names no whole path";
    // What a variable of the script adds to -g can open no way in but these: a second http block is an error.
    const hidden = value.includes(hole) && /\b(?:stream|mail|include|load_module)\b/.test(script);
    const plain = /^(?:\s*(?:daemon|pid|user|error_log|worker_processes|master_process)\s[^;{}]*;|\uE000)*\s*$/;
    if (option === "-g" && (hidden || !plain.test(value))) {
      return "its start script gives nginx directives that are not followed";
    }
    if (option !== "-g" && option !== "-c" && option !== "-e")
      return "its start script gives nginx options that are not followed";
  }
  return undefined;
}

function parsedFile(path: string, files: ReadonlyMap<string, string | undefined>): Directive[] {
  const text = files.get(path);
  if (text === undefined)
    throw new NginxSyntaxError(`${path} is not written by its start script in a way that can be followed`);
  return parseNginx(text);
}

interface Place {
  readonly files: NginxConfig["files"];
  readonly official: boolean;
  /** Of the main file: names of others begin there (ngx_conf_full_name). */
  readonly folder: string;
}

/** Puts included files in place of `include`, and whole names of password files. One that cannot be seen could let anything pass. */
function resolved(directives: readonly Directive[], place: Place, depth = 0): Directive[] {
  const { files, official, folder } = place;
  if (depth > 10) throw new NginxSyntaxError("its includes are nested too deep");
  return directives.flatMap((directive) => {
    const { name, line } = directive;
    const [path = ""] = directive.args;
    if (name.includes(hole) || (["listen", "include"].includes(name) && path.includes(hole)))
      throw new NginxSyntaxError(`line ${line} comes from a value that cannot be seen`);
    const absolute = path.startsWith("/") ? path : `${folder}${path}`;
    if (name === "auth_basic_user_file") return [{ ...directive, args: [absolute] }];
    if (name !== "include")
      return [{ ...directive, block: directive.block && resolved(directive.block, place, depth) }];
    if (harmlessIncludes.test(path) && !files.has(absolute)) return [];
    const all = [...files.keys()];
    const included = official && absolute === "/etc/nginx/conf.d/*.conf" ? all.filter(isSite) : [absolute];
    return included.flatMap((file) => resolved(parsedFile(file, files), place, depth + 1));
  });
}

/** The files that a script writes, each in full. What is written in part, twice or under a condition cannot be seen. */
function filesWritten(commands: readonly Command[]): Map<string, string | undefined> {
  const files = new Map<string, string | undefined>();
  let piped: string | undefined;
  for (const command of commands) {
    const output = outputOf(command, piped, files);
    const write = (path: string, text: string | undefined): void => {
      hide(files, path);
      files.set(path, command.conditional ? undefined : text);
    };
    for (const { operator, target } of command.redirects) {
      if (operator === "<") continue;
      // What ">>" finds there first may be a file of the image.
      const before = operator === ">>" ? files.get(target) : operator === ">" && !files.has(target) ? "" : undefined;
      write(target, before !== undefined && output !== undefined ? before + output : undefined);
    }
    const [name = "", ...words] = command.words;
    const program = basename(name);
    if (program === "tee") for (const word of words) write(word, words.length > 1 ? undefined : output);
    else if (!readers.has(program))
      for (const word of [...words, ...pathsIn(command.heredoc ?? piped)]) touch(files, program, word);
    piped = command.piped ? output : undefined;
  }
  return files;
}

/** A program may take what it reads for commands, as a shell does. */
function pathsIn(text = ""): string[] {
  return text.split(/[\s;&|<>()"']/).filter((word) => word.includes("/"));
}

/** What a program that is not followed may do to files that it names, and to all of a folder that it names. */
function touch(files: Map<string, string | undefined>, program: string, word: string): void {
  const folder = word.replace(/\/\.?$/, "");
  for (const path of files.keys())
    if (word.includes(path) || (program !== "cd" && path.startsWith(`${folder}/`))) files.set(path, undefined);
  hide(files, word);
  if (!word.includes("/etc/nginx") || program === "rm") return;
  for (const path of [word, mainFile, "/etc/nginx/conf.d/unseen.conf"]) files.set(path, undefined);
}

/** A path by another name: from the folder in which the script stands, through `..`, by a pattern or a value that is not seen. */
function hide(files: Map<string, string | undefined>, name: string): void {
  const last = basename(name);
  const isPattern = /[*?[{\uE000]/.test(name);
  const fixed = name.replace(/[*?[{\uE000].*/s, "");
  for (const path of files.keys()) {
    const isSame = path.endsWith(`/${last}`) && (!name.startsWith("/") || name.includes("/."));
    if (isSame || (isPattern && (path.startsWith(fixed) || !name.startsWith("/")))) files.set(path, undefined);
  }
}

/** What a command prints; undefined where that cannot be told. */
function outputOf(
  command: Command,
  piped: string | undefined,
  files: ReadonlyMap<string, string | undefined>,
): string | undefined {
  const [path = "", ...args] = command.words;
  const input = command.heredoc ?? piped ?? fromFile(command, files);
  switch (basename(path)) {
    case "printf":
      return printf(args);
    case "echo": {
      const [option = ""] = args;
      const line = option === "-n" ? args.slice(1).join(" ") : `${args.join(" ")}\n`;
      return line.includes("\\") || (option !== "-n" && /^-[neE]+$/.test(option)) ? undefined : line; // shells differ
    }
    case "cat":
      return args.length === 0 || (args.length === 1 && args[0] === "-")
        ? input
        : args.every((file) => files.get(file) !== undefined)
          ? args.map((file) => files.get(file)).join("")
          : undefined;
    case "tee":
      return input;
    case "base64":
      return input !== undefined && !input.includes(hole) && /^(-d|--decode|-D)$/.test(args.join(" "))
        ? Buffer.from(input, "base64").toString("utf8")
        : undefined;
  }
  return undefined;
}

function fromFile(command: Command, files: ReadonlyMap<string, string | undefined>): string | undefined {
  const source = command.redirects.find(({ operator }) => operator === "<");
  return source && files.get(source.target);
}

function printf([format = "", ...args]: readonly string[]): string | undefined {
  const pieces = format.split(/(%[s%]|\\[nt\\"'])/);
  if (pieces.some((piece, index) => index % 2 === 0 && /[%\\\uE000]/.test(piece))) return undefined;
  const slots = pieces.filter((piece) => piece === "%s").length;
  const rounds = slots === 0 ? 1 : Math.max(1, Math.ceil(args.length / slots));
  const left = [...args];
  const characters: Readonly<Record<string, string>> = { "%%": "%", "\\n": "\n", "\\t": "\t" };
  const round = (): string =>
    pieces
      .map((piece, index) => {
        if (piece === "%s") return left.shift() ?? "";
        return index % 2 === 0 ? piece : (characters[piece] ?? piece.charAt(1));
      })
      .join("");
  return Array.from({ length: rounds }, round).join("");
}
