/**
 * Exact numbers of tasks of few states: what a policy earns, and the best.
 *
 * @module
 */
import type { TransitionModel } from "./transition_model.ts";

/**
 * Which action to take: one for each state, shape [states]; one for each step
 * and state, shape [steps, states]; or, as `Float64Array`, the probability of
 * each, shape [states, actions].
 */
export type TabularPolicy = Int32Array | Float64Array;

/** What {@linkcode evaluatePolicy} returns. */
export interface PolicyEvaluation {
  /** Expected sum of rewards. */
  expectedReturn: number;
  /** Probability that the task ends before the episode is cut. */
  endProbability: number;
}

/** What {@linkcode valueIteration} returns. */
export interface OptimalValues {
  /** Best discounted value of each state. Shape [states]. */
  values: Float64Array;
  /** The lowest of the best actions of each state. Shape [states]. */
  policy: Int32Array;
}

/** What {@linkcode valueWithin} returns. */
export interface OptimalReturn {
  /** Best expected sum of rewards from the start. */
  expectedReturn: number;
  /** The action for each step and state. Shape [steps, states]. */
  policy: Int32Array;
}

// Changes of this size are rounding.
const PRECISION = 1e-15;
const MAXIMUM_SWEEPS = 1_000_000;
// Below this probability of going on, an unlimited episode is taken as over.
const LEFT_OVER = 1e-16;

/** Probabilities of shape [1 or steps, states, actions]. */
function probabilitiesOf(
  model: TransitionModel,
  policy: TabularPolicy,
): Float64Array {
  const { states, actions } = model;
  if (policy instanceof Float64Array) {
    if (policy.length !== states * actions) {
      throw new TypeError(
        `Cannot follow a policy of ${policy.length} probabilities, expected ${states} x ${actions}`,
      );
    }
    return policy;
  }
  if (policy.length === 0 || policy.length % states !== 0) {
    throw new TypeError(
      `Cannot follow a policy of ${policy.length} actions, expected ${states} or a multiple`,
    );
  }
  const probabilities = new Float64Array(policy.length * actions);
  policy.forEach((action, i) => {
    if (!(action >= 0 && action < actions)) {
      throw new RangeError(
        `Cannot follow a policy that takes action ${action}, expected 0 to ${
          actions - 1
        }`,
      );
    }
    probabilities[i * actions + action] = 1;
  });
  return probabilities;
}

/** Expected reward and what follows of an action, by the states' values. */
function actionValue(
  model: TransitionModel,
  pair: number,
  [values, discount]: readonly [Float64Array, number],
): number {
  let sum = 0;
  for (
    let i = pair * model.outcomes;
    i < (pair + 1) * model.outcomes;
    i++
  ) {
    const next = model.terminations[i] ? 0 : values[model.nextStates[i]];
    sum += model.probabilities[i] * (model.rewards[i] + discount * next);
  }
  return sum;
}

function startValue(model: TransitionModel, values: Float64Array): number {
  return model.start.reduce((sum, p, state) => sum + p * values[state], 0);
}

function checkDiscount(discount: number): void {
  if (!(discount >= 0 && discount <= 1)) {
    throw new RangeError(
      `Cannot discount by ${discount}, expected a number from 0 to 1`,
    );
  }
}

/** Applies `backup` to all states until their values stay. */
function fixedPoint(
  states: number,
  backup: (values: Float64Array, state: number) => number,
): Float64Array {
  let values = new Float64Array(states);
  let next = new Float64Array(states);
  let change = 0;
  for (let sweep = 0; sweep < MAXIMUM_SWEEPS; sweep++) {
    change = 0;
    let largest = 0;
    for (let state = 0; state < states; state++) {
      next[state] = backup(values, state);
      change = Math.max(change, Math.abs(next[state] - values[state]));
      largest = Math.max(largest, Math.abs(next[state]));
    }
    [values, next] = [next, values];
    if (change <= PRECISION * largest) return values;
  }
  throw new RangeError(
    `Cannot find values that still change by ${change} after ${MAXIMUM_SWEEPS} sweeps, expected a discount below 1 or an end that is always reached`,
  );
}

/**
 * What a policy earns in an episode, exactly: the distribution of the state is
 * carried forward step by step. In a frozen lake, the expected return is the
 * probability of reaching the goal in time.
 *
 * @param model The task.
 * @param policy A policy of [steps, states] ends with its last step. Throws
 * `TypeError` for a wrong length and `RangeError` for an unknown action.
 * @param options `maximumSteps`: steps after which the episode is cut. Default
 * Infinity; throws `RangeError` if the task then goes on for 1e6 steps.
 */
