import type { Rule } from "../support/rule";

const name = "PREFECT_SERVER_API_AUTH_STRING";

/**
 * Tried with Prefect 3.8.8: the empty string is compared like any other, so `Authorization: Basic =` passes, and sockets
 * ask nobody. Names are read in every case, and of two the last one wins, also over a secret.
 */
export const prefectAuthStringIsNotEmpty: Rule = {
  name: "prefect-auth-string-is-not-empty",
  description: "A Prefect server that is given an auth string is given one that asks.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: `Name a secret for ${name} in secrets[].valueFrom, or leave the variable out.`,
  find: ({ servers, refused }) =>
    servers.flatMap(({ workload: { service, definition }, container }) => {
      const empty = [...container.environment].filter(
        ([variable, value]) => variable.toUpperCase() === name && value?.trim() === "",
      );
      if (refused.has(service.urn) || empty.length === 0) return [];
      const shown = empty.map(([variable]) => variable).join(", ");
      const message = `${shown} of container ${JSON.stringify(container.name)} is empty: an empty credential then passes.`;
      return [{ message, resource: definition ?? service }];
    }),
};
