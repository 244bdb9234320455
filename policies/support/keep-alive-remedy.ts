import { type RawProperties, Value } from "../graph/values";
import { types } from "../graph/types";
import type { Remedy } from "./rule";

const variable = "PREFECT_SERVER_API_KEEPALIVE_TIMEOUT";

/**
 * Gives every container that starts a server and does not set it a keep-alive timeout of 75 s. Nothing else of the task
 * changes, and nothing depends on connections that end earlier.
 */
export const withKeepAlive: Remedy = {
  type: types.taskDefinition[0] ?? "",
  change(properties: RawProperties) {
    const value = new Value(properties["containerDefinitions"], undefined, "containerDefinitions");
    const bare =
      value
        .json()
        ?.list()
        .map((container) => startsServer(container) && !isSet(container)) ?? [];
    if (!bare.includes(true)) return undefined;
    const containers = JSON.parse(value.text() ?? "") as { environment?: unknown[] }[];
    const changed = containers.map((container, index) =>
      bare[index]
        ? { ...container, environment: [...(container.environment ?? []), { name: variable, value: "75" }] }
        : container,
    );
    return { containerDefinitions: JSON.stringify(changed) };
  },
};

function startsServer(container: Value): boolean {
  const words = [...container.get("entryPoint").list(), ...container.get("command").list()];
  return /\bserver\s+start\b/.test(words.map((word) => word.text() ?? "").join(" "));
}

function isSet(container: Value): boolean {
  return [...container.get("environment").list(), ...container.get("secrets").list()].some(
    (entry) => entry.get("name").text()?.toUpperCase() === variable,
  );
}
