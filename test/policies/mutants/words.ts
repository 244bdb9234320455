/** Leaves out what only words a message: another wording is no other judgement. */
import type { Ignorer } from "@stryker-mutator/api/ignore";
import { declareValuePlugin, PluginKind } from "@stryker-mutator/api/plugin";

/** As much of Babel's NodePath as is looked at. */
interface Path {
  readonly node: {
    readonly type: string;
    readonly value?: unknown;
    readonly quasis?: readonly { readonly value: { readonly raw: string } }[];
  };
}

/** Names, ports, types and settings have no blank in them; texts for people do, and what is put into these is text as well. */
const words: Ignorer = {
  shouldIgnore(path) {
    const { type, value, quasis } = (path as Path).node;
    const text =
      type === "StringLiteral" ? value : type === "TemplateLiteral" ? quasis?.map((q) => q.value.raw).join("") : "";
    return typeof text === "string" && /\S\s|\s\S/.test(text) ? "words a message" : undefined;
  },
};

export const strykerPlugins = [declareValuePlugin(PluginKind.Ignore, "words", words)];
