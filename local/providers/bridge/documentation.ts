import type { TypeSchema } from "./schema";

const replacement =
  /forces? (a |the )?(new resource|replacement|creation of)|(creates?|creation of) a new resource|forces? (re-?creation|resource recreation)|force \w+ to create a new|requires? (a )?replacement|recreates the resource/i;

/** "In-place" sentences and conditions ("when decreased, this will force a recreation") are not general rules. */
const exception = /without (re-?creating|replac)|in[- ]place/i;

export function documentsReplacement(documentation: string): boolean {
  return documentation
    .split(/(?<=\.)\s/)
    .some((sentence) => replacement.test(sentence) && !exception.test(sentence) && !/^(when|if) /i.test(sentence));
}

const stated = /\bdefaults?(?: value)?(?: is| to| of)?:? `([^`]+)`(?! (?:if|when|for|unless)\b)/i;

/**
 * The default that an argument's documentation states. Words in camelCase are left out: the documentation generator
 * rewrites `round_robin` to `roundRobin`, so that they are not what the API takes.
 */
export function documentedDefault(documentation: string, type: TypeSchema): string | number | boolean | undefined {
  const text = stated.exec(documentation)?.[1]?.replace(/^"(.*)"$/, "$1");
  if (text === undefined) return undefined;
  switch (type) {
    case "boolean":
      return text === "true" ? true : text === "false" ? false : undefined;
    case "number":
      return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
    case "string":
      return /^([A-Z0-9_-]+|[a-z0-9-]+|\d+)$/.test(text) ? text : undefined;
    default:
      return undefined;
  }
}
