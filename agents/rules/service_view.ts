/**
 * What a hand-written policy sees, and what it is.
 *
 * @module
 */
import type { State, StateArray, StateValue } from "../../core/state.ts";

export type { State, StateArray, StateValue };

/** A scaled service at the moment when the next action is chosen. */
export interface ServiceView {
  /** Steps since the episode began. */
  readonly step: number;
  /** Instances that run. */
  readonly instances: number;
  /**
   * Instances asked for that are not there yet, or, when negative, that will
   * go: the action that is pending.
   */
  readonly inFlight: number;
  /** Fraction of the last step's capacity that was used, 0 to 1. */
  readonly load: number;
  /** Items that wait. */
  readonly queue: number;
  /** Items that arrived in the last step. */
  readonly influx: number;
  /** Items that one instance finishes in a step. */
  readonly capacityPerInstance: number;
  /** Fewest instances allowed. */
  readonly minimumInstances: number;
  /** Most instances allowed. */
  readonly maximumInstances: number;
  /** Length of a step in seconds. */
  readonly stepSeconds: number;
}

/** A hand-written policy. */
export interface Rule {
  /** As it stands in the registry and in tables. */
  readonly name: string;
  /** Begins an episode. Random streams go on, so that episodes differ. */
  reset(): void;
  /**
   * The wanted change in instances, a whole number. It is what the rule would
   * do if it could; the caller clips it to the changes that are allowed.
   */
  decide(view: ServiceView): number;
}

/** A policy that remembers something from step to step. */
export interface StatefulRule extends Rule {
  /** All that is needed to go on from here. */
  saveState(): State;
  /** Goes on from a saved state. */
  loadState(state: State): void;
}