export function evaluatePolicy(
  model: TransitionModel,
  policy: TabularPolicy,
  options: { maximumSteps?: number } = {},
): PolicyEvaluation {
  const { states, actions, outcomes } = model;
  const table = probabilitiesOf(model, policy);
  const stages = table.length / (states * actions);
  const { maximumSteps = stages > 1 ? stages : Infinity } = options;
  if (stages > 1 && stages < maximumSteps) {
    throw new TypeError(
      `Cannot take ${maximumSteps} steps by a policy of ${stages}, expected as many`,
    );
  }
  let now = model.start.slice();
  let next = new Float64Array(states);
  let expectedReturn = 0;
  let left = 1;
  for (let step = 0; step < maximumSteps && left > LEFT_OVER; step++) {
    if (step === MAXIMUM_SWEEPS) {
      throw new RangeError(
        `Cannot follow a policy that goes on with probability ${left} after ${step} steps, expected a time limit`,
      );
    }
    const stage = stages > 1 ? step * states * actions : 0;
    next.fill(0);
    for (let pair = 0; pair < states * actions; pair++) {
      const mass = now[Math.floor(pair / actions)] * table[stage + pair];
      if (mass === 0) continue;
      for (let i = pair * outcomes; i < (pair + 1) * outcomes; i++) {
        const flow = mass * model.probabilities[i];
        expectedReturn += flow * model.rewards[i];
        if (!model.terminations[i]) next[model.nextStates[i]] += flow;
      }
    }
    [now, next] = [next, now];
    left = now.reduce((sum, mass) => sum + mass, 0);
  }
  return { expectedReturn, endProbability: 1 - left };
}

/**
 * The discounted value of each state under a policy, without a time limit: the
 * fixed point of the Bellman equation, iterated until it stays.
 *
 * @param model The task.
 * @param policy As for {@linkcode evaluatePolicy}, but not by steps.
 * @param options `discount`: from 0 to 1, default 1. Throws `RangeError`
 * outside, and where the values grow for ever.
 * @returns Shape [states].
 */
export function policyValues(
  model: TransitionModel,
  policy: TabularPolicy,
  options: { discount?: number } = {},
): Float64Array {
  const { discount = 1 } = options;
  checkDiscount(discount);
  const { states, actions } = model;
  const table = probabilitiesOf(model, policy);
  if (table.length !== states * actions) {
    throw new TypeError(
      `Cannot value a policy of ${
        table.length / states / actions
      } steps, expected one that is the same at each`,
    );
  }
  return fixedPoint(states, (values, state) => {
    let sum = 0;
    for (let action = 0; action < actions; action++) {
      const pair = state * actions + action;
      if (table[pair] === 0) continue;
      sum += table[pair] * actionValue(model, pair, [values, discount]);
    }
    return sum;
  });
}

/** The best action of a state, lowest first, and its value. */
function best(
  model: TransitionModel,
  state: number,
  ahead: readonly [Float64Array, number],
): [number, number] {
  let bestAction = 0;
  let bestValue = -Infinity;
  for (let action = 0; action < model.actions; action++) {
    const value = actionValue(model, state * model.actions + action, ahead);
    // Values that differ by rounding are the same.
    if (value > bestValue + 1e-13 * Math.max(1, Math.abs(value))) {
      bestAction = action;
      bestValue = value;
    }
  }
  return [bestAction, bestValue];
}

/**
 * The best discounted values without a time limit, by value iteration
 * (Bellman 1957), and a policy that is greedy for them. At discount 1 such a
 * policy need not get anywhere: where waiting costs nothing it may wait.
 *
 * @param model The task.
 * @param options `discount`: from 0 to 1, default 1. Throws `RangeError`
 * outside, and where the values grow for ever.
 */
export function valueIteration(
  model: TransitionModel,
  options: { discount?: number } = {},
): OptimalValues {
  const { discount = 1 } = options;
  checkDiscount(discount);
  const values = fixedPoint(model.states, (values, state) => {
    let most = -Infinity;
    for (let action = 0; action < model.actions; action++) {
      const pair = state * model.actions + action;
      most = Math.max(most, actionValue(model, pair, [values, discount]));
    }
    return most;
  });
  const policy = Int32Array.from(
    values,
    (_, state) => best(model, state, [values, discount])[0],
  );
  return { values, policy };
}

/**
 * The best that can be earned before an episode is cut, by a policy that
 * counts the steps: backward induction.
 *
 * @param model The task.
 * @param maximumSteps A whole number from 1. Throws `RangeError` otherwise.
 */
export function valueWithin(
  model: TransitionModel,
  maximumSteps: number,
): OptimalReturn {
  if (!Number.isSafeInteger(maximumSteps) || maximumSteps < 1) {
    throw new RangeError(
      `Cannot plan ${maximumSteps} steps, expected a whole number from 1`,
    );
  }
  const { states } = model;
  const policy = new Int32Array(maximumSteps * states);
  let values = new Float64Array(states);
  for (let step = maximumSteps - 1; step >= 0; step--) {
    const ahead = [values, 1] as const;
    values = Float64Array.from(values, (_, state) => {
      const [action, value] = best(model, state, ahead);
      policy[step * states + state] = action;
      return value;
    });
  }
  return { expectedReturn: startValue(model, values), policy };
}
