/**
 * What steers a network by its link weights: an emulator in this process, or a
 * controller that is asked over HTTP.
 *
 * @module
 */
import type { State } from "../../core/state.ts";

export type { State };

/** What a controller tells of its network. */
export interface NetworkStats {
  /**
   * Utilisation of each link, from 0 to 1: the busier direction's. Shape
   * [links].
   */
  readonly linkUtilisations: Float64Array;
  /** Mean delay of the packets that arrive, in milliseconds. */
  averageDelayMs: number;
  /** What arrives, in Mbit/s. */
  throughputMbps: number;
  /** What is sent, in Mbit/s; undefined where the controller cannot tell. */
  demandMbps?: number;
  /**
   * Largest load in proportion to capacity if nothing were lost, above 1 where
   * not all fits; undefined where the controller cannot tell.
   */
  largestUtilisation?: number;
}

/** A network that is steered by its link weights. */
export interface RoutingController {
  /** Number of links. */
  readonly linkCount: number;
  /** The weights that every episode begins with. Shape [links]. */
  readonly baseline: Float64Array;
  /** Lowest and highest weight. */
  readonly weightRange: WeightRange;
  /**
   * Brings back the weights of the beginning. With a seed, traffic begins
   * where the seed says; without, elsewhere each time.
   */
  restoreBaseline(seed?: number): void;
  /**
   * Adds to each link's weight, up to the range's ends, and lets a step's time
   * pass.
   */
  changeWeights(deltas: Float64Array): void;
  /** Writes what happened in the last step, or what is now after a reset. */
  readStats(stats: NetworkStats): void;
  /** All that is needed to go on from here. */
  saveState(): State;
  /** Goes on from a saved state. */
  loadState(state: State): void;
}

/** Which weights a link may have. */
export interface WeightRange {
  /** The lowest, above 0. */
  readonly low: number;
  /** The highest. */
  readonly high: number;
}

/**
 * Room for what a controller tells.
 *
 * @param linkCount Number of links.
 */
export function makeNetworkStats(linkCount: number): NetworkStats {
  return {
    linkUtilisations: new Float64Array(linkCount),
    averageDelayMs: 0,
    throughputMbps: 0,
  };
}
