/**
 * Names of the arrays of recorded steps, in this house and in others.
 *
 * @module
 */
import type { NdArray } from "../../core/nd_array.ts";

export type { NdArray };

/** Other names of each array: D4RL's, Minari's, Stable-Baselines3's. */
export const RECORDED_ARRAY_NAMES: Readonly<Record<string, readonly string[]>> =
  {
    states: ["observations", "obs"],
    actions: [],
    next_states: ["next_observations", "next_obs"],
    rewards: [],
    terminals: ["terminations", "dones"],
    timeouts: ["truncations"],
    episode_ids: [],
    options: [],
  };

/**
 * The arrays under the names of this house.
 *
 * @param arrays From a file. Throws `TypeError` where one is there under two
 * names.
 * @returns Arrays of other names are left out.
 */
export function recordedArrays(
  arrays: Readonly<Record<string, NdArray>>,
): Record<string, NdArray> {
  const found: Record<string, NdArray> = {};
  for (const [name, others] of Object.entries(RECORDED_ARRAY_NAMES)) {
    const names = [name, ...others].filter((each) =>
      Object.hasOwn(arrays, each)
    );
    if (names.length > 1) {
      throw new TypeError(
        `it holds both ${
          names.join(" and ")
        }, which are the same: expected one`,
      );
    }
    if (names.length === 1) found[name] = arrays[names[0]];
  }
  if (arrays.dones && found.timeouts) {
    found.terminals = withoutTimeouts(arrays.dones, found.timeouts);
  }
  return found;
}

/** Stable-Baselines3's `dones` are true at time limits too. */
function withoutTimeouts(dones: NdArray, timeouts: NdArray): NdArray {
  const cut = Array.from<number | bigint, number>(timeouts.data, Number);
  const ended = Array.from<number | bigint, number>(dones.data, Number);
  return {
    shape: dones.shape,
    data: Uint8Array.from(ended, (one, row) => one && !cut[row] ? 1 : 0),
  };
}
