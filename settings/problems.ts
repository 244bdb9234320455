import { z } from "zod";
import { type Meaning, schema } from "./schema";

/** Something wrong with a setting. */
export interface Problem {
  /** Dotted, without the namespace: `database.backupRetentionDays`. */
  key: string;
  got: string;
  allowed: string;
  fix: string;
}

/** A problem that the schema found. */
export function explain(issue: z.core.$ZodIssue, values: Record<string, unknown>): Problem[] {
  if (issue.code === "unrecognized_keys") {
    const known = keysOf(schemaAt(issue.path, values));
    return issue.keys.map((unknown) => {
      const key = [...issue.path, unknown].join(".");
      const near = nearest(unknown, known);
      const meant = near && [...issue.path, near].join(".");
      return {
        key,
        got: "a setting of that name",
        allowed: known.join(", "),
        fix: `${meant ? `did you mean ${meant}? ` : ""}pulumi config rm ${issue.path.length > 0 ? `--path ${key}` : key}`,
      };
    });
  }
  const key = issue.path.join(".");
  const value = issue.path.reduce<unknown>(
    (part, step) => (part as Record<PropertyKey, unknown> | undefined)?.[step],
    values,
  );
  const meaning = meaningAt(issue.path, values);
  const later = typeof value === "string" ? meaning?.later?.[value] : undefined;
  return [
    {
      key,
      got: shown(value),
      allowed: later ?? meaning?.allowed ?? issue.message,
      fix: `pulumi config set ${issue.path.length > 1 ? "--path " : ""}${key} ${meaning?.example ?? "VALUE"}`,
    },
  ];
}

/** Only plain values are shown: an object may hold a secret. */
function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return typeof value === "object" ? "an object" : JSON.stringify(value);
}

/** A schema without its default. */
export function unwrap(type: z.core.$ZodType): z.core.$ZodType {
  return type instanceof z.ZodDefault || type instanceof z.ZodPrefault || type instanceof z.ZodOptional
    ? unwrap(type.def.innerType)
    : type;
}

/** The schema of a setting; of a union, the member that the given `type` names. */
function schemaAt(path: readonly PropertyKey[], values: unknown): z.core.$ZodType {
  let type: z.core.$ZodType = schema;
  let value = values;
  for (const step of path) {
    type = memberOf(unwrap(type), value);
    if (type instanceof z.ZodObject) type = type.shape[String(step)] as z.core.$ZodType;
    else if (type instanceof z.ZodArray) type = type.element;
    value = (value as Record<PropertyKey, unknown> | undefined)?.[step];
  }
  return memberOf(unwrap(type), value, type);
}

function memberOf(type: z.core.$ZodType, value: unknown, otherwise = type): z.core.$ZodType {
  if (!(type instanceof z.ZodDiscriminatedUnion)) return otherwise;
  const wanted = (value as { type?: unknown } | undefined)?.type;
  const members = type.options as z.ZodObject[];
  return members.find((member) => z.safeParse(member.shape.type as z.ZodType, wanted).success) ?? members[0] ?? type;
}

function meaningAt(path: readonly PropertyKey[], values: unknown): Meaning | undefined {
  let type: z.core.$ZodType | undefined = schemaAt(path, values);
  while (type) {
    const meaning = z.globalRegistry.get(type);
    if (meaning) return meaning as unknown as Meaning;
    type = "innerType" in type._zod.def ? (type._zod.def.innerType as z.core.$ZodType) : undefined;
  }
  return undefined;
}

function keysOf(type: z.core.$ZodType): string[] {
  const inner = unwrap(type);
  return inner instanceof z.ZodObject ? Object.keys(inner.shape) : [];
}

function nearest(word: string, known: string[]): string | undefined {
  const [best] = known
    .map((other) => ({ other, steps: distance(word.toLowerCase(), other.toLowerCase()) }))
    .sort((a, b) => a.steps - b.steps);
  return best && best.steps <= Math.max(2, word.length / 3) ? best.other : undefined;
}

/** Levenshtein: the fewest letters to insert, delete or change. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...from].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...to].entries()) {
      next.push(Math.min((row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1, (row[j] ?? 0) + (letter === other ? 0 : 1)));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}

/** What a person reads. */
export function report(namespace: string, problems: Problem[]): string {
  const blocks = problems.map(
    ({ key, got, allowed, fix }) =>
      `  ${namespace}:${key}\n    got      ${got}\n    allowed  ${allowed}\n    fix      ${fix}`,
  );
  return `${problems.length} of the settings cannot be used, so nothing was registered:\n\n${blocks.join("\n\n")}\n`;
}
