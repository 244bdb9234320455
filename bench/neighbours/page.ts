import { type Row, type Stack, stacks } from "./comparison";
import { neighbours } from "./rules";

/** docs/neighbours.md: the pack beside the rules that come nearest, on the same named stacks. */
export function neighboursPage(rows: readonly Row[]): string {
  return `${[
    "# Beside other rules",
    "`npm run bench -- neighbours` writes this page, and a test compares it with what the judges say.",
    question(),
    table(rows),
    explanation(),
    ...neighbours.flatMap(({ name, refuses, sources }) => [
      `## ${name}`,
      `Refuses ${refuses} (${sources.map((source, index) => `[${index + 1}](${source})`).join(", ")}).`,
      examples(rows.find(({ judge }) => judge === name)),
    ]),
  ].join("\n\n")}\n`;
}

const count = (truth: Stack["truth"]): number => stacks.filter((stack) => stack.truth === truth).length;

function question(): string {
  return [
    "Does the internet reach a Prefect API without a login? No other public rule asks that; these four come nearest. They",
    "are written anew here, as logic after what their makers publish (`bench/neighbours/rules.ts`), and judge the",
    `${stacks.length} named stacks of the pack's tests (\`test/policies/cases\`): ${count("exposed")} into which strangers get,`,
    `${count("sound")} into which they do not, and ${count("cannot tell")} of which something decisive is not known.`,
  ].join("\n");
}

function table(rows: readonly Row[]): string {
  const [exposed, sound, open] = [count("exposed"), count("sound"), count("cannot tell")];
  const share = (some: number, all: number): string => `${some} (${percentage((100 * some) / all)} %)`;
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [
    line(["", "true rejects", "false accepts", "of them unread", "true accepts", "false rejects", "held up"]),
    line(Array<string>(7).fill("---")),
    ...rows.map(({ judge, falseAccepts, unread, falseRejects, heldUp }) =>
      line([
        judge,
        share(exposed - falseAccepts.length, exposed),
        share(falseAccepts.length, exposed),
        String(unread.length),
        share(sound - falseRejects.length, sound),
        share(falseRejects.length, sound),
        share(heldUp.length, open),
      ]),
    ),
  ].join("\n");
}

/** With a digit behind the point where a whole number would say none or all. */
function percentage(share: number): string {
  const whole = share.toFixed(0);
  return ["0", "100"].includes(whole) && share !== Number(whole) ? share.toFixed(1) : whole;
}

function explanation(): string {
  return [
    "- A **false accept**: strangers get in, and the rule says nothing of any resource. A **false reject**: they do not, and it",
    "  complains of some resource. Shares are of the exposed stacks and of the sound ones.",
    "- **Unread**: nothing in the stack is of a kind that the rule judges (Kubernetes, CloudFront, API Gateway, machines...).",
    "  It is silent then, which lets the stack pass.",
    "- **Held up**: what it complains of where something decisive is not known. Nobody is right there, so these count apart.",
    "- All judge the finished stack, in which every value is known: Prowler looks at what is deployed, and the others are",
    "  spared what a plan cannot tell. The pack's second line is what it says before anything is made: a value that decides",
    '  and is not known yet makes it "cannot tell", which holds a sound stack up.',
    "- The stacks are the pack's own, written to try it: its first line can only be clean, since its tests demand that. What",
    "  the page shows is how far the others are from the question, which none of them was made for.",
    "- Stacks that rest on the pack's `trusted` setting are left out, as the others have no such.",
  ].join("\n");
}

/** Up to three of each kind of error, each about something else; those first that the rule does judge. */
function examples(row: Row | undefined): string {
  const { falseAccepts = [], falseRejects = [], unread = [] } = row ?? {};
  const read = falseAccepts.filter((stack) => !unread.includes(stack));
  return [`- lets pass: ${some([...read, ...unread])}`, `- refuses: ${some(falseRejects)}`].join("\n");
}

function some(found: readonly Stack[]): string {
  const first = new Map([...found].reverse().map((stack) => [stack.group, stack]));
  const names = found.filter((stack) => first.get(stack.group) === stack).map(({ name }) => `"${name}"`);
  return names.slice(0, 3).join(", ") || "none";
}
