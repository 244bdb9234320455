import type { World } from "../../support/world";
import type { Inputs } from "../translate";

/** What is wrong: how a resource's inputs come to be so, and what has to be said of it. */
export type Cases = Record<string, [resource: string, edit: (inputs: Inputs, world: World) => void, expected: RegExp]>;

export function set(key: string, value: unknown): (inputs: Inputs) => void {
  return (inputs) => {
    inputs[key] = value;
  };
}
