/**
 * A policy that draws its actions.
 *
 * @module
 */
import { Random } from "../../core/random.ts";
import type { StatefulRule } from "./service_view.ts";

export type { StatefulRule };

/** Options of {@linkcode randomRule}. */
export interface RandomRuleOptions {
  /** Seeds the draws. Default 0. */
  seed?: number;
  /** The changes in instances, each as likely. Default -1, 0, 1. */
  changes?: readonly number[];
}

/**
 * Draws each change, independent of everything.
 *
 * @param options Throws `RangeError` for a seed that is none, or no changes.
 */
export function randomRule(options: RandomRuleOptions = {}): StatefulRule {
  const { seed = 0, changes = [-1, 0, 1] } = options;
  const random = new Random(seed);
  if (changes.length === 0) {
    throw new RangeError(
      "Cannot draw from no changes: expected at least one change in instances",
    );
  }
  return {
    name: "random",
    reset() {},
    decide: () => random.choice(changes),
    saveState: () => ({ random: random.saveState() }),
    loadState: (state) => random.loadState(state.random as Uint32Array),
  };
}
