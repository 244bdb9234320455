import { combinationProblems } from "./combinations/combinations";
import { type Default, type Entry, type Group, groupsOf } from "./entries";
import type { Problem } from "./problems";
import { refused } from "./refused";
import { schema } from "./schema";
import { secretSettings } from "./secrets";

/** Which settings stand together, and what one decides there. */
const sections: { title: string; about: string; keys: string[] }[] = [
  {
    title: "The entrance",
    about: "Under which name and by which way people come in.",
    keys: ["access", "domain", "hostedZone", "certificateArn", "path"],
  },
  {
    title: "People",
    about: "Who logs them in, who of them may come in, and for how long.",
    keys: ["identity", "allowedGroups", "session"],
  },
  {
    title: "Workers and other programs",
    about: "Where they call, and how they show who they are.",
    keys: ["workersEndpoint", "internal", "machineTokens", "workers"],
  },
  {
    title: "What it runs on",
    about: "Size, disk, network, logs.",
    keys: ["profile", "server", "database", "network", "logRetentionDays", "deletionProtection"],
  },
];

const head = `<!-- Written by \`npm run docs\` from the files in settings/: do not edit. -->
# Settings

Set with \`pulumi config set\`. A setting inside another is named with dots, an entry of a list by its number from 0, both
with \`--path\`. A wrong one is refused in the preview, before anything is registered: all problems at once, each with the
command that corrects it. Needed are \`domain\` and one of \`hostedZone\` and \`certificateArn\`; all else has a default.
`;

/**
 * docs/settings.md: every setting of the schema, every secret one, and what cannot be had together.
 *
 * @throws Error naming settings that are in no section, or that say nothing of themselves
 */
export function settingsPage(): string {
  const placed = sections.flatMap(({ keys }) => keys);
  const forgotten = Object.keys(schema.shape).filter((key) => !placed.includes(key));
  if (forgotten.length > 0) throw new Error(`${forgotten.join(", ")}: say in settings/page.ts in which section`);
  const chapters = sections.map(({ title, about, keys }) => ({
    title,
    about,
    groups: keys.flatMap((key) => groupsOf(key, schema.shape[key as keyof typeof schema.shape])),
  }));
  const secrets = Object.keys(secretSettings);
  const contents = [
    ...chapters.map(({ title, groups }) => `- ${linked(title)}: ${groups.map(({ name }) => linked(name)).join(", ")}`),
    `- ${linked("Secrets")}: ${secrets.map(linked).join(", ")}`,
    `- ${linked("What cannot be had together")}`,
  ];
  const blocks = [
    `${head}\n${contents.join("\n")}`,
    ...chapters.flatMap(({ title, about, groups }) => [`## ${title}`, about, ...groups.flatMap(ofGroup)]),
    "## Secrets",
    "The command asks for the value, so that it is in no shell's history; the stack's configuration holds it encrypted.",
    ...Object.entries(secretSettings).flatMap(([key, secret]) => ofSecret(key, secret)),
    "## What cannot be had together",
    "What no single setting shows. An example of each, and what is said of it:",
    table(["setting", "got", "allowed"], together()),
  ];
  return `${blocks.join("\n\n")}\n`;
}

function ofGroup({ name, about, default: ordinary, entries }: Group): string[] {
  if (about === undefined) return entries.flatMap((entry) => ofEntry(entry, "###", name));
  const twice = (name: string) => entries.filter((other) => other.name === name).length > 1;
  return [
    `### ${name}`,
    ordinary ? `${about} Without it: ${said(ordinary)}.` : about,
    ...entries.flatMap((entry) => {
      const only = twice(entry.name) ? ` with ${entry.onlyWith.join(" or ")}` : "";
      return ofEntry(entry, "####", `${entry.name}${only}`);
    }),
  ];
}

function ofEntry({ path, name, type, meaning, default: ordinary, onlyWith }: Entry, level: string, title: string) {
  const { about, allowed, unit, example } = meaning;
  const facts: [string, string | undefined][] = [
    ["type", type],
    ["unit", unit],
    ["default", ordinary ? said(ordinary) : "required"],
    ["allowed", allowed],
    ["only with", onlyWith.map(code).join(" or ") || undefined],
  ];
  const option = path === name && !path.includes(".") ? "" : "--path ";
  return [`${level} ${title}`, about, factTable(facts), command(`${option}${quoted(path)} ${quoted(example)}`)];
}

function ofSecret(key: string, secret: { about: string; allowed: string; neededWith: string }): string[] {
  const { about, allowed, neededWith } = secret;
  const facts: [string, string][] = [
    ["type", "secret text"],
    ["default", "required"],
    ["allowed", allowed],
    ["only with", code(neededWith)],
  ];
  return [`### ${key}`, about, factTable(facts), command(`--secret ${key}`)];
}

const said = (ordinary: Default) => ("value" in ordinary ? code(ordinary.value) : ordinary.words);
const command = (rest: string) => `\`\`\`sh\npulumi config set ${rest}\n\`\`\``;

function factTable(facts: [title: string, fact: string | undefined][]): string {
  const known = facts.filter((fact): fact is [string, string] => fact[1] !== undefined);
  return table(
    known.map(([title]) => title),
    [known.map(([, fact]) => fact)],
  );
}

function together(): string[][] {
  return refused.map((given) => {
    const problems: Problem[] = combinationProblems(schema.parse(given));
    const [problem] = problems;
    if (!problem || problems.length > 1) {
      throw new Error(`${JSON.stringify(given)}: refused for ${problems.length} reasons, one was meant`);
    }
    return [linked(problem.key), problem.got, problem.allowed];
  });
}

function table(titles: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(titles), line(titles.map(() => "---")), ...rows.map(line)].join("\n");
}

/** To a heading, by the anchor that GitHub gives it: lower case, blanks as -, neither dots nor other signs. */
function linked(title: string): string {
  const anchor = title
    .toLowerCase()
    .replace(/[^a-z0-9 -]/g, "")
    .replaceAll(" ", "-");
  return `[${title}](#${anchor})`;
}

function code(text: string): string {
  return `\`${text}\``;
}

/** For a shell. */
function quoted(text: string): string {
  return /^[A-Za-z0-9@%+=:,./_-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
