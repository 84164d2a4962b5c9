/**
 * What tests of the queueing simulator share.
 *
 * @module
 */
import type { QueueingOptions } from "./options.ts";
import {
  createQueueingSimulator,
  type QueueingSimulator,
} from "./simulator.ts";

/** How replicas are run. */
export interface ReplicaSettings {
  /** Replicas, seeds 1 and up. */
  count: number;
  /** Time before statistics begin. */
  warmUp: number;
  /** Time of statistics. */
  time: number;
}

/** One number of each of several independent runs. Shape [count]. */
export function replicas(
  options: QueueingOptions,
  settings: ReplicaSettings,
  measure: (simulator: QueueingSimulator) => number,
): Float64Array {
  const { count, warmUp, time } = settings;
  return Float64Array.from({ length: count }, (_, i) => {
    const simulator = createQueueingSimulator({ ...options, seed: i + 1 });
    simulator.advanceTo(warmUp);
    simulator.resetStatistics();
    simulator.advanceTo(warmUp + time);
    return measure(simulator);
  });
}

/**
 * Stationary law of a birth-death chain by its balance equations.
 *
 * @param birth Rate from n to n + 1.
 * @param death Rate from n to n - 1.
 * @param states How many, from n = 0.
 */
export function birthDeathLaw(
  birth: (n: number) => number,
  death: (n: number) => number,
  states: number,
): Float64Array {
  const law = new Float64Array(states);
  law[0] = 1;
  for (let n = 1; n < states; n++) {
    law[n] = law[n - 1] * birth(n - 1) / death(n);
  }
  const total = law.reduce((sum, value) => sum + value, 0);
  return law.map((value) => value / total);
}

/** Mean number of a law over 0, 1, 2 and so on. */
export function meanNumber(law: Float64Array): number {
  return law.reduce((sum, probability, n) => sum + n * probability, 0);
}
