import { couldNotJudgeMessage, exposedMessage, type Step, stepsOf, unseen } from "../report";
import type { Arrival, World } from "./entrances/entrance";
import { type Reached, reached } from "./gateway";
import { property, type Resource } from "./model";
import { looksLikePrefect } from "./prefect";
import { arrivalsIn } from "./search";
import { whatHidesContainers, type Workload } from "./tasks";
import { types } from "./types";

/** One way from the internet to a Prefect API without a login, or one that may be. */
export interface Finding {
  readonly verdict: "reject" | "cannot tell" | "could not judge";
  readonly message: string;
  /** What runs the API. */
  readonly urn: string | undefined;
  readonly path: readonly Step[];
  readonly fix: string | undefined;
}

export interface Judgement {
  /** `reject`: strangers get in; `cannot tell`: they may, something is not known; `accept`: they do not. */
  readonly verdict: "reject" | "cannot tell" | "accept";
  /** In a fixed order. */
  readonly findings: readonly Finding[];
}

/** @param trusted what the pack's configuration names outside the stack: it lets nobody in without a login */
export function judge(resources: readonly Resource[], trusted: readonly string[] = []): Judgement {
  const { world, arrivals, failures } = arrivalsIn(resources, trusted);
  const found = [
    ...arrivals.flatMap((arrival) => judged(world, arrival)),
    ...failures.map(({ what, error }): Finding => {
      const message = couldNotJudgeMessage(`a way in (${what})`, error);
      return { verdict: "could not judge", message, urn: undefined, path: [], fix: undefined };
    }),
  ];
  const unique = new Map(found.map((finding) => [`${finding.urn}\n${finding.message}`, finding]));
  const sorted = [...unique.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, finding]) => finding);
  const findings = withoutDetours(sorted);
  const certain = findings.some(({ verdict }) => verdict === "reject");
  return { verdict: certain ? "reject" : findings.length > 0 ? "cannot tell" : "accept", findings };
}

/** A way that only adds steps to another one, a proxy that leads back to where it was reached for example, says nothing new. */
function withoutDetours(findings: readonly Finding[]): Finding[] {
  const steps = new Map(findings.map((each) => [each, each.path.map((step) => JSON.stringify(step))]));
  const stepsIn = (each: Finding): readonly string[] => steps.get(each) ?? [];
  return findings.filter(
    (way) =>
      !findings.some(
        (other) =>
          other.urn === way.urn &&
          [way.verdict, "reject"].includes(other.verdict) &&
          other.path.length < way.path.length &&
          stepsIn(other).every((step) => stepsIn(way).includes(step)),
      ),
  );
}

function judged(world: World, arrival: Arrival): Finding[] {
  const { workload } = arrival;
  if (workload.containers !== undefined) {
    return reached(arrival, workload.containers).map((end) => finding(arrival, end));
  }
  if (!looksLikePrefect(workload, signsAround(world, workload))) return [];
  return [finding(arrival, unseen(workload, whatHidesContainers(world.graph, workload)))];
}

function finding(arrival: Arrival, end: Reached): Finding {
  return {
    verdict: arrival.certain && end.certain ? "reject" : "cannot tell",
    message: exposedMessage(arrival, end),
    urn: arrival.workload.service.urn,
    path: stepsOf(arrival, end),
    fix: end.fix ?? arrival.fix,
  };
}

/** Prefect's port in target groups and security groups, where the containers themselves cannot be seen. */
function signsAround({ graph, securityGroups }: World, workload: Workload): { port: boolean } {
  const groups = workload.targets.flatMap(({ targetGroup }) => graph.referred(targetGroup, types.targetGroup));
  return {
    port:
      groups.some((group) => property(group, "port").integer() === 4200) ||
      securityGroups.namesPort(workload.groups, 4200),
  };
}
