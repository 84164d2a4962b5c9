/**
 * A small environment that the tests steer, and break.
 *
 * @module
 */
import { Random } from "../core/random.ts";
import {
  box,
  contains,
  discrete,
  multiDiscrete,
  type Space,
  type SpaceValue,
} from "../core/spaces.ts";
import { copySavedFloats, savedBoolean, savedWords } from "./_saved.ts";
import type { Environment, Info } from "./environment.ts";

/** What a walker is told, by kind of action space. */
export type WalkKind = Space["kind"];

const ACTION_SPACES: Record<WalkKind, Space> = {
  "discrete": discrete(3),
  "multi-discrete": multiDiscrete([3, 2]),
  "box": box([-1, 0], [1, 1]),
};

function stride(action: SpaceValue): number {
  if (typeof action === "number") return action - 1;
  return action instanceof Int32Array ? action[0] - 1 : action[0];
}

/**
 * A walk from 0 until 3 is reached: left, nowhere, right. Seen are place and
 * a random number, which is also the reward; left is masked at 0.
 */
export function walk(
  kind: WalkKind = "discrete",
): Environment<Float32Array, SpaceValue> {
  const actionSpace = ACTION_SPACES[kind];
  const state = new Float64Array(2);
  let random = new Random(0);
  let running = false;
  let begun = false;

  const observe = () => Float32Array.from(state);
  function info(): Info {
    const left = state[0] > 0 ? 1 : 0;
    if (kind === "discrete") return { actionMask: Uint8Array.of(left, 1, 1) };
    return kind === "multi-discrete"
      ? { actionMask: Uint8Array.of(left, 1, 1, 1, 1) }
      : {};
  }

  return {
    id: "Walk-v0",
    observationSpace: box([-Infinity, 0], [Infinity, 1]),
    actionSpace,
    reset(options) {
      if (options?.seed !== undefined) random = new Random(options.seed);
      state[0] = 0;
      state[1] = random.uniform();
      running = begun = true;
      return { observation: observe(), info: info() };
    },
    step(action) {
      if (!running) {
        throw new Error(`Cannot step ${begun ? "after the end" : "yet"}`);
      }
      if (!contains(actionSpace, action)) {
        throw new RangeError(`Cannot take action ${action}`);
      }
      state[0] += stride(action);
      state[1] = random.uniform();
      const terminated = state[0] >= 3;
      running = !terminated;
      return {
        observation: observe(),
        reward: state[1],
        terminated,
        truncated: false,
        info: info(),
      };
    },
    saveState: () => ({
      state: state.slice(),
      random: random.saveState(),
      running,
      begun,
    }),
    loadState(saved) {
      running = savedBoolean(saved, "running");
      begun = savedBoolean(saved, "begun");
      random = Random.fromState(savedWords(saved, "random"));
      copySavedFloats(saved, "state", state);
    },
  };
}
