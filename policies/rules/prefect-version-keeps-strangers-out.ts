import { setting } from "../support/prefect-settings";
import type { Rule } from "../support/rule";
import { floorsAbove, holes, prefectVersionOf } from "../support/prefect-versions";

/** Known holes in Prefect's own authentication: a server below one of these floors is open to whoever reaches it. */
export const prefectVersionKeepsStrangersOut: Rule = {
  name: "prefect-version-keeps-strangers-out",
  description: "A Prefect server is of a version without a known way past its own authentication.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Take a newer image of prefecthq/prefect.",
  find: ({ servers, refused }) =>
    servers.flatMap(({ workload: { service, definition }, container }) => {
      const version = prefectVersionOf(container.image);
      if (version === undefined || refused.has(service.urn)) return [];
      const found = floorsAbove(version, holes);
      const newest = found.at(-1);
      if (newest === undefined) return [];
      const reasons = found.map(({ version: floor, reason }) => `below ${floor.join(".")}, ${reason}`).join("; ");
      const message = `Container ${JSON.stringify(container.name)} runs Prefect ${version.join(".")}: ${reasons}. Take ${newest.version.join(".")} or later.`;
      // Where it asks for nothing, nobody counts on what its holes open.
      const asks = setting(container, "PREFECT_SERVER_API_AUTH_STRING").isSet;
      return [{ message, resource: definition ?? service, ...(asks ? {} : { level: "advisory" }) }];
    }),
};
