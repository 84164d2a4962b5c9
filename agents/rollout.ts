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

/** Sizes of a rollout. */
export interface RolloutOptions {
  /** Steps of each copy. */
  steps: number;
  /** Number of environments. */
  copies: number;
  /** Values of an observation. */
  observationSize: number;
  /** Values of an action. */
  actionSize: number;
  /** Number of discrete actions; 0 where there are none. */
  actionCount: number;
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
