/**
 * Policies that look at nothing: baselines that any other has to beat.
 *
 * @module
 */
import type { Rule } from "./service_view.ts";

export type { Rule };

/** A policy that always wants the same change. */
function constantRule(name: string, change: number): Rule {
  return { name, reset() {}, decide: () => change };
}

/** Keeps the instances as they are. */
export function hold(): Rule {
  return constantRule("hold", 0);
}

/** Adds an instance each step. */
export function alwaysAdd(): Rule {
  return constantRule("always-add", 1);
}

/** Removes an instance each step. */
export function alwaysRemove(): Rule {
  return constantRule("always-remove", -1);
}
