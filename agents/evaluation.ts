/**
 * Whole episodes under a policy that no longer learns.
 *
 * @module
 */
import type { SpaceValue } from "../core/spaces.ts";
import type { Environment, Info } from "../envs/environment.ts";
import { actionMaskSize } from "../envs/vector.ts";
import type { Policy } from "./policy.ts";

/** Returns and lengths of episodes. */
export interface Evaluation {
  /** Sum of rewards of each episode. */
  readonly returns: Float64Array;
  /** Steps of each episode. */
  readonly lengths: Int32Array;
}

/** Which episodes are run. */
export interface EvaluationOptions {
  /** Number of episodes. Default 5. */
  episodes?: number;
  /** Seed of the first; the others follow. Default 0. */
  firstSeed?: number;
  /** Steps after which an episode without end is cut. Default 10,000. */
  maximumSteps?: number;
  /** Called after every step, for records of what happened. */
  onStep?: (step: { info: Info; action: number; reward: number }) => void;
}

/** An observation as the rows of a policy take it. */
function asRow(observation: SpaceValue, row: Float32Array): Float32Array {
  if (typeof observation === "number") row[0] = observation;
  else row.set(observation);
  return row;
}

/**
 * Runs episodes that begin at seeds of their own, so that policies compared
 * with the same seeds meet the same starts.
 *
 * @param policy Acts greedily.
 * @param env Reset for each episode.
 */
export function evaluatePolicy(
  policy: Policy,
  env: Environment,
  options: EvaluationOptions = {},
): Evaluation {
  const { episodes = 5, firstSeed = 0, maximumSteps = 10_000 } = options;
  const discrete = env.actionSpace.kind === "discrete";
  const actions = env.actionSpace.kind === "box"
    ? new Float32Array(policy.actionSize)
    : new Int32Array(policy.actionSize);
  const everything = new Uint8Array(actionMaskSize(env.actionSpace)).fill(1);
  const row = new Float32Array(policy.observationSize);
  const returns = new Float64Array(episodes);
  const lengths = new Int32Array(episodes);
  for (let episode = 0; episode < episodes; episode++) {
    let { observation, info } = env.reset({ seed: firstSeed + episode });
    policy.reset?.();
    for (let over = false; !over;) {
      policy.act(
        asRow(observation, row),
        info.actionMask ?? everything,
        actions,
      );
      const step = env.step(discrete ? actions[0] : actions.slice());
      options.onStep?.({
        info: step.info,
        action: actions[0],
        reward: step.reward,
      });
      returns[episode] += step.reward;
      lengths[episode]++;
      ({ observation, info } = step);
      over = step.terminated || step.truncated ||
        lengths[episode] >= maximumSteps;
    }
  }
  return { returns, lengths };
}
