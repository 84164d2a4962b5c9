/**
 * Markov chains in continuous time with few transitions a state.
 *
 * @module
 */

/** A chain, by its transitions: compressed sparse rows. */
export interface MarkovChain {
  /** Number of states, N. */
  readonly states: number;
  /** Where each state's transitions begin, shape [N + 1]. */
  readonly rowStart: Int32Array;
  /** Where each transition leads, never to its own state. */
  readonly targets: Int32Array;
  /** Rate of each transition, above 0. */
  readonly rates: Float64Array;
  /** Rate at which each state is left, shape [N]. */
  readonly exitRates: Float64Array;
  /** Largest difference between the numbers of two states with a transition. */
  readonly bandwidth: number;
}

/**
 * Names a transition of the state that is visited.
 *
 * @param to The state it leads to.
 * @param rate Its rate; 0 stands for none, and so does the state itself.
 */
export type AddTransition = (to: number, rate: number) => void;

/**
 * A chain from a rule that names each state's transitions. Several to the same
 * state are added up.
 *
 * @param states Number of states, from 1.
 * @param visit Called with each state, 0 and up.
 * @throws {RangeError} A rate is negative or not finite, or a state is none.
 *
 * @example Two states
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { buildMarkovChain } from "./markov_chain.ts";
 *
 * const chain = buildMarkovChain(2, (state, add) => add(1 - state, state + 1));
 * assertEquals([...chain.exitRates], [1, 2]);
 * ```
 */
export function buildMarkovChain(
  states: number,
  visit: (state: number, add: AddTransition) => void,
): MarkovChain {
  if (!Number.isSafeInteger(states) || states < 1) {
    throw new RangeError(
      `Cannot make a Markov chain of ${states} states: expected a whole number from 1`,
    );
  }
  const rowStart = new Int32Array(states + 1);
  const targets: number[] = [];
  const rates: number[] = [];
  const exitRates = new Float64Array(states);
  let bandwidth = 0;
  let from = 0;
  const add: AddTransition = (to, rate) => {
    if (!(rate >= 0 && rate < Infinity)) {
      throw new RangeError(
        `Cannot go from state ${from} to ${to} at rate ${rate}: expected a finite number from 0`,
      );
    }
    if (!Number.isInteger(to) || to < 0 || to >= states) {
      throw new RangeError(
        `Cannot go from state ${from} to ${to}: expected a state from 0 to ${
          states - 1
        }`,
      );
    }
    if (rate === 0 || to === from) return;
    exitRates[from] += rate;
    for (let i = rowStart[from]; i < targets.length; i++) {
      if (targets[i] === to) {
        rates[i] += rate;
        return;
      }
    }
    targets.push(to);
    rates.push(rate);
    bandwidth = Math.max(bandwidth, Math.abs(to - from));
  };
  for (; from < states; from++) {
    rowStart[from] = targets.length;
    visit(from, add);
  }
  rowStart[states] = targets.length;
  return {
    states,
    rowStart,
    targets: Int32Array.from(targets),
    rates: Float64Array.from(rates),
    exitRates,
    bandwidth,
  };
}

/**
 * Q f: how fast the mean of a function of the state changes, from each state.
 *
 * @param chain The chain.
 * @param values The function, shape [N].
 * @param into Shape [N]; overwritten and returned.
 */
export function generatorTimes(
  chain: MarkovChain,
  values: Float64Array,
  into: Float64Array,
): Float64Array {
  const { states, rowStart, targets, rates, exitRates } = chain;
  for (let state = 0; state < states; state++) {
    let sum = -exitRates[state] * values[state];
    for (let i = rowStart[state]; i < rowStart[state + 1]; i++) {
      sum += rates[i] * values[targets[i]];
    }
    into[state] = sum;
  }
  return into;
}

/**
 * p Q: how fast a distribution changes.
 *
 * @param chain The chain.
 * @param law The distribution, shape [N].
 * @param into Shape [N]; overwritten and returned.
 */
export function timesGenerator(
  chain: MarkovChain,
  law: Float64Array,
  into: Float64Array,
): Float64Array {
  const { states, rowStart, targets, rates, exitRates } = chain;
  for (let state = 0; state < states; state++) {
    into[state] = -exitRates[state] * law[state];
  }
  for (let state = 0; state < states; state++) {
    const mass = law[state];
    if (mass === 0) continue;
    for (let i = rowStart[state]; i < rowStart[state + 1]; i++) {
      into[targets[i]] += rates[i] * mass;
    }
  }
  return into;
}

/**
 * The mean of a function of the state.
 *
 * @param law A distribution, shape [N].
 * @param values The function, shape [N].
 */
export function meanUnder(
  law: Float64Array,
  values: ArrayLike<number>,
): number {
  let sum = 0;
  for (let i = 0; i < law.length; i++) sum += law[i] * values[i];
  return sum;
}
