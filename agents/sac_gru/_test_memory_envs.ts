/**
 * Tiny environments that ask for several choices, or for memory.
 *
 * @module
 */
import { Random, type RandomState } from "../../core/random.ts";
import { box, multiDiscrete } from "../../core/spaces.ts";
import type { Environment, VectorEnvironment } from "../../envs/environment.ts";
import { recall } from "../../envs/reference/recall.ts";
import { vectorize } from "../../envs/vector.ts";
import { row } from "../_test_trainers.ts";

/** Copies of the task that asks for memory. */
export function recallEnv(steps: number, count = 1): VectorEnvironment {
  return vectorize(() => recall({ steps }), count);
}

/** Options of each choice of {@linkcode levelsEnv}. */
export const LEVELS = [3, 2, 3];

/** Best choices in each of two states, where all are allowed. */
export const BEST_LEVELS = [[2, 0, 1], [0, 1, 1]];

/**
 * One step, three choices; each that is the best of the state is worth 1. In
 * the second state the third choice's second option is forbidden, and throws.
 */
export function levelsEnv(count = 1): VectorEnvironment {
  return vectorize(levels, count);
}

function levels(): Environment {
  const random = new Random(0);
  let state = 0;
  const seen = () => ({
    observation: Float32Array.from(row(state, 2)),
    info: { actionMask: Uint8Array.of(1, 1, 1, 1, 1, 1, 1 - state, 1) },
  });
  return {
    id: "Levels",
    observationSpace: box(0, 1, { shape: [2] }),
    actionSpace: multiDiscrete(LEVELS),
    reset(options = {}) {
      if (options.seed !== undefined) {
        random.loadState(new Random(options.seed).saveState());
      }
      state = random.integer(0, 1);
      return seen();
    },
    step(action) {
      const chosen = action as Int32Array;
      if (state === 1 && chosen[2] === 1) {
        throw new RangeError(`Cannot take the action ${chosen} here`);
      }
      const reward = BEST_LEVELS[state].filter((best, i) => best === chosen[i])
        .length;
      state = random.integer(0, 1);
      return { ...seen(), reward, terminated: true, truncated: false };
    },
    saveState: () => ({ random: random.saveState(), state }),
    loadState(saved) {
      random.loadState(saved.random as RandomState);
      state = saved.state as number;
    },
  };
}
