import type { Declared } from "../support/stack";

/** Fragments of the one violation; accepted without. */
export interface Expected {
  /** It is certain. */
  readonly rejects?: readonly string[];
  /** Something on the way is not known. */
  readonly cannotTell?: readonly string[];
}

/** A named stack and its verdict, in preview and when finished. */
export interface Case extends Expected {
  readonly stack: Declared[];
  /** Names of things outside the stack that the pack's configuration trusts. */
  readonly trusted?: readonly string[];
  /** Violations, where there is more than one. */
  readonly count?: number;
  /**
   * Where preview judges otherwise than the finished stack: stricter, or silent where nothing but a value that AWS computes
   * later tells what belongs together.
   */
  readonly preview?: Expected & Pick<Case, "count">;
}

export type Cases = Readonly<Record<string, Case>>;

export const reject = (...fragments: string[]): Expected => ({ rejects: fragments });
export const cannotTell = (...fragments: string[]): Expected => ({ cannotTell: fragments });
