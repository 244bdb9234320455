import type { ResourceValue } from "../graph/model";
import { plainSecrets } from "./plain-secrets";

/** A text in the definition of a container. */
export interface ContainerText {
  /** `container "prefect", environment.PREFECT_API_KEY` */
  readonly place: string;
  /** The variable or field that holds it; undefined for the words of a command. */
  readonly name: string | undefined;
  readonly text: string;
}

interface Leaf {
  readonly path: readonly string[];
  readonly name: string | undefined;
  readonly text: string;
}

/** Deeper than anything that ECS takes. */
const deepest = 12;

/** Every text of these containers: variables, commands, labels, options of logging. */
export function textsOf(containers: ResourceValue): ContainerText[] {
  return containers.list().flatMap((container) => {
    const name = container.get("name").text();
    const label = name === undefined ? "a container" : `container ${JSON.stringify(name)}`;
    return inside(container, []).map(({ path, name, text }) => ({ place: `${label}, ${path.join(".")}`, name, text }));
  });
}

/** Where these containers hold credentials in plain text. Names and kinds, never values. */
export function heldIn(containers: ResourceValue): string[] {
  const held = textsOf(containers).flatMap(({ place, name, text }) =>
    plainSecrets(name, text).map((what) => `${place} holds ${what}`),
  );
  return [...new Set(held)];
}

function inside(value: ResourceValue, path: readonly string[], depth = 0): Leaf[] {
  const text = value.text();
  if (text !== undefined) return [{ path, name: path.at(-1), text }];
  if (depth > deepest) return [];
  const keys = value.keys();
  if (keys.length > 0) {
    // A variable goes by its own name; what comes from a secret has `valueFrom` in the place of `value`.
    const variable = value.get("value").isOmitted ? undefined : value.get("name").text();
    if (variable !== undefined) return inside(value.get("value"), [...path, variable], depth + 1);
    return keys.flatMap((key) => inside(value.get(key), [...path, key], depth + 1));
  }
  // What is not known is a list of itself, and ends where it is too deep.
  const elements = value.list();
  if (elements.length === 0) return [];
  const words = elements.map((element) => element.text());
  // A command's words belong together: `--client-secret` and what follows it.
  if (words.every((word) => word !== undefined)) return [{ path, name: undefined, text: words.join(" ") }];
  return elements.flatMap((element) => inside(element, path, depth + 1));
}
