/** What is not mutated, since no test ought to fail for it. Stryker prints how many these are. */
import type { Ignorer } from "@stryker-mutator/api/ignore";
import { declareValuePlugin, PluginKind } from "@stryker-mutator/api/plugin";

/** As much of Babel's NodePath and nodes as is looked at. */
interface Path {
  readonly node: Node;
  readonly parent: Node;
}
interface Node {
  readonly type: string;
  readonly value?: unknown;
  readonly quasis?: readonly { readonly value: { readonly raw: string } }[];
  readonly elements?: readonly unknown[];
  readonly operator?: string;
  readonly right?: Node;
}

const leftOut: Ignorer = {
  shouldIgnore(path) {
    const { node, parent } = path as Path;
    if (isWords(node)) return "words a message: another wording is no other judgement";
    if (isEmpty(node) && isFallback(node, parent))
      return "stands for what is not there: a text of Stryker's in its place is no resource, port or name";
    return undefined;
  },
};

/** Names, types and settings have no blank in them; texts for people do, and what is put into these is text as well. */
function isWords({ type, value, quasis }: Node): boolean {
  const text = type === "TemplateLiteral" ? quasis?.map((part) => part.value.raw).join("") : value;
  return (type === "TemplateLiteral" || type === "StringLiteral") && /\S\s|\s\S/.test(String(text));
}

function isEmpty({ type, value, elements }: Node): boolean {
  return (type === "StringLiteral" && value === "") || (type === "ArrayExpression" && elements?.length === 0);
}

/** `x ?? []`, `[first = ""]`: mostly for TypeScript's noUncheckedIndexedAccess, where there always is something. */
function isFallback(node: Node, { type, operator, right }: Node): boolean {
  return right === node && (type === "AssignmentPattern" || (type === "LogicalExpression" && operator === "??"));
}

export const strykerPlugins = [declareValuePlugin(PluginKind.Ignore, "left-out", leftOut)];
