/**
 * Rollouts of a policy, and the advantages estimated from them.
 *
 * @module
 */

/** Steps of several environments, the step in front: row = step x copies + copy. */
export interface Rollout {
  /** What was seen. Shape [steps, copies, observation]. */
  readonly observations: Float32Array;
  /** What was done. Shape [steps, copies, action]. */
  readonly actions: Float32Array;
  /** Actions that were allowed. Shape [steps, copies, actions]. */
  readonly masks: Float32Array;
  /** Log-probability of what was done. Shape [steps, copies]. */
  readonly logProbabilities: Float32Array;
  /** Rewards; cut episodes carry the value of what followed. */
  readonly rewards: Float64Array;
  /** Estimated value of what was seen. */
  readonly values: Float64Array;
  /** 1 where the step ended an episode. */
  readonly ends: Uint8Array;
  /** Estimated advantage of what was done. */
  readonly advantages: Float32Array;
  /** Advantage plus value: what the value should have been. */
  readonly returns: Float32Array;
}

/** Rows of a rollout that an update learns from; shapes [rows, ...]. */
export interface Minibatch {
  /** What was seen. */
  readonly observations: Float32Array;
  /** What was done. */
  readonly actions: Float32Array;
  /** Actions that were allowed. */
  readonly masks: Float32Array;
  /** Log-probability of what was done, when it was done. */
  readonly oldLogProbabilities: Float32Array;
  /** Estimated value of what was seen, when it was seen. */
  readonly oldValues: Float32Array;
  /** Estimated advantage of what was done. */
  readonly advantages: Float32Array;
  /** What the value should have been. */
  readonly returns: Float32Array;
}

/** Values of a row. */
export interface RowOptions {
  /** Values of an observation. */
  observationSize: number;
  /** Values of an action. */
  actionSize: number;
  /** Number of discrete actions; 0 where there are none. */
  actionCount: number;
}

/** Sizes of a rollout. */
export interface RolloutOptions extends RowOptions {
  /** Steps of each copy. */
  steps: number;
  /** Number of environments. */
  copies: number;
}

/**
 * Buffers for minibatches of one size.
 *
 * @param rows Rows of a minibatch.
 * @param options Values of a row.
 */
export function createMinibatch(
  rows: number,
  options: RowOptions,
): Minibatch {
  return {
    observations: new Float32Array(rows * options.observationSize),
    actions: new Float32Array(rows * options.actionSize),
    masks: new Float32Array(rows * options.actionCount),
    oldLogProbabilities: new Float32Array(rows),
    oldValues: new Float32Array(rows),
    advantages: new Float32Array(rows),
    returns: new Float32Array(rows),
  };
}

/**
 * Copies rows of a rollout.
 *
 * @param minibatch Written to.
 * @param rollout Read from.
 * @param order The rows to take; as many as there is room for.
 */
export function fillMinibatch(
  minibatch: Minibatch,
  rollout: Rollout,
  order: Int32Array,
): void {
  const rows = minibatch.returns.length;
  const gather = (from: Float32Array | Float64Array, to: Float32Array) =>
    gatherRows(from, to, order, to.length / rows);
  gather(rollout.observations, minibatch.observations);
  gather(rollout.actions, minibatch.actions);
  gather(rollout.masks, minibatch.masks);
  gather(rollout.logProbabilities, minibatch.oldLogProbabilities);
  gather(rollout.values, minibatch.oldValues);
  gather(rollout.advantages, minibatch.advantages);
  gather(rollout.returns, minibatch.returns);
}

function gatherRows(
  from: Float32Array | Float64Array,
  to: Float32Array,
  order: Int32Array,
  width: number,
): void {
  for (let i = 0; i < to.length / width; i++) {
    const row = order[i] * width;
    for (let j = 0; j < width; j++) to[i * width + j] = from[row + j];
  }
}
/**
 * An empty rollout.
 *
 * @param options Sizes.
 */
export function createRollout(options: RolloutOptions): Rollout {
  const rows = options.steps * options.copies;
  return {
    observations: new Float32Array(rows * options.observationSize),
    actions: new Float32Array(rows * options.actionSize),
    masks: new Float32Array(rows * options.actionCount),
    logProbabilities: new Float32Array(rows),
    rewards: new Float64Array(rows),
    values: new Float64Array(rows),
    ends: new Uint8Array(rows),
    advantages: new Float32Array(rows),
    returns: new Float32Array(rows),
  };
}

/** Constants of {@linkcode estimateAdvantages}. */
export interface AdvantageOptions {
  /** Discount factor. */
  gamma: number;
  /** lambda: 0 looks one step ahead, 1 to the end. */
  gaeLambda: number;
}

/**
 * Generalised advantage estimation (Schulman et al., 2016, equation 16):
 * A_t = delta_t + gamma lambda A_(t+1), delta_t = r_t + gamma V_(t+1) - V_t,
 * where nothing follows an end.
 *
 * @param rollout Its advantages and returns are written.
 * @param lastValues Values of what follows the rollout. Shape [copies].
 */
export function estimateAdvantages(
  rollout: Rollout,
  lastValues: ArrayLike<number>,
  { gamma, gaeLambda }: AdvantageOptions,
): void {
  const { rewards, values, ends, advantages, returns } = rollout;
  const copies = lastValues.length;
  const steps = rewards.length / copies;
  for (let copy = 0; copy < copies; copy++) {
    let following = lastValues[copy];
    let advantage = 0;
    for (let step = steps - 1; step >= 0; step--) {
      const row = step * copies + copy;
      const goesOn = ends[row] ? 0 : 1;
      const delta = rewards[row] + gamma * following * goesOn - values[row];
      advantage = delta + gamma * gaeLambda * goesOn * advantage;
      advantages[row] = advantage;
      returns[row] = advantage + values[row];
      following = values[row];
    }
  }
}
