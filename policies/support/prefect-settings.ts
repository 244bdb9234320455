import type { Container } from "../graph/tasks";

/** One setting as a container is given it. */
export interface Setting {
  readonly isSet: boolean;
  /** Undefined where a secret or a file holds it, or it is not known. */
  readonly value: string | undefined;
}

/**
 * The setting under any of these names. Prefect reads `prefect_api_key` as well as `PREFECT_API_KEY` (pydantic-settings,
 * tried with 3.8.8).
 */
export function setting(container: Container, ...names: readonly string[]): Setting {
  const wanted = new Set(names.map((name) => name.toLowerCase()));
  const plain = [...container.environment].filter(([name]) => wanted.has(name.toLowerCase()));
  const isSecret = [...container.secrets].some((name) => wanted.has(name.toLowerCase()));
  if (isSecret) return { isSet: true, value: undefined };
  const [first] = plain;
  return first === undefined
    ? { isSet: container.environmentFiles, value: undefined }
    : { isSet: true, value: first[1] };
}

const off = ["0", "f", "false", "n", "no", "off"];

/** Whether a switch of Prefect's is off (pydantic, "Booleans"). */
export function isOff(value: string): boolean {
  return off.includes(value.toLowerCase());
}
