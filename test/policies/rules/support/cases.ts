import type { Declared } from "../../support/stack";

/** A stack of which a rule says something. */
export interface Bad {
  readonly stack: readonly Declared[];
  /** Fragments of its one message. */
  readonly says: readonly string[];
  /** @default 1 */
  readonly count?: number;
  /** Where it is weaker than the rule. */
  readonly level?: "advisory";
  /** The logical name of the resource to change. @default it is not looked at */
  readonly of?: string;
  /** What other policies say of the same stack, by name. @default nothing */
  readonly besides?: readonly string[];
}

/** A stack in which preview does not know something. */
export interface Unknown {
  readonly stack: readonly Declared[];
  /** Fragments of the message in preview; undefined: it says nothing yet. */
  readonly preview?: readonly string[];
  readonly level?: "advisory";
  /** The same once it is known; undefined: it says nothing. */
  readonly finished?: readonly string[];
}

export interface Cases {
  /** @default "dev" */
  readonly stackName?: string;
  readonly bad: Readonly<Record<string, Bad>>;
  readonly good: Readonly<Record<string, readonly Declared[]>>;
  /** Like a bad one at a glance, and none. */
  readonly lookAlikes: Readonly<Record<string, readonly Declared[]>>;
  readonly unknown: Readonly<Record<string, Unknown>>;
  /** What prefect-api-requires-auth refuses with the whole path: no rule says it again. @default none */
  readonly refused?: Readonly<Record<string, readonly Declared[]>>;
}
