/**
 * A task that cannot be solved without memory.
 *
 * @module
 */
import { Random, type RandomState } from "../../core/random.ts";
import { box, discrete } from "../../core/spaces.ts";
import type { Environment } from "../environment.ts";

/** Options of {@linkcode recall}. */
export interface RecallOptions {
  /** Steps of an episode, from 2. Default 10. */
  steps?: number;
}

/**
 * `Recall-v1`: one of two cues is shown at the first step, nothing after it,
 * and the last action alone is rewarded, with 1 where it is the cue's number.
 *
 * Seen are three numbers: 1 for the first cue, 1 for the second, and 1 when the
 * next action is the one that counts. Cues are fair coins, so that without
 * memory nothing does better than 0.5 on average; with it, 1 is reached. (The
 * shortest T-maze of Bakker, "Reinforcement Learning with Long Short-Term
 * Memory", 2001.)
 *
 * @param options Throws `RangeError` for a number of steps below 2.
 */
export function recall(
  options: RecallOptions = {},
): Environment<Float32Array, number> {
  const { steps: length = 10 } = options;
  if (!Number.isSafeInteger(length) || length < 2) {
    throw new RangeError(
      `Cannot recall over ${length} steps, expected a whole number from 2`,
    );
  }
  const random = new Random(0);
  let cue = 0;
  let steps = 0;
  let running = false;
  const observe = () =>
    Float32Array.of(
      Number(steps === 0 && cue === 0),
      Number(steps === 0 && cue === 1),
      Number(steps === length - 1),
    );
  return {
    id: "Recall-v1",
    observationSpace: box(0, 1, { shape: [3] }),
    actionSpace: discrete(2),
    observationNames: ["first cue", "second cue", "the next action counts"],
    reset({ seed } = {}) {
      if (seed !== undefined) random.loadState(new Random(seed).saveState());
      cue = random.integer(0, 1);
      steps = 0;
      running = true;
      return { observation: observe(), info: {} };
    },
    step(action) {
      if (!running) {
        throw new Error(
          "Cannot step an episode that is over: call reset first",
        );
      }
      if (action !== 0 && action !== 1) {
        throw new RangeError(`Cannot take action ${action}, expected 0 or 1`);
      }
      steps++;
      running = steps < length;
      return {
        observation: observe(),
        reward: !running && action === cue ? 1 : 0,
        terminated: !running,
        truncated: false,
        info: {},
      };
    },
    saveState: () => ({ random: random.saveState(), cue, steps, running }),
    loadState(saved) {
      random.loadState(saved.random as RandomState);
      cue = saved.cue as number;
      steps = saved.steps as number;
      running = saved.running as boolean;
    },
  };
}
