import { judge } from "../../policies/graph/judge";
import { corpus } from "../../test/policies/cases/corpus";
import { asResources, register, type Registered } from "../../test/policies/support/stack";
import { type Neighbour, neighbours } from "./rules";

/** A named stack as AWS and a provider would have it when finished, and whether strangers get in. */
export interface Stack {
  readonly name: string;
  /** What it is about. */
  readonly group: string;
  readonly truth: "exposed" | "sound" | "cannot tell";
  readonly finished: readonly Registered[];
  /** The same before anything is made: what AWS computes is unknown. */
  readonly preview: readonly Registered[];
}

/** Of which stacks a judge says what. */
export interface Row {
  readonly judge: string;
  /** Exposed, and it says nothing: strangers get in. */
  readonly falseAccepts: readonly Stack[];
  /** Those of them that hold nothing of what it judges. */
  readonly unread: readonly Stack[];
  /** Sound, and it complains: somebody has to make an exception. */
  readonly falseRejects: readonly Stack[];
  /** Of the stacks of which something decisive is not known: those that it holds up. */
  readonly heldUp: readonly Stack[];
}

interface Judge {
  readonly name: string;
  readonly reads: (stack: Stack) => boolean;
  readonly complains: (stack: Stack) => boolean;
}

/** Without those that rest on the pack's `trusted` setting, of which the others have none. */
export const stacks: readonly Stack[] = Object.entries(corpus)
  .flatMap(([group, cases]) => Object.entries(cases).map(([name, each]) => ({ group, name, ...each })))
  .filter(({ trusted }) => trusted === undefined)
  .map(({ group, name, stack, rejects, cannotTell }) => ({
    name,
    group,
    truth: rejects ? "exposed" : cannotTell ? "cannot tell" : "sound",
    finished: register(stack, "finished"),
    preview: register(stack, "preview"),
  }));

/** The pack on what it is handed, before and after; each neighbour; and who runs all four. */
export function compare(): Row[] {
  const pack = (name: string, form: "finished" | "preview"): Judge => ({
    name,
    reads: () => true,
    complains: (stack) => judge(asResources(stack[form])).verdict !== "accept",
  });
  const neighbour = ({ name, judges, complains }: Neighbour): Judge => ({
    name,
    reads: ({ finished }) => finished.some(({ type }) => judges.includes(type)),
    complains: ({ finished }) => complains(finished),
  });
  const four = neighbours.map(neighbour);
  const together: Judge = {
    name: "all four together",
    reads: (stack) => four.some((each) => each.reads(stack)),
    complains: (stack) => four.some((each) => each.complains(stack)),
  };
  return [pack("this pack", "finished"), pack("this pack, in preview", "preview"), ...four, together].map(row);
}

function row({ name, reads, complains }: Judge): Row {
  const silent = new Set(stacks.filter((stack) => !complains(stack)));
  const falseAccepts = stacks.filter((stack) => stack.truth === "exposed" && silent.has(stack));
  return {
    judge: name,
    falseAccepts,
    unread: falseAccepts.filter((stack) => !reads(stack)),
    falseRejects: stacks.filter((stack) => stack.truth === "sound" && !silent.has(stack)),
    heldUp: stacks.filter((stack) => stack.truth === "cannot tell" && !silent.has(stack)),
  };
}
