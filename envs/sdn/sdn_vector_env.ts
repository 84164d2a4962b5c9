/**
 * Many networks, steered together.
 *
 * @module
 */
import { contains, describeSpace } from "../../core/spaces.ts";
import type { State } from "../../core/state.ts";
import {
  actionReader,
  checkCount,
  type VectorCopy,
  vectorOf,
} from "../_vector_copies.ts";
import type { VectorEnvironment } from "../environment.ts";
import { controllerOf, Steering } from "./_steering.ts";
import {
  type SDNOptions,
  type SDNSettings,
  sdnSettings,
} from "./env_options.ts";

export type { SDNOptions, State, VectorEnvironment };

/** A network as the copy of an index, writing into its own rows. */
function copyOf(
  steering: Steering,
  { actionSpace }: SDNSettings,
  index: number,
): VectorCopy {
  const actionOf = actionReader(actionSpace, index);
  const offset = index * steering.observationSpace.low.length;
  return {
    begin(buffers, seed) {
      steering.begin(seed);
      steering.observe(buffers.observations, offset);
    },
    step(actions, buffers) {
      const action = actionOf(actions) as Float32Array;
      if (!steering.running) {
        throw new Error("Cannot step an episode before the first reset");
      }
      if (!contains(actionSpace, action)) {
        throw new RangeError(
          `Cannot take action ${action} in copy ${index}, expected ${
            describeSpace(actionSpace)
          } from ${actionSpace.low[0]} to ${actionSpace.high[0]}`,
        );
      }
      buffers.rewards[index] = steering.step(action);
      const { over } = steering;
      buffers.terminated[index] = 0;
      buffers.truncated[index] = over ? 1 : 0;
      const seen = over ? buffers.finalObservations : buffers.observations;
      steering.observe(seen, offset);
      return over;
    },
    saveState: () => steering.saveState(),
    loadState: (state) => steering.loadState(state),
  };
}

/**
 * Many networks of `SDNEnv` that are stepped together and write into buffers;
 * each draws from a stream of its own, seeded as `vectorize` does, and has the
 * same episodes as a single environment of its seed. All play the same days.
 *
 * @param options As of the single environment. Throws as it does.
 * @param count Number of copies, at least 1. Throws `RangeError` otherwise.
 */
export function sdnVector(
  options: SDNOptions,
  count: number,
): VectorEnvironment {
  checkCount(count);
  const settings = sdnSettings(options);
  if (settings.ryuBase !== "embedded" && count > 1) {
    throw new RangeError(
      `Cannot steer ${count} networks through ${settings.ryuBase}, expected 1`,
    );
  }
  const copies = Array.from(
    { length: count },
    () => new Steering(settings, controllerOf(settings)),
  );
  return vectorOf(
    {
      id: "SDN-v1",
      observationSpace: copies[0].observationSpace,
      actionSpace: settings.actionSpace,
    },
    copies.map((steering, index) => copyOf(steering, settings, index)),
  );
}
