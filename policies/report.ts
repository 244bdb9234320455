import type { Arrival } from "./graph/entrances/entrance";
import type { Reached } from "./graph/gateway";
import { label, type Resource } from "./graph/model";
import type { Workload } from "./graph/tasks";

/** One step of a path from the internet inward. Holds names, ports and places, never other values. */
export interface Step {
  readonly urn?: string;
  readonly type?: string;
  readonly name?: string;
  readonly note: string;
}

export function stepsOf(arrival: Arrival, end: Reached): Step[] {
  const hops = arrival.hops.map(({ resource, note }) =>
    resource === undefined ? { note } : { urn: resource.urn, type: resource.type, name: resource.name, note },
  );
  return [...hops, ...end.notes.map((note) => ({ note }))];
}

/** One exposed Prefect API: the way there as a witness, and what closes it. */
export function exposedMessage(arrival: Arrival, end: Reached): string {
  const certain = arrival.certain && end.certain;
  const steps = [
    ...arrival.hops.map((hop) => (hop.resource === undefined ? hop.note : `${label(hop.resource)}: ${hop.note}`)),
    ...end.notes,
  ];
  return [
    certain
      ? "The internet reaches a Prefect API without a login:"
      : "The internet may reach a Prefect API without a login (what is not known is taken at its worst):",
    "  the internet",
    ...steps.map((step) => `  -> ${step}`),
    `To close it: ${end.fix ?? arrival.fix}.`,
  ].join("\n");
}

/** Reached, and likely Prefect, but the containers cannot be seen. */
export function unseen({ document, definition, service }: Workload, hiddenBy: readonly Resource[]): Reached {
  const by = [...new Set(hiddenBy.map(label))].sort().slice(0, 8).join(", ");
  const why =
    by === "" ? "is not in this stack or cannot be read" : `is not known yet: it is built from outputs of ${by}`;
  const declared = definition ?? service;
  return {
    container: undefined,
    notes: [`its ${document.name} ${why}, so whether anything in it asks for a login cannot be seen`],
    certain: false,
    fix:
      by === ""
        ? `declare the ${document.name} of ${label(declared)} in this stack, so that it can be read`
        : document.fix,
  };
}

/**
 * The pack failed on this; its message could quote properties, so only the place of the failure is told.
 * @param error undefined: `what` says it all
 */
export function couldNotJudgeMessage(what: string, error: unknown): string {
  const name = error instanceof Error ? error.constructor.name : typeof error;
  const place = error instanceof Error ? (/policies[\\/]([\w./\\-]+:\d+)/.exec(error.stack ?? "")?.[1] ?? "") : "";
  const why = error === undefined ? "" : `: internal error ${name}${place === "" ? "" : ` at ${place}`}`;
  return `could not judge ${what}${why}. The stack is refused, for what was not judged may be open; please report this as a bug of the policy pack.`;
}
