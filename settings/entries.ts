import { z } from "zod";
import type { Meaning } from "./kinds";
import { unwrap } from "./problems";

/** What happens without a value: the value to write for the same, or words where no value says it. */
export type Default = { value: string } | { words: string };

/** A setting, as a person reads about it. */
export interface Entry {
  /** As `pulumi config set` takes it: `database.backupRetentionDays`, `allowedGroups[0]`, `machineTokens.claims[0].name`. */
  path: string;
  /** The same without numbers of entries. */
  name: string;
  type: "text" | "whole number" | "boolean" | "choice" | "list";
  /** Without what is said of the default. */
  meaning: Meaning;
  /** Undefined where a value is required. */
  default?: Default;
  /** What it belongs to, where it does not always count: `identity.type oidc`, or several such. */
  onlyWith: string[];
  /** Of the value, of a list's entry. */
  schema: z.core.$ZodType;
}

/** Settings inside one, or one by itself. */
export interface Group {
  name: string;
  /** Absent where the one setting says it. */
  about?: string;
  /** What happens without any of its settings, where they can all be left out. */
  default?: Default;
  entries: Entry[];
}

/** A setting or a group of them on the way down through the schema. */
interface Member {
  path: string;
  type: z.core.$ZodType;
  onlyWith: string[];
  /** Of the setting that tells a union's kinds apart: the kind that it is by default. */
  kind?: string;
}

/**
 * A setting with all that are inside it: first what is directly in it, then each group in it.
 *
 * @throws Error naming a setting without a meaning
 */
export function groupsOf(name: string, type: z.core.$ZodType): Group[] {
  const member = { path: name, type, onlyWith: [] };
  return isGroup(type) ? groups(member) : [{ name, entries: [entry(member)] }];
}

function isGroup(type: z.core.$ZodType): boolean {
  const inner = unwrap(type);
  if (inner instanceof z.ZodArray) return isGroup(inner.element);
  return inner instanceof z.ZodObject || inner instanceof z.ZodDiscriminatedUnion;
}

function groups(group: Member): Group[] {
  const { path, type } = group;
  const meaning = meaningOf(path, type);
  const members = membersOf(group);
  const own: Group = {
    name: nameOf(path),
    about: meaning.about.replace(saidDefault, ""),
    default: type instanceof z.ZodOptional ? defaultOf(type, meaning) : undefined,
    entries: merged(members.filter((member) => !isGroup(member.type)).map(entry)),
  };
  return [own, ...members.filter((member) => isGroup(member.type)).flatMap(groups)];
}

function membersOf({ path, type, onlyWith }: Member): Member[] {
  const inner = unwrap(type);
  if (inner instanceof z.ZodArray) return membersOf({ path: `${path}[0]`, type: inner.element, onlyWith });
  const inside = ({ shape }: z.ZodObject, condition: string[]) =>
    Object.entries<z.core.$ZodType>(shape).map(([key, member]) => ({
      path: `${path}.${key}`,
      type: member,
      onlyWith: condition,
    }));
  if (inner instanceof z.ZodObject) return inside(inner, onlyWith);
  if (!(inner instanceof z.ZodDiscriminatedUnion)) return [];
  const kind = (defaultValue(type) as { type?: string } | undefined)?.type;
  return (inner.options as z.ZodObject[]).flatMap((option) => {
    const [value] = (unwrap(option.shape.type as z.ZodType) as z.ZodLiteral).values;
    const members = inside(option, [`${path}.type ${String(value)}`]);
    return members.map((member) => (member.path === `${path}.type` ? { ...member, onlyWith, kind } : member));
  });
}

/** What several kinds of a union have alike stands once. */
function merged(entries: Entry[]): Entry[] {
  const content = ({ path, meaning, default: ordinary }: Entry) => JSON.stringify([path, meaning, ordinary]);
  return entries.flatMap((one) => {
    const alike = entries.filter((other) => content(other) === content(one));
    return alike[0] === one ? [{ ...one, onlyWith: [...new Set(alike.flatMap(({ onlyWith }) => onlyWith))] }] : [];
  });
}

function entry({ path, type, onlyWith, kind }: Member): Entry {
  const inner = unwrap(type);
  const meaning = meaningOf(path, type);
  return {
    path: inner instanceof z.ZodArray ? `${path}[0]` : path,
    name: nameOf(path),
    type: typeName(inner),
    meaning: { ...meaning, about: meaning.about.replace(saidDefault, "") },
    default: kind === undefined ? defaultOf(type, meaning) : { value: kind },
    onlyWith,
    schema: inner instanceof z.ZodArray ? inner.element : inner,
  };
}

const nameOf = (path: string) => path.replaceAll("[0]", "");

function meaningOf(path: string, type: z.core.$ZodType): Meaning {
  const meaning = z.globalRegistry.get(type);
  if (meaning) return meaning as unknown as Meaning;
  if ("innerType" in type._zod.def) return meaningOf(path, type._zod.def.innerType as z.core.$ZodType);
  throw new Error(`${path}: say in settings/ what it is about`);
}

function typeName(type: z.core.$ZodType): Entry["type"] {
  if (type instanceof z.ZodEnum) return "choice";
  if (type instanceof z.ZodBoolean) return "boolean";
  if (type instanceof z.ZodArray) return "list";
  if (type instanceof z.ZodNumber) return "whole number";
  // One word tells the kinds of a union apart; several literals are numbers.
  if (type instanceof z.ZodLiteral) return type.values.size === 1 ? "choice" : "whole number";
  return "text";
}

/** Ends a meaning where no value can say it. */
const saidDefault = / Default: (.*)\.$/s;

function defaultOf(type: z.core.$ZodType, { about }: Meaning): Default | undefined {
  const value = defaultValue(type);
  if (Array.isArray(value)) return { words: value.length > 0 ? value.join(", ") : "none" };
  if (value !== undefined) return { value: typeof value === "string" ? value : JSON.stringify(value) };
  const words = saidDefault.exec(about)?.[1];
  if (words !== undefined) return { words };
  return type instanceof z.ZodOptional ? { words: "none" } : undefined;
}

function defaultValue(type: z.core.$ZodType): unknown {
  return type instanceof z.ZodDefault || type instanceof z.ZodPrefault ? type.def.defaultValue : undefined;
}
