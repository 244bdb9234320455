import type { Rule } from "../support/rule";
import { isBelow, versionOf } from "../support/images";
import { defects, floorsAbove, holes, prefectVersionOf } from "../support/prefect-versions";

interface Config {
  readonly minimum: string;
}

export const prefectVersionIsRecent: Rule<Config> = {
  name: "prefect-version-is-recent",
  description: "Prefect's servers and workers are of a version that works behind a login.",
  enforcementLevel: "advisory",
  severity: "medium",
  remediationSteps: "Take a newer image of prefecthq/prefect.",
  settings: {
    minimum: {
      type: "string",
      pattern: "^\\d+\\.\\d+\\.\\d+$",
      default: "3.8.3",
      description: "The lowest version of servers and workers, as 3.8.3.",
    },
  },
  find: ({ tasks, servers }, { minimum }) =>
    tasks.flatMap(({ resource, containers }) =>
      containers.flatMap((container) => {
        const version = prefectVersionOf(container.image);
        if (version === undefined || !isBelow(version, versionOf(minimum) ?? [])) return [];
        // Of a server with a hole the other policy speaks.
        const isServer = servers.some((server) => server.container === container);
        if (isServer && floorsAbove(version, holes).length > 0) return [];
        const reasons = floorsAbove(version, defects).map(
          ({ version: fixed, reason }) => `below ${fixed.join(".")}, ${reason}`,
        );
        const why = reasons.length > 0 ? `: ${reasons.join("; ")}` : "";
        const message = `Container ${JSON.stringify(container.name)} runs Prefect ${version.join(".")}, below ${minimum}${why}. Take ${minimum} or later.`;
        return [{ message, resource }];
      }),
    ),
};
