import type { Arrival } from "./graph/entrances/entrance";
import type { Reached } from "./graph/gateway";
import { label, type Resource } from "./graph/model";

/** One exposed Prefect API: the way there as a witness, and what closes it. Holds names and ports, never other values. */
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
export function unseenMessage(arrival: Arrival, hiddenBy: readonly Resource[]): string {
  const by = [...new Set(hiddenBy.map(label))].sort().slice(0, 8).join(", ");
  const why =
    by === "" ? "is not in this stack or cannot be read" : `is not known yet: it is built from outputs of ${by}`;
  return exposedMessage(arrival, {
    container: undefined,
    notes: [`its task definition ${why}, so whether anything in the task asks for a login cannot be seen`],
    certain: false,
    fix:
      by === ""
        ? "declare the task definition in this stack, with containerDefinitions that can be read"
        : "build containerDefinitions from values known in preview: pass what AWS computes by secrets[].valueFrom (ARNs made of names) instead of environment, and name images by tag",
  });
}

/** The pack failed on this; its message could quote properties, so only the place of the failure is told. */
export function couldNotJudgeMessage(what: string, error: unknown): string {
  const name = error instanceof Error ? error.constructor.name : typeof error;
  const place = error instanceof Error ? (/policies[\\/]([\w./\\-]+:\d+)/.exec(error.stack ?? "")?.[1] ?? "") : "";
  return `could not judge ${what}: internal error ${name}${place === "" ? "" : ` at ${place}`}. The stack is refused, for what was not judged may be open; please report this as a bug of the policy pack.`;
}
