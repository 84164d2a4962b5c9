/**
 * Environments as worlds with numbered states.
 *
 * @module
 */
import { spaceSize } from "../../core/spaces.ts";
import type { State } from "../../core/state.ts";
import type { VectorEnvironment } from "../../envs/environment.ts";
import { vectorBuffers } from "../../envs/vector.ts";
import type { Discretiser } from "./discretisers.ts";
import type { TabularWorld } from "./q_learning.ts";

/**
 * One copy of an environment as a world with numbered states.
 *
 * @param env One copy, with discrete actions. Throws `TypeError` otherwise.
 * @param options `states` numbers the observations; `seed` begins the
 * environment's stream.
 */
export function tabularWorld(
  env: VectorEnvironment,
  options: { states: Discretiser; seed: number },
): TabularWorld {
  const { states } = options;
  if (env.count !== 1 || env.actionSpace.kind !== "discrete") {
    throw new TypeError(
      `Cannot number the states of ${env.count} copies of ${env.id}: expected one copy with discrete actions`,
    );
  }
  const buffers = vectorBuffers(env);
  const observation = buffers.observations.subarray(
    0,
    spaceSize(env.observationSpace),
  );
  const actions = new Int32Array(1);
  env.reset(buffers, { seed: options.seed });
  return {
    states: states.states,
    actions: env.actionSpace.n,
    // A vector environment has begun the next episode within the last step.
    reset: () => states.stateOf(observation),
    step(action) {
      actions[0] = action;
      env.step(actions, buffers);
      const over = buffers.terminated[0] === 1 || buffers.truncated[0] === 1;
      return states.stateOf(over ? buffers.finalObservations : observation);
    },
    get reward() {
      return buffers.rewards[0];
    },
    get terminated() {
      return buffers.terminated[0] === 1;
    },
    get truncated() {
      return buffers.truncated[0] === 1;
    },
    saveState: (): State => ({
      environment: env.saveState(),
      observations: buffers.observations.slice(),
    }),
    loadState(state) {
      env.loadState(state.environment as State);
      buffers.observations.set(state.observations as Float32Array);
    },
  };
}
